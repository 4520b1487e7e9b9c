//! What an engine tells of itself.
//!
//! Owns: the way to its figures. May use: the engine's parts. Invariant: nothing of what was asked.

use std::sync::Arc;

use entity::Principal;

use super::Engine;
use crate::{
    admission::Reader,
    graphql::{Bounds, DocumentFigures},
    sight::Sight,
};

impl Engine {
    /// The limits in force.
    #[must_use]
    pub fn bounds(&self) -> Arc<Bounds> {
        Arc::clone(&self.0.bounds)
    }

    /// Who is sent its answers; no person without a credential.
    #[must_use]
    pub fn reader(&self, principal: Option<&Principal>) -> Reader {
        self.0.admission.reader(principal)
    }

    /// Who watches over its operations.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.0.sight
    }

    /// How many operations run, and how many wait.
    #[must_use]
    pub fn turns(&self) -> (usize, usize) {
        self.0.admission.figures()
    }

    /// What the cache of parsed documents does.
    #[must_use]
    pub fn document_figures(&self) -> DocumentFigures {
        self.0.documents.figures()
    }
}
