//! The figures of overviews.
//!
//! Owns: five loaders, one for each kind of figure, so that what is not asked for is not read. May use: the scope.
//! Invariant: one statement a kind and span (two for activities whose range begins or ends within a day), whatever the
//! number of DSOs, and none where all of it is kept.

use std::{
    collections::HashMap,
    fmt::{self, Debug, Formatter},
    hash::{Hash, Hasher},
    sync::Arc,
};

use dataloader::BatchFn;
use entity::{
    analytics::{ActivityCount, ContactCount, CourseCount, SnapshotAt},
    error::Error,
    id::{DsoId, MemberId},
    models::ActivityKind,
    scope::Scope,
    time::ComparisonPeriod,
};

use super::batch::BarrierLoader;
use super::batch_barrier::BatchBarrier;
use crate::errors::ResolverError;

/// One DSO's figures over one span.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FigureKey {
    pub(crate) dso: DsoId,
    pub(crate) span: ComparisonPeriod,
}

// As in `batch`: a key is hashed several times, and the spans of a request are few.
impl Hash for FigureKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.dso.hash(state);
    }
}

// As in `batch`: a few words for a message that the loader's crate writes for each key. (Measured: a twentieth of a dashboard.)
impl Debug for FigureKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a figure")
    }
}

/// How a DSO stood at the end of the range, and at its beginning.
pub(crate) type Snapshots = [SnapshotAt; 2];
/// A DSO's activities by kind.
pub(crate) type ActivityByKind = Arc<[ActivityCount<ActivityKind>]>;
/// A DSO's activities by actor.
pub(crate) type ActivityByActor = Arc<[ActivityCount<Option<MemberId>>]>;
/// What a DSO taught in the range, and in the one before.
pub(crate) type CourseCounts = [Option<CourseCount>; 2];

type Loaded<T> = Result<T, ResolverError>;

/// A kind of figure.
pub(crate) trait Figure: entity::db::CachedFigure {
    /// Reads it for DSOs over one span; a DSO without any is left out.
    fn read(
        scope: &Scope,
        dsos: &[DsoId],
        span: ComparisonPeriod,
    ) -> impl Future<Output = Result<HashMap<DsoId, Self>, Error>> + Send;

    /// What a DSO has that was left out.
    fn empty() -> Self;

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self>;
}

/// A kind of figure of each of these DSOs: what is kept of it, and what is missing read, in one statement.
async fn figures<T: Figure>(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, T>, Error> {
    let kept = scope.cached_figures::<T>(dsos, span).await?;
    if kept.missing.is_empty() {
        return Ok(kept.found);
    }
    let mut read = T::read(scope, &kept.missing, span).await?;
    let each: Vec<_> = kept.missing.iter().map(|dso| (*dso, read.remove(dso).unwrap_or_else(T::empty))).collect();
    Ok(kept.fill(scope, each))
}

/// Reads figures for a scope.
pub(crate) struct Figures(Arc<Scope>);

pub(crate) type FigureLoader<T> = BarrierLoader<FigureKey, T, Figures>;

impl<T: Figure> BatchFn<FigureKey, Loaded<T>> for Figures {
    async fn load(&mut self, keys: &[FigureKey]) -> HashMap<FigureKey, Loaded<T>> {
        let mut spans: HashMap<ComparisonPeriod, Vec<DsoId>> = HashMap::new();
        for key in keys {
            spans.entry(key.span).or_default().push(key.dso);
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for (span, dsos) in spans {
            // Boxed, as in `batch`.
            match Box::pin(figures::<T>(&self.0, &dsos, span)).await {
                Ok(figures) => {
                    loaded.extend(figures.into_iter().map(|(dso, figure)| (FigureKey { dso, span }, Ok(figure))));
                }
                Err(error) => {
                    let fault = ResolverError::from(error);
                    loaded.extend(dsos.into_iter().map(|dso| (FigureKey { dso, span }, Err(fault.clone()))));
                }
            }
        }
        loaded
    }
}

/// The loaders of one request.
pub(crate) struct OverviewLoaders {
    stood: FigureLoader<Snapshots>,
    kinds: FigureLoader<ActivityByKind>,
    actors: FigureLoader<ActivityByActor>,
    contacts: FigureLoader<Option<ContactCount>>,
    taught: FigureLoader<CourseCounts>,
}

impl OverviewLoaders {
    pub(super) fn new(scope: &Arc<Scope>, levels: &BatchBarrier) -> Self {
        let figures = || Figures(Arc::clone(scope));
        Self {
            stood: BarrierLoader::new(figures(), levels),
            kinds: BarrierLoader::new(figures(), levels),
            actors: BarrierLoader::new(figures(), levels),
            contacts: BarrierLoader::new(figures(), levels),
            taught: BarrierLoader::new(figures(), levels),
        }
    }

    /// A kind of figure of each of these DSOs.
    pub(crate) async fn all<T: Figure>(&self, dsos: &[DsoId], span: ComparisonPeriod) -> Result<Vec<T>, ResolverError> {
        T::loader(self).load_all(dsos.iter().map(|dso| FigureKey { dso: *dso, span }).collect()).await
    }
}

impl Figure for Snapshots {
    async fn read(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, Self>, Error> {
        let times = [span.range.until, span.range.from];
        let found = scope.snapshots(dsos, &times).await?;
        let at = |dso: &DsoId| times.map(|time| found.get(&(*dso, time)).copied().unwrap_or_default());
        Ok(dsos.iter().map(|dso| (*dso, at(dso))).collect())
    }

    fn empty() -> Self {
        Self::default()
    }

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self> {
        &all.stood
    }
}

/// Counts by their DSO.
fn by_dso<K>(counts: Vec<ActivityCount<K>>) -> HashMap<DsoId, Arc<[ActivityCount<K>]>> {
    let mut of: HashMap<DsoId, Vec<ActivityCount<K>>> = HashMap::new();
    for count in counts {
        of.entry(count.dso_id).or_default().push(count);
    }
    of.into_iter().map(|(dso, counts)| (dso, counts.into())).collect()
}

impl Figure for ActivityByKind {
    async fn read(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, Self>, Error> {
        Ok(by_dso(scope.activities_by_kind(dsos, &span.ranges()).await?))
    }

    fn empty() -> Self {
        Self::default()
    }

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self> {
        &all.kinds
    }
}

impl Figure for ActivityByActor {
    async fn read(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, Self>, Error> {
        Ok(by_dso(scope.activities_by_actor(dsos, &span.ranges()).await?))
    }

    fn empty() -> Self {
        Self::default()
    }

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self> {
        &all.actors
    }
}

impl Figure for Option<ContactCount> {
    async fn read(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, Self>, Error> {
        let counts = scope.contact_counts(dsos, span).await?;
        Ok(counts.into_iter().map(|count| (count.dso_id, Some(count))).collect())
    }

    fn empty() -> Self {
        None
    }

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self> {
        &all.contacts
    }
}

impl Figure for CourseCounts {
    async fn read(scope: &Scope, dsos: &[DsoId], span: ComparisonPeriod) -> Result<HashMap<DsoId, Self>, Error> {
        let mut taught: HashMap<DsoId, Self> = HashMap::new();
        for count in scope.course_counts(dsos, span.ranges()).await? {
            let place = usize::from(count.place == 1);
            taught.entry(count.dso_id).or_default()[place] = Some(count);
        }
        Ok(taught)
    }

    fn empty() -> Self {
        Self::default()
    }

    fn loader(all: &OverviewLoaders) -> &FigureLoader<Self> {
        &all.taught
    }
}
