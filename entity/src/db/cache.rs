//! What entering has read lately.
//!
//! Owns: the answers of `app_enter`, by person and wanted organization. May use: nothing but memory. Invariant: it answers only
//! while it is open, and it is open only while the keeper's lock keeps everybody from changing what entering reads; what was
//! read before it was last closed is not in it.
//!
//! Only what is asked of nobody else is answered out of it: a request that reads rows is let in by PostgreSQL itself, in the
//! transaction that reads them.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use lru::LruCache;

use super::{choose::Selector, told::Told};
use crate::Principal;

/// People and organizations that are remembered: each is some hundred bytes, and a few DSOs.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How often what was done; from the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Answered out of memory.
    pub hits: u64,
    /// Asked of the database, though it might have been remembered.
    pub misses: u64,
    /// Forgotten, all at once.
    pub closings: u64,
}

/// The cache. Clones share it.
#[derive(Clone, Default)]
pub(super) struct ContextCache(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    hits: AtomicU64,
    misses: AtomicU64,
    closings: AtomicU64,
}

struct State {
    open_until: Option<Instant>,
    era: Era,
    told: LruCache<Key, Arc<[Told]>>,
}

impl Default for State {
    fn default() -> Self {
        Self { open_until: None, era: Era(0), told: LruCache::new(CAPACITY) }
    }
}

/// From one closing to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Era(u64);

/// Who asks, and for which organization. The address, too: PostgreSQL is told it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    issuer: String,
    subject: String,
    email: Option<String>,
    selector: Selector,
}

impl Key {
    pub(super) fn new(principal: &Principal, selector: &Selector) -> Self {
        Self {
            issuer: principal.issuer().to_owned(),
            subject: principal.subject().to_owned(),
            email: principal.email().map(|email| email.normal().to_owned()),
            selector: selector.clone(),
        }
    }
}

impl ContextCache {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock is held: what is read from here on may be remembered, for the time being until then.
    pub(super) fn open(&self, until: Instant) {
        self.state().open_until = Some(until);
    }

    /// Forgets everything, before the lock is given up or because it is lost.
    pub(super) fn close(&self) {
        let mut state = self.state();
        if state.open_until.take().is_some() {
            state.era = Era(state.era.0 + 1);
            state.told.clear();
            self.0.closings.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What is remembered; or, if it is open, the era of what is going to be read now.
    pub(super) fn get(&self, key: &Key) -> Result<Arc<[Told]>, Option<Era>> {
        let mut state = self.state();
        if state.open_until.is_none_or(|until| until <= Instant::now()) {
            return Err(None);
        }
        let found = state.told.get(key).map(Arc::clone);
        let counter = if found.is_some() { &self.0.hits } else { &self.0.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found.ok_or(Some(state.era))
    }

    /// Remembers what was read in an era, if that still lasts.
    pub(super) fn put(&self, era: Era, key: Key, told: Arc<[Told]>) {
        let mut state = self.state();
        if state.open_until.is_some() && state.era == era {
            state.told.put(key, told);
        }
    }

    /// Forgets one answer, after a change of what nobody waits for.
    pub(super) fn forget(&self, key: &Key) {
        self.state().told.pop(key);
    }

    pub(super) fn figures(&self) -> CacheFigures {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheFigures { hits: count(&self.0.hits), misses: count(&self.0.misses), closings: count(&self.0.closings) }
    }
}
