//! Signatures that were found right.
//!
//! Owns: which token was signed by which key, as far as it was found out. May use: nothing of the room but the key. Invariant: no more is
//! remembered than that these bytes and this key go together, which never changes. Whether the key still counts, what the token says and
//! whether its time is up is judged each time.
//!
//! People send one token for an hour, with every request. (By profile, a tenth of a small query went into its token, and that was an HMAC:
//! what is signed by a pair of keys takes longer to verify.)

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lru::LruCache;
use sha2::{Digest as _, Sha256};

use super::key_set::Key;

/// Tokens of one issuer that are remembered; each takes about 100 bytes.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// What was found out so far. The hash, and not the token, which would let in whoever reads it out of our memory.
pub(super) struct SignatureCache(Mutex<LruCache<[u8; 32], Arc<Key>>>);

/// A token's place there.
#[derive(Clone, Copy)]
pub(super) struct TokenHash([u8; 32]);

impl Default for SignatureCache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CAPACITY)))
    }
}

impl SignatureCache {
    pub(super) fn token_hash(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token.as_bytes()).into())
    }

    /// Whether this very key was seen to have signed it; a key that was fetched anew is another one.
    pub(super) fn contains(&self, place: &TokenHash, key: &Arc<Key>) -> bool {
        self.entries().get(&place.0).is_some_and(|signer| Arc::ptr_eq(signer, key))
    }

    pub(super) fn insert(&self, place: TokenHash, key: Arc<Key>) {
        self.entries().put(place.0, key);
    }

    fn entries(&self) -> MutexGuard<'_, LruCache<[u8; 32], Arc<Key>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
