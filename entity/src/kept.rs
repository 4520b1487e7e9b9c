//! Figures that are kept from one request to the next.
//!
//! Owns: what was read of a DSO over a range of whole days, by organization and by how many changes that had had. May use: the session,
//! which asks the database for that number in each transaction. Invariant: a figure is given to nobody who does not see its DSO, and
//! only where the database says, behind the wall and in the same transaction, that its organization was changed no more since.
//!
//! All that figures are made of is changed together with an event in the organization's chain, behind its lock: so the chain's length
//! says whether anything can have changed, whichever process did it. It is read before the figures are. What is changed in between makes
//! them newer than their number, and never older.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lru::LruCache;

use crate::{DsoId, Error, OrganizationId, Scope, Span, rollup::parts_of_days};

/// Figures that are kept: each is some half a kilobyte.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How many events an organization's chain has: it was changed so often, or looked at by somebody else's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Changes(pub(crate) i32);

/// How often what was done; from the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptFigures {
    /// Given out of memory.
    pub hits: u64,
    /// Read, though they might have been kept.
    pub misses: u64,
}

/// What is kept. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Keeping(Arc<Inner>);

struct Inner {
    figures: Mutex<LruCache<Key, Arc<dyn Any + Send + Sync>>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Default for Inner {
    fn default() -> Self {
        Self { figures: Mutex::new(LruCache::new(CAPACITY)), hits: AtomicU64::default(), misses: AtomicU64::default() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    organization: OrganizationId,
    changes: Changes,
    dso: DsoId,
    span: Span,
    /// What kind of figure.
    kind: TypeId,
}

/// A kind of figure of some DSOs, as far as it is kept.
pub struct Kept<T> {
    /// What was kept.
    pub found: HashMap<DsoId, T>,
    /// The DSOs of which it was not.
    pub missing: Vec<DsoId>,
    /// Where the rest is to be kept, if it may be.
    place: Option<Place>,
}

struct Place {
    changes: Changes,
    span: Span,
}

impl Keeping {
    fn figures(&self) -> MutexGuard<'_, LruCache<Key, Arc<dyn Any + Send + Sync>>> {
        self.0.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn told(&self) -> KeptFigures {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        KeptFigures { hits: count(&self.0.hits), misses: count(&self.0.misses) }
    }
}

impl<T: Clone + Send + Sync + 'static> Kept<T> {
    /// All of it: what was kept and what was missing, which `scope` has read after asking for the former. It is kept from here on.
    pub fn complete(self, scope: &Scope, read: impl IntoIterator<Item = (DsoId, T)>) -> HashMap<DsoId, T> {
        let Self { mut found, place, .. } = self;
        let mut figures = place.as_ref().map(|_| scope.keeping().figures());
        for (dso, figure) in read {
            if let (Some(figures), Some(place), Some(dso)) = (&mut figures, &place, scope.visible_dso(dso)) {
                figures.put(scope.key::<T>(dso, place), Arc::new(figure.clone()));
            }
            found.insert(dso, figure);
        }
        found
    }
}

impl Scope {
    /// What is kept of a kind of figure. Whoever reads the rest [completes](Kept::complete) it.
    ///
    /// A range that ends now is another with each request: of those that do not begin and end at midnight, UTC, nothing is kept.
    pub async fn kept<T: Clone + Send + Sync + 'static>(&self, dsos: &[DsoId], span: Span) -> Result<Kept<T>, Error> {
        if parts_of_days(&span.ranges()) > 0 {
            return Ok(Kept { found: HashMap::new(), missing: dsos.to_vec(), place: None });
        }
        let place = Place { changes: self.changes().await?, span };
        let (mut found, mut missing) = (HashMap::with_capacity(dsos.len()), Vec::new());
        let keeping = self.keeping();
        let mut figures = keeping.figures();
        for dso in dsos {
            let key = self.visible_dso(*dso).map(|dso| self.key::<T>(dso, &place));
            match key.and_then(|key| figures.get(&key)).and_then(|figure| figure.downcast_ref::<T>()) {
                Some(figure) => {
                    found.insert(*dso, figure.clone());
                }
                None => missing.push(*dso),
            }
        }
        drop(figures);
        keeping.0.hits.fetch_add(found.len() as u64, Ordering::Relaxed);
        keeping.0.misses.fetch_add(missing.len() as u64, Ordering::Relaxed);
        Ok(Kept { found, missing, place: Some(place) })
    }

    fn key<T: 'static>(&self, dso: DsoId, place: &Place) -> Key {
        let Place { changes, span } = *place;
        Key { organization: self.context().organization(), changes, dso, span, kind: TypeId::of::<T>() }
    }
}
