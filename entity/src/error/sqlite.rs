//! What SQLite's result codes mean here.
//!
//! Owns: the one table of them, and sea-orm's errors. May use: sea-orm. Invariant: a code that the table does not name is a fault of
//! this program.

use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use super::Error;

/// Results after which the same request can succeed later: busy, locked by another, out of memory, a read-only file, a disk that fails
/// or is full, a file that cannot be opened, and a lock that the file system refuses
/// (<https://www.sqlite.org/rescode.html>; what is above the lowest byte says more of it).
const TRANSIENT_CODES: [i32; 8] = [5, 6, 7, READ_ONLY_CODES, 10, 13, 14, 15];

const READ_ONLY_CODES: i32 = 8;

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate;
        }
        let unavailable = matches!(&error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_transient(&error);
        let cause: Arc<dyn std::error::Error + Send + Sync> = Arc::new(error);
        if unavailable { Self::Unavailable(cause) } else { Self::Internal(cause) }
    }
}

impl Error {
    /// Whether SQLite says that its file cannot be written to.
    pub(crate) fn is_of_a_read_only_file(&self) -> bool {
        let Self::Unavailable(cause) = self else { return false };
        cause.downcast_ref::<DbErr>().and_then(code).is_some_and(|code| code & 0xff == READ_ONLY_CODES)
    }
}

fn is_transient(error: &DbErr) -> bool {
    match cause(error) {
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            true
        }
        Some(_) => code(error).is_some_and(|code| TRANSIENT_CODES.contains(&(code & 0xff))),
        None => false,
    }
}

fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))
    | DbErr::Conn(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    Some(cause.as_ref())
}

fn code(error: &DbErr) -> Option<i32> {
    let sqlx::Error::Database(database) = cause(error)? else { return None };
    database.code().and_then(|code| code.parse().ok())
}
