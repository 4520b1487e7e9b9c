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
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// The levels of one request. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct BatchBarrier(Arc<Mutex<BatchGate>>);

#[derive(Default)]
struct BatchGate {
    /// How often it was opened.
    level: u64,
    /// Who waits for it to open.
    waiting: Vec<Waker>,
    /// Batches that wait for the database.
    sent: usize,
}

/// A batch that waits for the database.
pub(crate) struct InFlightGuard<'a>(&'a BatchBarrier);

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        self.0.gate().sent -= 1;
    }
}

impl BatchBarrier {
    fn gate(&self) -> MutexGuard<'_, BatchGate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until the level at hand is complete.
    pub(crate) async fn wait(&self) {
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
    pub(crate) fn in_flight(&self) -> InFlightGuard<'_> {
        self.gate().sent += 1;
        InFlightGuard(self)
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
    pub(crate) async fn run<F: Future>(&self, request: F) -> F::Output {
        // Without tokio's budget: a future that has used it up says that it can go on, and cannot.
        let mut request = pin!(tokio::task::unconstrained(request));
        let bell = Arc::new(WakeFlag::default());
        let waker = Waker::from(Arc::clone(&bell));
        poll_fn(|context| {
            bell.notify(context.waker());
            loop {
                bell.state.swap(POLLING, Ordering::AcqRel);
                if let Poll::Ready(output) = request.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(output);
                }
                if bell.state.load(Ordering::Acquire) == POLLING && !self.open() && bell.park() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

/// Nobody looks: whoever rings wakes the scheduler.
const PARKED: u8 = 0;
/// The request is being looked at, and will be again if somebody rings: the scheduler need not be woken. (It would look once more, for nothing,
/// and perhaps from another thread.)
const POLLING: u8 = 1;
/// Somebody has rung.
const NOTIFIED: u8 = 2;

/// Knows whether something can go on.
#[derive(Default)]
struct WakeFlag {
    state: AtomicU8,
    scheduler: Mutex<Option<Waker>>,
}

impl WakeFlag {
    fn notify(&self, scheduler: &Waker) {
        let mut told = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner);
        match told.as_mut() {
            Some(told) => told.clone_from(scheduler),
            None => *told = Some(scheduler.clone()),
        }
    }

    /// From here on the scheduler is woken; false if somebody has rung before.
    fn park(&self) -> bool {
        self.state.compare_exchange(POLLING, PARKED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Wake for WakeFlag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(NOTIFIED, Ordering::AcqRel) == PARKED {
            let scheduler = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(scheduler) = scheduler.as_ref() {
                scheduler.wake_by_ref();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    /// Counts how often the scheduler is woken.
    #[derive(Default)]
    struct Scheduler(AtomicUsize);

    impl Wake for Scheduler {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Looks once, and tells how often the scheduler was woken by that.
    fn look<F: Future>(request: std::pin::Pin<&mut F>, scheduler: &Arc<Scheduler>) -> (Poll<F::Output>, usize) {
        let waker = Waker::from(Arc::clone(scheduler));
        let seen = request.poll(&mut Context::from_waker(&waker));
        (seen, scheduler.0.swap(0, Ordering::Relaxed))
    }

    #[test]
    fn a_level_is_run_at_one_look_and_wakes_nobody() {
        let (levels, scheduler) = (BatchBarrier::default(), Arc::new(Scheduler::default()));
        let three = async {
            for _ in 0..3 {
                levels.wait().await;
            }
            ready(7).await
        };
        assert_eq!(look(pin!(levels.run(three)), &scheduler), (Poll::Ready(7), 0));
    }

    #[test]
    fn whoever_rings_from_elsewhere_wakes_the_scheduler_once() {
        let (levels, scheduler) = (BatchBarrier::default(), Arc::new(Scheduler::default()));
        let bell = Arc::new(Mutex::new(None));
        let mut looks = 0;
        let mut driven = pin!(levels.run(poll_fn(|context| {
            *bell.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
            looks += 1;
            if looks == 1 { Poll::Pending } else { Poll::Ready(looks) }
        })));
        assert_eq!(look(driven.as_mut(), &scheduler), (Poll::Pending, 0));
        let waker: Option<Waker> = bell.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake_by_ref();
            waker.wake_by_ref();
        }
        assert_eq!(look(driven, &scheduler), (Poll::Ready(2), 1));
    }
}
