//! Figures that are kept from one request to the next.
//!
//! Owns: what was read of a DSO over a range of whole days, by organization and by its last change. May use: the session, which asks the
//! database for that change in each transaction. Invariant: a figure is given only to callers who see its DSO, and only where the database
//! says, behind the wall and in the same transaction, that its organization was not changed since.
//!
//! All that figures are made of is changed together with an event in the organization's chain, behind its lock: so the hash of the last
//! event that tells of a change says whether anything can have changed, whichever process did it. A hash does not come again with other
//! contents, as the chain's length does after a restore or a failover. It is read before the figures are. What is changed in between makes
//! them newer than their key, and never older.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lru::LruCache;
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use crate::{
    ActivityCount, ComparisonPeriod, ContactCount, CourseCount, DsoId, DsoStood, Error, OrganizationId, Scope,
    rollup::parts_of_days,
    row::{FromRow, Row},
};

/// What is kept, in bytes: some ten thousand figures. Whatever was not asked for longest goes first.
const CAPACITY_BYTES: usize = 8 << 20;

/// What a figure takes beside itself.
const KEY_BYTES: usize = size_of::<CacheKey>() + 64;

/// The last change of an organization, as a digest of what the database names it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChangeToken([u8; 32]);

impl ChangeToken {
    /// None where there was no change yet.
    fn of(name: Option<&str>) -> Self {
        Self(Sha256::digest(name.unwrap_or_default().as_bytes()).into())
    }
}

impl FromRow for ChangeToken {
    fn from_row(row: &Row) -> Result<Self, DbErr> {
        Ok(Self::of(row.get_by_name::<Option<String>>("changes")?.as_deref()))
    }
}

/// How often what was done; from the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FigureCacheStats {
    /// Given out of memory.
    pub hits: u64,
    /// Read, though they might have been kept.
    pub misses: u64,
}

/// A kind of figure that can be kept.
pub trait CachedFigure: Clone + Send + Sync + 'static {
    /// How much it takes.
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

impl CachedFigure for [DsoStood; 2] {}
impl CachedFigure for Option<ContactCount> {}
impl CachedFigure for [Option<CourseCount>; 2] {}

impl<K: Send + Sync + 'static> CachedFigure for Arc<[ActivityCount<K>]> {
    fn bytes(&self) -> usize {
        size_of_val::<[_]>(self)
    }
}

/// What is kept. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct FigureCache(Arc<Shared>);

#[derive(Default)]
struct Shared {
    figures: Mutex<Entries>,
    hits: AtomicU64,
    misses: AtomicU64,
}

struct Entries {
    by_key: LruCache<CacheKey, Entry>,
    bytes: usize,
}

struct Entry {
    figure: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

impl Default for Entries {
    fn default() -> Self {
        Self { by_key: LruCache::unbounded(), bytes: 0 }
    }
}

impl Entries {
    fn get<T: CachedFigure>(&mut self, key: &CacheKey) -> Option<T> {
        self.by_key.get(key)?.figure.downcast_ref().cloned()
    }

    fn put<T: CachedFigure>(&mut self, key: CacheKey, figure: T) {
        let bytes = figure.bytes() + KEY_BYTES;
        self.bytes += bytes;
        let before = self.by_key.put(key, Entry { figure: Arc::new(figure), bytes });
        self.bytes -= before.map_or(0, |before| before.bytes);
        while self.bytes > CAPACITY_BYTES {
            let Some((_, oldest)) = self.by_key.pop_lru() else { break };
            self.bytes -= oldest.bytes;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct CacheKey {
    organization: OrganizationId,
    changes: ChangeToken,
    dso: DsoId,
    span: ComparisonPeriod,
    /// What kind of figure.
    kind: TypeId,
}

/// A kind of figure of some DSOs, as far as it is kept.
pub struct CacheLookup<T> {
    /// What was kept.
    pub found: HashMap<DsoId, T>,
    /// The DSOs of which it was not.
    pub missing: Vec<DsoId>,
    /// Where the rest is to be kept, if it may be.
    place: Option<CacheSlot>,
}

struct CacheSlot {
    changes: ChangeToken,
    span: ComparisonPeriod,
}

impl FigureCache {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stats(&self) -> FigureCacheStats {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        FigureCacheStats { hits: count(&self.0.hits), misses: count(&self.0.misses) }
    }
}

impl<T: CachedFigure> CacheLookup<T> {
    /// All of it: what was kept and what was missing, which `scope` has read after asking for the former. It is kept from here on.
    pub fn fill(self, scope: &Scope, read: impl IntoIterator<Item = (DsoId, T)>) -> HashMap<DsoId, T> {
        let Self { mut found, place, .. } = self;
        let mut figures = place.as_ref().map(|_| scope.figure_cache().entries());
        for (dso, figure) in read {
            if let (Some(figures), Some(place), Some(dso)) = (&mut figures, &place, scope.visible_dso(dso)) {
                figures.put(scope.key::<T>(dso, place), figure.clone());
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
    pub async fn cached_figures<T: CachedFigure>(
        &self,
        dsos: &[DsoId],
        span: ComparisonPeriod,
    ) -> Result<CacheLookup<T>, Error> {
        if parts_of_days(&span.ranges()) > 0 {
            return Ok(CacheLookup { found: HashMap::new(), missing: dsos.to_vec(), place: None });
        }
        let place = CacheSlot { changes: self.change_token().await?, span };
        let (mut found, mut missing) = (HashMap::with_capacity(dsos.len()), Vec::new());
        let keeping = self.figure_cache();
        let mut figures = keeping.entries();
        for dso in dsos {
            let key = self.visible_dso(*dso).map(|dso| self.key::<T>(dso, &place));
            match key.and_then(|key| figures.get::<T>(&key)) {
                Some(figure) => {
                    found.insert(*dso, figure);
                }
                None => missing.push(*dso),
            }
        }
        drop(figures);
        keeping.0.hits.fetch_add(found.len() as u64, Ordering::Relaxed);
        keeping.0.misses.fetch_add(missing.len() as u64, Ordering::Relaxed);
        Ok(CacheLookup { found, missing, place: Some(place) })
    }

    fn key<T: 'static>(&self, dso: DsoId, place: &CacheSlot) -> CacheKey {
        let CacheSlot { changes, span } = *place;
        CacheKey { organization: self.context().organization(), changes, dso, span, kind: TypeId::of::<T>() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{TimeRange, TypedId};

    fn key(number: u128, changes: &str) -> CacheKey {
        let id = uuid::Uuid::from_u128(number);
        let range = TimeRange { from: DateTime::default(), until: DateTime::default() };
        let span = ComparisonPeriod { range, inactive_days: 1 };
        let (organization, dso) = (OrganizationId::from_uuid(id), DsoId::from_uuid(id));
        CacheKey {
            organization,
            changes: ChangeToken::of(Some(changes)),
            dso,
            span,
            kind: TypeId::of::<[DsoStood; 2]>(),
        }
    }

    #[test]
    fn what_was_not_asked_for_longest_goes_when_there_is_too_much() {
        let mut figures = Entries::default();
        let figure = [DsoStood::default(); 2];
        for number in 0..40_000 {
            figures.put(key(number, "1"), figure);
            assert!(figures.get::<[DsoStood; 2]>(&key(0, "1")).is_some(), "{number}: asked for each time");
        }
        assert!(figures.bytes <= CAPACITY_BYTES && figures.bytes > CAPACITY_BYTES / 2, "{}", figures.bytes);
        assert_eq!(figures.bytes, figures.by_key.len() * (figure.bytes() + KEY_BYTES));
        assert!(figures.get::<[DsoStood; 2]>(&key(1, "1")).is_none());
        assert!(figures.get::<[DsoStood; 2]>(&key(39_999, "1")).is_some());
    }

    #[test]
    fn a_figure_is_that_of_its_number_and_kind() {
        let mut figures = Entries::default();
        figures.put(key(1, "1"), [DsoStood::default(); 2]);
        figures.put(key(1, "1"), [DsoStood::default(); 2]);
        assert_eq!(figures.by_key.len(), 1);
        assert!(figures.get::<[DsoStood; 2]>(&key(1, "2")).is_none());
        assert!(figures.get::<Option<ContactCount>>(&key(1, "1")).is_none());
    }
}
