//! `[database]`: where the data is.
//!
//! Owns: [`Database`]. May use: `section`. Invariant: the address names one of the two databases; it is a secret, since it may hold a password.

use std::num::NonZero;

use super::Secret;
use super::reader::Section;

/// A newcomer's database: a file in the current folder.
const DEFAULT_URL: &str = "sqlite://cs12.db";

pub(super) const SCHEMES: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// `sqlite:…`, `postgres://…` or `postgresql://…`.
    pub url: Secret,
    /// A pooler in front of it, for the requests.
    pub pooler_url: Option<Secret>,
    /// Its streaming replicas.
    pub replica_urls: Vec<Secret>,
    /// Connections of this process; and as many to each replica.
    pub max_connections: u32,
}

impl Database {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let is_given = section.has("url") || section.has("url_file");
        let found = section.url();
        // What is wrong with it was said: nothing more follows from it.
        let is_wrong = is_given && found.is_none();
        let url = found.unwrap_or_else(|| Secret::new(DEFAULT_URL));
        if !SCHEMES.iter().any(|scheme| url.expose().starts_with(scheme)) {
            let right = "write `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`";
            section.problem("url", "names neither SQLite nor PostgreSQL", right);
        }
        if !names_database(&url) {
            section.problem("url", "names no database", NAMED);
        }
        let pooler_url = section.text("pooler_url").map(Secret::new);
        let replica_urls: Vec<_> =
            section.texts("replica_urls").unwrap_or_default().into_iter().map(Secret::new).collect();
        let is_postgres = |url: &Secret| SCHEMES[1..].iter().any(|scheme| url.expose().starts_with(scheme));
        for (key, urls) in [("pooler_url", pooler_url.as_slice()), ("replica_urls", &replica_urls)] {
            if !urls.iter().all(is_postgres) {
                section.problem(key, "does not name PostgreSQL", NAMED);
            } else if !urls.iter().all(names_database) {
                section.problem(key, "names no database", NAMED);
            } else if !urls.is_empty() && url.expose().starts_with(SCHEMES[0]) && !is_wrong {
                section.problem(
                    key,
                    "stands beside a `url` that is SQLite",
                    "leave it out, or let `url` name PostgreSQL",
                );
            }
        }
        let max_connections = section.number_or("max_connections", 1..=1000, two_a_core());
        section.finish();
        Self { url, pooler_url, replica_urls, max_connections }
    }
}

const NAMED: &str = "write `postgres://USER:PASSWORD@HOST/DATABASE`";

/// Whether an address of PostgreSQL says which of the server's databases. Without a name the server would take one that is called like the
/// login, or its own `postgres`, which is for administration.
fn names_database(url: &Secret) -> bool {
    let Some((scheme, rest)) = url.expose().split_once("://") else { return true };
    let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
    let by_path = place.split_once('/').is_some_and(|(_, database)| !database.is_empty());
    let mut options = options.split('&').filter_map(|option| option.strip_prefix("dbname="));
    !scheme.starts_with("postgres") || by_path || options.any(|database| !database.is_empty())
}

/// More connections than a database has cores to work on them only wait inside of it, holding each other up: on two cores, four
/// answered a quarter more dashboards a second than sixteen did, and the slowest in half the time. Ours are not its cores, but
/// who runs it for more will say so.
fn two_a_core() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
    u32::try_from(2 * cores).unwrap_or(u32::MAX).clamp(4, 64)
}
