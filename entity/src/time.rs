//! Points in time.
//!
//! Owns: the precision and the range of times, and parsing them. May use: chrono. Invariant: a time that is written to
//! a database is read back equal, and both databases and every client can represent it.

mod parse;
mod range;

pub use parse::{InvalidTime, parse_time};
pub use range::{ComparisonPeriod, TimeRange};

use chrono::{DateTime, Utc};

/// Truncates a time to microseconds, the precision of PostgreSQL. Otherwise a time written and the same time read
/// would differ.
#[must_use]
pub fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

/// The current time, to the microsecond.
pub(crate) fn now() -> DateTime<Utc> {
    micros(Utc::now())
}
