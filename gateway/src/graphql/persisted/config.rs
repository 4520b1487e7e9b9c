//! What of the library is exchanged as a whole when the configuration is reloaded.
//!
//! Owns: [`Shelf`]. May use: the configuration, `trusted`. Invariant: where trusted documents are enforced nobody registers any:
//! whoever did would have them trusted.

use entity::auth::OrgRole;

use super::trusted::{ManifestError, TrustedDocuments};
use crate::config::{Documents as Settings, Persisted, Trust};
use crate::limits::Limits;

/// The trusted documents, and what they are for.
#[derive(Debug)]
pub struct RegistryConfig {
    pub(super) trust: Trust,
    pub(super) trusted: TrustedDocuments,
    /// The least role with which one may run others.
    pub(super) exploring: Option<OrgRole>,
    persisted: Persisted,
}

impl RegistryConfig {
    /// Reads the lists, if they are for anything. Fails with all that is wrong in them.
    pub fn read(settings: &Settings, limits: Limits) -> Result<Self, ManifestError> {
        let Settings { trust, ref manifest, exploring, persisted, .. } = *settings;
        let trusted = match trust {
            Trust::Off => TrustedDocuments::default(),
            Trust::Log | Trust::Enforce => TrustedDocuments::read(manifest, &limits)?,
        };
        Ok(Self { trust, trusted, exploring, persisted })
    }

    /// Whether documents can be registered.
    pub(super) fn stores_apq(&self) -> bool {
        self.persisted == Persisted::Kept && self.trust != Trust::Enforce
    }
}
