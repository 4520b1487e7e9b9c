//! Shows that honest tokens are taken and that no other one is.
//!
//! The tables in `hostile` name for each credential the one reason for which it must fall, so that a row cannot pass for a wrong cause.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod accepted;
mod forge;
mod hostile;
mod providers;
mod published;
mod recovery;
mod refresh;
mod remembered;
mod wycheproof;

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use super::Authenticator;
use crate::config::{Authn, Issuer, KeySource, Secret};

/// Issuer of HS256 tokens.
const SHARED: &str = "https://shared.example/";
/// Issuer with published keys: one RSA, one EC, one Ed25519, and a crowd of unusable ones.
const KEYS: &str = "https://keys.example/";
/// Issuer that publishes keys without ids: one RSA, two EC.
const NAMELESS: &str = "https://nameless.example/";

/// The secret of [`SHARED`].
const SECRET: &str = "a secret for tests of 32 bytes or more";

fn issuer(name: &str, keys: KeySource) -> Issuer {
    Issuer { issuer: name.to_owned(), keys, ..Issuer::development(Secret::new(SECRET)) }
}

/// A file in the system's temporary folder with this text, by a name that no other test uses.
fn temporary(name: &str, text: &str) -> std::path::PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("cs12-authn-{}-{number}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

/// The authenticator that all tables use.
fn authenticator() -> Authenticator {
    let keys = temporary("keys.json", &forge::published_keys());
    let nameless = temporary("nameless.json", &forge::nameless_keys());
    let mut config = Authn::of(vec![
        issuer(SHARED, KeySource::Secret(Secret::new(SECRET))),
        issuer(KEYS, KeySource::File(keys.clone())),
        issuer(NAMELESS, KeySource::File(nameless.clone())),
    ]);
    config.cookie = Some("cs12_token".to_owned());
    let authenticator = Authenticator::new(&config).unwrap();
    for file in [keys, nameless] {
        std::fs::remove_file(file).unwrap();
    }
    authenticator
}

fn header(value: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
    headers
}

fn bearer(token: &str) -> HeaderMap {
    header(format!("Bearer {token}").as_bytes())
}
