//! Whether gateways serve over a database.
//!
//! Owns: that one question. May use: `connect`. Invariant: it takes no lock that a serving gateway could wait for, and changes nothing.

use std::time::Duration;

use sea_orm_migration::sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm_migration::sea_orm::sqlx::{self, ConnectOptions as _, Connection as _, Executor as _};
use sea_orm_migration::sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};

use crate::connect::{Missing, Target, open, target};
use crate::error::{MigrateError, driver_reason, reason};

/// Connections that name themselves as the gateway's, or whose login is a member of its role; a poolers' too, as long as it keeps them.
const GATEWAYS: &str = "SELECT count(*) AS found FROM pg_stat_activity a \
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND (a.application_name = 'cs12-gateway' \
       OR a.usename <> session_user AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid \
            WHERE r.rolname = 'cs12_app' AND m.member = a.usesysid))";

/// How many connections gateways and their commands have to the database. Of a SQLite file it is only known whether there is one.
pub async fn in_use(database_url: &str) -> Result<u64, MigrateError> {
    match target(database_url)? {
        Target::Sqlite { file, .. } if !file.exists() => Ok(0),
        Target::Sqlite { options, file } => {
            let failed = |error: sqlx::Error| {
                let target = file.display().to_string();
                MigrateError::Unreachable { target, reason: driver_reason(&error) }
            };
            sqlite(*options).await.map_err(failed)
        }
        target @ Target::Postgres { .. } => {
            let connection = open(target, Missing::Refuse).await?;
            let found = postgres(&connection).await;
            drop(connection.close().await);
            found.map_err(|error| MigrateError::State { reason: reason(&error) })
        }
    }
}

async fn postgres(connection: &DatabaseConnection) -> Result<u64, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), GATEWAYS);
    let row = connection.query_one_raw(statement).await?;
    let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "found"))?;
    Ok(u64::try_from(found).unwrap_or_default())
}

/// A connection to a file in WAL mode holds a lock on it for as long as it is open, and nobody can leave that mode meanwhile.
async fn sqlite(options: SqliteConnectOptions) -> Result<u64, sqlx::Error> {
    let options = options.create_if_missing(false).busy_timeout(Duration::ZERO).disable_statement_logging();
    let mut connection = options.connect().await?;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await?;
    let found = if mode == "wal" {
        match connection.execute("PRAGMA journal_mode = DELETE").await {
            Ok(_) => {
                connection.execute("PRAGMA journal_mode = WAL").await?;
                Ok(0)
            }
            Err(error) if is_busy(&error) => Ok(1),
            Err(error) => Err(error),
        }
    } else {
        Ok(0)
    };
    connection.close().await?;
    found
}

/// SQLite's result 5, whatever it says more of it.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == 5)
}
