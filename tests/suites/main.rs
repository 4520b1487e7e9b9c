//! The suites: one binary, so that one PostgreSQL serves all.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "tests speak by failing, and their tables are as long as what they list"
)]

mod aggregates;
mod canary;
mod changes;
mod concurrency;
mod dashboards;
mod documents;
mod enter;
mod idempotency;
mod isolation;
mod layers;
mod lifecycle;
mod limits;
mod matrix;
mod mutations;
mod operation;
mod paging;
mod paths;
mod postgres;
mod rows;
mod run_as;
mod schema;
mod security;
mod smoke;
mod statements;
mod telemetry;
mod text;
mod topologies;
