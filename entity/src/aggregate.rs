//! Groups of rows and what can be said of them.
//!
//! Owns: grouping, buckets of time, and the measures of a group, in one statement. May use: a noun's narrowing, the
//! roll-ups. Invariant: a group is made of rows that the caller can list, and of all of them; the database counts and adds
//! whole numbers only, so that both databases say the same; means and deviations are made of them here.

mod group;
mod rolled;
mod rows;
mod summed;

pub use group::{Extremes, Group, KeyValue, NumberStats};
pub use summed::{
    ActivityDimension, ActivityTime, CaseDimension, CaseTime, DoctorDimension, DoctorNumber, DoctorTime, NoNumber,
    Summed,
};

use chrono::{DateTime, Utc};

use crate::{Error, Rows, Scope, TimeRange};

/// Most groups that are made; whoever asks for more is told so.
pub const MOST_GROUPS: usize = 10_000;

/// Intervals of time, each ending where the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets<T> {
    /// By which of a row's times.
    pub time: T,
    /// Where each begins, ascending; the last one is where they end.
    pub edges: Vec<DateTime<Utc>>,
}

impl<T> Buckets<T> {
    /// The buckets as ranges.
    pub(crate) fn ranges(&self) -> Vec<TimeRange> {
        self.edges.windows(2).map(|pair| TimeRange { from: pair[0], until: pair[1] }).collect()
    }
}

/// What is asked about the rows of a noun.
#[derive(Clone, Debug)]
pub struct Aggregation<N: Summed> {
    /// Which rows.
    pub filter: <N as Rows>::Filter,
    /// By what they are grouped.
    pub by: Vec<N::Dimension>,
    /// Into which intervals.
    pub buckets: Option<Buckets<N::Time>>,
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
    pub async fn aggregate<N: Summed>(&self, aggregation: &Aggregation<N>) -> Result<Vec<Group>, Error> {
        let tx = self.read().await?;
        if let Some(groups) = N::rolled(&tx, self.context(), aggregation).await? {
            return Ok(groups);
        }
        rows::read(&tx, self.context(), aggregation).await
    }

    /// A range that holds a time of all rows, perhaps wider by a day at each end; none, if there are no rows.
    pub async fn extent<N: Summed>(&self, filter: &N::Filter, time: N::Time) -> Result<Option<TimeRange>, Error> {
        N::extent(&*self.read().await?, self.context(), filter, time).await
    }
}
