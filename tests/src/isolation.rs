//! Which of the two walls between tenants stands while the suites run.
//!
//! Owns: taking one down. May use: PostgreSQL, as its superuser. Invariant: nothing of it is in the product: narrowing is
//! left out by a cfg with which the gateway's binary does not compile, row-level security is switched off in a test's
//! own database, past every door.
//!
//! `tests/run walls` runs the suites of isolation with each wall alone. `tests/walls/*.txt` names the tests that are about the
//! wall that is down, each with the reason.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The walls that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationLayers {
    /// As in the product.
    Both,
    /// The application names no tenant in its statements: built with `--cfg no_narrowing`.
    OnlyRowLevelSecurity,
    /// The tables have no row-level security: `ISOLATION=rls-off`.
    OnlyScope,
    /// Nothing is left, and the suites must fail.
    None,
}

impl IsolationLayers {
    /// Those of this run.
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

    /// Whether PostgreSQL's wall stands.
    #[must_use]
    pub fn has_row_level_security(self) -> bool {
        matches!(self, Self::Both | Self::OnlyRowLevelSecurity)
    }

    /// Whether the application's wall stands.
    #[must_use]
    pub fn has_scope(self) -> bool {
        matches!(self, Self::Both | Self::OnlyScope)
    }
}

/// Switches row-level security off on every table of a database.
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
