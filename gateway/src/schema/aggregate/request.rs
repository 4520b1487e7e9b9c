//! What is asked of an aggregate.

use std::fmt::Debug;

use async_graphql::Context;
use entity::{
    analytics::Aggregatable,
    id::DsoId,
    queries::{CursorPosition, Direction, SortValue},
    scope::Scope,
    time::TimeRange,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{AggregatableType, Calendar, RequestedMeasures, WidgetOverrides, calendar::Intervals};
use crate::{
    errors::ResolverError,
    loaders::FilterOf,
    request::RequestContext,
    schema::{
        connection::shared,
        cursor::{CursorScope, Cursors},
        input::Cursor,
    },
};

/// Groups in one answer, if not asked otherwise, and at most.
const DEFAULT_GROUPS: i32 = 100;
const MAX_GROUP_BY: i32 = 1000;

/// Intervals in one answer.
const MAX_INTERVALS: usize = 1000;

/// Entries of `orderBy` and of `having`. Each dimension, figure and bucket stands there once.
const MAX_SORT_KEYS: usize = 8;
const MAX_CONDITIONS: usize = 16;

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

pub(crate) type MeasureOf<N> = Measure<<N as Aggregatable>::Dimension, <N as Aggregatable>::Number>;

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
pub(crate) enum SortKey<D, M> {
    Key(D),
    Bucket,
    Figure(M),
}

/// A rank and its way.
pub(crate) type SortBy<N> = (SortKey<<N as Aggregatable>::Dimension, MeasureOf<N>>, Direction);

/// Whether intervals without a row are told, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapFilling {
    Left,
    Filled,
}

/// Into which intervals rows are put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BucketSpec<T> {
    pub(crate) time: T,
    pub(crate) calendar: Calendar,
    /// From the first row to the last, if not given.
    pub(crate) range: Option<TimeRange>,
    pub(crate) gaps: GapFilling,
}

/// Everything that is asked.
pub(crate) struct AggregateRequest<N: Aggregatable> {
    pub(crate) filter: FilterOf<N>,
    /// The DSOs that the filter names, as far as the caller sees them.
    pub(crate) dsos: Option<Vec<DsoId>>,
    pub(crate) by: Vec<N::Dimension>,
    pub(crate) bucket: Option<BucketSpec<N::Time>>,
    pub(crate) having: Vec<Having<MeasureOf<N>>>,
    pub(crate) order: Vec<SortBy<N>>,
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<Cursor>,
    /// What the answer shows of each group.
    pub(crate) shown: RequestedMeasures<N>,
}

/// Which groups, and what their cursors are bound to.
pub(crate) struct Window {
    pub(crate) from: usize,
    pub(crate) most: usize,
    pub(crate) binding: CursorScope,
}

impl<N: AggregatableType> AggregateRequest<N> {
    /// All figures that are needed: for the answer, for conditions and for the order.
    pub(super) fn requested_measures(&self) -> RequestedMeasures<N> {
        let mut wanted = self.shown.clone();
        let figures = self.order.iter().filter_map(|(rank, _)| match rank {
            SortKey::Figure(measure) => Some(*measure),
            SortKey::Key(_) | SortKey::Bucket => None,
        });
        for measure in self.having.iter().map(|having| having.measure).chain(figures) {
            wanted.add(measure);
        }
        wanted
    }

    /// The fields that are looked at, by coordinate.
    pub(super) fn reads(&self, wanted: &RequestedMeasures<N>) -> Vec<&'static str> {
        let mut reads = N::read_fields(&self.filter, N::DEFAULT_ORDER);
        reads.extend(self.by.iter().chain(&wanted.distinct).map(|dimension| N::dimension(*dimension)));
        reads.extend(wanted.numbers.iter().chain(&wanted.medians).map(|number| N::number(*number).0));
        reads.extend(wanted.times.iter().map(|time| N::time(*time)));
        reads.extend(self.bucket.iter().map(|bucket| N::time(bucket.time)));
        reads
    }

    /// Refuses what means nothing.
    pub(super) fn check(&self) -> Result<(), ResolverError> {
        self.validate().into_iter().next().map_or(Ok(()), |message| Err(ResolverError::BadUserInput(message)))
    }

    fn validate(&self) -> Vec<String> {
        let mut senseless = Vec::new();
        for (name, entries, most) in
            [("orderBy", self.order.len(), MAX_SORT_KEYS), ("having", self.having.len(), MAX_CONDITIONS)]
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
                SortKey::Key(dimension) if !self.by.contains(dimension) => {
                    senseless.push("`orderBy` names a dimension that `groupBy` does not".to_owned());
                }
                SortKey::Bucket if self.bucket.is_none() => {
                    senseless.push("`orderBy` names the bucket, and there is no `bucket`".to_owned());
                }
                SortKey::Key(_) | SortKey::Bucket | SortKey::Figure(_) => {}
            }
        }
        senseless
    }

    /// All that would be refused whoever asks and whatever rows there are.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.validate();
        problems.extend(max_groups(self.first).err());
        if let Some(bucket) = &self.bucket {
            problems.extend(bucket.range.and_then(|range| bucket.split(range).err()));
        }
        problems
    }

    /// Looks at less than was asked: at rows of these DSOs only, at another range, in another time zone.
    pub(crate) fn narrow(&mut self, scope: &Scope, narrowing: &WidgetOverrides) {
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
            (None, Some(range)) => N::time_range(&mut self.filter, range),
            (_, None) => {}
        }
        if let (Some(bucket), Some(zone)) = (&mut self.bucket, narrowing.zone) {
            bucket.calendar.zone = zone;
        }
    }

    /// Which groups are wanted. A cursor counts groups, in the very aggregate that it was made for.
    pub(super) fn window(&self, context: &Context<'_>) -> Result<Window, ResolverError> {
        let most = max_groups(self.first).map_err(ResolverError::BadUserInput)?;
        let asked = format!("{:?} {:?} {:?} {:?} {:?}", self.filter, self.by, self.bucket, self.having, self.order);
        let asked = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(asked));
        let organization = RequestContext::of(context).scope()?.context().organization();
        let binding = CursorScope { organization, list: format!("groups of {} {asked}", std::any::type_name::<N>()) };
        let from = match self.after.as_ref().and_then(Cursor::supplied) {
            None => 0,
            Some(after) => match shared::<Cursors>(context)?.decode(&binding, "after", after)?.key {
                SortValue::Int(place) => usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1),
                SortValue::Text(_) | SortValue::Time(_) => usize::MAX,
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
fn max_groups(first: Option<i32>) -> Result<usize, String> {
    let first = first.unwrap_or(DEFAULT_GROUPS);
    let most = usize::try_from(first).ok().filter(|_| first <= MAX_GROUP_BY);
    most.ok_or_else(|| format!("`first` is {first}; it must be between 0 and {MAX_GROUP_BY}"))
}

impl<T> BucketSpec<T> {
    /// The intervals of a range; or what is wrong with it.
    pub(super) fn split(&self, range: TimeRange) -> Result<Intervals, String> {
        let cut = self.calendar.cut(range.from, range.until, MAX_INTERVALS);
        cut.ok_or_else(|| {
            format!("`bucket` makes more than {MAX_INTERVALS} intervals: take a longer unit, or a shorter `range`")
        })
    }
}

/// The place of a group as a cursor holds it.
pub(super) fn page_position(place: usize) -> CursorPosition {
    CursorPosition { key: SortValue::Int(i64::try_from(place).unwrap_or(i64::MAX)), id: Uuid::nil() }
}

/// What GraphQL can carry of a count: beyond two thousand million it is told as that.
pub(crate) fn whole(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
