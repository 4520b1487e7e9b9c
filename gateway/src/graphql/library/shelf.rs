//! What of the library is exchanged as a whole when the configuration is reloaded.
//!
//! Owns: [`Shelf`]. May use: the configuration, `trusted`. Invariant: where trusted documents are enforced nobody registers any:
//! whoever did would have them trusted.

use entity::OrgRole;

use super::trusted::{Trusted, Unsound};
use crate::config::{Documents as Settings, Persisted, Trust};
use crate::graphql::Limits;

/// The trusted documents, and what they are for.
#[derive(Debug)]
pub struct Shelf {
    pub(super) trust: Trust,
    pub(super) trusted: Trusted,
    /// The least role with which one may run others.
    pub(super) exploring: Option<OrgRole>,
    persisted: Persisted,
}

impl Shelf {
    /// Reads the lists, if they are for anything. Fails with all that is wrong in them.
    pub fn read(settings: &Settings, limits: Limits) -> Result<Self, Unsound> {
        let Settings { trust, ref manifest, exploring, persisted, .. } = *settings;
        let trusted = match trust {
            Trust::Off => Trusted::default(),
            Trust::Log | Trust::Enforce => Trusted::read(manifest, &limits)?,
        };
        Ok(Self { trust, trusted, exploring, persisted })
    }

    /// Whether documents can be registered.
    pub(super) fn keeps(&self) -> bool {
        self.persisted == Persisted::Kept && self.trust != Trust::Enforce
    }
}
