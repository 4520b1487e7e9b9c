//! What PostgreSQL's error codes mean here.
//!
//! Owns: the one table of SQLSTATEs. May use: nothing. Invariant: a code that the table does not name is a fault of this program.

/// What a failed statement means to its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SqlStateMeaning {
    /// A unique index has the row already.
    Duplicate,
    /// The same request can succeed later, or on another server.
    Unavailable,
    /// This program, its schema or the data is wrong.
    Fault,
}

/// What becomes of the connection on which a statement failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connection {
    /// Later statements may use it.
    Kept,
    /// It would answer later statements in the same way: it is closed when its transaction ends.
    Stale,
    /// The server has closed it.
    Lost,
}

/// The table: the longest prefix of a code decides
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const TABLE: &[(&str, SqlStateMeaning, Connection)] = &[
    // Connection exceptions. A pooler whose server is away says 08P01.
    ("08", SqlStateMeaning::Unavailable, Connection::Lost),
    // Feature not supported: among others "cached plan must not change result type", of a statement prepared before a migration.
    ("0A", SqlStateMeaning::Fault, Connection::Stale),
    ("23505", SqlStateMeaning::Duplicate, Connection::Kept),
    // The database takes no writes: a standby, or `default_transaction_read_only` for the session. A new session may.
    ("25006", SqlStateMeaning::Unavailable, Connection::Stale),
    // Another statement of the same transaction failed, and was answered by itself.
    ("25P02", SqlStateMeaning::Unavailable, Connection::Kept),
    // The server has ended a transaction that was idle, or too long.
    ("25P03", SqlStateMeaning::Unavailable, Connection::Lost),
    ("25P04", SqlStateMeaning::Unavailable, Connection::Lost),
    // A prepared statement is gone: a pooler exchanged the session.
    ("26", SqlStateMeaning::Unavailable, Connection::Stale),
    // The login, or the database, is refused: a changed password, a database that is being restored.
    ("28", SqlStateMeaning::Unavailable, Connection::Lost),
    ("3D", SqlStateMeaning::Unavailable, Connection::Lost),
    // Rolled back for another transaction's sake: serialization failure, deadlock, conflict with a standby's recovery.
    ("40", SqlStateMeaning::Unavailable, Connection::Kept),
    // Out of disk, memory or connections.
    ("53", SqlStateMeaning::Unavailable, Connection::Kept),
    // Not in the state that is needed: a standby where a primary was asked.
    ("55000", SqlStateMeaning::Unavailable, Connection::Stale),
    ("55006", SqlStateMeaning::Unavailable, Connection::Kept),
    // A lock was not given in time.
    ("55P03", SqlStateMeaning::Unavailable, Connection::Kept),
    // Operator intervention: a cancelled statement keeps its connection; a shutdown, a crash and an idle session do not.
    ("57", SqlStateMeaning::Unavailable, Connection::Kept),
    ("57P", SqlStateMeaning::Unavailable, Connection::Lost),
    // The operating system failed the server: reading or writing a file.
    ("58", SqlStateMeaning::Unavailable, Connection::Kept),
    // Snapshot too old.
    ("72", SqlStateMeaning::Unavailable, Connection::Kept),
];

/// What a code means.
pub(super) fn read(code: &str) -> (SqlStateMeaning, Connection) {
    let matching = TABLE.iter().filter(|(prefix, ..)| code.starts_with(prefix));
    let longest = matching.max_by_key(|(prefix, ..)| prefix.len());
    longest.map_or((SqlStateMeaning::Fault, Connection::Kept), |(_, meaning, connection)| (*meaning, *connection))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_unavailable_and_what_is_wrong_is_a_fault() {
        for code in ["08006", "08P01", "25006", "25P03", "28P01", "3D000", "40001", "40P01", "53100", "53300", "55P03"]
        {
            assert_eq!(read(code).0, SqlStateMeaning::Unavailable, "{code}");
        }
        for code in ["57014", "57P01", "57P03", "57P05", "58030", "26000", "55000", "25P02"] {
            assert_eq!(read(code).0, SqlStateMeaning::Unavailable, "{code}");
        }
        for code in
            ["22012", "23503", "23514", "42501", "42P01", "42601", "0A000", "P0001", "XX000", "XX001", "XX002", ""]
        {
            assert_eq!(read(code).0, SqlStateMeaning::Fault, "{code}");
        }
        assert_eq!(read("23505").0, SqlStateMeaning::Duplicate);
    }

    #[test]
    fn a_connection_that_would_fail_again_is_not_kept() {
        for code in ["25006", "0A000", "26000", "55000"] {
            assert_eq!(read(code).1, Connection::Stale, "{code}");
        }
        for code in ["08006", "57P01", "25P03"] {
            assert_eq!(read(code).1, Connection::Lost, "{code}");
        }
        for code in ["57014", "40001", "23505", "53100", "42501"] {
            assert_eq!(read(code).1, Connection::Kept, "{code}");
        }
    }
}
