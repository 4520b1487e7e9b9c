//! Cache of figures across requests.
//!
//! Owns: the figures of a DSO over a range of whole days, by organization and by the organization's last change. May
//! use: the session, which reads that change from the database in each transaction. Invariant: a cached figure is
//! returned only to callers who see its DSO, and only if the database confirms, under row-level security and in the
//! same transaction, that its organization has not changed since.
//!
//! All rows that figures are computed from change together with an event in the organization's chain, under its lock.
//! So the hash of the last event that records a change shows whether anything can have changed, in any process. A hash
//! never recurs with other contents, as the chain's length does after a restore or a failover. The hash is read before
//! the figures. A change in between makes the figures newer than their key, never older.

use std::{
    any::{Any, TypeId},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lru::LruCache;
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use crate::{
    id::{DsoId, OrganizationId},
    row::{FromRow, Row},
    time::ComparisonPeriod,
};

/// Capacity in bytes: some ten thousand figures. The least recently used figures are evicted first.
const CAPACITY_BYTES: usize = 8 << 20;

/// Overhead of a cached figure in bytes.
const KEY_BYTES: usize = size_of::<CacheKey>() + 64;

/// The last change of an organization, as a digest of the database's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChangeToken([u8; 32]);

impl ChangeToken {
    /// `name` is none if there has been no change yet.
    fn of(name: Option<&str>) -> Self {
        Self(Sha256::digest(name.unwrap_or_default().as_bytes()).into())
    }
}

impl FromRow for ChangeToken {
    fn from_row(row: &Row) -> Result<Self, DbErr> {
        Ok(Self::of(row.get_by_name::<Option<String>>("changes")?.as_deref()))
    }
}

/// Cache counters since the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FigureCacheStats {
    /// Figures served from the cache.
    pub hits: u64,
    /// Cacheable figures that had to be read from the database.
    pub misses: u64,
}

/// A kind of figure that can be cached.
pub trait CachedFigure: Clone + Send + Sync + 'static {
    /// Size in bytes.
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// The cache. Clones share its contents.
#[derive(Clone, Default)]
pub(crate) struct FigureCache(Arc<Shared>);

#[derive(Default)]
pub(crate) struct Shared {
    figures: Mutex<Entries>,
    hits: AtomicU64,
    misses: AtomicU64,
}

pub(crate) struct Entries {
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
    pub(crate) fn get<T: CachedFigure>(&mut self, key: &CacheKey) -> Option<T> {
        self.by_key.get(key)?.figure.downcast_ref().cloned()
    }

    pub(crate) fn put<T: CachedFigure>(&mut self, key: CacheKey, figure: T) {
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
pub(crate) struct CacheKey {
    pub(crate) organization: OrganizationId,
    pub(crate) changes: ChangeToken,
    pub(crate) dso: DsoId,
    pub(crate) span: ComparisonPeriod,
    /// Type of the figure.
    pub(crate) kind: TypeId,
}

impl FigureCache {
    pub(crate) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts figures that were found, and figures that were not.
    pub(crate) fn count(&self, hits: usize, misses: usize) {
        self.0.hits.fetch_add(hits as u64, Ordering::Relaxed);
        self.0.misses.fetch_add(misses as u64, Ordering::Relaxed);
    }

    pub(crate) fn stats(&self) -> FigureCacheStats {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        FigureCacheStats { hits: count(&self.0.hits), misses: count(&self.0.misses) }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{id::TypedId, time::TimeRange};

    impl CachedFigure for [i64; 8] {}
    impl CachedFigure for [i64; 4] {}

    fn key(number: u128, changes: &str) -> CacheKey {
        let id = uuid::Uuid::from_u128(number);
        let range = TimeRange { from: DateTime::default(), until: DateTime::default() };
        let span = ComparisonPeriod { range, inactive_days: 1 };
        let (organization, dso) = (OrganizationId::from_uuid(id), DsoId::from_uuid(id));
        CacheKey { organization, changes: ChangeToken::of(Some(changes)), dso, span, kind: TypeId::of::<[i64; 8]>() }
    }

    #[test]
    fn least_recently_used_figures_are_evicted() {
        let mut figures = Entries::default();
        let figure = [0_i64; 8];
        for number in 0..40_000 {
            figures.put(key(number, "1"), figure);
            assert!(figures.get::<[i64; 8]>(&key(0, "1")).is_some(), "{number}: asked for each time");
        }
        assert!(figures.bytes <= CAPACITY_BYTES && figures.bytes > CAPACITY_BYTES / 2, "{}", figures.bytes);
        assert_eq!(figures.bytes, figures.by_key.len() * (figure.bytes() + KEY_BYTES));
        assert!(figures.get::<[i64; 8]>(&key(1, "1")).is_none());
        assert!(figures.get::<[i64; 8]>(&key(39_999, "1")).is_some());
    }

    #[test]
    fn a_figure_is_that_of_its_number_and_kind() {
        let mut figures = Entries::default();
        figures.put(key(1, "1"), [0_i64; 8]);
        figures.put(key(1, "1"), [0_i64; 8]);
        assert_eq!(figures.by_key.len(), 1);
        assert!(figures.get::<[i64; 8]>(&key(1, "2")).is_none());
        assert!(figures.get::<[i64; 4]>(&key(1, "1")).is_none());
    }
}
