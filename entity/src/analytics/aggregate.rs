//! Groups of rows and what can be said of them.
//!
//! Owns: grouping, buckets of time, and the measures of a group, in one statement. May use: a noun's narrowing, the
//! roll-ups. Invariant: a group is made of rows that the caller can list, and of all of them; the database counts and adds
//! whole numbers only, so that both databases say the same; means and deviations are made of them here.

mod aggregatable;
mod from_rollups;
mod from_rows;
mod group;

pub use aggregatable::{
    ActivityDimension, ActivityTime, Aggregatable, CaseDimension, CaseTime, DoctorDimension, DoctorNumber, DoctorTime,
    NoMeasure,
};
pub use group::{Extent, Group, KeyValue, NumberStats};

use chrono::{DateTime, Utc};

use crate::{error::Error, queries::ResourceTypes, scope::Scope, time::TimeRange};

/// Most groups that are made; whoever asks for more is told so.
pub const MAX_GROUPS: usize = 10_000;

/// Intervals of time, each ending where the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeBuckets<T> {
    /// By which of a row's times.
    pub time: T,
    /// Where each begins, ascending; the last one is where they end.
    pub edges: Vec<DateTime<Utc>>,
}

impl<T> TimeBuckets<T> {
    /// The buckets as ranges.
    pub(crate) fn ranges(&self) -> Vec<TimeRange> {
        self.edges.windows(2).map(|pair| TimeRange { from: pair[0], until: pair[1] }).collect()
    }
}

/// What is asked about the rows of a noun.
#[derive(Clone, Debug)]
pub struct Aggregation<N: Aggregatable> {
    /// Which rows.
    pub filter: <N as ResourceTypes>::Filter,
    /// By what they are grouped.
    pub by: Vec<N::Dimension>,
    /// Into which intervals.
    pub buckets: Option<TimeBuckets<N::Time>>,
    /// Of what the different values are counted.
    pub distinct: Vec<N::Dimension>,
    /// Of which numbers sum, mean, deviation, least and largest are told.
    pub numbers: Vec<N::Number>,
    /// Of which numbers the median is told.
    pub medians: Vec<N::Number>,
    /// Of which times the first and the last are told.
    pub times: Vec<N::Time>,
}

impl Scope {
    /// Groups the rows of a noun: at most [`MOST_GROUPS`] and one more, in no order.
    pub async fn aggregate<N: Aggregatable>(&self, aggregation: &Aggregation<N>) -> Result<Vec<Group>, Error> {
        let tx = self.read().await?;
        if let Some(groups) = N::from_rollups(&tx, self.context(), aggregation).await? {
            return Ok(groups);
        }
        from_rows::read(&tx, self.context(), aggregation).await
    }

    /// A range that holds a time of all rows, perhaps wider by a day at each end; none, if there are no rows.
    pub async fn time_span<N: Aggregatable>(
        &self,
        filter: &N::Filter,
        time: N::Time,
    ) -> Result<Option<TimeRange>, Error> {
        N::extent(&*self.read().await?, self.context(), filter, time).await
    }
}
