//! What an engine tells of itself.
//!
//! Owns: the way to its figures. May use: the engine's parts. Invariant: nothing of what was asked.

use std::sync::Arc;

use entity::auth::Principal;

use super::Executor;
use crate::{admission::ReaderKey, graphql::DocumentCacheStats, limits::LimitRegistry, telemetry::Telemetry};

impl Executor {
    /// The limits in force.
    #[must_use]
    pub fn bounds(&self) -> Arc<LimitRegistry> {
        Arc::clone(&self.0.bounds)
    }

    /// Who is sent its answers; no person without a credential.
    #[must_use]
    pub fn reader(&self, principal: Option<&Principal>) -> ReaderKey {
        self.0.admission.reader(principal)
    }

    /// Who watches over its operations.
    #[must_use]
    pub fn telemetry(&self) -> &Telemetry {
        &self.0.sight
    }

    /// How many operations run, and how many wait.
    #[must_use]
    pub fn queue_depths(&self) -> (usize, usize) {
        self.0.admission.stats()
    }

    /// What the cache of parsed documents does.
    #[must_use]
    pub fn document_cache_stats(&self) -> DocumentCacheStats {
        self.0.documents.stats()
    }
}
