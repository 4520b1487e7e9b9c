//! Where people were let in.
//!
//! Owns: a bounded cache of the user and the organization that each way of asking has led to. May use: nothing. Invariant: it decides about
//! the order of operations and about nothing else; beside that, the log names by it who was refused before the database was asked.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use entity::{Entry, OrganizationId, Principal, Selector, UserId};
use lru::LruCache;

use super::Lane;

/// How many ways of asking are remembered.
const CAPACITY: usize = 65_536;

/// A person and what they ask for, as a number that nobody outside can foresee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

/// What entering has last found for a way of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub user: Option<UserId>,
    /// The organization that has let them in.
    pub organization: Option<OrganizationId>,
}

impl Known {
    /// What an entry says.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            user: entry.person.as_ref().map(|person| person.id),
            organization: entry.scope.as_ref().ok().map(|scope| scope.context().organization()),
        }
    }

    pub(super) fn lane(self) -> Lane {
        self.organization.map_or(Lane::Newcomers, Lane::Of)
    }
}

#[derive(Debug)]
pub(super) struct Lanes {
    hasher: RandomState,
    known: Mutex<LruCache<Mark, Known>>,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { hasher: RandomState::new(), known: Mutex::new(LruCache::unbounded()) }
    }
}

impl Lanes {
    pub(super) fn mark(&self, principal: &Principal, selector: &Selector) -> Mark {
        Mark(self.hasher.hash_one((principal.issuer(), principal.subject(), principal.organization_claim(), selector)))
    }

    pub(super) fn of(&self, mark: Mark) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&mark).copied().unwrap_or_default()
    }

    /// Keeps where they were let in; an entry for a person of whom nothing is known is removed.
    pub(super) fn keep(&self, mark: Mark, found: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if found == Known::default() {
            known.pop(&mark);
            return;
        }
        known.put(mark, found);
        if known.len() > CAPACITY {
            known.pop_lru();
        }
    }
}
