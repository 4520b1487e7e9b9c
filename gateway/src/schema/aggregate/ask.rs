//! What is asked of an aggregate.

use std::fmt::Debug;

use async_graphql::Context;
use entity::{Direction, DsoId, Key, Mark, Scope, Summed, TimeRange};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Calendar, Grouped, Narrowing, Wanted, calendar::Intervals};
use crate::{
    graphql::{Fault, Request},
    loaders::FilterOf,
    schema::{
        connection::shared,
        cursor::{Binding, Cursors},
        input::Cursor,
    },
};

/// Groups in one answer, if not asked otherwise, and at most.
const GROUPS: i32 = 100;
const MOST_AT_ONCE: i32 = 1000;

/// Intervals in one answer.
const MOST_INTERVALS: usize = 1000;

/// Entries of `orderBy` and of `having`. Each dimension, figure and bucket stands there once.
const MOST_RANKS: usize = 8;
const MOST_CONDITIONS: usize = 16;

/// A figure of a group that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure<D, U> {
    Count,
    Distinct(D),
    Sum(U),
    Mean(U),
    Least(U),
    Largest(U),
    Median(U),
    Deviation(U),
}

pub(crate) type MeasureOf<N> = Measure<<N as Summed>::Dimension, <N as Summed>::Number>;

/// A condition on a figure. What is given must hold all together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Having<M> {
    pub(crate) measure: M,
    pub(crate) eq: Option<f64>,
    pub(crate) gt: Option<f64>,
    pub(crate) gte: Option<f64>,
    pub(crate) lt: Option<f64>,
    pub(crate) lte: Option<f64>,
}

impl<M> Having<M> {
    /// Whether nothing is asked of the figure.
    fn is_empty(&self) -> bool {
        let Self { measure: _, eq, gt, gte, lt, lte } = self;
        [eq, gt, gte, lt, lte].iter().all(|bound| bound.is_none())
    }
}

/// By what groups are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank<D, M> {
    Key(D),
    Bucket,
    Figure(M),
}

/// A rank and its way.
pub(crate) type RankOf<N> = (Rank<<N as Summed>::Dimension, MeasureOf<N>>, Direction);

/// Whether intervals without a row are told, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gaps {
    Left,
    Filled,
}

/// Into which intervals rows are put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucketing<T> {
    pub(crate) time: T,
    pub(crate) calendar: Calendar,
    /// From the first row to the last, if not given.
    pub(crate) range: Option<TimeRange>,
    pub(crate) gaps: Gaps,
}

/// Everything that is asked.
pub(crate) struct Ask<N: Summed> {
    pub(crate) filter: FilterOf<N>,
    /// The DSOs that the filter names, as far as the caller sees them.
    pub(crate) dsos: Option<Vec<DsoId>>,
    pub(crate) by: Vec<N::Dimension>,
    pub(crate) bucket: Option<Bucketing<N::Time>>,
    pub(crate) having: Vec<Having<MeasureOf<N>>>,
    pub(crate) order: Vec<RankOf<N>>,
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<Cursor>,
    /// What the answer shows of each group.
    pub(crate) shown: Wanted<N>,
}

/// Which groups, and what their cursors are bound to.
pub(crate) struct Window {
    pub(crate) from: usize,
    pub(crate) most: usize,
    pub(crate) binding: Binding,
}

impl<N: Grouped> Ask<N> {
    /// All figures that are needed: for the answer, for conditions and for the order.
    pub(super) fn wanted(&self) -> Wanted<N> {
        let mut wanted = self.shown.clone();
        let figures = self.order.iter().filter_map(|(rank, _)| match rank {
            Rank::Figure(measure) => Some(*measure),
            Rank::Key(_) | Rank::Bucket => None,
        });
        for measure in self.having.iter().map(|having| having.measure).chain(figures) {
            wanted.add(measure);
        }
        wanted
    }

    /// The fields that are looked at, by coordinate.
    pub(super) fn reads(&self, wanted: &Wanted<N>) -> Vec<&'static str> {
        let mut reads = N::reads(&self.filter, N::PLAIN);
        reads.extend(self.by.iter().chain(&wanted.distinct).map(|dimension| N::dimension(*dimension)));
        reads.extend(wanted.numbers.iter().chain(&wanted.medians).map(|number| N::number(*number).0));
        reads.extend(wanted.times.iter().map(|time| N::time(*time)));
        reads.extend(self.bucket.iter().map(|bucket| N::time(bucket.time)));
        reads
    }

    /// Refuses what means nothing.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.senseless().into_iter().next().map_or(Ok(()), |message| Err(Fault::BadUserInput(message)))
    }

    fn senseless(&self) -> Vec<String> {
        let mut senseless = Vec::new();
        for (name, entries, most) in
            [("orderBy", self.order.len(), MOST_RANKS), ("having", self.having.len(), MOST_CONDITIONS)]
        {
            if entries > most {
                senseless.push(format!("`{name}` has {entries} entries; at most {most} are allowed"));
            }
        }
        if !senseless.is_empty() {
            // Nothing is looked for in lists of any length.
            return senseless;
        }
        if has_twice(&self.by) {
            senseless.push("`groupBy` names a dimension twice".to_owned());
        }
        if has_twice(self.order.iter().map(|(rank, _)| rank)) {
            senseless.push("`orderBy` names a dimension, a figure or the bucket twice".to_owned());
        }
        if self.having.iter().any(Having::is_empty) {
            let message =
                "`having` has an entry without a condition: give one or more of `eq`, `gt`, `gte`, `lt` and `lte`";
            senseless.push(message.to_owned());
        }
        if has_twice(self.having.iter().map(|having| having.measure)) {
            senseless.push("`having` names a figure twice: put all its bounds into one entry".to_owned());
        }
        for (rank, _) in &self.order {
            match rank {
                Rank::Key(dimension) if !self.by.contains(dimension) => {
                    senseless.push("`orderBy` names a dimension that `groupBy` does not".to_owned());
                }
                Rank::Bucket if self.bucket.is_none() => {
                    senseless.push("`orderBy` names the bucket, and there is no `bucket`".to_owned());
                }
                Rank::Key(_) | Rank::Bucket | Rank::Figure(_) => {}
            }
        }
        senseless
    }

    /// All that would be refused whoever asks and whatever rows there are.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.senseless();
        problems.extend(most(self.first).err());
        if let Some(bucket) = &self.bucket {
            problems.extend(bucket.range.and_then(|range| bucket.cut(range).err()));
        }
        problems
    }

    /// Looks at less than was asked: at rows of these DSOs only, at another range, in another time zone.
    pub(crate) fn narrow(&mut self, scope: &Scope, narrowing: &Narrowing) {
        if let Some(named) = &narrowing.dsos {
            let dsos = N::dsos(&mut self.filter);
            match dsos {
                Some(dsos) => dsos.retain(|dso| named.contains(dso)),
                None => *dsos = Some(named.clone()),
            }
            self.dsos = dsos.as_ref().map(|dsos| dsos.iter().filter_map(|dso| scope.visible_dso(*dso)).collect());
        }
        match (&mut self.bucket, narrowing.range) {
            (Some(bucket), Some(range)) => bucket.range = Some(range),
            (None, Some(range)) => N::within(&mut self.filter, range),
            (_, None) => {}
        }
        if let (Some(bucket), Some(zone)) = (&mut self.bucket, narrowing.zone) {
            bucket.calendar.zone = zone;
        }
    }

    /// Which groups are wanted. A cursor counts groups, in the very aggregate that it was made for.
    pub(super) fn window(&self, context: &Context<'_>) -> Result<Window, Fault> {
        let most = most(self.first).map_err(Fault::BadUserInput)?;
        let asked = format!("{:?} {:?} {:?} {:?} {:?}", self.filter, self.by, self.bucket, self.having, self.order);
        let asked = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(asked));
        let organization = Request::of(context).scope()?.context().organization();
        let binding = Binding { organization, list: format!("groups of {} {asked}", std::any::type_name::<N>()) };
        let from = match self.after.as_ref().and_then(Cursor::given) {
            None => 0,
            Some(after) => match shared::<Cursors>(context)?.open(&binding, "after", after)?.key {
                Key::Int(place) => usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1),
                Key::Text(_) | Key::Time(_) => usize::MAX,
            },
        };
        Ok(Window { from, most, binding })
    }
}

/// Whether something stands in a list more than once; what is found ends the search.
fn has_twice<T: PartialEq>(list: impl IntoIterator<Item = T>) -> bool {
    let mut seen = Vec::new();
    list.into_iter().any(|entry| {
        let is_there = seen.contains(&entry);
        seen.push(entry);
        is_there
    })
}

/// How many groups are wanted.
fn most(first: Option<i32>) -> Result<usize, String> {
    let first = first.unwrap_or(GROUPS);
    let most = usize::try_from(first).ok().filter(|_| first <= MOST_AT_ONCE);
    most.ok_or_else(|| format!("`first` is {first}; it goes from 0 to {MOST_AT_ONCE}"))
}

impl<T> Bucketing<T> {
    /// The intervals of a range; or what is wrong with it.
    pub(super) fn cut(&self, range: TimeRange) -> Result<Intervals, String> {
        let cut = self.calendar.cut(range.from, range.until, MOST_INTERVALS);
        cut.ok_or_else(|| {
            format!("`bucket` makes more than {MOST_INTERVALS} intervals: take a longer unit, or a shorter `range`")
        })
    }
}

/// The place of a group as a cursor holds it.
pub(super) fn mark(place: usize) -> Mark {
    Mark { key: Key::Int(i64::try_from(place).unwrap_or(i64::MAX)), id: Uuid::nil() }
}

/// What GraphQL can carry of a count: beyond two thousand million it is told as that.
pub(crate) fn whole(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
