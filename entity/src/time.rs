//! The clock's resolution.
//!
//! Owns: how precise a time is. May use: nothing. Invariant: what is written to a database is read back equal.

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
