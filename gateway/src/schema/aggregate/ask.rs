//! What is asked of an aggregate.

use std::fmt::Debug;

use async_graphql::Context;
use entity::{Direction, DsoId, Key, Mark, Summed, TimeRange};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Calendar, Grouped, Wanted};
use crate::{
    graphql::{Fault, Request},
    loaders::FilterOf,
    schema::{
        connection::shared,
        cursor::{Binding, Cursors},
    },
};

/// Groups in one answer, if not asked otherwise, and at most.
const GROUPS: i32 = 100;
const MOST_AT_ONCE: i32 = 1000;

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

/// By what groups are ordered.
#[derive(Clone, Copy, Debug)]
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
    pub(crate) after: Option<String>,
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
        let refused = |message: &str| Err(Fault::BadUserInput(message.to_owned()));
        if self.by.iter().enumerate().any(|(place, dimension)| self.by[..place].contains(dimension)) {
            return refused("`groupBy` names a dimension twice");
        }
        for (rank, _) in &self.order {
            match rank {
                Rank::Key(dimension) if !self.by.contains(dimension) => {
                    return refused("`orderBy` names a dimension that `groupBy` does not");
                }
                Rank::Bucket if self.bucket.is_none() => {
                    return refused("`orderBy` names the bucket, and there is no `bucket`");
                }
                Rank::Key(_) | Rank::Bucket | Rank::Figure(_) => {}
            }
        }
        Ok(())
    }

    /// Which groups are wanted. A cursor counts groups, in the very aggregate that it was made for.
    pub(super) fn window(&self, context: &Context<'_>) -> Result<Window, Fault> {
        let first = self.first.unwrap_or(GROUPS);
        let Some(most) = usize::try_from(first).ok().filter(|_| first <= MOST_AT_ONCE) else {
            return Err(Fault::BadUserInput(format!("`first` is {first}; it goes from 0 to {MOST_AT_ONCE}")));
        };
        let asked = format!("{:?} {:?} {:?} {:?} {:?}", self.filter, self.by, self.bucket, self.having, self.order);
        let asked = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(asked));
        let organization = Request::of(context).scope()?.context().organization();
        let binding = Binding { organization, list: format!("groups of {} {asked}", std::any::type_name::<N>()) };
        let from = match &self.after {
            None => 0,
            Some(after) => match shared::<Cursors>(context)?.open(&binding, "after", after)?.key {
                Key::Int(place) => usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1),
                Key::Text(_) | Key::Time(_) => usize::MAX,
            },
        };
        Ok(Window { from, most, binding })
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
