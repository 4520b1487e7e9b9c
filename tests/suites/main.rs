//! The suites: one binary, so that one PostgreSQL serves all.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests speak by failing")]

mod idempotency;
mod matrix;
mod paths;
mod schema;
mod smoke;
mod statements;
