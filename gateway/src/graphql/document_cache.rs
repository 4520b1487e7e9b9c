//! Parsed documents.
//!
//! Owns: the bounded cache of parsed, measured and validated documents. May use: the parser, the limits, the rules. Invariant: the key is the
//! hash of the whole text and the value depends on nothing else: no tenant, no variable.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use apollo_compiler::ast;
use async_graphql::{ServerError, parser::types::ExecutableDocument};
use entity::membership::AccessHint;
use lru::LruCache;
use sha2::{Digest, Sha256};

use super::document_size::{Size, measure};
use super::{
    access_hint::access_hint,
    duplicate_keys::duplicate_keys,
    parse::{ParsedDocument, parse},
    persisted::introspects,
    rules::{Rules, ValidatedDocument},
};
use crate::limits::LimitRegistry;

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
    pub(super) ahead: AccessHint,
    /// Whether it asks what the schema is.
    pub(super) introspects: bool,
    /// As the validator reads it, until it has.
    syntax: Mutex<ast::Document>,
    /// What the validator has found.
    verdict: OnceLock<Result<ValidatedDocument, Vec<ServerError>>>,
}

impl Document {
    /// What was found out of it, if it is valid. Of one text it is looked at once; the text is that of the document.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn validated(&self, rules: &Rules, text: &str) -> Result<&ValidatedDocument, Vec<ServerError>> {
        let verdict = self.verdict.get_or_init(|| {
            let syntax = std::mem::take(&mut *self.syntax.lock().unwrap_or_else(PoisonError::into_inner));
            rules.validate(syntax, text)
        });
        verdict.as_ref().map_err(Clone::clone)
    }
}

/// The cache.
#[derive(Debug)]
pub struct DocumentCache {
    cache: Mutex<LruCache<[u8; 32], Arc<Document>>>,
    bounds: Arc<LimitRegistry>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What the cache does; from the start of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentCacheStats {
    /// Found there.
    pub hits: u64,
    /// Not found there; not all of them were documents.
    pub misses: u64,
    /// Kept now.
    pub held: usize,
}

/// Documents that are kept: a frontend has some hundreds.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

impl DocumentCache {
    /// An empty cache under these limits.
    #[must_use]
    pub fn new(bounds: Arc<LimitRegistry>) -> Self {
        Self {
            cache: Mutex::new(LruCache::new(CAPACITY)),
            bounds,
            hits: AtomicU64::default(),
            misses: AtomicU64::default(),
        }
    }

    /// What it does.
    #[must_use]
    pub fn stats(&self) -> DocumentCacheStats {
        DocumentCacheStats {
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
        let ParsedDocument { syntax, executable: parsed } = parse(text, &self.bounds)?;
        let size = measure(&parsed)?;
        size.check(&self.bounds)?;
        let document = Arc::new(Document {
            merges: duplicate_keys(&parsed),
            ahead: access_hint(&parsed),
            introspects: introspects(&parsed),
            parsed,
            size,
            hash: key,
            syntax: Mutex::new(syntax),
            verdict: OnceLock::new(),
        });
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, Arc::clone(&document));
        Ok(document)
    }
}
