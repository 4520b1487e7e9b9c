//! Key files: what stops the start, and re-reading on an unknown key.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::json;

use super::forge::{self, jwk, keys, set};
use super::{KEYS, bearer, issuer, temporary};
use crate::authn::Authenticator;
use crate::config::{Authn, KeySource, Secret};

fn from_file(path: &std::path::Path) -> Authn {
    Authn::of(vec![issuer(KEYS, KeySource::File(path.to_owned()))])
}

#[test]
fn a_key_file_must_be_usable_at_the_start() {
    let unusable = set(&[json!({"kty": "oct", "k": "AAAA"})]);
    let huge = format!("{{\"keys\": [], \"pad\": \"{}\"}}", "p".repeat(300_000));
    let table = [
        ("unusable.json", unusable.as_str(), "no usable"),
        ("text.json", "keys", "not a JSON web key set"),
        ("huge.json", &huge, "larger than"),
    ];
    for (name, text, said) in table {
        let path = temporary(name, text);
        let error = Authenticator::new(&from_file(&path)).err().map(|error| error.to_string()).unwrap_or_default();
        std::fs::remove_file(&path).unwrap();
        assert!(error.contains(said), "{name}: {error}");
    }
    let missing = Authenticator::new(&from_file(std::path::Path::new("no/such/file.json"))).err().unwrap();
    assert_eq!(
        missing.to_string(),
        format!("the keys of `{KEYS}` cannot be loaded: `no/such/file.json` cannot be read (entity not found)")
    );
    let short = Authn::of(vec![issuer(KEYS, KeySource::Secret(Secret::new("short")))]);
    assert!(Authenticator::new(&short).is_err(), "a short secret never verifies anything");
}

#[tokio::test]
async fn a_key_file_is_read_again_for_an_unknown_key() {
    let first = set(&[jwk(Algorithm::ES256, forge::EC, &json!({"kid": "first"}))]);
    let path = temporary("again.json", &first);
    let mut config = from_file(&path);
    config.jwks.refresh_floor = Duration::ZERO;
    let authenticator = Authenticator::new(&config).unwrap();
    let second = keys(&json!({"alg": "ES256", "kid": "second"}), Algorithm::ES256, forge::EC_OTHER);
    assert!(authenticator.authenticate(&bearer(&second)).await.is_err());
    std::fs::write(&path, set(&[jwk(Algorithm::ES256, forge::EC_OTHER, &json!({"kid": "second"}))])).unwrap();
    assert!(authenticator.authenticate(&bearer(&second)).await.is_ok());
    let old = keys(&json!({"alg": "ES256", "kid": "first"}), Algorithm::ES256, forge::EC);
    assert!(authenticator.authenticate(&bearer(&old)).await.is_err(), "a key that was taken out is forgotten");
    std::fs::remove_file(&path).unwrap();
    let unknown = keys(&json!({"alg": "ES256", "kid": "third"}), Algorithm::ES256, forge::EC);
    assert!(authenticator.authenticate(&bearer(&unknown)).await.is_err());
    assert!(authenticator.authenticate(&bearer(&second)).await.is_ok(), "a file that has gone takes no keys away");
}
