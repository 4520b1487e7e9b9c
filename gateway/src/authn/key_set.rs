//! The keys of one issuer, as it publishes them (RFC 7517).
//!
//! Owns: [`Key`], [`KeySet`] and which published keys are usable. May use: jsonwebtoken.
//! Invariant: a key has exactly one algorithm, by its own type and never by a token's header; a key that is not plainly a public
//! signing key of one of three kinds is not in the set.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::rejection_reason::RejectionReason;

/// Sizes of RSA keys, in bits: smaller ones are breakable, and the implementation takes no larger ones.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A key and the one algorithm it verifies.
#[derive(Clone)]
pub(super) struct Key {
    id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

impl Key {
    /// A secret that both sides know. Its key id never matters, since there is only this one key.
    pub(super) fn secret(secret: &[u8]) -> Self {
        Self { id: None, algorithm: Algorithm::HS256, decoding: DecodingKey::from_secret(secret) }
    }

    /// Whether it is published under this name.
    pub(super) fn is_named(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }
}

/// The usable keys of one issuer.
#[derive(Default)]
pub(super) struct KeySet {
    keys: Vec<Arc<Key>>,
    ignored: usize,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<Value>,
}

impl KeySet {
    /// Reads a published set; single keys that are not usable are left out, as the RFC asks (§5).
    pub(super) fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        let published: Published = serde_json::from_slice(json)?;
        let total = published.keys.len();
        let keys: Vec<_> = published.keys.into_iter().filter_map(usable_key).map(Arc::new).collect();
        let ignored = total - keys.len();
        Ok(Self { keys, ignored })
    }

    /// How many keys are usable.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// How many were left out.
    pub(super) fn ignored(&self) -> usize {
        self.ignored
    }

    /// The key that a header names; or, where no key has that name, the only key of its algorithm that has no name at all: some issuers
    /// name their keys in tokens alone. The signature decides in any case. A newer set could change each of the refusals: an issuer may have published two keys for one, or
    /// another algorithm's under this name, for a moment.
    pub(super) fn find(&self, algorithm: Algorithm, key_id: Option<&str>) -> Result<Arc<Key>, RejectionReason> {
        let mut named: Vec<_> =
            self.keys.iter().filter(|key| key_id.is_none() || key.id.as_deref() == key_id).collect();
        if named.is_empty() {
            named = self.keys.iter().filter(|key| key.id.is_none() && key.algorithm == algorithm).collect();
        }
        let mut fitting = named.iter().filter(|key| key.algorithm == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(Arc::clone(key)),
            (Some(_), Some(_)) => Err(RejectionReason::AmbiguousKey),
            (None, _) if key_id.is_some() && !named.is_empty() => Err(RejectionReason::KeyAlgorithm),
            (None, _) => Err(RejectionReason::UnknownKey),
        }
    }
}

fn usable_key(jwk: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(jwk).ok()?;
    let is_for_signatures = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
        && jwk.key_ops.as_deref().is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
    // A private key that was published is everybody's key.
    if !is_for_signatures || jwk.d.is_some() {
        return None;
    }
    let (algorithm, names, decoding) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => (Algorithm::RS256, ["RS256"].as_slice(), rsa(jwk.n.as_deref()?, jwk.e.as_deref()?)?),
        ("EC", Some("P-256")) => (Algorithm::ES256, ["ES256"].as_slice(), p256(jwk.x.as_deref()?, jwk.y.as_deref()?)?),
        ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, ["EdDSA", "Ed25519"].as_slice(), ed25519(jwk.x.as_deref()?)?),
        // `oct` too: a symmetric key that was published is everybody's key.
        _ => return None,
    };
    let agrees = jwk.alg.as_deref().is_none_or(|alg| names.contains(&alg));
    agrees.then_some(Key { id: jwk.kid, algorithm, decoding })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

fn rsa(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let (modulus, exponent) = (bytes(modulus)?, bytes(exponent)?);
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let digits = modulus.get(first..)?;
    let bits = digits.len() * 8 - digits.first()?.leading_zeros() as usize;
    // An even exponent or 1 would make every signature "right".
    let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    let is_one = exponent.iter().rev().skip(1).all(|byte| *byte == 0) && exponent.last() == Some(&1);
    (RSA_BITS.contains(&bits) && is_odd && !is_one).then(|| DecodingKey::from_rsa_raw_components(digits, &exponent))
}

fn p256(x: &str, y: &str) -> Option<DecodingKey> {
    let is_coordinate = |text: &str| bytes(text).is_some_and(|bytes| bytes.len() == 32);
    if is_coordinate(x) && is_coordinate(y) { DecodingKey::from_ec_components(x, y).ok() } else { None }
}

fn ed25519(x: &str) -> Option<DecodingKey> {
    // The length is checked here because jsonwebtoken 11.1 slices the first 32 bytes unchecked when it verifies.
    let key = bytes(x).filter(|bytes| bytes.len() == 32)?;
    Some(DecodingKey::from_ed_der(&key))
}
