//! A transaction on PostgreSQL.
//!
//! Owns: when it begins, what is sent along, and how it ends. May use: the pool. Invariant: no statement is sent but behind the BEGIN and
//! behind all that was to be sent before it; if one of those fails, its answer is given to nobody.

use std::{
    future::poll_fn,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use super::{
    ConnectionManager, Peer, Pool, PooledClient, QueryResult,
    begin_batch::{BatchRole, BeginBatch, Leader},
    statement_queue::{QueuedStatement, StatementQueue, closed_error},
};
use crate::{db::pool::TxMode, error::Error, row::Row};
use deadpool::managed::Object;
use futures_util::future::{join, join_all};
use sea_orm::{DbBackend, Statement};

/// How long a statement that nobody waits for any more may go on before the server is told to stop it.
const CANCEL_DELAY: Duration = Duration::from_millis(100);

/// How long the server may take to accept that word.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(1);

/// How many statements are kept back at the most, to be sent at once.
const MAX_PIPELINED: usize = 16;

/// Dropped without a commit, it is rolled back.
pub(crate) struct Transaction {
    pool: Pool,
    intent: TxMode,
    open: OnceLock<HeldConnection>,
    /// Who begins it.
    company: BeginBatch,
    /// What goes with the next statement. Held while that is on its way, so that no other overtakes it.
    waiting: StatementQueue,
}

impl Transaction {
    pub(super) fn new(pool: Pool, intent: TxMode) -> Self {
        Self { pool, intent, open: OnceLock::new(), company: BeginBatch::default(), waiting: StatementQueue::default() }
    }

    /// Sends this before the next statement.
    pub(crate) async fn enqueue_first(&self, before: QueuedStatement) {
        self.waiting.push(before).await;
    }

    /// Sends this with the next statement, or with the commit; or now, if enough has gathered. Its failure is theirs: whoever wants to
    /// tell what was wrong with it, [executes](Self::execute) it.
    pub(crate) async fn execute_deferred(&self, statement: Statement) -> Result<(), Error> {
        if self.waiting.push_up_to(MAX_PIPELINED, &statement).await {
            return Ok(());
        }
        self.run(&statement).await.map(|_| ())
    }

    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        Ok(self.run(&statement).await?.rows)
    }

    /// How many rows it has changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        Ok(self.run(&statement).await?.count)
    }

    async fn run(&self, statement: &Statement) -> Result<QueryResult, Error> {
        loop {
            match self.company.join(statement) {
                BatchRole::Leads(sends) => return self.begin(sends, statement).await,
                BatchRole::Along(answered) => {
                    if let Ok(answer) = answered.await {
                        return answer;
                    }
                }
                BatchRole::TooLate => return self.continue_pipeline(statement).await,
            }
        }
    }

    /// Begins, with all who ask meanwhile.
    async fn begin(&self, sends: Leader<'_>, statement: &Statement) -> Result<QueryResult, Error> {
        if self.intent == TxMode::Read {
            // Whoever is of the same level asks now.
            round_trip().await;
        }
        let (mut object, mut was_idle) = match self.pool.connection().await {
            Ok(connection) => connection,
            Err(cause) => {
                for along in sends.close_and_take() {
                    along.complete(Err(cause.clone()));
                }
                return Err(cause);
            }
        };
        let mut going = self.waiting.take().await?;
        let along = sends.close_and_take();
        let all: Vec<_> = [statement].into_iter().chain(along.iter().map(|along| &along.statement)).collect();
        loop {
            let debt = object.line.take();
            let held = HeldConnection::new(object, self.pool.peer(), self.intent);
            let answers = held.send(Some(self.pool.begin_with(debt)), going.send(), &all).await;
            // What was begun there has gone with it.
            if was_idle && has_result(&answers, Error::is_of_a_lost_connection) {
                held.abandon();
                self.pool.renew();
                (object, was_idle) = self.pool.connection().await?;
                continue;
            }
            // Also after an error: what was begun is to be ended, and nothing goes on elsewhere.
            let _ = self.open.set(held);
            return match answers {
                Ok(answers) => {
                    if answers.iter().all(Result::is_ok) {
                        going.acknowledge();
                    }
                    let mut answers = answers.into_iter();
                    let own = answers.next().unwrap_or_else(|| Err(closed_error()));
                    for (along, answer) in along.into_iter().zip(answers) {
                        along.complete(answer);
                    }
                    own
                }
                Err(cause) => {
                    for along in along {
                        along.complete(Err(cause.clone()));
                    }
                    Err(cause)
                }
            };
        }
    }

    /// Asks where it has begun.
    async fn continue_pipeline(&self, statement: &Statement) -> Result<QueryResult, Error> {
        let mut going = self.waiting.take().await?;
        let held = self.open.get().ok_or_else(closed_error)?;
        if going.is_empty() {
            drop(going);
            return held.send_one(&[], statement).await;
        }
        let answer = held.send_one(going.send(), statement).await?;
        going.acknowledge();
        Ok(answer)
    }

    /// # Errors
    /// Also where an earlier statement's failure has ended it.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        let mut going = self.waiting.take().await?;
        if self.open.get().is_none() && going.is_empty() {
            // Nothing was asked: nothing was begun.
            return Ok(());
        }
        // A transaction is begun again where its connection turns out to be lost: one with its COMMIT might be done already. And what
        // is looked at was sent, COMMIT and all, when it is found to be wrong.
        if self.open.get().is_none() || going.is_checked() {
            going.requeue();
            self.run(&Statement::from_string(DbBackend::Postgres, "SELECT 1")).await?;
            going = self.waiting.take().await?;
        }
        let Some(mut held) = self.open.take() else { return Ok(()) };
        if *held.has_failed.get_mut() {
            // PostgreSQL would take the COMMIT for a ROLLBACK, and call that a success.
            return Err(crate::db::pool::failed_before());
        }
        held.send_one(going.send(), &Statement::from_string(DbBackend::Postgres, "COMMIT")).await?;
        held.object.take();
        Ok(())
    }
}

/// Lets all others of this task go on for once.
async fn round_trip() {
    let mut is_round = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_round, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A connection on which a transaction was begun.
struct HeldConnection {
    /// None once it was given back.
    object: Option<Object<ConnectionManager>>,
    peer: Peer,
    ends: EndCommand,
    has_failed: AtomicBool,
    /// Whether the connection is not to be used for another transaction.
    is_spent: AtomicBool,
    /// Statements that were sent and whose answer was not read to its end.
    under_way: AtomicUsize,
}

/// When a transaction that nobody needs any more is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EndCommand {
    AtOnce,
    /// With the next one on its connection. It must not keep anything from others meanwhile: no lock on rows, no pooler's session.
    WithTheNext,
}

impl HeldConnection {
    fn new(object: Object<ConnectionManager>, peer: Peer, intent: TxMode) -> Self {
        let ends = match (peer, intent) {
            (Peer::Server, TxMode::Read) => EndCommand::WithTheNext,
            (Peer::Server, TxMode::Write) | (Peer::Pooler, TxMode::Read | TxMode::Write) => EndCommand::AtOnce,
        };
        let (has_failed, is_spent) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { object: Some(object), peer, ends, has_failed, is_spent, under_way: AtomicUsize::new(0) }
    }

    fn connected(&self) -> Result<&PooledClient, Error> {
        self.object.as_deref().ok_or_else(closed_error)
    }

    /// Gives the connection to nobody any more.
    fn abandon(mut self) {
        self.object.take().map(Object::take);
    }

    async fn send_one(&self, before: &[QueuedStatement], statement: &Statement) -> Result<QueryResult, Error> {
        let answers = self.send(None, before, &[statement]).await?;
        answers.into_iter().next().unwrap_or_else(|| Err(closed_error()))
    }

    /// Sends all of it at once, in this order, and reads the answers.
    async fn send(
        &self,
        begin: Option<&str>,
        before: &[QueuedStatement],
        statements: &[&Statement],
    ) -> Result<Answers, Error> {
        let answers = self.send_queued(begin, before, statements).await;
        if answers.as_ref().is_ok_and(|answers| answers.iter().all(Result::is_ok)) {
            return answers;
        }
        self.has_failed.store(true, Ordering::Relaxed);
        if has_result(&answers, Error::ends_its_connection) {
            self.is_spent.store(true, Ordering::Relaxed);
        }
        answers
    }

    async fn send_queued(
        &self,
        begin: Option<&str>,
        before: &[QueuedStatement],
        statements: &[&Statement],
    ) -> Result<Answers, Error> {
        let connected = self.connected()?;
        let way = InFlight::new(&self.under_way);
        // What is not known yet is prepared before anything is sent.
        let mut ready = Vec::with_capacity(before.len() + statements.len());
        for statement in before.iter().map(|before| &before.statement).chain(statements.iter().copied()) {
            ready.push(connected.prepare_statement(statement, self.peer).await?);
        }
        let begun = async {
            match begin {
                Some(begin) => connected.line.client().batch_execute(begin).await,
                None => Ok(()),
            }
        };
        // Each is sent when it is first looked at, and these are looked at in their order.
        let (begun, mut answers) = join(begun, join_all(ready.into_iter().map(|ready| connected.send(ready)))).await;
        way.arrived();
        begun.map_err(|cause| connected.failed(&cause))?;
        let asked = answers.split_off(before.len());
        for (answer, before) in answers.into_iter().zip(before) {
            before.check_answer(&answer?.rows)?;
        }
        Ok(asked)
    }
}

/// What each statement came to, where all that was to be sent before them was accepted.
type Answers = Vec<Result<QueryResult, Error>>;

/// Whether one of the failures among them is of this kind.
fn has_result(answers: &Result<Answers, Error>, is_of_kind: impl Fn(&Error) -> bool) -> bool {
    match answers {
        Ok(answers) => answers.iter().filter_map(|answer| answer.as_ref().err()).any(is_of_kind),
        Err(cause) => is_of_kind(cause),
    }
}

/// A statement on its way. Dropped before its answer was read, it still counts.
struct InFlight<'a>(&'a AtomicUsize);

impl<'a> InFlight<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    fn arrived(self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for HeldConnection {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        if *self.is_spent.get_mut() {
            // The server rolls back what is cut off.
            drop(Object::take(object));
            return;
        }
        match (*self.under_way.get_mut(), tokio::runtime::Handle::try_current()) {
            (0, Ok(runtime)) => match (self.ends, *self.has_failed.get_mut()) {
                (EndCommand::WithTheNext, false) => object.line.defer(&runtime),
                (EndCommand::AtOnce, _) | (_, true) => object.line.roll_back(),
            },
            (_, Ok(runtime)) => {
                runtime.spawn(cancel_and_release(object));
            }
            // Nobody is left to send anything; the server rolls back what is cut off.
            (_, Err(_)) => drop(Object::take(object)),
        }
    }
}

/// Ends a transaction in the midst of a statement.
async fn cancel_and_release(object: Object<ConnectionManager>) {
    let rolled_back = tokio::time::timeout(CANCEL_DELAY, object.line.client().batch_execute("ROLLBACK")).await;
    if let Ok(Ok(())) = rolled_back {
        return;
    }
    let tls = Object::pool(&object).map(|pool| pool.manager().address.tls.clone());
    // The connection is not used again: the word to stop may come when the statement has ended, and would stop another's.
    let connected = Object::take(object);
    let Some(tls) = tls else { return };
    let token = connected.line.client().cancel_token();
    // A server that hangs accepts the connection for it, and answers nothing there either.
    match tokio::time::timeout(CANCEL_TIMEOUT, token.cancel_query(tls)).await {
        Ok(Ok(())) => {}
        Ok(Err(cause)) => tracing::debug!(server = %connected.server, %cause, "a statement could not be cancelled"),
        Err(_) => tracing::debug!(server = %connected.server, "a statement could not be cancelled in time"),
    }
}
