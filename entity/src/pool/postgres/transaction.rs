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
    Answer, Connected, Opens, Peer, Pool,
    company::{Company, Place, Sends},
    waiting::{Before, Waiting, over},
};
use crate::{Error, pool::Intent, row::Row};
use deadpool::managed::Object;
use futures_util::future::{join, join_all};
use sea_orm::{DbBackend, Statement};

/// How long a statement that nobody waits for any more may go on before the server is told to stop it.
const AFTER_LEAVING: Duration = Duration::from_millis(100);

/// How long the server may take to accept that word.
const CANCELLING: Duration = Duration::from_secs(1);

/// How many statements are kept back at the most, to be sent at once.
const AT_ONCE: usize = 16;

/// Dropped without a commit, it is rolled back.
pub(crate) struct Transaction {
    pool: Pool,
    intent: Intent,
    open: OnceLock<Held>,
    /// Who begins it.
    company: Company,
    /// What goes with the next statement. Held while that is on its way, so that no other overtakes it.
    waiting: Waiting,
}

impl Transaction {
    pub(super) fn new(pool: Pool, intent: Intent) -> Self {
        Self { pool, intent, open: OnceLock::new(), company: Company::default(), waiting: Waiting::default() }
    }

    /// Sends this before the next statement.
    pub(crate) async fn before(&self, before: Before) {
        self.waiting.push(before).await;
    }

    /// Sends this with the next statement, or with the commit; or now, if enough has gathered. Its failure is theirs: whoever wants to
    /// tell what was wrong with it, [executes](Self::execute) it.
    pub(crate) async fn along(&self, statement: Statement) -> Result<(), Error> {
        if self.waiting.push_up_to(AT_ONCE, &statement).await {
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

    async fn run(&self, statement: &Statement) -> Result<Answer, Error> {
        loop {
            match self.company.place(statement) {
                Place::First(sends) => return self.begin(sends, statement).await,
                Place::Along(answered) => {
                    if let Ok(answer) = answered.await {
                        return answer;
                    }
                }
                Place::Late => return self.go_on(statement).await,
            }
        }
    }

    /// Begins, with all who ask meanwhile.
    async fn begin(&self, sends: Sends<'_>, statement: &Statement) -> Result<Answer, Error> {
        if self.intent == Intent::Read {
            // Whoever is of the same level asks now.
            once_round().await;
        }
        let (mut object, mut was_idle) = match self.pool.connection().await {
            Ok(connection) => connection,
            Err(cause) => {
                for along in sends.go() {
                    along.told(Err(cause.clone()));
                }
                return Err(cause);
            }
        };
        let mut going = self.waiting.take().await?;
        let along = sends.go();
        let all: Vec<_> = [statement].into_iter().chain(along.iter().map(|along| &along.statement)).collect();
        loop {
            let debt = object.line.take_over();
            let held = Held::new(object, self.pool.peer(), self.intent);
            let answers = held.send(Some(self.pool.begin_with(debt)), going.send(), &all).await;
            // What was begun there has gone with it.
            if was_idle && has(&answers, Error::is_of_a_lost_connection) {
                held.forsake();
                self.pool.renew();
                (object, was_idle) = self.pool.connection().await?;
                continue;
            }
            // Also after an error: what was begun is to be ended, and nothing goes on elsewhere.
            let _ = self.open.set(held);
            return match answers {
                Ok(answers) => {
                    if answers.iter().all(Result::is_ok) {
                        going.arrived();
                    }
                    let mut answers = answers.into_iter();
                    let own = answers.next().unwrap_or_else(|| Err(over()));
                    for (along, answer) in along.into_iter().zip(answers) {
                        along.told(answer);
                    }
                    own
                }
                Err(cause) => {
                    for along in along {
                        along.told(Err(cause.clone()));
                    }
                    Err(cause)
                }
            };
        }
    }

    /// Asks where it has begun.
    async fn go_on(&self, statement: &Statement) -> Result<Answer, Error> {
        let mut going = self.waiting.take().await?;
        let held = self.open.get().ok_or_else(over)?;
        if going.is_empty() {
            drop(going);
            return held.send_one(&[], statement).await;
        }
        let answer = held.send_one(going.send(), statement).await?;
        going.arrived();
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
            going.give_back();
            self.run(&Statement::from_string(DbBackend::Postgres, "SELECT 1")).await?;
            going = self.waiting.take().await?;
        }
        let Some(mut held) = self.open.take() else { return Ok(()) };
        if *held.has_failed.get_mut() {
            // PostgreSQL would take the COMMIT for a ROLLBACK, and call that a success.
            return Err(crate::pool::failed_before());
        }
        held.send_one(going.send(), &Statement::from_string(DbBackend::Postgres, "COMMIT")).await?;
        held.object.take();
        Ok(())
    }
}

/// Lets all others of this task go on for once.
async fn once_round() {
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
struct Held {
    /// None once it was given back.
    object: Option<Object<Opens>>,
    peer: Peer,
    ends: Ends,
    has_failed: AtomicBool,
    /// Whether the connection is not to be used for another transaction.
    is_spent: AtomicBool,
    /// Statements that were sent and whose answer was not read to its end.
    under_way: AtomicUsize,
}

/// When a transaction that nobody needs any more is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    AtOnce,
    /// With the next one on its connection. It must not keep anything from others meanwhile: no lock on rows, no pooler's session.
    WithTheNext,
}

impl Held {
    fn new(object: Object<Opens>, peer: Peer, intent: Intent) -> Self {
        let ends = match (peer, intent) {
            (Peer::Server, Intent::Read) => Ends::WithTheNext,
            (Peer::Server, Intent::Write) | (Peer::Pooler, Intent::Read | Intent::Write) => Ends::AtOnce,
        };
        let (has_failed, is_spent) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { object: Some(object), peer, ends, has_failed, is_spent, under_way: AtomicUsize::new(0) }
    }

    fn connected(&self) -> Result<&Connected, Error> {
        self.object.as_deref().ok_or_else(over)
    }

    /// Gives the connection to nobody any more.
    fn forsake(mut self) {
        self.object.take().map(Object::take);
    }

    async fn send_one(&self, before: &[Before], statement: &Statement) -> Result<Answer, Error> {
        let answers = self.send(None, before, &[statement]).await?;
        answers.into_iter().next().unwrap_or_else(|| Err(over()))
    }

    /// Sends all of it at once, in this order, and reads the answers.
    async fn send(&self, begin: Option<&str>, before: &[Before], statements: &[&Statement]) -> Result<Answers, Error> {
        let answers = self.sent(begin, before, statements).await;
        if answers.as_ref().is_ok_and(|answers| answers.iter().all(Result::is_ok)) {
            return answers;
        }
        self.has_failed.store(true, Ordering::Relaxed);
        if has(&answers, Error::ends_its_connection) {
            self.is_spent.store(true, Ordering::Relaxed);
        }
        answers
    }

    async fn sent(&self, begin: Option<&str>, before: &[Before], statements: &[&Statement]) -> Result<Answers, Error> {
        let connected = self.connected()?;
        let way = UnderWay::new(&self.under_way);
        // What is not known yet is prepared before anything is sent.
        let mut ready = Vec::with_capacity(before.len() + statements.len());
        for statement in before.iter().map(|before| &before.statement).chain(statements.iter().copied()) {
            ready.push(connected.ready(statement, self.peer).await?);
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
            before.accept(&answer?.rows)?;
        }
        Ok(asked)
    }
}

/// What each statement came to, where all that was to be sent before them was accepted.
type Answers = Vec<Result<Answer, Error>>;

/// Whether one of the failures among them is of this kind.
fn has(answers: &Result<Answers, Error>, is_of_kind: impl Fn(&Error) -> bool) -> bool {
    match answers {
        Ok(answers) => answers.iter().filter_map(|answer| answer.as_ref().err()).any(is_of_kind),
        Err(cause) => is_of_kind(cause),
    }
}

/// A statement on its way. Dropped before its answer was read, it still counts.
struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    fn arrived(self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        if *self.is_spent.get_mut() {
            // The server rolls back what is cut off.
            drop(Object::take(object));
            return;
        }
        match (*self.under_way.get_mut(), tokio::runtime::Handle::try_current()) {
            (0, Ok(runtime)) => match (self.ends, *self.has_failed.get_mut()) {
                (Ends::WithTheNext, false) => object.line.owe(&runtime),
                (Ends::AtOnce, _) | (_, true) => object.line.roll_back(),
            },
            (_, Ok(runtime)) => {
                runtime.spawn(leave(object));
            }
            // Nobody is left to send anything; the server rolls back what is cut off.
            (_, Err(_)) => drop(Object::take(object)),
        }
    }
}

/// Ends a transaction in the midst of a statement.
async fn leave(object: Object<Opens>) {
    let rolled_back = tokio::time::timeout(AFTER_LEAVING, object.line.client().batch_execute("ROLLBACK")).await;
    if let Ok(Ok(())) = rolled_back {
        return;
    }
    let tls = Object::pool(&object).map(|pool| pool.manager().address.tls.clone());
    // The connection is not used again: the word to stop may come when the statement has ended, and would stop another's.
    let connected = Object::take(object);
    let Some(tls) = tls else { return };
    let token = connected.line.client().cancel_token();
    // A server that hangs accepts the connection for it, and answers nothing there either.
    match tokio::time::timeout(CANCELLING, token.cancel_query(tls)).await {
        Ok(Ok(())) => {}
        Ok(Err(cause)) => tracing::debug!(server = %connected.server, %cause, "a statement could not be cancelled"),
        Err(_) => tracing::debug!(server = %connected.server, "a statement could not be cancelled in time"),
    }
}
