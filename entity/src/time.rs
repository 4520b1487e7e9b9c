//! Points in time.
//!
//! Owns: how precise a time is, which times there are, and how they are read. May use: chrono. Invariant: what is written to a database
//! is read back equal, and is one that both databases and every client can hold.

mod parse;
mod range;

pub use parse::{InvalidTime, parse_time};
pub use range::{ComparisonPeriod, TimeRange};

use chrono::{DateTime, Utc};

/// Cuts a time to microseconds, which is what PostgreSQL keeps; without it a time written and the same time read differ.
#[must_use]
pub fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}

/// Now, to the microsecond.
pub(crate) fn now() -> DateTime<Utc> {
    micros(Utc::now())
}
