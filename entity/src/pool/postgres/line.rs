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
const SOON: Duration = Duration::from_millis(2);

/// What is still to be said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Debt {
    None,
    Rollback,
}

pub(super) struct Line(Arc<Inner>);

struct Inner {
    client: Client,
    debt: Mutex<Debt>,
    /// Whether somebody will look after the debt.
    is_watched: AtomicBool,
}

impl Line {
    pub(super) fn new(client: Client) -> Self {
        Self(Arc::new(Inner { client, debt: Mutex::new(Debt::None), is_watched: AtomicBool::new(false) }))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0.client
    }

    /// The transaction that has read here is to be ended, with whatever comes next.
    pub(super) fn owe(&self, runtime: &Handle) {
        *self.0.debt() = Debt::Rollback;
        if !self.0.is_watched.swap(true, Ordering::Relaxed) {
            let inner = Arc::clone(&self.0);
            runtime.spawn(async move {
                sleep(SOON).await;
                inner.is_watched.store(false, Ordering::Relaxed);
                inner.settle();
            });
        }
    }

    /// Says what is owed.
    pub(super) fn settle(&self) {
        self.0.settle();
    }

    /// Takes over what is owed: whoever does says it before anything else, or owes it again.
    pub(super) fn take_over(&self) -> Debt {
        std::mem::replace(&mut *self.0.debt(), Debt::None)
    }

    /// Ends the transaction now.
    pub(super) fn roll_back(&self) {
        self.0.roll_back();
    }
}

impl Inner {
    fn debt(&self) -> MutexGuard<'_, Debt> {
        self.debt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self) {
        // Held until it is said: nobody else's BEGIN comes before it.
        let mut debt = self.debt();
        match *debt {
            Debt::None => {}
            Debt::Rollback => {
                self.roll_back();
                *debt = Debt::None;
            }
        }
    }

    /// One look sends it; the driver reads the answer, and sends what comes next behind it.
    fn roll_back(&self) {
        let rollback = pin!(self.client.batch_execute("ROLLBACK"));
        let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
    }
}
