//! A transaction on PostgreSQL.
//!
//! Owns: when it begins, what is sent along, and how it ends. May use: the pool. Invariant: no statement is sent but behind the BEGIN and
//! behind all that was to be sent before it; if one of those fails, its answer is given to nobody.

use std::{
    pin::pin,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use super::{
    Answer, Connected, Opens, Peer, Pool,
    waiting::{Before, Waiting, over},
};
use crate::{Error, row::Row};
use deadpool::managed::Object;
use futures_util::future::{join_all, join3};
use sea_orm::{DbBackend, Statement};

/// How long a statement that nobody waits for any more may go on before the server is told to stop it.
const AFTER_LEAVING: Duration = Duration::from_millis(100);

/// How many statements are kept back at the most, to be sent at once.
const AT_ONCE: usize = 16;

/// Dropped without a commit, it is rolled back.
pub(crate) struct Transaction {
    pool: Pool,
    open: OnceLock<Held>,
    /// What goes with the next statement. Held while that is on its way, so that no other overtakes it.
    waiting: Waiting,
}

impl Transaction {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool, open: OnceLock::new(), waiting: Waiting::default() }
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
        let mut going = self.waiting.take().await?;
        if let Some(held) = self.open.get() {
            if going.is_empty() {
                drop(going);
                return held.send(None, &[], statement).await;
            }
            let answer = held.send(None, going.send(), statement).await?;
            going.arrived();
            return Ok(answer);
        }
        loop {
            let (object, was_idle) = self.pool.connection().await?;
            let held = Held { object: Some(object), peer: self.pool.peer(), under_way: AtomicUsize::new(0) };
            let answer = held.send(Some(self.pool.begin_with()), going.send(), statement).await;
            // What was begun there has gone with it.
            if let (Err(cause), true) = (&answer, was_idle)
                && cause.is_of_a_lost_connection()
            {
                held.forsake();
                self.pool.0.retain(|_, _| false);
                continue;
            }
            // Also after an error: what was begun is to be ended, and nothing goes on elsewhere.
            let _ = self.open.set(held);
            let answer = answer?;
            going.arrived();
            return Ok(answer);
        }
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
        // If one of those before it has failed, PostgreSQL takes it for a ROLLBACK, and the failure is told.
        held.send(None, going.send(), &Statement::from_string(DbBackend::Postgres, "COMMIT")).await?;
        held.object.take();
        Ok(())
    }
}

/// A connection on which a transaction was begun.
struct Held {
    /// None once it was given back.
    object: Option<Object<Opens>>,
    peer: Peer,
    /// Statements that were sent and whose answer was not read to its end.
    under_way: AtomicUsize,
}

impl Held {
    fn connected(&self) -> Result<&Connected, Error> {
        self.object.as_deref().ok_or_else(over)
    }

    /// Gives the connection to nobody any more.
    fn forsake(mut self) {
        self.object.take().map(Object::take);
    }

    /// Sends all of it at once, in this order, and reads the answers.
    async fn send(&self, begin: Option<&str>, before: &[Before], statement: &Statement) -> Result<Answer, Error> {
        let connected = self.connected()?;
        let way = UnderWay::new(&self.under_way);
        // What is not known yet is prepared before anything is sent.
        let mut ready = Vec::with_capacity(before.len());
        for before in before {
            ready.push(connected.ready(&before.statement, self.peer).await?);
        }
        let last = connected.ready(statement, self.peer).await?;
        let begun = async {
            match begin {
                Some(begin) => connected.client.batch_execute(begin).await,
                None => Ok(()),
            }
        };
        let before_it = join_all(ready.into_iter().map(|ready| connected.send(ready)));
        // Each is sent when it is first looked at, and these are looked at in their order.
        let (begun, before_it, answer) = join3(begun, before_it, connected.send(last)).await;
        way.arrived();
        begun?;
        for (answer, before) in before_it.into_iter().zip(before) {
            before.accept(&answer?.rows)?;
        }
        answer
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
        match (*self.under_way.get_mut(), tokio::runtime::Handle::try_current()) {
            // One look sends it; the driver reads the answer, and sends what comes next behind it.
            (0, Ok(_)) => {
                let rollback = pin!(object.client.batch_execute("ROLLBACK"));
                let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
            }
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
    let rolled_back = tokio::time::timeout(AFTER_LEAVING, object.client.batch_execute("ROLLBACK")).await;
    if let Ok(Ok(())) = rolled_back {
        return;
    }
    let tls = Object::pool(&object).map(|pool| pool.manager().address.tls.clone());
    // The connection is not used again: the word to stop may come when the statement has ended, and would stop another's.
    let connected = Object::take(object);
    if let Some(tls) = tls
        && let Err(cause) = connected.client.cancel_token().cancel_query(tls).await
    {
        tracing::debug!(%cause, "a statement could not be stopped");
    }
}
