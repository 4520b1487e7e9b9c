//! Tokens that the gateway makes itself: for the `token` command, the demo and the tests.
//!
//! Owns: [`mint`]. May use: jsonwebtoken. Invariant: what it makes, an issuer configured with the same secret accepts; nothing else does.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use thiserror::Error;

use crate::config::Secret;

/// Why no token was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MintError {
    /// The secret is shorter than 32 bytes.
    #[error("the secret is too short, give at least 32 bytes")]
    ShortSecret,
    /// The claims could not be signed.
    #[error("the token could not be signed")]
    Signing,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// Makes an HS256 token that is good from now on for `lifetime`; an e-mail is stated as verified.
pub fn mint(
    secret: &[u8],
    issuer: &str,
    audience: &str,
    subject: &str,
    email: Option<&str>,
    name: Option<&str>,
    lifetime: Duration,
) -> Result<String, MintError> {
    if secret.len() < Secret::MIN_BYTES {
        return Err(MintError::ShortSecret);
    }
    let now = jsonwebtoken::get_current_timestamp();
    let claims = Claims {
        iss: issuer,
        aud: audience,
        sub: subject,
        iat: now,
        exp: now.saturating_add(lifetime.as_secs()),
        email,
        email_verified: email.map(|_| true),
        name,
    };
    let key = EncodingKey::from_secret(secret);
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|_| MintError::Signing)
}
