//! Which statements were sent: for tests that count.
//!
//! Owns: the list. May use: nothing. Invariant: it sees every statement that the store sends, in order, and no values.

use std::sync::{Arc, Mutex, PoisonError};

/// One statement that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The SQL text, with placeholders.
    pub sql: String,
    /// What it was sent for.
    pub purpose: Purpose,
    /// How many rows came back; none for a statement that gives none, or that failed.
    pub rows: Option<usize>,
}

/// What a statement was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Finding out who asks and where: once a request.
    Context,
    /// Data.
    Data,
}

/// A shared list of statements; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Recorded>>>);

impl Recorder {
    pub(crate) fn push(&self, sql: &str, purpose: Purpose) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Recorded {
            sql: sql.to_owned(),
            purpose,
            rows: None,
        });
    }

    /// Notes how many rows the latest unanswered statement of this text gave.
    pub(crate) fn answered(&self, sql: &str, rows: usize) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = all.iter_mut().rev().find(|one| one.rows.is_none() && one.sql == sql) {
            one.rows = Some(rows);
        }
    }

    /// Takes what was recorded so far and starts anew.
    #[must_use]
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes what was recorded so far, without the statements that found out who asks.
    #[must_use]
    pub fn take_data(&self) -> Vec<String> {
        self.take().into_iter().filter(|one| one.purpose == Purpose::Data).map(|one| one.sql).collect()
    }
}
