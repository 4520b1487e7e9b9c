//! How long a transaction on PostgreSQL may wait.
//!
//! Owns: [`Timeouts`], and the SQL that sets them. May use: nothing. Invariant: a process that stands still in the middle of a transaction
//! keeps its locks for [`Timeouts::idle`] at the longest, whatever its connection looks like to the server; and that is less than
//! [`Timeouts::lock`], so another process that waits for such a lock gets it.

use std::time::Duration;

/// The bounds of a transaction. The server ends what goes beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// The longest wait for a lock; then the statement fails.
    pub lock: Duration,
    /// The longest time for which a transaction may be open and ask nothing; then the server closes its connection.
    pub idle: Duration,
    /// The longest a statement may run, if there is a bound. It is a second line: a request is stopped by the gateway before that.
    pub statement: Option<Duration>,
}

/// For how long a setting holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeoutScope {
    Session,
    Transaction,
}

/// What the server knows of a connection that is silent: after a minute its session ends, and so does one whose client takes no answers.
const SILENT_CLIENT: &str = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; \
    SET tcp_user_timeout = 30000";

impl Timeouts {
    /// For requests: a lock is waited for less long than a request may take.
    pub const REQUESTS: Self =
        Self { lock: Duration::from_secs(7), idle: Duration::from_secs(5), statement: Some(Duration::from_mins(1)) };

    /// For commands, which read files between two statements and whose statements may be long.
    pub const COMMANDS: Self = Self { lock: Duration::from_mins(2), idle: Duration::from_mins(1), statement: None };

    pub(crate) fn sql(&self, extent: TimeoutScope) -> String {
        let set = match extent {
            TimeoutScope::Session => "SET",
            TimeoutScope::Transaction => "SET LOCAL",
        };
        let statement = self.statement.unwrap_or_default();
        let settings = [
            ("lock_timeout", self.lock),
            ("idle_in_transaction_session_timeout", self.idle),
            ("statement_timeout", statement),
        ];
        let mut sql: Vec<_> =
            settings.iter().map(|(name, bound)| format!("{set} {name} = {}", bound.as_millis())).collect();
        match extent {
            TimeoutScope::Session => sql.push(SILENT_CLIENT.to_owned()),
            // Behind a pooler the server's client is the pooler.
            TimeoutScope::Transaction => {}
        }
        sql.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_waited_for_longer_than_a_silent_holder_keeps_it() {
        for timeouts in [Timeouts::REQUESTS, Timeouts::COMMANDS] {
            assert!(timeouts.lock > timeouts.idle, "{timeouts:?}");
        }
        assert!(Timeouts::REQUESTS.lock < Duration::from_secs(15), "an operation's time by default");
    }

    #[test]
    fn behind_a_pooler_they_hold_for_the_transaction_only() {
        let sql = Timeouts::COMMANDS.sql(TimeoutScope::Transaction);
        assert_eq!(
            sql,
            "SET LOCAL lock_timeout = 120000; SET LOCAL idle_in_transaction_session_timeout = 60000; SET LOCAL statement_timeout = 0"
        );
    }
}
