//! Where people were let in.
//!
//! Owns: a bounded cache of the user and the organization that each way of asking has led to. May use: nothing. Invariant: it decides about
//! the order of operations and about nothing else; beside that, the log names by it who was refused before the database was asked.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use entity::{
    auth::Principal,
    id::{OrganizationId, UserId},
    membership::{EnterResult, Selector},
};
use lru::LruCache;

use super::Lane;

/// How many ways of asking are remembered.
const CAPACITY: usize = 65_536;

/// A person and what they ask for, as a number that nobody outside can foresee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HintKey(u64);

/// What entering has last found for a way of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantHint {
    /// The person.
    pub user: Option<UserId>,
    /// The organization that has let them in.
    pub organization: Option<OrganizationId>,
}

impl TenantHint {
    /// What an entry says.
    #[must_use]
    pub fn of(entry: &EnterResult) -> Self {
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
pub(super) struct TenantHints {
    hasher: RandomState,
    known: Mutex<LruCache<HintKey, TenantHint>>,
}

impl Default for TenantHints {
    fn default() -> Self {
        Self { hasher: RandomState::new(), known: Mutex::new(LruCache::unbounded()) }
    }
}

impl TenantHints {
    pub(super) fn hint_key(&self, principal: &Principal, selector: &Selector) -> HintKey {
        HintKey(self.hasher.hash_one((
            principal.issuer(),
            principal.subject(),
            principal.organization_claim(),
            selector,
        )))
    }

    pub(super) fn of(&self, mark: HintKey) -> TenantHint {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&mark).copied().unwrap_or_default()
    }

    /// Keeps where they were let in; an entry for a person of whom nothing is known is removed.
    pub(super) fn remember(&self, mark: HintKey, found: TenantHint) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if found == TenantHint::default() {
            known.pop(&mark);
            return;
        }
        known.put(mark, found);
        if known.len() > CAPACITY {
            known.pop_lru();
        }
    }
}
