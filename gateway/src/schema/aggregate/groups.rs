//! The groups of an aggregate.
//!
//! Owns: their figures, their gaps and their order. May use: what was asked. Invariant: the order is total, so that a page
//! and the next one neither share a group nor miss one; and there are never more than [`MOST_GROUPS`].

use std::{cmp::Ordering, collections::HashSet};

use chrono::{DateTime, Utc};
use entity::{
    analytics::{Aggregatable, Aggregation, Extent, Group, KeyValue, MAX_GROUPS, NumberStats},
    queries::Direction,
};

use super::{
    AggregatableType, GroupPage, Having, Measure, SortKey,
    plan::{Fill, Plan},
    request::MeasureOf,
};
use crate::{compute::Stop, errors::ResolverError};

/// What the figures and the intervals of groups mean.
pub(crate) struct GroupBuilder<N: Aggregatable> {
    aggregation: Aggregation<N>,
    /// Where the intervals begin.
    starts: Vec<DateTime<Utc>>,
}

impl<N: AggregatableType> GroupBuilder<N> {
    pub(super) fn new(aggregation: Aggregation<N>, starts: Vec<DateTime<Utc>>) -> Self {
        Self { aggregation, starts }
    }

    /// What was asked of the store.
    pub(super) fn aggregation(&self) -> &Aggregation<N> {
        &self.aggregation
    }

    /// A figure of a group; none, where there is none of no rows.
    pub(crate) fn figure(&self, group: &Group, measure: MeasureOf<N>) -> Result<Option<f64>, ResolverError> {
        let asked = &self.aggregation;
        let stats = |number: N::Number| {
            Ok::<_, ResolverError>((*find(&asked.numbers, number, &group.numbers)?, N::number(number).1))
        };
        #[expect(clippy::cast_precision_loss, reason = "counts and sums of rows are far below 2^52")]
        let scaled = |whole: i64, unit: f64| whole as f64 / unit;
        Ok(match measure {
            Measure::Count => Some(scaled(group.count, 1.0)),
            Measure::Distinct(dimension) => Some(scaled(*find(&asked.distinct, dimension, &group.distinct)?, 1.0)),
            Measure::Sum(number) => stats(number).map(|(stats, unit)| Some(scaled(stats.sum, unit)))?,
            Measure::Mean(number) => stats(number).map(|(stats, unit)| Some(stats.mean()? / unit))?,
            Measure::Least(number) => stats(number).map(|(stats, unit)| Some(scaled(stats.least?, unit)))?,
            Measure::Largest(number) => stats(number).map(|(stats, unit)| Some(scaled(stats.largest?, unit)))?,
            Measure::Deviation(number) => stats(number).map(|(stats, unit)| Some(stats.deviation()? / unit))?,
            Measure::Median(number) => {
                let unit = N::number(number).1;
                find(&asked.medians, number, &group.medians)?.map(|median| median / unit)
            }
        })
    }

    /// The first and the last of a time in a group.
    pub(crate) fn times(&self, group: &Group, time: N::Time) -> Result<Option<Extent>, ResolverError> {
        find(&self.aggregation.times, time, &group.times).copied()
    }

    /// What a group's rows share; none, if it is not grouped by.
    pub(crate) fn key<'a>(&self, group: &'a Group, dimension: N::Dimension) -> Option<&'a KeyValue> {
        find(&self.aggregation.by, dimension, &group.keys).ok()
    }

    /// Where a group's interval begins.
    pub(crate) fn bucket(&self, group: &Group) -> Option<DateTime<Utc>> {
        self.starts.get(group.bucket?).copied()
    }

    /// How many groups there can be at most when the gaps are filled.
    pub(super) fn max_groups(&self, groups: usize, fill: Fill) -> usize {
        match fill {
            Fill::Nothing => groups,
            Fill::BetweenRows | Fill::WholeRange => groups.max(1).saturating_mul(self.starts.len()),
        }
    }

    /// The page of the groups that meet the conditions, in their order.
    pub(super) fn page(
        self,
        mut groups: Vec<Group>,
        plan: Plan<N>,
        stop: &Stop,
    ) -> Result<GroupPage<N>, ResolverError> {
        self.fill(&mut groups, plan.fill, stop)?;
        if let Some(group) = groups.first() {
            // All groups have the same figures: if one has what is compared, each has it.
            plan.measures().try_for_each(|measure| self.figure(group, measure).map(drop))?;
        }
        let figure = |group: &Group, measure| self.figure(group, measure).ok().flatten();
        groups.retain(|group| {
            plan.having.iter().all(|having| figure(group, having.measure).is_some_and(|figure| having.holds(figure)))
        });
        stop.check()?;
        // Compared as they are: a rank made ahead for each group would cost more memory than the groups.
        groups.sort_unstable_by(|one, other| {
            let mut ranks = plan.order.iter().map(|(rank, direction)| {
                let order = match rank {
                    SortKey::Bucket => one.bucket.cmp(&other.bucket),
                    SortKey::Key(dimension) => self.key(one, *dimension).cmp(&self.key(other, *dimension)),
                    SortKey::Figure(measure) => compare(figure(one, *measure), figure(other, *measure)),
                };
                match direction {
                    Direction::Asc => order,
                    Direction::Desc => order.reverse(),
                }
            });
            ranks.find(|order| order.is_ne()).unwrap_or_else(|| default_order(one, other))
        });
        stop.check()?;
        Ok(GroupPage::of(self, groups, plan.window))
    }

    /// Adds the intervals without a row to each series: in the whole range, or from the first row to the last. Refuses
    /// before anything is added, if there would be too many.
    fn fill(&self, groups: &mut Vec<Group>, fill: Fill, stop: &Stop) -> Result<(), ResolverError> {
        let with_rows = || groups.iter().filter_map(|group| group.bucket);
        let buckets = match (fill, with_rows().min(), with_rows().max()) {
            (Fill::Nothing, _, _) => return Ok(()),
            (Fill::BetweenRows, Some(first), Some(last)) => first..last + 1,
            (Fill::BetweenRows, _, _) => 0..0,
            (Fill::WholeRange, _, _) => 0..self.starts.len(),
        };
        let mut series: Vec<&[KeyValue]> = groups.iter().map(|group| group.keys.as_slice()).collect();
        series.sort_unstable();
        series.dedup();
        if series.is_empty() && self.aggregation.by.is_empty() {
            series.push(&[]);
        }
        check_size(series.len(), buckets.len())?;
        let there: HashSet<_> = groups.iter().map(|group| (group.keys.as_slice(), group.bucket)).collect();
        let mut missing = Vec::new();
        for keys in series {
            stop.check()?;
            let gaps = buckets.clone().map(Some).filter(|bucket| !there.contains(&(keys, *bucket)));
            missing.extend(gaps.map(|bucket| self.nothing(keys.to_vec(), bucket)));
        }
        groups.append(&mut missing);
        Ok(())
    }

    /// What is not put into groups or intervals is one group, also where there are no rows: its count is 0.
    pub(super) fn whole(&self, mut groups: Vec<Group>) -> Vec<Group> {
        if groups.is_empty() && self.aggregation.by.is_empty() && self.aggregation.buckets.is_none() {
            groups.push(self.nothing(Vec::new(), None));
        }
        groups
    }

    fn nothing(&self, keys: Vec<KeyValue>, bucket: Option<usize>) -> Group {
        let Aggregation { distinct, numbers, medians, times, .. } = &self.aggregation;
        Group {
            keys,
            bucket,
            count: 0,
            distinct: vec![0; distinct.len()],
            numbers: vec![NumberStats::default(); numbers.len()],
            medians: vec![None; medians.len()],
            times: vec![None; times.len()],
        }
    }
}

/// Refuses more groups than may be made: so many series, each with so many intervals.
fn check_size(series: usize, intervals: usize) -> Result<(), ResolverError> {
    if series.saturating_mul(intervals) <= MAX_GROUPS {
        return Ok(());
    }
    Err(ResolverError::BadUserInput(format!(
        "`fill` would make {series} series of {intervals} intervals each; at most {MAX_GROUPS} groups are allowed: \
         take a longer unit or a shorter range, group by less, or leave `fill` out"
    )))
}

/// The value that stands where `wanted` stands among what was asked. All that is shown is asked for; else it is our fault.
fn find<'a, K: Copy + PartialEq, V>(asked: &[K], wanted: K, values: &'a [V]) -> Result<&'a V, ResolverError> {
    let place = asked.iter().position(|one| *one == wanted).ok_or(ResolverError::Internal)?;
    values.get(place).ok_or(ResolverError::Internal)
}

impl<M> Having<M> {
    fn holds(&self, figure: f64) -> bool {
        self.eq.is_none_or(|bound| figure.total_cmp(&bound).is_eq())
            && self.gt.is_none_or(|bound| figure > bound)
            && self.gte.is_none_or(|bound| figure >= bound)
            && self.lt.is_none_or(|bound| figure < bound)
            && self.lte.is_none_or(|bound| figure <= bound)
    }
}

/// Nothing first.
fn compare(one: Option<f64>, other: Option<f64>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

fn default_order(one: &Group, other: &Group) -> Ordering {
    (one.bucket, &one.keys).cmp(&(other.bucket, &other.keys))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use entity::{
        analytics::ActivityDimension,
        queries::{Activities, ActivityFilter},
    };
    use uuid::Uuid;

    use super::*;

    /// A grouping of so many intervals, and one group in each of so many series.
    fn build_groups(series: u128, intervals: i64) -> (GroupBuilder<Activities>, Vec<Group>) {
        let aggregation = Aggregation::<Activities> {
            filter: ActivityFilter::default(),
            by: vec![ActivityDimension::Doctor],
            buckets: None,
            distinct: Vec::new(),
            numbers: Vec::new(),
            medians: Vec::new(),
            times: Vec::new(),
        };
        let starts = (0..intervals).map(|day| DateTime::UNIX_EPOCH + chrono::Duration::days(day)).collect();
        let group = |number| Group {
            keys: vec![KeyValue::Id(Uuid::from_u128(number))],
            bucket: Some(1),
            count: 1,
            ..Group::default()
        };
        (GroupBuilder::new(aggregation, starts), (0..series).map(group).collect())
    }

    #[test]
    fn gaps_are_filled_up_to_the_most_groups_and_not_beyond() {
        let (grouping, mut groups) = build_groups(10, 1000);
        grouping.fill(&mut groups, Fill::WholeRange, &Stop::default()).unwrap();
        assert_eq!(groups.len(), MAX_GROUPS);
        let (grouping, mut groups) = build_groups(11, 1000);
        let room = groups.capacity();
        let refused = grouping.fill(&mut groups, Fill::WholeRange, &Stop::default());
        let Err(ResolverError::BadUserInput(message)) = refused else { unreachable!("11,000 groups were made") };
        assert!(message.starts_with("`fill` would make 11 series of 1000 intervals each; at most 10000"), "{message}");
        assert_eq!((groups.len(), groups.capacity()), (11, room), "room was made before it was refused");
    }

    #[test]
    fn filling_between_rows_counts_only_the_intervals_between_them() {
        let (grouping, mut groups) = build_groups(MAX_GROUPS as u128, 1000);
        grouping.fill(&mut groups, Fill::BetweenRows, &Stop::default()).unwrap();
        assert_eq!(groups.len(), MAX_GROUPS);
    }

    #[test]
    fn filling_ends_when_it_is_told_to() {
        let (grouping, mut groups) = build_groups(10, 1000);
        let stop = Stop::default();
        stop.stop();
        assert!(grouping.fill(&mut groups, Fill::WholeRange, &stop).is_err());
        assert_eq!(groups.len(), 10);
    }
}
