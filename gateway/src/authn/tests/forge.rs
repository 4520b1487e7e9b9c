//! Makes tokens, honest and forged, from any header, payload and key. The private keys beside it were made for these tests and open nothing.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto, get_current_timestamp};
use serde_json::{Value, json};

use super::{KEYS, NAMELESS, SECRET, SHARED};

pub(super) const RSA: &str = include_str!("keys/rsa.pem");
pub(super) const RSA_PUBLIC: &str = include_str!("keys/rsa_public.pem");
pub(super) const RSA_OTHER: &str = include_str!("keys/rsa_other.pem");
pub(super) const RSA_SMALL: &str = include_str!("keys/rsa_small.pem");
pub(super) const EC: &str = include_str!("keys/ec.pem");
pub(super) const EC_OTHER: &str = include_str!("keys/ec_other.pem");
pub(super) const ED: &str = include_str!("keys/ed.pem");
pub(super) const ED_OTHER: &str = include_str!("keys/ed_other.pem");

pub(super) fn now() -> u64 {
    get_current_timestamp()
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// A private key with the algorithm it signs by.
pub(super) fn key(algorithm: Algorithm, text: &str) -> EncodingKey {
    match algorithm {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => EncodingKey::from_secret(text.as_bytes()),
        Algorithm::ES256 => EncodingKey::from_ec_pem(text.as_bytes()).unwrap(),
        Algorithm::EdDSA => EncodingKey::from_ed_pem(text.as_bytes()).unwrap(),
        _ => EncodingKey::from_rsa_pem(text.as_bytes()).unwrap(),
    }
}

/// Signs these very bytes.
pub(super) fn raw(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, algorithm: Algorithm, secret: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = crypto::sign(message.as_bytes(), &key(algorithm, secret), algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Sound claims for an issuer, with `changes` laid over; a change to `"-"` takes the claim away.
pub(super) fn claims(issuer: &str, changes: &Value) -> Value {
    let mut claims = json!({"iss": issuer, "aud": "cs12", "sub": "alan", "exp": now() + 600, "iat": now()});
    lay(&mut claims, changes);
    claims
}

fn lay(base: &mut Value, changes: &Value) {
    let map = base.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value == "-" {
            map.remove(name);
        } else {
            map.insert(name.clone(), value.clone());
        }
    }
}

/// A token of [`SHARED`], rightly signed, with changed claims.
pub(super) fn shared(changes: &Value) -> String {
    raw(r#"{"alg":"HS256","typ":"JWT"}"#, claims(SHARED, changes).to_string(), Algorithm::HS256, SECRET)
}

/// A token of [`SHARED`], rightly signed, with a changed header.
pub(super) fn shared_header(changes: &Value) -> String {
    let mut header = json!({"alg": "HS256", "typ": "JWT"});
    lay(&mut header, changes);
    raw(header.to_string(), claims(SHARED, &json!({})).to_string(), Algorithm::HS256, SECRET)
}

/// A token that names [`KEYS`], with any header, signed by any key.
pub(super) fn keys(header: &Value, algorithm: Algorithm, secret: &str) -> String {
    raw(header.to_string(), claims(KEYS, &json!({})).to_string(), algorithm, secret)
}

/// The same for [`NAMELESS`].
pub(super) fn nameless(header: &Value, algorithm: Algorithm, secret: &str) -> String {
    raw(header.to_string(), claims(NAMELESS, &json!({})).to_string(), algorithm, secret)
}

/// The public half as it would be published, with `changes` laid over.
pub(super) fn jwk(algorithm: Algorithm, secret: &str, changes: &Value) -> Value {
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key(algorithm, secret), algorithm).unwrap()).unwrap();
    lay(&mut jwk, changes);
    jwk
}

pub(super) fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// Three usable keys among those that must be ignored, whose private halves the tests also have.
pub(super) fn published_keys() -> String {
    set(&[
        jwk(Algorithm::RS256, RSA, &json!({"kid": "rsa-1", "use": "sig"})),
        jwk(Algorithm::ES256, EC, &json!({"kid": "ec-1"})),
        jwk(Algorithm::EdDSA, ED, &json!({"kid": "ed-1", "key_ops": ["verify"]})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "enc-1", "use": "enc"})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "ps-1", "alg": "PS256"})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "es-rsa-1", "alg": "ES256"})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "ops-1", "key_ops": ["encrypt"]})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "private-1", "d": "AQAB"})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "even-1", "e": "AQAA"})),
        jwk(Algorithm::RS256, RSA_OTHER, &json!({"kid": "one-1", "e": "AQ"})),
        jwk(Algorithm::RS256, RSA_SMALL, &json!({"kid": "small-1"})),
        jwk(Algorithm::EdDSA, ED_OTHER, &json!({"kid": "short-1", "x": "AAAA"})),
        jwk(Algorithm::ES256, EC_OTHER, &json!({"kid": "k1-1", "crv": "secp256k1"})),
        json!({"kty": "oct", "kid": "oct-1", "alg": "HS256", "k": encode(SECRET)}),
        json!({"kty": "unknown"}),
        json!("not even an object"),
    ])
}

/// One RSA key and two EC keys, none with an id.
pub(super) fn nameless_keys() -> String {
    set(&[
        jwk(Algorithm::RS256, RSA, &json!({"alg": "-"})),
        jwk(Algorithm::ES256, EC, &json!({})),
        jwk(Algorithm::ES256, EC_OTHER, &json!({})),
    ])
}
