//! Groups of rows: how they are asked for, made, ordered and paged.
//!
//! Owns: what all aggregates share. May use: the scope, the guard, the cursors. Invariant: whatever an aggregate looks at,
//! in a key, a filter, a figure, a condition or an order, may be read by the caller in every DSO concerned, or nothing is
//! read at all.

mod calendar;
mod connection;
mod group;
mod groups;
mod page;
mod plan;
mod query;
mod request;
mod requested_measures;

use async_graphql::Context;
use entity::{
    analytics::{Aggregatable, Aggregation, MAX_GROUPS, TimeBuckets},
    id::DsoId,
    time::TimeRange,
};

use super::connection::Listable;
use crate::{
    compute::{Stop, compute},
    errors::ResolverError,
    guard,
    loaders::FilterOf,
    request::RequestContext,
};
pub(crate) use calendar::Calendar;
pub use calendar::{TimeUnit, Weekday};
pub(crate) use connection::{aggregate, zone};
pub(crate) use group::group;
pub(crate) use groups::GroupBuilder;
pub(crate) use page::GroupPage;
use plan::Plan;
pub(crate) use query::{RejectedQuery, WidgetOverrides, days_back, query};
pub(crate) use request::{
    AggregateRequest, BucketSpec, GapFilling, Having, Measure, MeasureOf, SortBy, SortKey, whole,
};
pub(crate) use requested_measures::{RequestedMeasures, SelectedFields};

/// A noun that the schema groups.
pub(crate) trait AggregatableType: Aggregatable + Listable {
    /// An order that looks at nothing that a grant could hide.
    const DEFAULT_ORDER: <Self as entity::queries::ResourceTypes>::Order;
    /// The field that shows a dimension.
    fn dimension(dimension: Self::Dimension) -> &'static str;
    /// The field that shows a number, and how many of the store's units make one of the schema's.
    fn number(number: Self::Number) -> (&'static str, f64);
    /// The field that shows a time.
    fn time(time: Self::Time) -> &'static str;
    /// The DSOs that a filter names.
    fn dsos(filter: &mut FilterOf<Self>) -> &mut Option<Vec<DsoId>>;
    /// Lets a filter pass what happened within a range and nothing else, whatever it let pass before; rows that only stand
    /// as they do now stay as they are.
    fn time_range(filter: &mut FilterOf<Self>, range: TimeRange);
}

/// Reads one page of groups; none, if the caller may not read all that is looked at.
pub(crate) async fn read<N: AggregatableType>(
    context: &Context<'_>,
    ask: AggregateRequest<N>,
) -> Result<Option<GroupPage<N>>, ResolverError> {
    let request = RequestContext::of(context);
    let scope = request.scope()?;
    ask.check()?;
    let wanted = ask.requested_measures();
    let concerned = ask.dsos.as_deref().unwrap_or(scope.context().visible_dsos());
    if guard::check_fields(context, &ask.reads(&wanted), concerned).is_none() {
        return Ok(None);
    }
    let window = ask.window(context)?;
    let (starts, buckets) = intervals(scope, &ask).await?;
    let has_no_rows = ask.bucket.is_some() && buckets.is_none();
    let RequestedMeasures { distinct, numbers, medians, times } = wanted;
    let filter = ask.filter.clone();
    let aggregation = Aggregation::<N> { filter, by: ask.by.clone(), buckets, distinct, numbers, medians, times };
    let plan = Plan::of(ask, window);
    let grouping = GroupBuilder::new(aggregation, starts);
    if has_no_rows {
        return grouping.page(Vec::new(), plan, &Stop::default()).map(Some);
    }
    // A level's questions and batches go together, and what all of them name is looked up at once, when all are answered.
    request.batch_barrier().wait().await;
    let _sending = request.batch_barrier().in_flight();
    let _permit = request.aggregating().await?;
    let groups = grouping.whole(scope.aggregate(grouping.aggregation()).await?);
    if groups.len() > MAX_GROUPS {
        let message = format!("there are more than {MAX_GROUPS} groups: filter, or group by less");
        return Err(ResolverError::BadUserInput(message));
    }
    let most = grouping.max_groups(groups.len(), plan.fill);
    compute(most, move |stop| grouping.page(groups, plan, stop)).await.map(Some)
}

/// Where the intervals begin, and how the rows are put into them; nothing, if there are none, or no rows.
async fn intervals<N: AggregatableType>(
    scope: &entity::scope::Scope,
    ask: &AggregateRequest<N>,
) -> Result<(Vec<chrono::DateTime<chrono::Utc>>, Option<TimeBuckets<N::Time>>), ResolverError> {
    let Some(bucket) = &ask.bucket else { return Ok((Vec::new(), None)) };
    let range = match bucket.range {
        Some(range) => Some(range),
        None => scope.time_span::<N>(&ask.filter, bucket.time).await?,
    };
    let Some(range) = range else { return Ok((Vec::new(), None)) };
    let cut = bucket.split(range).map_err(ResolverError::BadUserInput)?;
    Ok((cut.starts, Some(TimeBuckets { time: bucket.time, edges: cut.edges })))
}
