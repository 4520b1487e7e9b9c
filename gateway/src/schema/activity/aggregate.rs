//! Activities in groups.

use async_graphql::{Context, Enum, OneofObject};
use entity::{
    analytics::{ActivityDimension as By, ActivityTime as Time, KeyValue, NoMeasure},
    id::DsoId,
    queries::{Activities, ActivityOrder},
    time::TimeRange,
};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    schema::{
        activity::ActivityFilter,
        aggregate::{AggregatableType, MeasureOf, aggregate, group, query},
        doctor::Doctor,
        dso::Dso,
        enums::ActivityKind,
        input::Cursor,
        member::Member,
    },
};

/// By what activities are grouped, and of what the different values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::ActivityDimension")]
pub enum ActivityDimension {
    /// The doctors' DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// Who did it, where it is known.
    Actor,
    /// By what means.
    Kind,
}

/// The times of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::ActivityTime")]
pub enum ActivityTime {
    /// When it happened.
    OccurredAt,
    /// When the row was made.
    CreatedAt,
}

/// A figure of a group of activities.
#[derive(OneofObject)]
pub enum ActivityMeasure {
    /// How many; any value.
    Count(bool),
    /// How many different values.
    CountDistinct(ActivityDimension),
}

impl From<ActivityMeasure> for MeasureOf<Activities> {
    fn from(measure: ActivityMeasure) -> Self {
        match measure {
            ActivityMeasure::Count(_) => Self::Count,
            ActivityMeasure::CountDistinct(dimension) => Self::Distinct(dimension.into()),
        }
    }
}

impl AggregatableType for Activities {
    const DEFAULT_ORDER: ActivityOrder = ActivityOrder::OccurredAt;

    fn dimension(dimension: By) -> &'static str {
        match dimension {
            By::Dso => "Activity.dso",
            By::Doctor => "Activity.doctor",
            By::Actor => "Activity.actor",
            By::Kind => "Activity.kind",
        }
    }

    fn number(number: NoMeasure) -> (&'static str, f64) {
        match number {}
    }

    fn time(time: Time) -> &'static str {
        match time {
            Time::OccurredAt => "Activity.occurredAt",
            Time::CreatedAt => "Activity.createdAt",
        }
    }

    fn dsos(filter: &mut entity::queries::ActivityFilter) -> &mut Option<Vec<DsoId>> {
        &mut filter.dsos
    }

    fn time_range(filter: &mut entity::queries::ActivityFilter, range: TimeRange) {
        (filter.from, filter.until) = (Some(range.from), Some(range.until));
    }
}

aggregate!(
    Activities: ActivityGroup, ActivityDimension, ActivityTime, ActivityMeasure,
    ActivityHaving, ActivityGroupOrder, ActivityBucket, ActivityGroupConnection, ActivityGroupEdge
);

query!(
    /// A question about activities in groups, of which one figure is shown: what a widget asks.
    ActivitiesQueryInput: Activities, ActivityFilter, ActivityDimension, ActivityMeasure, ActivityHaving, ActivityGroupOrder, ActivityBucket
);

group!(
    /// A group of activities: what they share, as far as they are grouped by it, and their figures.
    ActivityGroup of Activities: ActivityDimension, ActivityTime;

    /// The doctors' DSO.
    #[guard(org = Member)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, ResolverError> {
        match self.key(By::Dso) {
            Some(KeyValue::Id(dso)) => Dso::find(context, entity::id::TypedId::from_uuid(*dso)).await,
            _ => Ok(None),
        }
    }

    /// The doctor.
    #[guard(org = Member)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<Doctor>, ResolverError> {
        match self.key(By::Doctor) {
            Some(KeyValue::Id(doctor)) => Doctor::find(context, entity::id::TypedId::from_uuid(*doctor)).await,
            _ => Ok(None),
        }
    }

    /// Who did them; none where it is not known.
    #[guard(org = Member)]
    async fn actor(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        match self.key(By::Actor) {
            Some(KeyValue::Id(actor)) => Member::find(context, entity::id::TypedId::from_uuid(*actor)).await,
            _ => Ok(None),
        }
    }

    /// By what means.
    #[guard(org = Member)]
    fn kind(&self) -> Option<ActivityKind> {
        match self.key(By::Kind) {
            Some(KeyValue::Kind(kind)) => Some((*kind).into()),
            _ => None,
        }
    }
);

/// Groups of activities.
#[derive(Default)]
pub struct ActivityAggregates;

#[guarded(signed_in, part_of = "Query")]
impl ActivityAggregates {
    /// The activities of all DSOs that the caller sees, in groups.
    #[guard(org = Member)]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn activities_aggregate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which activities.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "By what they are grouped; all are one group, if not given.")] group_by: Option<
            Vec<ActivityDimension>,
        >,
        #[graphql(desc = "Into which intervals of time they are put.")] bucket: Option<ActivityBucket>,
        #[graphql(desc = "Only groups that meet these conditions.")] having: Option<Vec<ActivityHaving>>,
        #[graphql(desc = "In what order; by bucket and dimensions, if not given.")] order_by: Option<
            Vec<ActivityGroupOrder>,
        >,
        #[graphql(desc = "How many groups from the start; 100 when not given, at most 1000.")] first: Option<i32>,
        #[graphql(
            desc = "Only groups behind this cursor. It counts groups: where rows change between two pages, a group can be on both or on none."
        )]
        after: Option<Cursor>,
    ) -> Result<Option<ActivityGroupConnection>, ResolverError> {
        let (measure, last_days) = (None, None);
        let asked = ActivitiesQueryInput { filter, group_by, bucket, having, order_by, first, measure, last_days };
        let ask = asked.ask(context, after, ActivityGroup::shown(context))?;
        ActivityGroupConnection::read(context, ask).await
    }
}
