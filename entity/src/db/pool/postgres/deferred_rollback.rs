//! The line to PostgreSQL, and what was not yet said on it.
//!
//! Owns: the client, and the ROLLBACK of a reading transaction that nobody needs any more. May use: tokio-postgres. Invariant: what is owed
//! is said before anything else is, or taken over by whoever says it with their BEGIN; and after [`SOON`] at the latest.
//!
//! (Seen in a trace of system calls: under load the next transaction begins at once, and a ROLLBACK by itself was a message sent, woken
//! for, answered and read.)

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use tokio::{runtime::Handle, time::sleep};
use tokio_postgres::Client;

/// How long a transaction that has read, and nobody needs any more, may stand open: it holds no snapshot, but keeps tables from being altered.
const MAX_DELAY: Duration = Duration::from_millis(2);

/// What is still to be said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PendingRollback {
    None,
    Rollback,
}

pub(super) struct Connection(Arc<Shared>);

struct Shared {
    client: Client,
    debt: Mutex<PendingRollback>,
    /// Whether somebody will look after the debt.
    is_watched: AtomicBool,
}

impl Connection {
    pub(super) fn new(client: Client) -> Self {
        Self(Arc::new(Shared { client, debt: Mutex::new(PendingRollback::None), is_watched: AtomicBool::new(false) }))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// The transaction that has read here is to be ended, with whatever comes next.
    pub(super) fn defer(&self, runtime: &Handle) {
        *self.0.debt() = PendingRollback::Rollback;
        if !self.0.is_watched.swap(true, Ordering::Relaxed) {
            let inner = Arc::clone(&self.0);
            runtime.spawn(async move {
                sleep(MAX_DELAY).await;
                inner.is_watched.store(false, Ordering::Relaxed);
                inner.flush();
            });
        }
    }

    /// Says what is owed.
    pub(super) fn flush(&self) {
        self.0.flush();
    }

    /// Takes over what is owed: whoever does says it before anything else, or owes it again.
    pub(super) fn take(&self) -> PendingRollback {
        std::mem::replace(&mut *self.0.debt(), PendingRollback::None)
    }

    /// Ends the transaction now.
    pub(super) fn roll_back(&self) {
        self.0.roll_back();
    }
}

impl Shared {
    fn debt(&self) -> MutexGuard<'_, PendingRollback> {
        self.debt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flush(&self) {
        // Held until it is said: nobody else's BEGIN comes before it.
        let mut debt = self.debt();
        match *debt {
            PendingRollback::None => {}
            PendingRollback::Rollback => {
                self.roll_back();
                *debt = PendingRollback::None;
            }
        }
    }

    /// One look sends it; the driver reads the answer, and sends what comes next behind it.
    fn roll_back(&self) {
        let rollback = pin!(self.client.batch_execute("ROLLBACK"));
        let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
    }
}
