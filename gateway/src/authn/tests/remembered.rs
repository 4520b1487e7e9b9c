//! A token that was accepted before is judged anew; only its signature is not verified again.

use std::time::Duration;

use axum::http::HeaderMap;
use jsonwebtoken::Algorithm;
use serde_json::json;

use super::forge::{self, jwk, keys, set, shared};
use super::{KEYS, SECRET, SHARED, authenticator, bearer, issuer, temporary};
use crate::authn::Authenticator;
use crate::authn::rejection_reason::RejectionReason;
use crate::authn::signature_cache::SignatureCache;
use crate::config::{Authn, Jwks, KeySource, Secret};

#[tokio::test]
async fn it_tells_the_same_person_each_time() {
    let authenticator = authenticator();
    let signed = keys(&json!({"alg": "ES256", "kid": "ec-1"}), Algorithm::ES256, forge::EC);
    for token in [shared(&json!({"email": "ada@example.com", "email_verified": true})), signed] {
        let mut told = Vec::new();
        for _ in 0..3 {
            let principal = authenticator.authenticate(&bearer(&token)).await.unwrap().unwrap();
            let email = principal.email().map(|email| email.normalized().to_owned());
            told.push((principal.issuer().to_owned(), principal.subject().to_owned(), email));
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    }
}

#[tokio::test]
async fn its_time_runs_out_all_the_same() {
    let mut config = Authn::of(vec![issuer(SHARED, KeySource::Secret(Secret::new(SECRET)))]);
    config.leeway = Duration::ZERO;
    let authenticator = Authenticator::new(&config).unwrap();
    let token = bearer(&shared(&json!({"exp": forge::now() + 2})));
    assert!(authenticator.authenticate(&token).await.is_ok());
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(authenticator.verify(&token).await.err(), Some(RejectionReason::Expired), "look at the clock each time");
}

/// The parts of one token with one of another's in their midst.
fn mixed(own: &str, other: &str, part: usize) -> HeaderMap {
    let mut parts: Vec<&str> = own.split('.').collect();
    parts[part] = other.split('.').nth(part).unwrap();
    bearer(&parts.join("."))
}

#[tokio::test]
async fn nothing_of_it_can_be_exchanged() {
    let authenticator = authenticator();
    let (own, other) = (shared(&json!({})), shared(&json!({"sub": "somebody else"})));
    for token in [&own, &other] {
        assert!(authenticator.authenticate(&bearer(token)).await.is_ok());
    }
    for part in [1, 2] {
        assert_eq!(
            authenticator.verify(&mixed(&own, &other, part)).await.err(),
            Some(RejectionReason::Signature),
            "part {part}"
        );
    }
    assert!(authenticator.authenticate(&bearer(&own)).await.is_ok(), "the refused one has taken its place");
}

#[tokio::test]
async fn its_key_can_be_withdrawn_or_exchanged_under_the_same_name() {
    let published = |pem: &str| set(&[jwk(Algorithm::ES256, pem, &json!({"kid": "one"}))]);
    let file = temporary("rotated.json", &published(forge::EC));
    let mut config = Authn::of(vec![issuer(KEYS, KeySource::File(file.clone()))]);
    config.jwks = Jwks {
        refresh_floor: Duration::ZERO,
        max_age: Duration::ZERO,
        timeout: Duration::from_secs(2),
        max_bytes: 16 * 1024,
    };
    let authenticator = Authenticator::new(&config).unwrap();
    let token = bearer(&keys(&json!({"alg": "ES256", "kid": "one"}), Algorithm::ES256, forge::EC));
    for (text, expected) in [
        (published(forge::EC), None),
        (published(forge::EC_OTHER), Some(RejectionReason::Signature)),
        (published(forge::EC), None),
        (set(&[]), Some(RejectionReason::UnknownKey)),
    ] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(authenticator.verify(&token).await.err(), expected, "believe no key that was published before");
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_signature_is_remembered_for_one_key_and_one_text() {
    let [one, other] = [0, 1].map(|_| std::sync::Arc::new(crate::authn::key_set::Key::secret(SECRET.as_bytes())));
    let signatures = SignatureCache::default();
    signatures.insert(SignatureCache::token_hash("a.b.c"), one.clone());
    assert!(signatures.contains(&SignatureCache::token_hash("a.b.c"), &one), "verify it once");
    assert!(!signatures.contains(&SignatureCache::token_hash("a.b.d"), &one), "another text");
    assert!(!signatures.contains(&SignatureCache::token_hash("a.b.c"), &other), "the same secret, but read anew");
}
