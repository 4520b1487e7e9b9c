//! What goes with a transaction's next statement.
//!
//! Owns: the statements that wait to be sent, their order, and whether the transaction goes on. May use: nothing. Invariant: what was
//! taken to be sent and is not known to have arrived and been accepted has ended the transaction: nothing more is sent, no COMMIT either.

use sea_orm::Statement;
use tokio::sync::{Mutex, MutexGuard};

use crate::{error::Error, row::Row};

/// A statement that goes before others, and what its rows must be for them to count.
pub(crate) struct QueuedStatement {
    pub(super) statement: Statement,
    check: Option<Check>,
}

type Check = Box<dyn Fn(&[Row]) -> Result<(), Error> + Send + Sync>;

impl QueuedStatement {
    /// Whatever its rows are.
    pub(crate) fn any(statement: Statement) -> Self {
        Self { statement, check: None }
    }

    pub(crate) fn checked(
        statement: Statement,
        check: impl Fn(&[Row]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        Self { statement, check: Some(Box::new(check)) }
    }

    pub(super) fn check_answer(&self, rows: &[Row]) -> Result<(), Error> {
        self.check.as_ref().map_or(Ok(()), |check| check(rows))
    }
}

#[derive(Default)]
pub(super) struct StatementQueue(Mutex<State>);

#[derive(Default)]
struct State {
    before: Vec<QueuedStatement>,
    has_ended: bool,
}

impl StatementQueue {
    pub(super) async fn push(&self, before: QueuedStatement) {
        self.0.lock().await.before.push(before);
    }

    /// False where `at_most` wait already.
    pub(super) async fn push_up_to(&self, at_most: usize, statement: &Statement) -> bool {
        let mut state = self.0.lock().await;
        let has_room = state.before.len() < at_most;
        if has_room {
            state.before.push(QueuedStatement::any(statement.clone()));
        }
        has_room
    }

    /// All that waits, to be sent. Whoever comes next waits until it has arrived.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the transaction has ended.
    pub(super) async fn take(&self) -> Result<InFlightBatch<'_>, Error> {
        let mut state = self.0.lock().await;
        if state.has_ended {
            return Err(closed_error());
        }
        let before = std::mem::take(&mut state.before);
        Ok(InFlightBatch { state, before })
    }
}

/// What is on its way.
pub(super) struct InFlightBatch<'a> {
    state: MutexGuard<'a, State>,
    before: Vec<QueuedStatement>,
}

impl InFlightBatch<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.before.is_empty()
    }

    /// Whether what it brings is looked at before anything counts.
    pub(super) fn is_checked(&self) -> bool {
        self.before.iter().any(|before| before.check.is_some())
    }

    /// To be sent now. Until it is known to have [arrived](Self::arrived), the transaction has ended.
    pub(super) fn send(&mut self) -> &[QueuedStatement] {
        self.state.has_ended = true;
        &self.before
    }

    /// Nothing of it was sent: it waits again.
    pub(super) fn requeue(mut self) {
        self.state.before = std::mem::take(&mut self.before);
    }

    /// All of it, and was accepted: the transaction goes on.
    pub(super) fn acknowledge(mut self) {
        self.state.has_ended = false;
    }
}

pub(super) fn closed_error() -> Error {
    Error::Unavailable(std::sync::Arc::new(std::io::Error::other("the transaction is over")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use sea_orm::DbBackend;

    use super::*;

    async fn with_one() -> StatementQueue {
        let waiting = StatementQueue::default();
        waiting.push(QueuedStatement::any(Statement::from_string(DbBackend::Postgres, "SELECT 1"))).await;
        waiting
    }

    #[tokio::test]
    async fn what_has_arrived_is_not_sent_again() {
        let waiting = with_one().await;
        let mut going = waiting.take().await.unwrap();
        assert_eq!(going.send().len(), 1);
        going.acknowledge();
        assert!(waiting.take().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_was_refused_or_dropped_midway_ends_the_transaction() {
        let waiting = with_one().await;
        let mut going = waiting.take().await.unwrap();
        going.send();
        drop(going);
        assert!(matches!(waiting.take().await.err(), Some(Error::Unavailable(_))));
        assert!(waiting.push_up_to(16, &Statement::from_string(DbBackend::Postgres, "SELECT 2")).await);
        assert!(waiting.take().await.is_err(), "nothing that comes later is sent");
    }

    #[tokio::test]
    async fn what_was_looked_at_and_not_sent_ends_nothing() {
        let waiting = StatementQueue::default();
        assert!(waiting.take().await.unwrap().is_empty());
        assert!(waiting.take().await.is_ok());
    }
}
