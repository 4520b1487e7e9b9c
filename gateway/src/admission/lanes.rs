//! Where people were let in.
//!
//! Owns: a bounded memory of the organization that each way of asking has led to. May use: nothing. Invariant: it decides about the order
//! of operations and about nothing else; who was let in nowhere has no place in it.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use entity::{OrganizationId, Principal, Selector};
use lru::LruCache;

use super::Lane;

/// How many ways of asking are remembered.
const CAPACITY: usize = 65_536;

/// A person and what they ask for, as a number that nobody outside can foresee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

#[derive(Debug)]
pub(super) struct Lanes {
    hasher: RandomState,
    known: Mutex<LruCache<Mark, OrganizationId>>,
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

    pub(super) fn of(&self, mark: Mark) -> Lane {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&mark).map_or(Lane::Newcomers, |organization| Lane::Of(*organization))
    }

    /// Remembers where they were let in, or forgets it.
    pub(super) fn keep(&self, mark: Mark, organization: Option<OrganizationId>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(organization) = organization else {
            known.pop(&mark);
            return;
        };
        known.put(mark, organization);
        if known.len() > CAPACITY {
            known.pop_lru();
        }
    }
}
