//! The compact form of a token (RFC 7515), before anybody has verified it.
//!
//! Owns: [`Envelope`] and [`Unverified`]: shape, size and header. May use: `json`.
//! Invariant: of the payload it shows the issuer's name, and that only to pick the verifier, and all of it to the verifier alone; the header
//! can name a key and an algorithm, never bring a key or an extension.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::rejection_reason::RejectionReason;
use super::strict_json::StrictObject;

/// Largest token, in bytes; honest ones have about one thousand.
pub const MAX_BYTES: usize = 8 * 1024;

/// Parameters that would let the token choose its own key or change what the rest means. Unknown ones are harmless: what must be
/// understood has to be in `crit`, and we understand nothing there.
const FORBIDDEN: [&str; 9] = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "cty", "enc", "zip"];

/// Types of tokens for an API (RFC 7519 §5.1, RFC 9068 §2.1), lower case.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

/// Three parts of sound form and a header that may be followed; the payload can be anything.
pub(super) struct JwsHeader<'a> {
    text: &'a str,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    payload: Vec<u8>,
}

impl<'a> JwsHeader<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, RejectionReason> {
        if text.len() > MAX_BYTES {
            return Err(RejectionReason::TooLarge);
        }
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(RejectionReason::Malformed);
        };
        if decode(signature)?.is_empty() {
            return Err(RejectionReason::Malformed);
        }
        let header = object(&decode(header)?)?;
        let algorithm = algorithm(&header)?;
        if FORBIDDEN.iter().any(|name| header.contains_key(*name)) || !is_for_an_api(&header) {
            return Err(RejectionReason::Header);
        }
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(key_id)) => Some(key_id.clone()),
            Some(_) => return Err(RejectionReason::Header),
        };
        Ok(Self { text, algorithm, key_id, payload: decode(payload)? })
    }
}

/// A token of sound form that nobody has verified.
pub(super) struct Unverified<'a> {
    envelope: JwsHeader<'a>,
    claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, RejectionReason> {
        let envelope = JwsHeader::parse(text)?;
        let claims = object(&envelope.payload)?;
        if claims.get("iss").is_some_and(Value::is_string) {
            Ok(Self { envelope, claims })
        } else {
            Err(RejectionReason::Claims)
        }
    }

    /// The token as it came.
    pub(super) fn text(&self) -> &'a str {
        self.envelope.text
    }

    /// What the header says; only good for comparing it with the key's own.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.envelope.algorithm
    }

    /// Which key the header names.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.envelope.key_id.as_deref()
    }

    /// Who claims to have issued it.
    pub(super) fn issuer(&self) -> &str {
        self.claims.get("iss").and_then(Value::as_str).unwrap_or_default()
    }

    /// All that it says: for the verifier, once it has found the signature right.
    pub(super) fn signed_claims(&self) -> &Map<String, Value> {
        &self.claims
    }
}

fn decode(part: &str) -> Result<Vec<u8>, RejectionReason> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| RejectionReason::Malformed)
}

fn object(json: &[u8]) -> Result<Map<String, Value>, RejectionReason> {
    serde_json::from_slice(json).map(|StrictObject(map)| map).map_err(|_| RejectionReason::Malformed)
}

/// The four that a key here can have, to the letter: `none` in any spelling is not among them.
fn algorithm(header: &Map<String, Value>) -> Result<Algorithm, RejectionReason> {
    match header.get("alg").and_then(Value::as_str) {
        Some("HS256") => Ok(Algorithm::HS256),
        Some("RS256") => Ok(Algorithm::RS256),
        Some("ES256") => Ok(Algorithm::ES256),
        Some("EdDSA") => Ok(Algorithm::EdDSA),
        _ => Err(RejectionReason::Algorithm),
    }
}

fn is_for_an_api(header: &Map<String, Value>) -> bool {
    match header.get("typ") {
        None => true,
        Some(Value::String(typ)) => TYPES.contains(&typ.to_ascii_lowercase().as_str()),
        Some(_) => false,
    }
}
