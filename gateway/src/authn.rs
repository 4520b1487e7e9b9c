//! Who is asking: from the credential in the headers to a [`Principal`].
//!
//! Owns: the carriers of a token, its verification, the issuers' keys and the tokens that the gateway mints itself.
//! May use: `config`, and of `entity` the principal alone. Never: what anybody may do.
//! Invariant: every fact of a principal was signed by a configured issuer's key under that key's own algorithm, and whoever is
//! refused cannot tell why.

mod claims;
mod credential;
mod issuer;
mod json;
mod key_set;
mod key_store;
pub mod mint;
mod reason;
mod signatures;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashMap;

use axum::http::HeaderMap;
use entity::Principal;
use thiserror::Error;

use crate::config;
use credential::Carriers;
use issuer::Issuer;
pub use key_store::LoadError;
use reason::Reason;
use token::Unverified;

/// A credential came and was not accepted. It is one value for every cause: the cause is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the credential is not accepted")]
pub struct Refused(());

impl Refused {
    /// The `WWW-Authenticate` header of every 401, whatever the cause (RFC 6750 §3).
    pub const CHALLENGE: &str = "Bearer";
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
    carriers: Carriers,
    issuers: HashMap<String, Issuer>,
}

impl Authenticator {
    /// Prepares the issuers; reads key files, asks nobody on the network yet.
    pub fn new(config: &config::Authn) -> Result<Self, AuthnError> {
        let mut issuers = HashMap::with_capacity(config.issuers.len());
        for issuer in &config.issuers {
            issuers.insert(issuer.issuer.clone(), Issuer::new(issuer, config)?);
        }
        Ok(Self { carriers: Carriers::new(config), issuers })
    }

    /// Prepares them anew by another configuration. Keys that an issuer has published stay known while it is asked again: one that does not
    /// answer now loses nobody their session.
    pub async fn renewed(&self, config: &config::Authn) -> Result<Self, AuthnError> {
        let renewed = Self::new(config)?;
        for (name, issuer) in &renewed.issuers {
            if let Some(before) = self.issuers.get(name) {
                issuer.take_over(before);
            }
        }
        renewed.warm().await;
        Ok(renewed)
    }

    /// Fetches the key sets that come from the network, so that the first request need not wait. A failure is logged and tried again later.
    pub async fn warm(&self) {
        for issuer in self.issuers.values() {
            issuer.warm().await;
        }
    }

    /// Tells who is asking: none without a credential; [`Refused`] with one that is not accepted.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<Principal>, Refused> {
        self.judge(headers).await.map_err(|reason| {
            reason.log();
            Refused(())
        })
    }

    async fn judge(&self, headers: &HeaderMap) -> Result<Option<Principal>, Reason> {
        let Some(token) = self.carriers.token(headers)? else { return Ok(None) };
        let token = Unverified::parse(token)?;
        // The unverified name only picks the verifier; that one then checks the name too.
        let issuer = self.issuers.get(token.issuer()).ok_or(Reason::UnknownIssuer)?;
        issuer.verify(&token).await.map(Some)
    }
}
