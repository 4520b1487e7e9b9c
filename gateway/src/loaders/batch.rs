//! One statement for all keys of a level.
//!
//! Owns: the batch functions on the `dataloader` crate. May use: the scope. Invariant: a batch is one statement for each
//! distinct listing in it; an error reaches every waiter of the batch.

#![expect(clippy::type_complexity, reason = "a noun's types are spelled where they are used")]

use std::{collections::HashMap, fmt::Debug, hash::Hash, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use entity::{Noun, Page, Scope};
use uuid::Uuid;

use super::{FilterOf, ListingOf, OrderOf, RowOf, SharedPage, UnderOf};
use crate::graphql::Fault;

/// A page of one parent, or of the whole noun: then the parent is nil.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PageKey<U, L> {
    pub(super) under: Option<U>,
    pub(super) parent: Uuid,
    pub(super) listing: L,
}

/// The number of rows of one parent, or of the whole noun: then the parent is nil.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CountKey<U, F> {
    pub(super) under: Option<U>,
    pub(super) parent: Uuid,
    pub(super) filter: F,
}

type PageKeyOf<N> = PageKey<UnderOf<N>, entity::Listing<FilterOf<N>, OrderOf<N>>>;
type CountKeyOf<N> = CountKey<UnderOf<N>, FilterOf<N>>;
type Loaded<T> = Result<T, Fault>;

/// One noun's loaders.
pub(crate) struct NounLoaders<N: Noun> {
    pub(super) by_id: Loader<Uuid, Loaded<Option<Arc<RowOf<N>>>>, Batch<N>>,
    pub(super) pages: Loader<PageKeyOf<N>, Loaded<SharedPage<N>>, Batch<N>>,
    pub(super) counts: Loader<CountKeyOf<N>, Loaded<u64>, Batch<N>>,
}

impl<N: Noun> NounLoaders<N> {
    pub(super) fn new(scope: &Arc<Scope>) -> Self {
        Self { by_id: loader(Batch::new(scope)), pages: loader(Batch::new(scope)), counts: loader(Batch::new(scope)) }
    }
}

/// A loader whose batch is the whole level: no upper bound (200 would split it), and one turn of the scheduler, which is
/// enough for all resolvers of the level to put their keys in, and a fifth of a nested request cheaper than ten.
fn loader<K, V, F>(batch: F) -> Loader<K, V, F>
where
    K: Eq + Hash + Clone + Debug,
    V: Clone,
    F: BatchFn<K, V>,
{
    Loader::new(batch).with_max_batch_size(usize::MAX).with_yield_count(1)
}

/// Loads a key. If the resolver that was sending the batch is dropped midway, its waiters are told "not found": they ask
/// once more.
pub(super) async fn load<K, V, F>(loader: &Loader<K, Loaded<V>, F>, key: K) -> Loaded<V>
where
    K: Eq + Hash + Clone + Debug,
    V: Clone,
    F: BatchFn<K, Loaded<V>>,
{
    if let Ok(loaded) = loader.try_load(key.clone()).await {
        return loaded;
    }
    loader.try_load(key).await.unwrap_or(Err(Fault::Internal))
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

/// The same page with rows that can be shared.
pub(super) fn shared<R>(page: Page<R>) -> Page<Arc<R>> {
    Page {
        rows: page.rows.into_iter().map(Arc::new).collect(),
        has_previous: page.has_previous,
        has_next: page.has_next,
    }
}

impl<N: Noun> BatchFn<Uuid, Loaded<Option<Arc<RowOf<N>>>>> for Batch<N> {
    async fn load(&mut self, ids: &[Uuid]) -> HashMap<Uuid, Loaded<Option<Arc<RowOf<N>>>>> {
        match self.scope.by_ids::<N>(ids).await {
            Ok(mut rows) => ids.iter().map(|id| (*id, Ok(rows.remove(id).map(Arc::new)))).collect(),
            Err(error) => failed(ids, &error.into()),
        }
    }
}

impl<N: Noun> BatchFn<PageKeyOf<N>, Loaded<SharedPage<N>>> for Batch<N> {
    async fn load(&mut self, keys: &[PageKeyOf<N>]) -> HashMap<PageKeyOf<N>, Loaded<SharedPage<N>>> {
        let mut groups: HashMap<(Option<UnderOf<N>>, &ListingOf<N>), Vec<Uuid>> = HashMap::new();
        for key in keys {
            groups.entry((key.under, &key.listing)).or_default().push(key.parent);
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((under, listing), parents) in groups {
            let key = |parent| PageKey { under, parent, listing: listing.clone() };
            let read = match under {
                Some(under) => self.scope.pages::<N>(under, &parents, listing).await,
                None => self.scope.page::<N>(listing).await.map(|page| HashMap::from([(Uuid::nil(), page)])),
            };
            match read {
                Ok(pages) => {
                    loaded.extend(pages.into_iter().map(|(parent, page)| (key(parent), Ok(Arc::new(shared(page))))));
                }
                Err(error) => {
                    let fault = Fault::from(error);
                    loaded.extend(parents.into_iter().map(|parent| (key(parent), Err(fault.clone()))));
                }
            }
        }
        loaded
    }
}

impl<N: Noun> BatchFn<CountKeyOf<N>, Loaded<u64>> for Batch<N> {
    async fn load(&mut self, keys: &[CountKeyOf<N>]) -> HashMap<CountKeyOf<N>, Loaded<u64>> {
        let mut groups: HashMap<(Option<UnderOf<N>>, &FilterOf<N>), Vec<Uuid>> = HashMap::new();
        for key in keys {
            groups.entry((key.under, &key.filter)).or_default().push(key.parent);
        }
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((under, filter), parents) in groups {
            let key = |parent| CountKey { under, parent, filter: filter.clone() };
            let read = match under {
                Some(under) => self.scope.counts::<N>(under, &parents, filter).await,
                None => self.scope.count::<N>(filter).await.map(|count| HashMap::from([(Uuid::nil(), count)])),
            };
            match read {
                Ok(counts) => loaded.extend(counts.into_iter().map(|(parent, count)| (key(parent), Ok(count)))),
                Err(error) => {
                    let fault = Fault::from(error);
                    loaded.extend(parents.into_iter().map(|parent| (key(parent), Err(fault.clone()))));
                }
            }
        }
        loaded
    }
}

fn failed<K: Eq + Hash + Copy, V>(keys: &[K], fault: &Fault) -> HashMap<K, Loaded<V>> {
    keys.iter().map(|key| (*key, Err(fault.clone()))).collect()
}
