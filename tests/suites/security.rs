//! What attackers try: the checks of their tools, documents made to be slow, guessing of names, and noise.
//!
//! Hostile credentials are in `gateway/src/authn/tests/hostile`.

mod answers;
mod audit;
mod fuzz;
mod guessing;
mod nesting;
mod nul;
mod slow;

/// What no answer may hold, whatever was asked: the words of the inside.
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
