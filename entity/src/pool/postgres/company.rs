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

use super::Answer;
use crate::Error;

/// Those who ask before the transaction has begun.
#[derive(Default)]
pub(super) struct Company(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Nobody,
    Gathering(Vec<Along>),
    /// The BEGIN is on its way with whoever was there.
    Gone,
}

/// Somebody who goes along.
pub(super) struct Along {
    pub(super) statement: Statement,
    answer: Sender<Result<Answer, Error>>,
}

impl Along {
    pub(super) fn told(self, answer: Result<Answer, Error>) {
        // Whoever has left needs none.
        let _ = self.answer.send(answer);
    }
}

/// Where somebody stands.
pub(super) enum Place<'a> {
    /// They send.
    First(Sends<'a>),
    /// They are answered; or not, if whoever was to send has left.
    Along(Receiver<Result<Answer, Error>>),
    /// The others have gone.
    Late,
}

/// Whoever sends. Dropped before that, they leave their place to the next.
pub(super) struct Sends<'a>(&'a Company);

impl Company {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody asks.
    pub(super) fn place(&self, statement: &Statement) -> Place<'_> {
        let mut state = self.state();
        match &mut *state {
            State::Nobody => {
                *state = State::Gathering(Vec::new());
                Place::First(Sends(self))
            }
            State::Gathering(company) => {
                let (answer, answered) = oneshot::channel();
                company.push(Along { statement: statement.clone(), answer });
                Place::Along(answered)
            }
            State::Gone => Place::Late,
        }
    }
}

impl Sends<'_> {
    /// All who go along. Whoever asks from here on is late.
    pub(super) fn go(self) -> Vec<Along> {
        match std::mem::replace(&mut *self.0.state(), State::Gone) {
            State::Gathering(company) => company,
            State::Nobody | State::Gone => Vec::new(),
        }
    }
}

impl Drop for Sends<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        if matches!(*state, State::Gathering(_)) {
            *state = State::Nobody;
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
        let company = Company::default();
        let Place::First(sends) = company.place(&ask()) else { panic!("nobody was there") };
        let Place::Along(mut answered) = company.place(&ask()) else { panic!("somebody sends") };
        let mut along = sends.go();
        assert_eq!(along.len(), 1);
        assert!(matches!(company.place(&ask()), Place::Late));
        along.remove(0).told(Ok(Answer { rows: Vec::new(), count: 7 }));
        assert_eq!(answered.try_recv().unwrap().unwrap().count, 7);
    }

    #[tokio::test]
    async fn where_the_first_leaves_the_others_see_for_themselves() {
        let company = Company::default();
        let first = company.place(&ask());
        let Place::Along(answered) = company.place(&ask()) else { panic!("somebody sends") };
        drop(first);
        assert!(answered.await.is_err());
        assert!(matches!(company.place(&ask()), Place::First(_)));
    }
}
