//! When a replica that failed is asked again.
//!
//! Owns: [`Breaker`]. May use: time. Invariant: while a replica is left alone no request waits for it; when that time is over, one request
//! asks it, and the others go on leaving it alone until that one is answered.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Whether a failure is the first after a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trip {
    First,
    Again,
}

/// A circuit breaker. Closed, it lets every request through.
#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Closed,
    /// Until then no request is let through; the first one after it is a trial.
    Open { until: Instant, for_how_long: Duration },
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request may ask now.
    pub(super) fn admits(&self, now: Instant) -> bool {
        match &mut *self.state() {
            State::Closed => true,
            State::Open { until, for_how_long } if *until <= now => {
                // A trial: the next one comes as much later, unless this one succeeds.
                *until = now + *for_how_long;
                true
            }
            State::Open { .. } => false,
        }
    }

    /// It failed: it is left alone for so long.
    pub(super) fn trip(&self, now: Instant, for_how_long: Duration) -> Trip {
        let before = std::mem::replace(&mut *self.state(), State::Open { until: now + for_how_long, for_how_long });
        match before {
            State::Closed => Trip::First,
            State::Open { .. } => Trip::Again,
        }
    }

    /// It answered. Whether it had failed before.
    pub(super) fn close(&self) -> bool {
        let before = std::mem::replace(&mut *self.state(), State::Closed);
        matches!(before, State::Open { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOL_DOWN: Duration = Duration::from_secs(5);

    #[test]
    fn after_a_failure_one_request_tries_when_the_time_is_over_and_the_others_do_not_wait() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        assert!(breaker.admits(start));
        assert_eq!(breaker.trip(start, COOL_DOWN), Trip::First);
        assert!(!breaker.admits(start + COOL_DOWN / 2));
        let later = start + COOL_DOWN;
        assert!(breaker.admits(later), "the trial");
        assert!(!breaker.admits(later), "the others, while the trial is not answered");
        assert_eq!(breaker.trip(later, COOL_DOWN), Trip::Again);
        assert!(!breaker.admits(later + COOL_DOWN / 2));
        assert!(breaker.admits(later + COOL_DOWN));
        assert!(breaker.close());
        assert!(breaker.admits(later + COOL_DOWN) && breaker.admits(later + COOL_DOWN));
        assert!(!breaker.close());
    }
}
