//! The groups of an aggregate.
//!
//! Owns: their figures, their order and their pages. May use: what was asked. Invariant: the order is total, so that a page
//! and the next one neither share a group nor miss one.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use async_graphql::Context;
use chrono::{DateTime, Utc};
use entity::{Aggregation, Direction, Extremes, Group, KeyValue, NumberStats, Summed};

use super::{
    Ask, Grouped, Having, Measure, Rank,
    ask::{MeasureOf, Window, mark},
};
use crate::{
    graphql::Fault,
    schema::{
        connection::{PageInfo, shared},
        cursor::Cursors,
    },
};

/// All groups that meet the conditions, in their order.
pub(crate) struct Grouping<N: Summed> {
    aggregation: Aggregation<N>,
    /// Where the intervals begin.
    starts: Vec<DateTime<Utc>>,
    groups: Vec<Group>,
}

impl<N: Grouped> Grouping<N> {
    pub(super) fn new(aggregation: Aggregation<N>, starts: Vec<DateTime<Utc>>, groups: Vec<Group>) -> Self {
        Self { aggregation, starts, groups }
    }

    /// A figure of a group; none, where there is none of no rows.
    pub(crate) fn figure(&self, group: &Group, measure: MeasureOf<N>) -> Result<Option<f64>, Fault> {
        let asked = &self.aggregation;
        let stats =
            |number: N::Number| Ok::<_, Fault>((*find(&asked.numbers, number, &group.numbers)?, N::number(number).1));
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
    pub(crate) fn times(&self, group: &Group, time: N::Time) -> Result<Option<Extremes>, Fault> {
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

    /// Leaves out what does not meet the conditions, and puts the others in order.
    pub(super) fn arrange(&mut self, ask: &Ask<N>) -> Result<(), Fault> {
        let mut groups = Vec::with_capacity(self.groups.len());
        for group in std::mem::take(&mut self.groups) {
            let mut meets = true;
            for having in &ask.having {
                meets &= self.figure(&group, having.measure)?.is_some_and(|figure| having.holds(figure));
            }
            if meets {
                let mut ranks = Vec::with_capacity(ask.order.len());
                for (rank, direction) in &ask.order {
                    ranks.push((self.place(&group, rank)?, *direction));
                }
                groups.push((ranks, group));
            }
        }
        groups.sort_by(|one, other| compare(&one.0, &other.0).then_with(|| naturally(&one.1, &other.1)));
        self.groups = groups.into_iter().map(|(_, group)| group).collect();
        Ok(())
    }

    fn place(&self, group: &Group, rank: &Rank<N::Dimension, MeasureOf<N>>) -> Result<Place, Fault> {
        Ok(match rank {
            Rank::Bucket => Place::Bucket(group.bucket),
            Rank::Key(dimension) => Place::Key(self.key(group, *dimension).cloned()),
            Rank::Figure(measure) => Place::Figure(self.figure(group, *measure)?),
        })
    }

    /// Adds the intervals without a row to each series: in the whole range, if one was asked for, else from the first row
    /// to the last.
    pub(super) fn fill(&mut self, whole_range: bool) {
        let mut series: Vec<Vec<KeyValue>> = self.groups.iter().map(|group| group.keys.clone()).collect();
        series.sort_unstable();
        series.dedup();
        if series.is_empty() && self.aggregation.by.is_empty() {
            series.push(Vec::new());
        }
        let there: HashSet<_> = self.groups.iter().map(|group| (group.keys.clone(), group.bucket)).collect();
        let with_rows = || self.groups.iter().filter_map(|group| group.bucket);
        let (first, last) = match (with_rows().min(), with_rows().max()) {
            (Some(first), Some(last)) if !whole_range => (first, last + 1),
            (None, None) if !whole_range => (0, 0),
            _ => (0, self.starts.len()),
        };
        for keys in series {
            for bucket in (first..last).map(Some) {
                if !there.contains(&(keys.clone(), bucket)) {
                    self.groups.push(self.nothing(keys.clone(), bucket));
                }
            }
        }
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

/// The value that stands where `wanted` stands among what was asked. All that is shown is asked for; else it is our fault.
fn find<'a, K: Copy + PartialEq, V>(asked: &[K], wanted: K, values: &'a [V]) -> Result<&'a V, Fault> {
    let place = asked.iter().position(|one| *one == wanted).ok_or(Fault::Internal)?;
    values.get(place).ok_or(Fault::Internal)
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

/// By what a group stands where it stands; nothing first.
enum Place {
    Bucket(Option<usize>),
    Key(Option<KeyValue>),
    Figure(Option<f64>),
}

fn compare(one: &[(Place, Direction)], other: &[(Place, Direction)]) -> Ordering {
    let mut orders = one.iter().zip(other).map(|((one, direction), (other, _))| {
        let order = match (one, other) {
            (Place::Bucket(one), Place::Bucket(other)) => one.cmp(other),
            (Place::Key(one), Place::Key(other)) => one.cmp(other),
            (Place::Figure(Some(one)), Place::Figure(Some(other))) => one.total_cmp(other),
            (Place::Figure(one), Place::Figure(other)) => one.is_some().cmp(&other.is_some()),
            _ => Ordering::Equal,
        };
        match direction {
            Direction::Asc => order,
            Direction::Desc => order.reverse(),
        }
    });
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn naturally(one: &Group, other: &Group) -> Ordering {
    (one.bucket, &one.keys).cmp(&(other.bucket, &other.keys))
}

/// A piece of the groups.
pub(crate) struct GroupPage<N: Summed> {
    grouping: Arc<Grouping<N>>,
    window: Window,
}

impl<N: Grouped> GroupPage<N> {
    pub(super) fn new(grouping: Arc<Grouping<N>>, window: Window) -> Self {
        Self { grouping, window }
    }

    /// The groups, by their places.
    pub(crate) fn places(&self) -> std::ops::Range<usize> {
        let all = self.grouping.groups.len();
        let from = self.window.from.min(all);
        from..from.saturating_add(self.window.most).min(all)
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = (Arc<Grouping<N>>, Group)> {
        self.places().map(|place| (Arc::clone(&self.grouping), self.grouping.groups[place].clone()))
    }

    pub(crate) fn cursor(&self, context: &Context<'_>, place: usize) -> Result<String, Fault> {
        shared::<Cursors>(context)?.seal(&self.window.binding, &mark(place))
    }

    pub(crate) fn page_info(&self, context: &Context<'_>) -> Result<PageInfo, Fault> {
        let places = self.places();
        let cursor = |place: Option<usize>| place.map(|place| self.cursor(context, place)).transpose();
        Ok(PageInfo::new(
            places.start > 0,
            places.end < self.total(),
            cursor(places.clone().next())?,
            cursor(places.clone().next_back())?,
        ))
    }

    pub(crate) fn total(&self) -> usize {
        self.grouping.groups.len()
    }
}
