//! Parsed documents.
//!
//! Owns: the bounded cache of parsed and measured documents. May use: the limits, which parse. Invariant: the key is the
//! hash of the whole text and the value depends on nothing else: no tenant, no variable.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_graphql::{ServerError, parser::types::ExecutableDocument};
use entity::Ahead;
use lru::LruCache;
use sha2::{Digest, Sha256};

use super::{
    ahead::ahead,
    library::introspects,
    limits::{Bounds, Size, measure, parse},
    merges::merges,
};

/// A document that was parsed, and what it amounts to.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) parsed: ExecutableDocument,
    /// Whether parts of its answer must be merged.
    pub(super) merges: bool,
    size: Size,
    /// The SHA-256 of its text.
    pub(super) hash: [u8; 32],
    /// What its queries will ask of the database.
    pub(super) ahead: Ahead,
    /// Whether it asks what the schema is.
    pub(super) introspects: bool,
    /// Whether the library has found it valid. See `validation` for what follows from it.
    pub(super) was_valid: AtomicBool,
}

/// The cache.
#[derive(Debug)]
pub struct Documents {
    cache: Mutex<LruCache<[u8; 32], Arc<Document>>>,
    bounds: Arc<Bounds>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What the cache does; from the start of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentFigures {
    /// Found there.
    pub hits: u64,
    /// Not found there; not all of them were documents.
    pub misses: u64,
    /// Kept now.
    pub held: usize,
}

/// Documents that are kept: a frontend has some hundreds.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

impl Documents {
    /// An empty cache under these limits.
    #[must_use]
    pub fn new(bounds: Arc<Bounds>) -> Self {
        Self {
            cache: Mutex::new(LruCache::new(CAPACITY)),
            bounds,
            hits: AtomicU64::default(),
            misses: AtomicU64::default(),
        }
    }

    /// What it does.
    #[must_use]
    pub fn figures(&self) -> DocumentFigures {
        DocumentFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            held: self.cache.lock().unwrap_or_else(PoisonError::into_inner).len(),
        }
    }

    /// The document of a text, if the text is GraphQL and within the limits.
    pub(super) fn get(&self, text: &str) -> Result<Arc<Document>, ServerError> {
        let key: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let cached = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        let counter = if cached.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Some(document) = cached {
            document.size.check(&self.bounds)?;
            return Ok(document);
        }
        let parsed = parse(text, &self.bounds)?;
        let size = measure(&parsed)?;
        size.check(&self.bounds)?;
        let document = Arc::new(Document {
            merges: merges(&parsed),
            ahead: ahead(&parsed),
            introspects: introspects(&parsed),
            parsed,
            size,
            hash: key,
            was_valid: AtomicBool::new(false),
        });
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, Arc::clone(&document));
        Ok(document)
    }
}
