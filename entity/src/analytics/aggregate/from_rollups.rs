//! Groups computed from roll-ups, where the roll-ups contain the requested values.
//!
//! Owns: deciding when the roll-ups can be used. May use: the roll-ups. Invariant: the groups are the same as those
//! computed from the rows. A value that the roll-ups do not contain is not estimated: the rows are read instead.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    ActivityDimension, ActivityTime, Aggregatable, Aggregation, CaseDimension, DoctorDimension, Group, KeyValue,
    MAX_GROUPS,
};
use crate::{
    analytics::{
        DsoSnapshot,
        rollup::{
            Facet, GroupBy, GroupByDso, GroupByKey, activities_in, days_of_activities, latest_snapshots, parts_of_days,
        },
    },
    auth::OrgContext,
    error::Error,
    id::{DsoId, TypedId},
    models::{CaseStatus, Risk},
    queries::{Activities, ActivityFilter, ArchiveState, CaseFilter, Cases, DoctorFilter, Doctors},
    session::Tx,
    time::TimeRange,
};

/// Whether the aggregation requests counts only.
fn needs_counts_only<N: Aggregatable>(aggregation: &Aggregation<N>) -> bool {
    let Aggregation { filter: _, by: _, buckets: _, distinct, numbers, medians, times } = aggregation;
    distinct.is_empty() && numbers.is_empty() && medians.is_empty() && times.is_empty()
}

/// Adds up counts that have the same keys.
#[derive(Default)]
struct Sums(HashMap<(Vec<KeyValue>, Option<usize>), i64>);

impl Sums {
    fn add(&mut self, keys: Vec<KeyValue>, bucket: Option<usize>, count: i64) {
        *self.0.entry((keys, bucket)).or_insert(0) += count;
    }

    fn groups(self) -> Vec<Group> {
        let groups = self.0.into_iter().filter(|(_, count)| *count > 0);
        groups.map(|((keys, bucket), count)| Group { keys, bucket, count, ..Group::default() }).collect()
    }
}

/// Maximum number of partial days that are read in addition to whole days. With more, such as hourly buckets or the
/// days of another time zone, reading the rows is faster.
const MAX_PARTIAL_DAYS: usize = 64;

/// The facet that covers all columns of a grouping and a filter; none if it uses kinds and actors together.
fn facet(by: &[ActivityDimension], filter: &ActivityFilter) -> Option<Facet> {
    // Destructured, so that a new condition does not compile until its author decides whether the roll-ups cover it.
    let ActivityFilter { dsos: _, kinds, actors, from: _, until: _ } = filter;
    let kinds = by.contains(&ActivityDimension::Kind) || kinds.is_some();
    let actors = by.contains(&ActivityDimension::Actor) || actors.is_some();
    match (kinds, actors, by.contains(&ActivityDimension::Doctor)) {
        (_, _, true) | (true, true, _) => None,
        (_, false, false) => Some(Facet::Kind),
        (false, true, false) => Some(Facet::Actor),
    }
}

/// All of time, as far as a row can represent it.
const ALL_TIME: (i64, i64) = (-62_135_596_800, 253_402_300_800);

/// The time range of a filter.
fn time_range_of(filter: &ActivityFilter) -> TimeRange {
    let ever = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    TimeRange { from: filter.from.unwrap_or(ever(ALL_TIME.0)), until: filter.until.unwrap_or(ever(ALL_TIME.1)) }
}

pub(super) async fn activities(
    tx: &Tx,
    context: &OrgContext,
    aggregation: &Aggregation<Activities>,
) -> Result<Option<Vec<Group>>, Error> {
    let filter = &aggregation.filter;
    let Some(facet) = facet(&aggregation.by, filter) else { return Ok(None) };
    let is_bucket = |time: ActivityTime| time == ActivityTime::OccurredAt;
    if !needs_counts_only(aggregation) || !aggregation.buckets.as_ref().is_none_or(|buckets| is_bucket(buckets.time)) {
        return Ok(None);
    }
    let whole = time_range_of(filter);
    let ranges = match &aggregation.buckets {
        None => vec![whole],
        Some(buckets) => buckets.ranges().into_iter().map(|range| range.and(&whole)).collect(),
    };
    if parts_of_days(&ranges) > MAX_PARTIAL_DAYS {
        return Ok(None);
    }
    let each = if aggregation.by.contains(&ActivityDimension::Dso) { GroupByDso::Apart } else { GroupByDso::Together };
    let named = |dimension| aggregation.by.contains(&dimension);
    let has_key = named(ActivityDimension::Kind) || named(ActivityDimension::Actor);
    let key = if has_key { GroupByKey::Apart } else { GroupByKey::Together };
    // Each count belongs to a different group, so one count beyond the limit shows that there are too many groups.
    let telling = GroupBy { facet, dso: each, key, most: Some(MAX_GROUPS + 1) };
    let mut sums = Sums::default();
    for count in activities_in(tx, context, telling, filter, &ranges).await? {
        let mut keys = Vec::with_capacity(aggregation.by.len());
        for dimension in &aggregation.by {
            keys.push(match dimension {
                ActivityDimension::Dso => count.dso_id.map_or(KeyValue::Nothing, |dso| KeyValue::Id(dso.uuid())),
                ActivityDimension::Actor => count.actor().map_or(KeyValue::Nothing, |actor| KeyValue::Id(actor.uuid())),
                ActivityDimension::Kind => KeyValue::Kind(count.kind()?),
                ActivityDimension::Doctor => KeyValue::Nothing,
            });
        }
        let bucket = aggregation.buckets.as_ref().and_then(|_| usize::try_from(count.place).ok());
        sums.add(keys, bucket, count.activities);
    }
    Ok(Some(sums.groups()))
}

/// The days of the first and the last activity that match a filter.
pub(super) async fn time_span(
    tx: &Tx,
    context: &OrgContext,
    filter: &ActivityFilter,
) -> Result<Option<TimeRange>, Error> {
    let Some(facet) = facet(&[], filter) else {
        return super::from_rows::time_span::<Activities>(tx, context, filter, ActivityTime::OccurredAt).await;
    };
    let Some(days) = days_of_activities(tx, context, facet, filter).await? else { return Ok(None) };
    Ok(Some(days.and(&time_range_of(filter))).filter(|range| range.from < range.until))
}

const RISKS: [Option<Risk>; 5] = [None, Some(Risk::Low), Some(Risk::Medium), Some(Risk::High), Some(Risk::Critical)];

/// Whether a filter selects all active doctors of its DSOs, whose counts are in the roll-ups.
fn is_dso_filter_only(filter: &DoctorFilter) -> bool {
    // Destructured, so that a new condition does not compile until its author decides whether the roll-ups cover it.
    let DoctorFilter {
        dsos: _,
        risks,
        period_from,
        period_to,
        text,
        email,
        contacted_from,
        not_contacted_since,
        shelf,
    } = filter;
    risks.is_none()
        && period_from.is_none()
        && period_to.is_none()
        && text.is_none()
        && email.is_none()
        && contacted_from.is_none()
        && not_contacted_since.is_none()
        && *shelf == ArchiveState::Active
}

pub(super) async fn doctors(
    tx: &Tx,
    context: &OrgContext,
    aggregation: &Aggregation<Doctors>,
) -> Result<Option<Vec<Group>>, Error> {
    let has = |dimension| aggregation.by.contains(&dimension);
    let fits = needs_counts_only(aggregation)
        && aggregation.buckets.is_none()
        && is_dso_filter_only(&aggregation.filter)
        && !has(DoctorDimension::Practice)
        && !has(DoctorDimension::Email)
        && !(has(DoctorDimension::Risk) && has(DoctorDimension::Period));
    if !fits {
        return Ok(None);
    }
    let mut sums = Sums::default();
    for (dso, standing) in latest_snapshots(tx, context, aggregation.filter.dsos.as_deref()).await? {
        for (risk, period, count) in cells(&standing, has(DoctorDimension::Risk), has(DoctorDimension::Period)) {
            let key = |dimension: &DoctorDimension| match dimension {
                DoctorDimension::Dso => KeyValue::Id(dso.uuid()),
                DoctorDimension::Risk => risk.map_or(KeyValue::Nothing, KeyValue::Risk),
                DoctorDimension::Period => period.map_or(KeyValue::Nothing, |period: i32| KeyValue::Int(period.into())),
                DoctorDimension::Practice | DoctorDimension::Email => KeyValue::Nothing,
            };
            sums.add(aggregation.by.iter().map(key).collect(), None, count);
        }
    }
    Ok(Some(sums.groups()))
}

/// A DSO's doctor counts by risk, by period, by both, or in total.
fn cells(standing: &DsoSnapshot, by_risk: bool, by_period: bool) -> Vec<(Option<Risk>, Option<i32>, i64)> {
    match (by_risk, by_period) {
        (true, _) => RISKS.map(|risk| (risk, None, standing.at_risk(risk))).into(),
        (false, true) => {
            let periods = [None].into_iter().chain((1..=12).map(Some));
            periods.map(|period| (None, period, standing.in_period(period))).collect()
        }
        (false, false) => vec![(None, None, standing.doctors())],
    }
}

pub(super) async fn cases(
    tx: &Tx,
    context: &OrgContext,
    aggregation: &Aggregation<Cases>,
) -> Result<Option<Vec<Group>>, Error> {
    let CaseFilter { statuses, dsos, opened_from, opened_until } = &aggregation.filter;
    let fits = needs_counts_only(aggregation)
        && aggregation.buckets.is_none()
        && opened_from.is_none()
        && opened_until.is_none()
        && !aggregation.by.contains(&CaseDimension::Doctor);
    if !fits {
        return Ok(None);
    }
    let all = [CaseStatus::Submitted, CaseStatus::InProgress, CaseStatus::Completed, CaseStatus::Cancelled];
    let wanted = all.into_iter().filter(|status| statuses.as_ref().is_none_or(|statuses| statuses.contains(status)));
    let wanted: Vec<_> = wanted.collect();
    let mut sums = Sums::default();
    let standings: Vec<(DsoId, DsoSnapshot)> = latest_snapshots(tx, context, dsos.as_deref()).await?;
    for (dso, standing) in standings {
        for status in &wanted {
            let key = |dimension: &CaseDimension| match dimension {
                CaseDimension::Dso => KeyValue::Id(dso.uuid()),
                CaseDimension::Status => KeyValue::Status(*status),
                CaseDimension::Doctor => KeyValue::Nothing,
            };
            sums.add(aggregation.by.iter().map(key).collect(), None, standing.cases(*status));
        }
    }
    Ok(Some(sums.groups()))
}
