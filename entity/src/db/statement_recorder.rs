//! Which statements were sent: for tests that count.
//!
//! Owns: the list, and who else hears of a statement. May use: the count. Invariant: it sees every statement that the store sends, in order, and no values.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::db::StatementCount;

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

/// Who hears of each statement that is sent: whoever counts those of an operation, and in tests whoever writes them down.
#[derive(Clone, Default)]
pub(crate) struct Listeners {
    pub(crate) recorder: Option<Recorder>,
    pub(crate) count: StatementCount,
}

impl Listeners {
    /// A statement is sent.
    pub(crate) fn sent(&self, sql: &str, purpose: Purpose) {
        self.count.add();
        if let Some(recorder) = &self.recorder {
            recorder.push(sql, purpose);
        }
    }
}

/// A shared list of statements; clones share it.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Shared>);

#[derive(Default)]
struct Shared {
    all: Mutex<Vec<Recorded>>,
    ear: Mutex<Option<RecorderHandle>>,
}

/// Told each statement's text.
type RecorderHandle = Arc<dyn Fn(&str) + Send + Sync>;

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

impl Recorder {
    fn all(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.0.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, sql: &str, purpose: Purpose) {
        self.all().push(Recorded { sql: sql.to_owned(), purpose, rows: None });
        // Not under the lock: it may take its time, or panic.
        let ear = self.0.ear.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(ear) = ear {
            ear(sql);
        }
    }

    /// From here on each statement's text is told to this, before it is sent and by whoever sends it: so a test can do something in the
    /// midst of an operation, a mistake for instance.
    pub fn notify(&self, ear: impl Fn(&str) + Send + Sync + 'static) {
        *self.0.ear.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ear));
    }

    /// Notes how many rows the latest unanswered statement of this text gave.
    pub(crate) fn record_rows(&self, sql: &str, rows: usize) {
        let mut all = self.all();
        if let Some(one) = all.iter_mut().rev().find(|one| one.rows.is_none() && one.sql == sql) {
            one.rows = Some(rows);
        }
    }

    /// Takes what was recorded so far and starts anew.
    #[must_use]
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.all())
    }

    /// Takes what was recorded so far, without the statements that found out who asks.
    #[must_use]
    pub fn take_data(&self) -> Vec<String> {
        self.take().into_iter().filter(|one| one.purpose == Purpose::Data).map(|one| one.sql).collect()
    }
}
