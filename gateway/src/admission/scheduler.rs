//! Who runs, and who waits for it.
//!
//! Owns: how many operations run at once, of everybody and of each lane, and the queues before them. May use: the limits in force. Invariant:
//! while a lane's share is not used up and there is room to run, none of it waits; lanes take turns, however long their queues are.
//!
//! One lane's limit is everybody's to share: whoever is alone may use all of it, and two have half each. Else a flood would keep the database
//! busy however few others come, and each of their statements would wait for the processor among the flood's. (Measured beside a flood:
//! others' slowest took 1.4 to 1.9 times as long without shares.)
//!
//! A burst may wait: it is soon over. Where somebody has waited all the time for a while, more come than can be answered, and whoever joins a
//! long queue only waits longer for the same answer; so few places are left then, and the others are told at once to come again. (Measured
//! with ten times as many callers as keep it busy: the accepted took 8.4 times as long as usual, with a quarter of the places 3.8 times, and
//! with a sixth 2.5 times.)

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot,
    time::{Instant, error::Elapsed, timeout},
};

use super::Lane;
use crate::limits::{Limit, LimitRegistry, Limits};

/// A queue that has not been empty for so long is no burst.
const BURST_WINDOW: Duration = Duration::from_millis(500);

/// Of so many places, one is left then: of everybody's, and of one lane's. A team's dashboards at once are no flood.
const OVERLOAD_DIVISOR: u64 = 6;
const TENANT_OVERLOAD_DIVISOR: u64 = 4;

/// Lets so many run at once. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct FairScheduler(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    bounds: Arc<LimitRegistry>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    waiting: usize,
    /// Since when somebody waits.
    queued_since: Option<Instant>,
    lanes: HashMap<Lane, TenantQueue>,
    /// The lanes in which somebody waits, the next one first.
    turns: VecDeque<Lane>,
}

#[derive(Debug, Default)]
struct TenantQueue {
    running: usize,
    waiting: VecDeque<oneshot::Sender<Permit>>,
}

/// The right to run. Dropped, it is the next one's.
#[derive(Debug)]
pub struct Permit {
    gate: FairScheduler,
    lane: Lane,
}

/// Why somebody was sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// Too many wait.
    Full,
    /// Too many of their own lane wait.
    OwnFull,
    /// It took too long.
    TooLong,
    /// It took too long, while there was room for others: their own lane has used up its share.
    OwnTooLong,
}

impl FairScheduler {
    pub(super) fn new(bounds: Arc<LimitRegistry>) -> Self {
        Self(Arc::new(Shared { bounds, state: Mutex::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stats(&self) -> (usize, usize) {
        let state = self.state();
        (state.running, state.waiting)
    }

    pub(super) async fn enter(&self, lane: Lane) -> Result<Permit, Rejected> {
        let place = {
            let mut state = self.state();
            // Nobody waits who could run, so nobody is overtaken.
            let of_lane = state.lanes.get(&lane).map_or(0, |queue| queue.running);
            let bounds = &self.0.bounds;
            let share = state.tenant_share(&bounds.now(), lane);
            if bounds.check(Limit::Running, state.running as u64 + 1).is_ok()
                && bounds.check(Limit::RunningOfOne, of_lane as u64 + 1).is_ok()
                && (of_lane as u64) < share
            {
                return Ok(self.admit(&mut state, lane));
            }
            self.queue(&mut state, lane)?
        };
        let longest = self.0.bounds.now().duration(Limit::Wait);
        let mut place = QueuePlace { gate: self, lane, turn: place };
        match timeout(longest, &mut place.turn).await {
            Ok(Ok(permit)) => Ok(permit),
            // The sender lives in the queue for as long as nobody was let in.
            Ok(Err(_)) => Err(Rejected::Full),
            Err(Elapsed { .. }) => {
                let waited = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
                let _ = self.0.bounds.check(Limit::Wait, waited.saturating_add(1));
                let limits = self.0.bounds.now();
                // Room that the lane may not use: then only operations of the same lane stand before this one.
                let is_room = limits.allows(Limit::Running, self.state().running as u64 + 1);
                Err(if is_room { Rejected::OwnTooLong } else { Rejected::TooLong })
            }
        }
    }

    fn admit(&self, state: &mut State, lane: Lane) -> Permit {
        state.running += 1;
        state.lanes.entry(lane).or_default().running += 1;
        Permit { gate: self.clone(), lane }
    }

    fn queue(&self, state: &mut State, lane: Lane) -> Result<oneshot::Receiver<Permit>, Rejected> {
        let bounds = &self.0.bounds;
        let now = Instant::now();
        let stands = state.queued_since.is_some_and(|since| now - since > BURST_WINDOW);
        let counted = |waiting: usize, standing| waiting as u64 * if stands { standing } else { 1 } + 1;
        let of_lane = state.lanes.get(&lane).map_or(0, |queue| queue.waiting.len());
        // A lane with more than half of all that wait fills the queue, whether its own places are used up or not.
        let full = if of_lane * 2 > state.waiting { Rejected::OwnFull } else { Rejected::Full };
        bounds.check(Limit::WaitingOfOne, counted(of_lane, TENANT_OVERLOAD_DIVISOR)).map_err(|_| Rejected::OwnFull)?;
        bounds.check(Limit::Waiting, counted(state.waiting, OVERLOAD_DIVISOR)).map_err(|_| full)?;
        let queue = state.lanes.entry(lane).or_default();
        state.queued_since.get_or_insert(now);
        let (sender, receiver) = oneshot::channel();
        if queue.waiting.is_empty() {
            state.turns.push_back(lane);
        }
        queue.waiting.push_back(sender);
        state.waiting += 1;
        Ok(receiver)
    }

    /// Lets in as many as there is room for, a lane at a time. Whoever has left meanwhile gives their permit back.
    fn dispatch(&self, state: &mut State) -> Vec<Permit> {
        let limits = self.0.bounds.now();
        let mut unwanted = Vec::new();
        let mut passed_by = 0;
        while passed_by < state.turns.len() && limits.allows(Limit::Running, state.running as u64 + 1) {
            let Some(lane) = state.turns.pop_front() else { break };
            let share = state.tenant_share(&limits, lane);
            let queue = state.lanes.entry(lane).or_default();
            if queue.running as u64 >= share {
                state.turns.push_back(lane);
                passed_by += 1;
                continue;
            }
            passed_by = 0;
            let next = queue.waiting.pop_front();
            if !queue.waiting.is_empty() {
                state.turns.push_back(lane);
            }
            if let Some(next) = next {
                state.waiting -= 1;
                let permit = self.admit(state, lane);
                unwanted.extend(next.send(permit).err());
            }
        }
        unwanted
    }
}

impl State {
    /// How many of a lane may run beside the others that are there: together never fewer than one might by itself.
    fn tenant_share(&self, limits: &Limits, lane: Lane) -> u64 {
        let lanes = self.lanes.len() + usize::from(!self.lanes.contains_key(&lane));
        limits.of(Limit::RunningOfOne).allowed().div_ceil(lanes as u64)
    }

    /// Forgets what nobody is in any more.
    fn forget_if_empty(&mut self, lane: Lane) {
        if self.waiting == 0 {
            self.queued_since = None;
        }
        if self.lanes.get(&lane).is_some_and(|queue| queue.running == 0 && queue.waiting.is_empty()) {
            self.lanes.remove(&lane);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let unwanted = {
            let mut state = self.gate.state();
            state.running -= 1;
            if let Some(queue) = state.lanes.get_mut(&self.lane) {
                queue.running -= 1;
            }
            // Before anybody's share is reckoned, and after those have gone on who waited here.
            state.forget_if_empty(self.lane);
            let unwanted = self.gate.dispatch(&mut state);
            state.forget_if_empty(self.lane);
            unwanted
        };
        // Each locks the gate anew.
        drop(unwanted);
    }
}

/// Somebody's place in a queue. Whoever leaves it makes room for another.
struct QueuePlace<'a> {
    gate: &'a FairScheduler,
    lane: Lane,
    turn: oneshot::Receiver<Permit>,
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        self.turn.close();
        // Let in at the very moment of leaving: given back when this ends, behind the lock.
        let _unwanted = self.turn.try_recv();
        let mut state = self.gate.state();
        let State { lanes, waiting, turns, .. } = &mut *state;
        let Some(queue) = lanes.get_mut(&self.lane) else { return };
        let before = queue.waiting.len();
        queue.waiting.retain(|sender| !sender.is_closed());
        let left = before - queue.waiting.len();
        *waiting -= left;
        if left > 0 && queue.waiting.is_empty() {
            turns.retain(|lane| *lane != self.lane);
        }
        state.forget_if_empty(self.lane);
    }
}

#[cfg(test)]
mod tests;
