//! Which of the two isolation layers ("walls") between tenants are active while the suites run.
//!
//! Owns: disabling one of them. May use: PostgreSQL, as its superuser. Invariant: the product cannot do this:
//! narrowing is left out by a cfg with which the gateway's binary does not compile, and row-level security is disabled
//! in a test's own database, directly and not through the gateway.
//!
//! `tests/run walls` runs the isolation suites with each wall alone. `tests/walls/*.txt` lists the tests that depend
//! on the disabled wall, each with the reason.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The active walls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationLayers {
    /// As in the product.
    Both,
    /// The application's statements do not filter by tenant: built with `--cfg no_narrowing`.
    OnlyRowLevelSecurity,
    /// The tables have no row-level security: `ISOLATION=rls-off`.
    OnlyScope,
    /// No wall is active, and the suites must fail.
    None,
}

impl IsolationLayers {
    /// The walls of this run.
    #[must_use]
    pub fn from_env() -> Self {
        let has_row_level_security = match std::env::var("ISOLATION").as_deref() {
            Err(_) => true,
            Ok("rls-off") => false,
            Ok(other) => panic!("`ISOLATION={other}` is nothing: only `rls-off` is, or leave it unset"),
        };
        match (cfg!(no_narrowing), has_row_level_security) {
            (false, true) => Self::Both,
            (true, true) => Self::OnlyRowLevelSecurity,
            (false, false) => Self::OnlyScope,
            (true, false) => Self::None,
        }
    }

    /// Whether row-level security is active.
    #[must_use]
    pub fn has_row_level_security(self) -> bool {
        matches!(self, Self::Both | Self::OnlyRowLevelSecurity)
    }

    /// Whether the application's narrowing is active.
    #[must_use]
    pub fn has_scope(self) -> bool {
        matches!(self, Self::Both | Self::OnlyScope)
    }
}

/// Disables row-level security on every table of a database.
pub async fn disable_row_level_security(connection: &DatabaseConnection) {
    let sql = "SELECT format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', relname) AS command FROM pg_class \
               WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relrowsecurity";
    let rows =
        connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("list the walls");
    assert!(!rows.is_empty(), "no table has row-level security: there is nothing to take down");
    for row in rows {
        let command: String = row.try_get("", "command").expect("a command");
        connection.execute_unprepared(&command).await.expect("take a wall down");
    }
}
