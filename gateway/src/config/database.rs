//! `[database]`: where the data is.
//!
//! Owns: [`Database`]. May use: `section`. Invariant: the address names one of the two databases; it is a secret, since it may hold a password.

use super::Secret;
use super::section::Section;

/// A newcomer's database: a file in the current folder.
const DEFAULT_URL: &str = "sqlite://cs12.db";

const SCHEMES: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// Where the data is.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:…`, `postgres://…` or `postgresql://…`.
    pub url: Secret,
    /// Connections of this process.
    pub max_connections: u32,
}

impl Database {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let url = section.database_url().unwrap_or_else(|| Secret::new(DEFAULT_URL));
        if !SCHEMES.iter().any(|scheme| url.expose().starts_with(scheme)) {
            let right = "write `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`";
            section.problem("url", "names neither SQLite nor PostgreSQL", right);
        }
        let max_connections = section.number("max_connections", 1..=1000);
        section.finish();
        Self { url, max_connections }
    }
}
