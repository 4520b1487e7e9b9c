//! When a level is complete.
//!
//! Owns: running a request so that its loaders know when no resolver can go on without them. May use: std's wakers.
//! Invariant: keys are sent only when everything else of the request has come to rest, so a level is one batch whatever
//! its size. (Yielding to the scheduler cannot promise that: a future that has yielded once goes on at its next poll, and
//! a neighbour's progress polls it too. Measured: 200 parents split into two to five statements, with one yield or ten.)

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// The levels of one request. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Levels(Arc<Mutex<Gate>>);

#[derive(Default)]
struct Gate {
    /// How often it was opened.
    level: u64,
    /// Who waits for it to open.
    waiting: Vec<Waker>,
    /// Batches that wait for the database.
    sent: usize,
}

/// A batch that waits for the database.
pub(crate) struct Sent<'a>(&'a Levels);

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        self.0.gate().sent -= 1;
    }
}

impl Levels {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until the level at hand is complete.
    pub(crate) async fn complete(&self) {
        let level = self.gate().level;
        let mut place = None;
        poll_fn(|context| {
            let mut gate = self.gate();
            if gate.level > level {
                return Poll::Ready(());
            }
            if let Some(waker) = place.and_then(|place: usize| gate.waiting.get_mut(place)) {
                waker.clone_from(context.waker());
            } else {
                place = Some(gate.waiting.len());
                gate.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    /// Keeps the next level from being opened until this one's answers are there.
    pub(crate) fn sending(&self) -> Sent<'_> {
        self.gate().sent += 1;
        Sent(self)
    }

    /// Lets those go on who wait for the level to be complete; false if there is nobody, or an answer is on its way.
    fn open(&self) -> bool {
        let mut gate = self.gate();
        if gate.sent > 0 || gate.waiting.is_empty() {
            return false;
        }
        gate.level += 1;
        let waiting = std::mem::take(&mut gate.waiting);
        drop(gate);
        waiting.into_iter().for_each(Waker::wake);
        true
    }

    /// Runs a request, level by level.
    pub(crate) async fn drive<F: Future>(&self, request: F) -> F::Output {
        // Without tokio's budget: a future that has used it up says that it can go on, and cannot.
        let mut request = pin!(tokio::task::unconstrained(request));
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        poll_fn(|context| {
            bell.tell(context.waker());
            loop {
                bell.rung.store(false, Ordering::Release);
                if let Poll::Ready(output) = request.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(output);
                }
                if !bell.rung.load(Ordering::Acquire) && !self.open() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

/// Knows whether something can go on.
#[derive(Default)]
struct Bell {
    rung: AtomicBool,
    scheduler: Mutex<Option<Waker>>,
}

impl Bell {
    fn tell(&self, scheduler: &Waker) {
        let mut told = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner);
        match told.as_mut() {
            Some(told) => told.clone_from(scheduler),
            None => *told = Some(scheduler.clone()),
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        // In any case: it may come from elsewhere, just after the bell was looked at.
        let scheduler = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scheduler) = scheduler.as_ref() {
            scheduler.wake_by_ref();
        }
    }
}
