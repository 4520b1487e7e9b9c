//! What mutations did.
//!
//! Owns: the record of one request's root fields, which is stored under an idempotency key and read by a replay. May use:
//! nothing of the schema. Invariant: it holds ids, user errors and the texts of refusals, and never a field of a row; a
//! replay runs no mutation.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

/// What came of one root field of a mutation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MutationOutcome {
    /// It was done. The ids find again what its payload showed; none, if it showed nothing.
    Done(Option<Vec<String>>),
    /// Its author can mend these.
    Invalid(Vec<RecordedProblem>),
    /// It has no payload: it was refused, or has failed.
    NoPayload,
}

/// A user error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordedProblem {
    /// As the schema spells it.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) field: Vec<String>,
}

/// The outcomes of one request.
#[derive(Debug, Default)]
pub(crate) struct MutationOutcomes(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    /// Nothing is recorded.
    #[default]
    Off,
    /// The mutations are run for the first time.
    Recording(Vec<MutationOutcome>),
    /// They were run before, with these outcomes.
    Replaying(VecDeque<MutationOutcome>),
}

impl MutationOutcomes {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, outcomes are recorded.
    pub(crate) fn start(&self) {
        *self.state() = State::Recording(Vec::new());
    }

    /// From now on, these outcomes stand for the mutations, in their order.
    pub(crate) fn replay(&self, outcomes: Vec<MutationOutcome>) {
        *self.state() = State::Replaying(outcomes.into());
    }

    /// What was recorded.
    pub(crate) fn recorded(&self) -> Vec<MutationOutcome> {
        match &*self.state() {
            State::Recording(outcomes) => outcomes.clone(),
            State::Off | State::Replaying(_) => Vec::new(),
        }
    }

    /// Records the outcome of the root field that has just been run.
    pub(crate) fn record(&self, outcome: impl FnOnce() -> MutationOutcome) {
        if let State::Recording(outcomes) = &mut *self.state() {
            outcomes.push(outcome());
        }
    }

    /// The outcome of the root field that is asked for next; none, if it is to be run.
    pub(crate) fn next(&self) -> Option<MutationOutcome> {
        match &mut *self.state() {
            // Whatever is asked for beyond what is known, a replay runs nothing.
            State::Replaying(outcomes) => Some(outcomes.pop_front().unwrap_or(MutationOutcome::NoPayload)),
            State::Off | State::Recording(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_gives_what_was_recorded_in_its_order_and_then_runs_nothing() {
        let outcomes = MutationOutcomes::default();
        outcomes.record(|| MutationOutcome::NoPayload);
        assert_eq!((outcomes.recorded(), outcomes.next()), (Vec::new(), None), "without a key, nothing is recorded");
        outcomes.start();
        let all = [
            MutationOutcome::Done(Some(vec!["doc_1".to_owned()])),
            MutationOutcome::Invalid(Vec::new()),
            MutationOutcome::NoPayload,
        ];
        for outcome in &all {
            outcomes.record(|| outcome.clone());
        }
        assert_eq!((outcomes.recorded(), outcomes.next()), (all.to_vec(), None));
        outcomes.replay(all.to_vec());
        assert_eq!(
            [(); 4].map(|()| outcomes.next()),
            [
                Some(all[0].clone()),
                Some(all[1].clone()),
                Some(MutationOutcome::NoPayload),
                Some(MutationOutcome::NoPayload)
            ]
        );
    }
}
