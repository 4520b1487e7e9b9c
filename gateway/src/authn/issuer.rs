//! Verifies the tokens of one configured issuer.
//!
//! Owns: the order key, signature, claims. May use: `key_store`, `signatures`, `claims`, jsonwebtoken.
//! Invariant: the key is chosen among this issuer's own, and its algorithm is the only one that the verification allows. No claim is
//! looked at whose signature was not found right, now or before.

use std::sync::Arc;
use std::time::Duration;

use entity::auth::Principal;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};

use super::AuthnError;
use super::claims::ClaimRules;
use super::key_set::Key;
use super::key_store::{KeyLocation, KeyStats, KeyStore};
use super::rejection_reason::RejectionReason;
use super::signature_cache::SignatureCache;
use super::strict_json::StrictObject;
use super::token::Unverified;
use crate::config::{self, KeySource, Secret};

/// Somebody whose tokens are believed.
pub(super) struct Issuer {
    keys: Keys,
    signatures: SignatureCache,
    rules: ClaimRules,
}

enum Keys {
    Secret(Arc<Key>),
    Published(Arc<KeyStore>),
}

impl Issuer {
    pub(super) fn new(issuer: &config::Issuer, config: &config::Authn) -> Result<Self, AuthnError> {
        let rules = ClaimRules {
            issuer: issuer.issuer.clone(),
            audience: issuer.audience.clone(),
            leeway: config.leeway.as_secs(),
            names: issuer.claims.clone(),
            expected: issuer.expected.clone(),
        };
        let store = |place| KeyStore::new(issuer.issuer.clone(), place, config.jwks);
        let keys = match &issuer.keys {
            KeySource::Secret(secret) if secret.expose().len() < Secret::MIN_BYTES => {
                return Err(AuthnError::ShortSecret { issuer: issuer.issuer.clone() });
            }
            KeySource::Secret(secret) => Keys::Secret(Arc::new(Key::secret(secret.expose().as_bytes()))),
            KeySource::Url(url) => Keys::Published(store(KeyLocation::Url(url.clone()))),
            KeySource::File(path) => {
                let store = store(KeyLocation::File(path.clone()));
                store.load().map_err(|cause| AuthnError::Keys { issuer: issuer.issuer.clone(), cause })?;
                Keys::Published(store)
            }
        };
        Ok(Self { keys, signatures: SignatureCache::default(), rules })
    }

    /// Begins with the keys that this issuer had published so far, if it publishes them at the same address.
    pub(super) fn adopt_keys(&self, before: &Self) {
        if let (Keys::Published(store), Keys::Published(before)) = (&self.keys, &before.keys) {
            store.adopt(before);
        }
    }

    /// What is known of its keys. A secret is one key, which does not age.
    pub(super) fn stats(&self) -> KeyStats {
        match &self.keys {
            Keys::Secret(_) => KeyStats { usable: 1, age: Some(Duration::ZERO), failed_at: None },
            Keys::Published(store) => store.stats(),
        }
    }

    pub(super) async fn prefetch_keys(&self) {
        if let Keys::Published(store) = &self.keys {
            store.refresh().await;
        }
    }

    /// Who it is, and how long the token will be accepted.
    pub(super) async fn verify(&self, token: &Unverified<'_>) -> Result<(Principal, Duration), RejectionReason> {
        let key = match &self.keys {
            Keys::Secret(key) => Arc::clone(key),
            Keys::Published(store) => store.find(token.algorithm(), token.key_id()).await?,
        };
        if key.algorithm != token.algorithm() {
            return Err(RejectionReason::KeyAlgorithm);
        }
        let place = SignatureCache::token_hash(token.text());
        if !self.signatures.contains(&place, &key) {
            let validation = self.validation(key.algorithm);
            let verified = jsonwebtoken::decode::<StrictObject>(token.text(), &key.decoding, &validation);
            verified.map_err(|error| reason(error.kind()))?;
            self.signatures.insert(place, key);
        }
        let now = jsonwebtoken::get_current_timestamp();
        let principal = self.rules.principal(token.signed_claims(), now)?;
        Ok((principal, self.rules.remaining_lifetime(token.signed_claims(), now)))
    }

    /// The library checks the registered claims as well, the first time that it sees a token; ours, which are stricter in form, are checked
    /// each time and do not rely on it.
    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.rules.issuer]);
        validation.set_audience(&self.rules.audience);
        validation.leeway = self.rules.leeway;
        validation.validate_nbf = true;
        validation
    }
}

fn reason(kind: &ErrorKind) -> RejectionReason {
    match kind {
        ErrorKind::InvalidSignature => RejectionReason::Signature,
        ErrorKind::ExpiredSignature => RejectionReason::Expired,
        ErrorKind::ImmatureSignature => RejectionReason::NotYetValid,
        ErrorKind::InvalidAudience => RejectionReason::Audience,
        ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_)
        | ErrorKind::InvalidIssuer
        | ErrorKind::Json(_) => RejectionReason::Claims,
        ErrorKind::InvalidAlgorithm => RejectionReason::KeyAlgorithm,
        _ => RejectionReason::Malformed,
    }
}
