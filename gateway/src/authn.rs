//! Who is asking: from the credential in the headers to a [`Principal`].
//!
//! Owns: the carriers of a token, its verification, the issuers' keys and the tokens that the gateway mints itself.
//! May use: `config`, and of `entity` the principal alone. Never: what anybody may do.
//! Invariant: every fact of a principal was signed by a configured issuer's key under that key's own algorithm, and whoever is
//! refused cannot tell why, except for a token that is too large. Where the gateway knows no key of the issuer it says so: the credential may be sound.

mod claims;
mod credential;
mod issuer;
mod key_set;
mod key_store;
pub mod mint;
mod rejection_reason;
mod signature_cache;
mod strict_json;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashMap;
use std::time::Duration;

use axum::http::HeaderMap;
use entity::auth::Principal;
use futures_util::future::join_all;
use thiserror::Error;

use crate::config;
use credential::TokenSources;
use issuer::Issuer;
pub use key_store::{KeyStats, LoadError};
use rejection_reason::RejectionReason;
pub use token::MAX_BYTES as MAX_TOKEN_BYTES;
use token::Unverified;

/// A credential came and nobody was recognized by it. What is wrong with a credential is in the log alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAuthenticated {
    /// It is not accepted: one value for every other cause.
    #[error("the credential is not accepted")]
    Refused,
    /// It has more bytes than any token may have, which its sender can count: no secret.
    #[error("the credential has more than {MAX_TOKEN_BYTES} bytes")]
    TooLarge,
    /// No key of its issuer is known, so nobody can say: the issuer has not been reached, or has published no usable key.
    #[error("no key of the credential's issuer is known")]
    KeysUnavailable,
}

impl NotAuthenticated {
    /// The `WWW-Authenticate` header of every 401, whatever the cause (RFC 6750 §3).
    pub const CHALLENGE: &str = "Bearer";
}

/// What is known of an issuer's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerStats {
    /// The issuer in the configuration.
    pub issuer: String,
    /// Its keys.
    pub keys: KeyStats,
}

/// Why authentication cannot start.
#[derive(Debug, Error)]
pub enum AuthnError {
    /// A key file is missing or holds nothing usable.
    #[error("the keys of `{issuer}` cannot be loaded: {cause}")]
    Keys {
        /// The issuer in the configuration.
        issuer: String,
        /// What went wrong.
        cause: LoadError,
    },
    /// A secret is too short for HS256.
    #[error("the secret of `{issuer}` is too short, give at least 32 bytes")]
    ShortSecret {
        /// The issuer in the configuration.
        issuer: String,
    },
}

/// Verifies credentials.
pub struct Authenticator {
    carriers: TokenSources,
    issuers: HashMap<String, Issuer>,
}

impl Authenticator {
    /// Prepares the issuers; reads key files, asks nobody on the network yet.
    pub fn new(config: &config::Authn) -> Result<Self, AuthnError> {
        let mut issuers = HashMap::with_capacity(config.issuers.len());
        for issuer in &config.issuers {
            issuers.insert(issuer.issuer.clone(), Issuer::new(issuer, config)?);
        }
        Ok(Self { carriers: TokenSources::new(config), issuers })
    }

    /// Prepares them anew by another configuration. Keys that an issuer has published stay known while it is asked again: one that does not
    /// answer now loses nobody their session.
    pub async fn renewed(&self, config: &config::Authn) -> Result<Self, AuthnError> {
        Ok(Self::new(config)?.with_key_refresh(self).await)
    }

    /// Begins with the keys that were known before it, and asks for those of now.
    pub async fn with_key_refresh(self, before: &Self) -> Self {
        for (name, issuer) in &self.issuers {
            if let Some(before) = before.issuers.get(name) {
                issuer.adopt_keys(before);
            }
        }
        self.prefetch_keys().await;
        self
    }

    /// Fetches the key sets that come from the network, all at once, so that the first request need not wait. A failure is logged and tried
    /// again later.
    pub async fn prefetch_keys(&self) {
        join_all(self.issuers.values().map(Issuer::prefetch_keys)).await;
    }

    /// What is known of the issuers' keys, in the order of their names.
    #[must_use]
    pub fn stats(&self) -> Vec<IssuerStats> {
        let figures =
            self.issuers.iter().map(|(name, issuer)| IssuerStats { issuer: name.clone(), keys: issuer.stats() });
        let mut figures: Vec<_> = figures.collect();
        figures.sort_by(|one, other| one.issuer.cmp(&other.issuer));
        figures
    }

    /// Tells who is asking: none without a credential.
    ///
    /// # Errors
    /// With a credential that is not accepted, or cannot be judged.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<Principal>, NotAuthenticated> {
        Ok(self.authenticate_until(headers).await?.map(|(principal, _)| principal))
    }

    /// The same, and how long the credential will be accepted.
    ///
    /// # Errors
    /// With a credential that is not accepted, or cannot be judged.
    pub async fn authenticate_until(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<(Principal, Duration)>, NotAuthenticated> {
        let (issuer, judged) = self.verify_unverified(headers).await;
        judged.map_err(|reason| {
            reason.log(issuer);
            match reason {
                RejectionReason::KeysUnavailable => NotAuthenticated::KeysUnavailable,
                RejectionReason::TooLarge => NotAuthenticated::TooLarge,
                _ => NotAuthenticated::Refused,
            }
        })
    }

    #[cfg(test)]
    async fn verify(&self, headers: &HeaderMap) -> Result<Option<Principal>, RejectionReason> {
        Ok(self.verify_unverified(headers).await.1?.map(|(principal, _)| principal))
    }

    /// Who it is, and by which configured issuer.
    async fn verify_unverified(
        &self,
        headers: &HeaderMap,
    ) -> (Option<&str>, Result<Option<(Principal, Duration)>, RejectionReason>) {
        let token = match self.carriers.token(headers) {
            Ok(Some(token)) => token,
            Ok(None) => return (None, Ok(None)),
            Err(reason) => return (None, Err(reason)),
        };
        let token = match Unverified::parse(token) {
            Ok(token) => token,
            Err(reason) => return (None, Err(reason)),
        };
        // The unverified name only picks the verifier; that one then checks the name too.
        let Some((name, issuer)) = self.issuers.get_key_value(token.issuer()) else {
            return (None, Err(RejectionReason::UnknownIssuer));
        };
        (Some(name.as_str()), issuer.verify(&token).await.map(Some))
    }
}
