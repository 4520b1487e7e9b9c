//! What was sent in a transaction.
//!
//! Owns: [`Sent`]. May use: nothing. Invariant: no transaction changes rows and has only events in the audit log that say that none were
//! changed. Figures are kept by the last event that tells of a change (`kept.rs`).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{error::Error, session::change_event::EventEffect};

/// Tables of which no figure is made. A refusal counts its attempt in the first, and may have tried to write the second.
const TABLES_WITHOUT_FIGURES: [&str; 2] = ["refused_attempts", "join_requests"];

/// The table that a statement writes to; none of one that only reads.
fn table_written(sql: &str) -> Option<&str> {
    let rest = ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().find_map(|verb| sql.strip_prefix(verb))?;
    rest.split([' ', '(']).next().map(|table| table.trim_matches('"'))
}

/// What was sent in a transaction: it may not change rows and say that it changed none.
#[derive(Default)]
pub(super) struct WrittenTables {
    change: AtomicBool,
    event_of_change: AtomicBool,
    event_of_no_change: AtomicBool,
}

impl WrittenTables {
    pub(super) fn statement(&self, sql: &str) {
        let sql = sql.trim_start();
        let is_of_no_figure = table_written(sql).is_some_and(|table| TABLES_WITHOUT_FIGURES.contains(&table));
        if !sql.starts_with("SELECT") && !is_of_no_figure {
            self.change.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn event(&self, tells_of: EventEffect) {
        match tells_of {
            EventEffect::Change => self.event_of_change.store(true, Ordering::Relaxed),
            EventEffect::NoChange => self.event_of_no_change.store(true, Ordering::Relaxed),
        }
    }

    /// # Errors
    /// Where rows were changed and every event says that none were: figures that are kept would not be read again.
    pub(super) fn check(self) -> Result<(), Error> {
        let is_denied = self.event_of_no_change.into_inner() && !self.event_of_change.into_inner();
        if self.change.into_inner() && is_denied {
            let words = "a transaction changed rows, and its event in the audit log says that it changed none";
            return Err(Error::Internal(Arc::new(std::io::Error::other(words))));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_changes_rows_cannot_say_that_it_changed_none() {
        let sent = |statements: &[&str], events: &[EventEffect]| {
            let sent = WrittenTables::default();
            for sql in statements {
                sent.statement(sql);
            }
            for tells_of in events {
                sent.event(*tells_of);
            }
            sent.check()
        };
        let (change, none) = (EventEffect::Change, EventEffect::NoChange);
        assert!(sent(&["SELECT 1"], &[none]).is_ok());
        assert!(sent(&["UPDATE doctors SET risk = $1"], &[change]).is_ok());
        assert!(sent(&["UPDATE doctors SET risk = $1"], &[none, change]).is_ok());
        assert!(sent(&["INSERT INTO refused_attempts VALUES ($1)"], &[none]).is_ok());
        assert!(sent(&["UPDATE \"join_requests\" SET status = $1"], &[none]).is_ok());
        assert!(sent(&["WITH gone AS (DELETE FROM activities) SELECT 1"], &[none]).is_err());
        assert!(sent(&["UPDATE memberships SET last_seen_at = $1"], &[]).is_ok());
        assert!(matches!(sent(&["SELECT 1", "INSERT INTO doctors VALUES ($1)"], &[none]), Err(Error::Internal(_))));
        assert!(matches!(sent(&["DELETE FROM activities"], &[none]), Err(Error::Internal(_))));
    }
}
