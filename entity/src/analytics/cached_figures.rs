//! Figures of an overview, read from the cache or from the database.
//!
//! Owns: which figures are cached, and under which key. May use: the scope, the cache. Invariant: a figure is read from the cache only for a
//! DSO that the scope sees, under the change token of the same transaction.

use std::{any::TypeId, collections::HashMap, sync::Arc};

use crate::{
    analytics::{
        overview::{ActivityCount, ContactCount, CourseCount},
        rollup::{SnapshotAt, parts_of_days},
    },
    db::figure_cache::{CacheKey, CachedFigure, ChangeToken},
    error::Error,
    id::DsoId,
    scope::Scope,
    time::ComparisonPeriod,
};

impl CachedFigure for [SnapshotAt; 2] {}
impl CachedFigure for Option<ContactCount> {}
impl CachedFigure for [Option<CourseCount>; 2] {}

impl<K: Send + Sync + 'static> CachedFigure for Arc<[ActivityCount<K>]> {
    fn bytes(&self) -> usize {
        size_of_val::<[_]>(self)
    }
}

/// Result of a cache lookup for one kind of figure and several DSOs.
pub struct CacheLookup<T> {
    /// Cached figures.
    pub found: HashMap<DsoId, T>,
    /// DSOs whose figures are not cached.
    pub missing: Vec<DsoId>,
    /// Where the missing figures are to be cached; none if they must not be cached.
    place: Option<CacheSlot>,
}

struct CacheSlot {
    changes: ChangeToken,
    span: ComparisonPeriod,
}

impl<T: CachedFigure> CacheLookup<T> {
    /// Returns all figures: the cached ones and the missing ones, which `scope` read after the lookup. The latter are
    /// cached from now on.
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
    /// Looks up one kind of figure in the cache. The caller reads the missing figures and passes them to
    /// [`CacheLookup::fill`].
    ///
    /// A range that ends now differs with each request: figures are cached only for ranges that begin and end at
    /// midnight, UTC.
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
        let cache = self.figure_cache();
        let mut figures = cache.entries();
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
        cache.count(found.len(), missing.len());
        Ok(CacheLookup { found, missing, place: Some(place) })
    }

    fn key<T: 'static>(&self, dso: DsoId, place: &CacheSlot) -> CacheKey {
        let CacheSlot { changes, span } = *place;
        CacheKey { organization: self.context().organization(), changes, dso, span, kind: TypeId::of::<T>() }
    }
}
