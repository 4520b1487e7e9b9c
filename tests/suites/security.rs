//! Typical attacks: the checks of attackers' tools, documents made to be slow, guessing of names, and noise.
//!
//! Hostile credentials are in `gateway/src/authn/tests/hostile`.

mod answers;
mod audit;
mod fuzz;
mod guessing;
mod nesting;
mod nul;
mod slow;

/// Internal words that no answer to any request may contain.
const INSIDE: [&str; 14] = [
    "sqlx",
    "sea_orm",
    "sea-orm",
    "sqlite",
    "postgres",
    "panicked",
    "unwrap",
    "src/",
    ".rs:",
    "/home/",
    ".cargo/",
    "SELECT ",
    "INSERT ",
    "stacktrace",
];
