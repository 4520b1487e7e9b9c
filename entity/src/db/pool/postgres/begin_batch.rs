//! Statements that begin a transaction together.
//!
//! Owns: who sends, and who goes along. May use: nothing. Invariant: whoever goes along is answered by whoever sends, behind all that was
//! to be sent before; if that one leaves, they are told so, and see for themselves.
//!
//! A level of a query may be several statements. The first would carry the BEGIN and what lets the caller in, and the others wait until it
//! is answered: so they go with it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::Statement;
use tokio::sync::oneshot::{self, Receiver, Sender};

use super::QueryResult;
use crate::error::Error;

/// Those who ask before the transaction has begun.
#[derive(Default)]
pub(super) struct BeginBatch(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Empty,
    Gathering(Vec<Follower>),
    /// The BEGIN is on its way with whoever was there.
    Closed,
}

/// Somebody who goes along.
pub(super) struct Follower {
    pub(super) statement: Statement,
    answer: Sender<Result<QueryResult, Error>>,
}

impl Follower {
    pub(super) fn complete(self, answer: Result<QueryResult, Error>) {
        // Whoever has left needs none.
        let _ = self.answer.send(answer);
    }
}

/// Where somebody stands.
pub(super) enum BatchRole<'a> {
    /// They send.
    Leads(Leader<'a>),
    /// They are answered; or not, if whoever was to send has left.
    Along(Receiver<Result<QueryResult, Error>>),
    /// The others have gone.
    TooLate,
}

/// Whoever sends. Dropped before that, they leave their place to the next.
pub(super) struct Leader<'a>(&'a BeginBatch);

impl BeginBatch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody asks.
    pub(super) fn join(&self, statement: &Statement) -> BatchRole<'_> {
        let mut state = self.state();
        match &mut *state {
            State::Empty => {
                *state = State::Gathering(Vec::new());
                BatchRole::Leads(Leader(self))
            }
            State::Gathering(company) => {
                let (answer, answered) = oneshot::channel();
                company.push(Follower { statement: statement.clone(), answer });
                BatchRole::Along(answered)
            }
            State::Closed => BatchRole::TooLate,
        }
    }
}

impl Leader<'_> {
    /// All who go along. Whoever asks from here on is late.
    pub(super) fn close_and_take(self) -> Vec<Follower> {
        match std::mem::replace(&mut *self.0.state(), State::Closed) {
            State::Gathering(company) => company,
            State::Empty | State::Closed => Vec::new(),
        }
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if matches!(*state, State::Gathering(_)) {
            *state = State::Empty;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
mod tests {
    use sea_orm::DbBackend;

    use super::*;

    fn ask() -> Statement {
        Statement::from_string(DbBackend::Postgres, "SELECT 1")
    }

    #[test]
    fn the_first_sends_the_next_go_along_and_then_one_is_late() {
        let company = BeginBatch::default();
        let BatchRole::Leads(sends) = company.join(&ask()) else { panic!("nobody was there") };
        let BatchRole::Along(mut answered) = company.join(&ask()) else { panic!("somebody sends") };
        let mut along = sends.close_and_take();
        assert_eq!(along.len(), 1);
        assert!(matches!(company.join(&ask()), BatchRole::TooLate));
        along.remove(0).complete(Ok(QueryResult { rows: Vec::new(), count: 7 }));
        assert_eq!(answered.try_recv().unwrap().unwrap().count, 7);
    }

    #[tokio::test]
    async fn where_the_first_leaves_the_others_see_for_themselves() {
        let company = BeginBatch::default();
        let first = company.join(&ask());
        let BatchRole::Along(answered) = company.join(&ask()) else { panic!("somebody sends") };
        drop(first);
        assert!(answered.await.is_err());
        assert!(matches!(company.join(&ask()), BatchRole::Leads(_)));
    }
}
