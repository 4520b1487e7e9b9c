//! Ranges of time.
//!
//! Owns: a range and the range that it is compared with. Invariant: a range holds its first moment and not its end.

use chrono::{DateTime, Utc};

/// From one time to another; the end is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    /// The first moment in it.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
}

impl TimeRange {
    /// The range of the same length that ends where this one begins.
    #[must_use]
    pub fn before(&self) -> Self {
        Self { from: self.from - (self.until - self.from), until: self.from }
    }

    /// The intersection of both ranges; perhaps empty.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }
}

/// The time range of an overview, and the range of the same length before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ComparisonPeriod {
    /// The range.
    pub range: TimeRange,
    /// Number of days without contact after which a doctor counts as not contacted.
    pub inactive_days: u32,
}

impl ComparisonPeriod {
    /// The ranges whose figures are compared: this one, and the one before it.
    #[must_use]
    pub fn ranges(&self) -> [TimeRange; 2] {
        [self.range, self.range.before()]
    }
}
