//! Positive controls: what must be accepted, so that the refusals mean something.

use axum::http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use jsonwebtoken::Algorithm;
use serde_json::json;

use super::forge::{self, claims, keys, nameless, raw, shared, shared_header};
use super::{SECRET, SHARED, authenticator, bearer, header};
use crate::authn::mint::{MintError, mint};
use crate::config::{Authn, Issuer, Secret};

#[tokio::test]
async fn honest_tokens_are_accepted() {
    let long = "s".repeat(255);
    let soon = forge::now() - 20;
    let table = [
        ("HS256", shared(&json!({}))),
        ("RS256", keys(&json!({"alg": "RS256", "kid": "rsa-1"}), Algorithm::RS256, forge::RSA)),
        ("ES256", keys(&json!({"alg": "ES256", "kid": "ec-1"}), Algorithm::ES256, forge::EC)),
        ("EdDSA", keys(&json!({"alg": "EdDSA", "kid": "ed-1"}), Algorithm::EdDSA, forge::ED)),
        ("no key id, but only one key of its algorithm", keys(&json!({"alg": "ES256"}), Algorithm::ES256, forge::EC)),
        ("no key id on either side", nameless(&json!({"alg": "RS256"}), Algorithm::RS256, forge::RSA)),
        (
            "a key id where the only key of its algorithm has none",
            nameless(&json!({"alg": "RS256", "kid": "rsa-1"}), Algorithm::RS256, forge::RSA),
        ),
        ("a shared secret ignores the key id", shared_header(&json!({"kid": "anything"}))),
        ("no typ", shared_header(&json!({"typ": "-"}))),
        ("typ of RFC 9068", shared_header(&json!({"typ": "AT+JWT"}))),
        ("typ in full", shared_header(&json!({"typ": "application/at+jwt"}))),
        ("unknown header parameters", shared_header(&json!({"cat": "cl_B7d4PD111AAA", "x5t": "abc"}))),
        ("expired within the leeway", shared(&json!({"exp": soon}))),
        ("not yet valid within the leeway", shared(&json!({"nbf": forge::now() + 20}))),
        ("exp with a fraction", with_seconds("exp", 600.5)),
        ("exp with a fraction, within the leeway", with_seconds("exp", -20.25)),
        ("exp as a whole number with a point", shared(&json!({"exp": 4_000_000_000.0}))),
        ("nbf with a fraction", shared(&json!({"nbf": 1.5}))),
        ("iat with a fraction", with_seconds("iat", -0.5)),
        ("audience in a list", shared(&json!({"aud": ["other", "cs12"]}))),
        ("longest subject", shared(&json!({"sub": long}))),
        ("subject in any script", shared(&json!({"sub": "auth0|Ωλ\"\u{1f600}"}))),
        ("no iat", shared(&json!({"iat": "-"}))),
        ("escapes in JSON", {
            let payload = claims(SHARED, &json!({"sub": "S"})).to_string().replace("\"S\"", "\"\\u0061lan\"");
            raw(r#"{"\u0061lg":"HS256"}"#, payload, Algorithm::HS256, SECRET)
        }),
    ];
    let authenticator = authenticator();
    for (name, token) in table {
        let outcome = authenticator.verify(&bearer(&token)).await;
        let principal = outcome.unwrap_or_else(|reason| panic!("{name}: {reason:?}")).unwrap();
        assert!(principal.email().is_none(), "{name}: nobody stated an e-mail");
    }
}

/// A time with a fraction, so many seconds from now: libraries of several languages write such ones.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn with_seconds(claim: &str, from_now: f64) -> String {
    shared(&json!({ claim: forge::now() as f64 + from_now }))
}

#[tokio::test]
async fn the_carriers() {
    let authenticator = authenticator();
    let token = shared(&json!({}));
    let with = |pairs: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    };
    let cookie = format!("theme=dark; cs12_token={token}; last=1");
    assert!(authenticator.authenticate(&HeaderMap::new()).await.unwrap().is_none(), "no credential is anonymous");
    assert!(
        authenticator.authenticate(&with(&[("cookie", "theme=dark")])).await.unwrap().is_none(),
        "another cookie is none"
    );
    let accepted = [
        header(format!("bEARER {token}").as_bytes()),
        header(format!("Bearer  {token}").as_bytes()),
        header(format!("Bearer    {token}").as_bytes()),
        with(&[("cookie", &cookie), ("x-cs12-request", "1")]),
        with(&[("cookie", "theme=dark"), ("cookie", &format!("cs12_token={token}")), ("X-CS12-Request", "")]),
        // The header wins, whatever the cookie holds.
        with(&[("authorization", &format!("Bearer {token}")), ("cookie", "cs12_token=rubbish")]),
    ];
    for headers in accepted {
        assert_eq!(
            authenticator.authenticate(&headers).await.unwrap().unwrap().subject(),
            "alan",
            "{:?}",
            headers.keys()
        );
    }

    let without_cookie = super::super::Authenticator::new(&Authn::of(vec![])).unwrap();
    let mut headers = with(&[("x-cs12-request", "1")]);
    headers.insert(COOKIE, HeaderValue::from_static("cs12_token=rubbish"));
    assert!(without_cookie.authenticate(&headers).await.unwrap().is_none(), "cookies are off by default");
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    assert!(without_cookie.authenticate(&headers).await.is_err(), "no issuer, no entry");
}

#[tokio::test]
async fn minted_tokens_are_accepted_and_bring_their_facts() {
    let issuer = Issuer::development(Secret::new(SECRET));
    let authenticator = super::super::Authenticator::new(&Authn::of(vec![issuer])).unwrap();
    let hour = std::time::Duration::from_hours(1);
    let made = |secret: &str| {
        let (email, name) = (Some("Alan@cs12.example"), Some("Alan"));
        mint(secret.as_bytes(), Issuer::DEVELOPMENT, Issuer::DEVELOPMENT_AUDIENCE, "alan", email, name, hour)
    };
    let principal = authenticator.authenticate(&bearer(&made(SECRET).unwrap())).await.unwrap().unwrap();
    assert_eq!(principal.issuer(), Issuer::DEVELOPMENT);
    assert_eq!(principal.subject(), "alan");
    assert_eq!(principal.email().unwrap().normalized(), "alan@cs12.example");
    assert_eq!(principal.name(), Some("Alan"));
    assert_eq!(made("short"), Err(MintError::ShortSecret));
    let foreign = made("another secret for tests of 32 bytes or more").unwrap();
    assert!(authenticator.authenticate(&bearer(&foreign)).await.is_err());
}
