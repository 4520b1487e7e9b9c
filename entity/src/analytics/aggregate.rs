//! Aggregation: groups of rows and their measures.
//!
//! Owns: grouping, time buckets, and the measures of a group, in one statement. May use: the tenant filter of a
//! resource, the roll-ups. Invariant: a group consists only of rows that the caller can list, and of all of them. The
//! database counts and adds whole numbers only, so that both databases give the same result; means and deviations are
//! computed from these sums here.

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

/// Maximum number of groups. A request for more gets an error.
pub const MAX_GROUPS: usize = 10_000;

/// Time intervals, each of which ends where the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeBuckets<T> {
    /// Time column of the row.
    pub time: T,
    /// Start of each bucket, ascending; the last edge is the end of the last bucket.
    pub edges: Vec<DateTime<Utc>>,
}

impl<T> TimeBuckets<T> {
    /// The buckets as ranges.
    pub(crate) fn ranges(&self) -> Vec<TimeRange> {
        self.edges.windows(2).map(|pair| TimeRange { from: pair[0], until: pair[1] }).collect()
    }
}

/// An aggregation query over the rows of a resource.
#[derive(Clone, Debug)]
pub struct Aggregation<N: Aggregatable> {
    /// Filter on the rows.
    pub filter: <N as ResourceTypes>::Filter,
    /// Dimensions to group by.
    pub by: Vec<N::Dimension>,
    /// Time buckets to group by.
    pub buckets: Option<TimeBuckets<N::Time>>,
    /// Dimensions whose distinct values are counted.
    pub distinct: Vec<N::Dimension>,
    /// Numbers for which sum, mean, deviation, minimum and maximum are returned.
    pub numbers: Vec<N::Number>,
    /// Numbers for which the median is returned.
    pub medians: Vec<N::Number>,
    /// Times for which the first and the last value are returned.
    pub times: Vec<N::Time>,
}

impl Scope {
    /// Groups the rows of a resource. Returns at most [`MAX_GROUPS`] + 1 groups, in no particular order.
    pub async fn aggregate<N: Aggregatable>(&self, aggregation: &Aggregation<N>) -> Result<Vec<Group>, Error> {
        let tx = self.read().await?;
        if let Some(groups) = N::from_rollups(&tx, self.context(), aggregation).await? {
            return Ok(groups);
        }
        from_rows::read(&tx, self.context(), aggregation).await
    }

    /// A range that contains this time of all rows, up to one day wider at each end; none if there are no rows.
    pub async fn time_span<N: Aggregatable>(
        &self,
        filter: &N::Filter,
        time: N::Time,
    ) -> Result<Option<TimeRange>, Error> {
        N::extent(&*self.read().await?, self.context(), filter, time).await
    }
}
