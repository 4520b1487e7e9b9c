//! Documents that clients have registered (Apollo's automatic persisted queries).
//!
//! Owns: the bounded cache of texts by hash. May use: nothing of the room. Invariant: it holds texts alone, and nobody learns
//! from it what another has sent: a text that could hold somebody's own words (in a string, in a comment) is found by
//! whoever registered it only; any other text is the same for everybody, whoever registered it.

use std::sync::{Arc, Mutex, PoisonError};

use entity::auth::Principal;
use lru::LruCache;
use sha2::{Digest, Sha256};

/// Texts that are kept, at most: some applications' whole stock.
const MAX_DOCUMENTS: usize = 2_000;
/// Their bytes, at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The cache.
#[derive(Debug)]
pub(super) struct ApqCache(Mutex<CachedTexts>);

#[derive(Debug)]
struct CachedTexts {
    by_key: LruCache<[u8; 32], Arc<str>>,
    bytes: usize,
}

impl ApqCache {
    pub(super) fn new() -> Self {
        Self(Mutex::new(CachedTexts { by_key: LruCache::unbounded(), bytes: 0 }))
    }

    /// The text that was registered under a hash, as far as this person may know of it.
    pub(super) fn get(&self, hash: [u8; 32], person: &Principal) -> Option<Arc<str>> {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = texts.by_key.get(&hash).map(Arc::clone);
        found.or_else(|| texts.by_key.get(&own(hash, person)).map(Arc::clone))
    }

    /// Keeps a text whose hash was verified; what was not asked for longest makes room.
    pub(super) fn put(&self, hash: [u8; 32], text: &str, person: &Principal) {
        let key = if text.contains(['"', '#']) { own(hash, person) } else { hash };
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.by_key.contains(&key) || text.len() > MAX_BYTES {
            return;
        }
        texts.bytes += text.len();
        texts.by_key.put(key, text.into());
        while texts.by_key.len() > MAX_DOCUMENTS || texts.bytes > MAX_BYTES {
            let Some((_, oldest)) = texts.by_key.pop_lru() else { break };
            texts.bytes -= oldest.len();
        }
    }
}

/// The key under which only this person finds it. Each part is hashed by itself, so that no two persons' run together.
fn own(hash: [u8; 32], person: &Principal) -> [u8; 32] {
    let mut key = Sha256::new();
    key.update(hash);
    key.update(Sha256::digest(person.issuer()));
    key.update(Sha256::digest(person.subject()));
    key.finalize().into()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn person(subject: &str) -> Principal {
        Principal::verified("issuer".to_owned(), subject.to_owned())
    }

    fn register(kept: &ApqCache, text: &str, who: &str) -> [u8; 32] {
        let hash = Sha256::digest(text).into();
        kept.put(hash, text, &person(who));
        hash
    }

    #[test]
    fn a_text_without_words_of_its_own_is_the_same_for_everybody() {
        let kept = ApqCache::new();
        let hash = register(&kept, "{ viewer { name } }", "alan");
        assert_eq!(kept.get(hash, &person("claudia")).unwrap().as_ref(), "{ viewer { name } }");
    }

    #[test]
    fn nobody_learns_by_a_hash_what_another_has_asked() {
        let kept = ApqCache::new();
        for text in ["{ dso(id: \"dso_1\") { name } }", "{ viewer { name } } # for Acme"] {
            let hash = register(&kept, text, "alan");
            assert_eq!(kept.get(hash, &person("alan")).unwrap().as_ref(), text, "it is theirs");
            assert_eq!(
                kept.get(hash, &person("claudia")),
                None,
                "another's words can be guessed by their hash: {text}"
            );
        }
    }

    #[test]
    fn it_stays_within_its_bounds() {
        let kept = ApqCache::new();
        let first = register(&kept, "{ a0 }", "alan");
        let size = |kept: &ApqCache| {
            let texts = kept.0.lock().unwrap();
            assert_eq!(texts.bytes, texts.by_key.iter().map(|(_, text)| text.len()).sum::<usize>());
            (texts.by_key.len(), texts.bytes)
        };
        for number in 1..3 * MAX_DOCUMENTS {
            register(&kept, &format!("{{ a{number} }}"), "alan");
        }
        assert_eq!(size(&kept).0, MAX_DOCUMENTS, "more texts are kept than may be");
        assert_eq!(kept.get(first, &person("alan")), None, "the oldest is still there");
        for number in 0..100 {
            register(&kept, &format!("{{ {} }}", format!("b{number} ").repeat(20_000)), "alan");
        }
        assert!(size(&kept).1 <= MAX_BYTES, "more bytes are kept than may be");
        register(&kept, &"x".repeat(MAX_BYTES + 1), "alan");
        assert!(size(&kept).0 > 0, "one text that is too large must not push out all the others");
    }
}
