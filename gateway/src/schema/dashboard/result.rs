//! What a widget shows.

use async_graphql::Context;
use chrono::{DateTime, Utc};
use entity::analytics::{Aggregatable, KeyValue};
use gateway_macros::guarded;

use super::widget_key::{WidgetDimension, WidgetKey};
use crate::{
    errors::ResolverError,
    schema::{
        aggregate::{self, AggregatableType, AggregateRequest, MeasureOf},
        doctor::Doctor,
        overview::NamedFigure,
    },
};

/// A widget's answer, for whoever looks.
#[derive(Default)]
pub struct WidgetResult {
    value: Option<f64>,
    before: Option<f64>,
    known_from: Option<DateTime<Utc>>,
    rows: Option<Vec<WidgetRow>>,
    doctors: Option<Vec<Doctor>>,
}

/// A figure and what it is of.
pub struct WidgetRow {
    keys: Vec<WidgetKey>,
    value: Option<f64>,
}

impl WidgetResult {
    pub(super) fn figure(NamedFigure { value, before, known_from }: NamedFigure) -> Self {
        Self { value, before, known_from, ..Self::default() }
    }

    pub(super) fn of_doctors(doctors: Vec<Doctor>) -> Self {
        Self { doctors: Some(doctors), ..Self::default() }
    }

    pub(super) async fn grouped<N: AggregatableType>(
        context: &Context<'_>,
        ask: AggregateRequest<N>,
        measure: MeasureOf<N>,
    ) -> Result<Option<Self>, ResolverError>
    where
        WidgetDimension: From<<N as Aggregatable>::Dimension>,
    {
        let (by, has_bucket) = (ask.by.clone(), ask.bucket.is_some());
        let Some(page) = aggregate::read(context, ask).await? else { return Ok(None) };
        let row = |(grouping, group): (std::sync::Arc<aggregate::GroupBuilder<N>>, entity::analytics::Group)| {
            let mut keys: Vec<_> = has_bucket.then(|| WidgetKey::bucket(grouping.bucket(&group))).into_iter().collect();
            keys.extend(by.iter().map(|dimension| {
                let value = grouping.key(&group, *dimension).cloned().unwrap_or(KeyValue::Nothing);
                WidgetKey::of((*dimension).into(), value)
            }));
            Ok(WidgetRow { keys, value: grouping.figure(&group, measure)? })
        };
        let rows = page.groups().map(row).collect::<Result<Vec<_>, ResolverError>>()?;
        let is_one = by.is_empty() && !has_bucket;
        let value = rows.first().filter(|_| is_one).and_then(|row| row.value);
        Ok(Some(Self { value, rows: Some(rows), ..Self::default() }))
    }
}

/// A widget's answer, for whoever looks: one figure, a figure for each group, or doctors.
#[guarded(org = Member)]
impl WidgetResult {
    /// The figure of an overview or of a query without groups.
    #[guard(org = Member)]
    fn value(&self) -> Option<f64> {
        self.value
    }

    /// What the overview's figure was in or at the end of the range before; none also where that is not on record.
    #[guard(org = Member)]
    fn before(&self) -> Option<f64> {
        self.before
    }

    /// After which time the overview's figure is on record, if that is later than what `before` would be about.
    #[guard(org = Member)]
    fn known_from(&self) -> Option<DateTime<Utc>> {
        self.known_from
    }

    /// The groups, in the query's order; none of a figure of the overview or a list.
    #[guard(org = Member)]
    fn rows(&self) -> Option<&[WidgetRow]> {
        self.rows.as_deref()
    }

    /// The doctors, in the query's order, of a list.
    #[guard(org = Member)]
    fn doctors(&self) -> Option<&[Doctor]> {
        self.doctors.as_deref()
    }
}

/// A figure and what it is of.
#[guarded(org = Member)]
impl WidgetRow {
    /// What the group's rows share: the bucket first, then what they are grouped by, in its order.
    #[guard(org = Member)]
    fn keys(&self) -> &[WidgetKey] {
        &self.keys
    }

    /// The figure; none, where there is none of no rows.
    #[guard(org = Member)]
    fn value(&self) -> Option<f64> {
        self.value
    }
}
