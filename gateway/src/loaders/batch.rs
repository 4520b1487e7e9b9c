//! One statement for all keys of a level.
//!
//! Owns: the batch functions on the `dataloader` crate. May use: the scope. Invariant: a batch is one statement for each
//! distinct listing in it; an error reaches every waiter of the batch.
//!
//! What reads is boxed: any resolver of a level may be the one that sends, and each of hundreds would carry the size of it.

#![expect(clippy::type_complexity, reason = "a noun's types are spelled where they are used")]

use std::{
    collections::HashMap,
    fmt::{self, Debug, Formatter},
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use dataloader::{BatchFn, cached::Loader};
use entity::{models::ColumnSet, queries::Resource, scope::Scope};
use uuid::Uuid;

use super::{FilterOf, ListingOf, OrderOf, ParentOf, RowOf, SharedPage, batch_barrier::BatchBarrier};
use crate::errors::ResolverError;

/// A page of one parent, or of the whole noun: then the parent is nil.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PageKey<U, L> {
    pub(super) under: Option<U>,
    pub(super) parent: Uuid,
    /// Shared: a key is kept in several places until it is answered.
    pub(super) listing: Arc<L>,
    /// Part of the key: a row that was read for fewer does not answer for more.
    pub(super) columns: ColumnSet,
}

/// The number of rows of one parent, or of the whole noun: then the parent is nil.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CountKey<U, F> {
    pub(super) under: Option<U>,
    pub(super) parent: Uuid,
    pub(super) filter: F,
}

// A key is hashed several times, and what is asked of a level's parents is mostly the same: they are told apart by the parent alone.
impl<U, L> Hash for PageKey<U, L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
    }
}

impl<U, F> Hash for CountKey<U, F> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
    }
}

// The loader's crate writes each key into a message about its loss before it looks whether it was lost: a few words, not a whole filter.
impl<U, L> Debug for PageKey<U, L> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }
}

impl<U, F> Debug for CountKey<U, F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a count")
    }
}

type PageKeyOf<N> = PageKey<ParentOf<N>, entity::queries::ListQuery<FilterOf<N>, OrderOf<N>>>;
type CountKeyOf<N> = CountKey<ParentOf<N>, FilterOf<N>>;
type Loaded<T> = Result<T, ResolverError>;

/// One noun's loaders.
pub(crate) struct ResourceLoaders<N: Resource> {
    pub(super) by_id: BarrierLoader<Uuid, Option<Arc<RowOf<N>>>, Batch<N>>,
    pub(super) pages: BarrierLoader<PageKeyOf<N>, SharedPage<N>, Batch<N>>,
    pub(super) counts: BarrierLoader<CountKeyOf<N>, u64, Batch<N>>,
}

impl<N: Resource> ResourceLoaders<N> {
    pub(super) fn new(scope: &Arc<Scope>, levels: &BatchBarrier) -> Self {
        Self {
            by_id: BarrierLoader::new(Batch::new(scope), levels),
            pages: BarrierLoader::new(Batch::new(scope), levels),
            counts: BarrierLoader::new(Batch::new(scope), levels),
        }
    }
}

/// A loader that sends when its level is complete, and not when somebody has waited long enough.
pub(crate) struct BarrierLoader<K, V, F>
where
    K: Eq + Hash + Clone,
    V: Clone,
    F: BatchFn<K, Loaded<V>>,
{
    loader: Loader<K, Loaded<V>, F>,
    levels: BatchBarrier,
    /// The keys of the level at hand.
    wanted: Mutex<Vec<K>>,
}

impl<K, V, F> BarrierLoader<K, V, F>
where
    K: Eq + Hash + Clone + Debug,
    V: Clone,
    F: BatchFn<K, Loaded<V>>,
{
    pub(super) fn new(batch: F, levels: &BatchBarrier) -> Self {
        // No upper bound, which would split a level, and no yielding: the level itself says when it is complete.
        let loader = Loader::new(batch).with_max_batch_size(usize::MAX).with_yield_count(0);
        Self { loader, levels: levels.clone(), wanted: Mutex::default() }
    }

    fn requested(&self) -> MutexGuard<'_, Vec<K>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer for a key, together with those for all other keys of its level.
    pub(super) async fn load(&self, key: K) -> Loaded<V> {
        self.requested().push(key.clone());
        self.send().await;
        self.distribute(key).await
    }

    /// The answers for several keys, in their order.
    pub(super) async fn load_all(&self, keys: Vec<K>) -> Loaded<Vec<V>> {
        self.requested().extend(keys.iter().cloned());
        self.send().await;
        let mut answers = Vec::with_capacity(keys.len());
        for key in keys {
            answers.push(self.distribute(key).await?);
        }
        Ok(answers)
    }

    /// Until the level's keys are answered.
    async fn send(&self) {
        self.levels.wait().await;
        let _sending = self.levels.in_flight();
        // Whoever goes on first takes all keys along; the others find theirs answered.
        let wanted = std::mem::take(&mut *self.requested());
        if !wanted.is_empty() {
            // What it gives back is kept by the loader, and asked for key by key.
            let _ = self.loader.try_load_many(wanted).await;
        }
    }

    async fn distribute(&self, key: K) -> Loaded<V> {
        // If the resolver that was sending is dropped midway, the others are told "not found": they ask once more.
        if let Ok(loaded) = self.loader.try_load(key.clone()).await {
            return loaded;
        }
        self.loader.try_load(key).await.unwrap_or(Err(ResolverError::Internal))
    }
}

/// What sends a batch: a scope, as its noun.
pub(crate) struct Batch<N> {
    scope: Arc<Scope>,
    noun: std::marker::PhantomData<N>,
}

impl<N> Batch<N> {
    fn new(scope: &Arc<Scope>) -> Self {
        Self { scope: Arc::clone(scope), noun: std::marker::PhantomData }
    }
}

impl<N: Resource> BatchFn<Uuid, Loaded<Option<Arc<RowOf<N>>>>> for Batch<N> {
    async fn load(&mut self, ids: &[Uuid]) -> HashMap<Uuid, Loaded<Option<Arc<RowOf<N>>>>> {
        match Box::pin(self.scope.by_ids::<N>(ids)).await {
            Ok(mut rows) => ids.iter().map(|id| (*id, Ok(rows.remove(id).map(Arc::new)))).collect(),
            Err(error) => failed(ids, &error.into()),
        }
    }
}

impl<N: Resource> BatchFn<PageKeyOf<N>, Loaded<SharedPage<N>>> for Batch<N> {
    async fn load(&mut self, keys: &[PageKeyOf<N>]) -> HashMap<PageKeyOf<N>, Loaded<SharedPage<N>>> {
        let mut groups: HashMap<(Option<ParentOf<N>>, &ListingOf<N>), Vec<&PageKeyOf<N>>> = HashMap::new();
        for key in keys {
            groups.entry((key.under, &*key.listing)).or_default().push(key);
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((under, listing), keys) in groups {
            // One statement also for those who look at different columns: what anybody looks at is read for all.
            let columns = keys.iter().fold(ColumnSet::MINIMAL, |columns, key| columns.union(key.columns));
            let mut parents: Vec<_> = keys.iter().map(|key| key.parent).collect();
            parents.sort_unstable();
            parents.dedup();
            let read = if let Some(under) = under {
                Box::pin(self.scope.pages_by_parent::<N>(under, &parents, listing, columns)).await
            } else {
                let page = Box::pin(self.scope.page::<N>(listing, columns)).await;
                page.map(|page| HashMap::from([(Uuid::nil(), page)]))
            };
            match read {
                Ok(pages) => {
                    let pages: HashMap<_, _> =
                        pages.into_iter().map(|(parent, page)| (parent, Arc::new(page))).collect();
                    let of = |key: &PageKeyOf<N>| Some((key.clone(), Ok(Arc::clone(pages.get(&key.parent)?))));
                    loaded.extend(keys.into_iter().filter_map(of));
                }
                Err(error) => {
                    let fault = ResolverError::from(error);
                    loaded.extend(keys.into_iter().map(|key| (key.clone(), Err(fault.clone()))));
                }
            }
        }
        loaded
    }
}

impl<N: Resource> BatchFn<CountKeyOf<N>, Loaded<u64>> for Batch<N> {
    async fn load(&mut self, keys: &[CountKeyOf<N>]) -> HashMap<CountKeyOf<N>, Loaded<u64>> {
        let mut groups: HashMap<(Option<ParentOf<N>>, &FilterOf<N>), Vec<Uuid>> = HashMap::new();
        for key in keys {
            groups.entry((key.under, &key.filter)).or_default().push(key.parent);
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((under, filter), parents) in groups {
            let key = |parent| CountKey { under, parent, filter: filter.clone() };
            let read = if let Some(under) = under {
                Box::pin(self.scope.count_by_parent::<N>(under, &parents, filter)).await
            } else {
                let count = Box::pin(self.scope.count::<N>(filter)).await;
                count.map(|count| HashMap::from([(Uuid::nil(), count)]))
            };
            match read {
                Ok(counts) => loaded.extend(counts.into_iter().map(|(parent, count)| (key(parent), Ok(count)))),
                Err(error) => {
                    let fault = ResolverError::from(error);
                    loaded.extend(parents.into_iter().map(|parent| (key(parent), Err(fault.clone()))));
                }
            }
        }
        loaded
    }
}

fn failed<K: Eq + Hash + Copy, V>(keys: &[K], fault: &ResolverError) -> HashMap<K, Loaded<V>> {
    keys.iter().map(|key| (*key, Err(fault.clone()))).collect()
}
