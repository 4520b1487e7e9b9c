//! One replica.
//!
//! Owns: what is asked of it before it serves, and the bounds of time on that and on each statement. May use: PostgreSQL's connections,
//! the circuit breaker, the comparison with the writer. Invariant: a replica that hangs costs a request [`DEADLINE`] at most before it is
//! read, and [`LOOK_AFTER`] and [`LIFE_SIGN`] in the midst of a statement; then no request waits for it until its cool-down is over.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::Statement;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    super::{
        TxMode,
        pool_stats::PoolStats,
        postgres::{Pool, QueuedStatement, Transaction},
    },
    Lsn,
    breaker::{Breaker, Trip},
    declined::{Counters, ReplicaDeclined, ReplicaStats},
    history::{self, Failed, History, PairState},
};
use crate::{error::Error, row::Row};

/// How long a request waits for all that is asked of a replica before it serves: a connection, BEGIN, and the comparison of log positions.
const STATEMENT_DEADLINE: Duration = Duration::from_millis(100);

/// Of that, how long it waits for the replica to come as far as the writer was. A replica in the same house is behind by a millisecond or so.
const WAL_WAIT: Duration = Duration::from_millis(50);

/// How often it is looked.
const WAL_POLL_INTERVAL: Duration = Duration::from_millis(2);

/// How long the same goes on when the request has given it up: the connection that comes of it serves later requests.
const RECHECK_DELAY: Duration = Duration::from_secs(5);

/// After this time a statement may be slow, or the replica may hang: it is looked which, again and again.
const VERIFY_INTERVAL: Duration = Duration::from_secs(1);

/// How long a replica that does not hang takes to answer nothing at all, on a connection of its own.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// A replica, and what is known of it.
pub(super) struct Replica {
    pool: Pool,
    writer: Pool,
    breaker: Breaker,
    history: History,
    counters: Counters,
}

/// What a replica said before it serves.
enum ReplicaAnswer {
    Begun(Transaction),
    Unverified(Transaction),
    Behind,
}

impl Replica {
    pub(super) fn new(pool: Pool, writer: Pool) -> Self {
        let (breaker, history, counters) = (Breaker::default(), History::default(), Counters::default());
        Self { pool, writer, breaker, history, counters }
    }

    pub(super) fn pool_stats(&self) -> PoolStats {
        self.pool.stats()
    }

    pub(super) fn stats(&self) -> ReplicaStats {
        self.counters.stats()
    }

    pub(super) fn close(&self) {
        self.pool.close();
    }

    /// Whether it is not left alone at present.
    pub(super) fn is_available(&self) -> bool {
        self.breaker.admits(Instant::now())
    }

    /// A transaction on it, if it has all that the writer had at `since`.
    pub(super) async fn begin(self: &Arc<Self>, since: &Lsn) -> Option<ReplicaTransaction> {
        let (place, writer) = since.parts()?;
        if !self.history.has_passed(writer) {
            self.decline(ReplicaDeclined::Unverified, None);
            drop(self.verify(None));
            return None;
        }
        // In a task of its own: a connection that takes longer than the deadline comes about nevertheless, for later requests.
        let (pool, place) = (self.pool.clone(), place.to_owned());
        let writer = writer.to_owned();
        let replica = Arc::clone(self);
        let asking = tokio::spawn(timeout(RECHECK_DELAY, async move { replica.ask(&pool, &place, &writer).await }));
        match timeout(STATEMENT_DEADLINE, asking).await {
            Ok(Ok(Ok(Ok(ReplicaAnswer::Begun(transaction))))) => {
                self.counters.read();
                if self.breaker.close() {
                    tracing::info!(replica = %self.pool.name(), "a replica is read from again");
                }
                Some(ReplicaTransaction { transaction, replica: Arc::clone(self) })
            }
            Ok(Ok(Ok(Ok(ReplicaAnswer::Unverified(transaction))))) => {
                self.decline(ReplicaDeclined::Unverified, None);
                drop(self.verify(Some(transaction)));
                None
            }
            Ok(Ok(Ok(Ok(ReplicaAnswer::Behind)))) => self.decline(ReplicaDeclined::Behind, None),
            Ok(Ok(Ok(Err(cause)))) => self.decline(ReplicaDeclined::Away, Some(&cause)),
            // Too late, or its task has ended in some other way.
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => self.decline(ReplicaDeclined::Away, None),
        }
    }

    async fn ask(self: &Arc<Self>, pool: &Pool, place: &str, writer: &str) -> Result<ReplicaAnswer, Error> {
        let transaction = pool.begin(TxMode::Read);
        let until = Instant::now() + WAL_WAIT;
        loop {
            // Each statement sees what was there when it began, so those after this one see at least as much.
            let rows = transaction.all(history::comparison_query(place)).await?;
            let (has_come, server) = match rows.first() {
                // Null where nothing was ever replayed.
                Some(row) => (row.get_by_name::<Option<bool>>("has_come")?, row.get_by_name::<String>("server")?),
                None => return Ok(ReplicaAnswer::Behind),
            };
            match self.history.standing(writer, &server) {
                PairState::Unknown => return Ok(ReplicaAnswer::Unverified(transaction)),
                PairState::Aged => drop(self.verify(None)),
                PairState::Passed => {}
            }
            if has_come == Some(true) {
                return Ok(ReplicaAnswer::Begun(transaction));
            }
            if Instant::now() >= until {
                return Ok(ReplicaAnswer::Behind);
            }
            sleep(WAL_POLL_INTERVAL).await;
        }
    }

    /// Compares it with the writer, in the background; on this connection, if there is one: others may lead to another server.
    pub(super) fn verify(self: &Arc<Self>, on: Option<Transaction>) -> JoinHandle<()> {
        let replica = Arc::clone(self);
        tokio::spawn(async move {
            let Some(_under_way) = replica.history.start() else { return };
            let on = on.unwrap_or_else(|| replica.pool.begin(TxMode::Read));
            match timeout(RECHECK_DELAY, history::compare(&on, &replica.writer)).await {
                Ok(Ok(pair)) => {
                    let was_known = replica.history.ensure_same_history(pair);
                    if replica.breaker.close() || !was_known {
                        tracing::info!(replica = %replica.pool.name(), "a replica replays the writer's log: it is read from");
                    }
                }
                Ok(Err(Failed::Declined(declined))) => {
                    if declined == ReplicaDeclined::OtherHistory {
                        replica.history.invalidate();
                    }
                    replica.decline(declined, None);
                }
                Ok(Err(Failed::Asking(cause))) => {
                    replica.decline(ReplicaDeclined::Away, Some(&cause));
                }
                Err(_) => {
                    replica.decline(ReplicaDeclined::Away, None);
                }
            }
        })
    }

    /// Counts it, leaves the replica alone, and says so the first time.
    fn decline(&self, declined: ReplicaDeclined, cause: Option<&Error>) -> Option<ReplicaTransaction> {
        self.counters.declined(declined);
        let trip = match declined {
            ReplicaDeclined::Behind | ReplicaDeclined::Away | ReplicaDeclined::OtherHistory => {
                self.breaker.trip(Instant::now(), declined.cool_down())
            }
            ReplicaDeclined::Unverified => return None,
        };
        let cause = cause.and_then(std::error::Error::source).map(tracing::field::display);
        let (replica, reason) = (self.pool.name(), declined.name());
        match trip {
            Trip::First => {
                tracing::warn!(%replica, reason, cause, "the replica {}; the writer answers", declined.description());
            }
            Trip::Again => tracing::debug!(%replica, reason, cause, "the replica {} still", declined.description()),
        }
        None
    }

    /// Comes to an end only if the replica hangs.
    async fn mark_hung(&self) {
        loop {
            sleep(VERIFY_INTERVAL).await;
            if !self.pool.answers_within(HEARTBEAT).await {
                return;
            }
        }
    }
}

/// A transaction on a replica that serves.
pub(crate) struct ReplicaTransaction {
    transaction: Transaction,
    replica: Arc<Replica>,
}

impl ReplicaTransaction {
    /// Sends this before the next statement.
    pub(crate) async fn enqueue_first(&self, before: QueuedStatement) {
        self.transaction.enqueue_first(before).await;
    }

    /// A statement's rows. A slow one is waited for; one on a replica that hangs is not.
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        self.bounded(self.transaction.all(statement)).await
    }

    /// How many rows it has found: nothing is changed on a replica.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        self.bounded(self.transaction.execute(statement)).await
    }

    /// A statement that goes with the next one.
    pub(crate) async fn execute_deferred(&self, statement: Statement) -> Result<(), Error> {
        self.bounded(self.transaction.execute_deferred(statement)).await
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        let Self { transaction, replica } = self;
        tokio::select! {
            answer = transaction.commit() => answer,
            () = replica.mark_hung() => Err(replica.hung()),
        }
    }

    async fn bounded<T>(&self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let answer = tokio::select! {
            answer = asked => answer,
            () = self.replica.mark_hung() => Err(self.replica.hung()),
        };
        if let Err(cause) = &answer
            && cause.is_of_a_lost_connection()
        {
            self.replica.decline(ReplicaDeclined::Away, Some(cause));
        }
        answer
    }
}

impl Replica {
    fn hung(&self) -> Error {
        self.decline(ReplicaDeclined::Away, None);
        Error::no_connection(self.pool.name(), "it hangs in the midst of a statement")
    }
}
