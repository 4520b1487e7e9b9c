//! The suites: one binary, so that one PostgreSQL serves all.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests speak by failing")]

mod canary;
mod concurrency;
mod enter;
mod idempotency;
mod matrix;
mod mutations;
mod paging;
mod paths;
mod schema;
mod smoke;
mod statements;
mod walls;
