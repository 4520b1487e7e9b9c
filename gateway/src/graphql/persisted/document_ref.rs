//! How a client says which document it wants to be run.
//!
//! Owns: [`Wanted`] and [`Named`]. May use: nothing of the room. Invariant: none.

use entity::auth::OrgRole;

/// Which document a client wants to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentRef {
    /// The one of this text.
    Text(String),
    /// The one of this text, which may then be asked for by this hash (`extensions.persistedQuery`).
    Registered {
        /// The text.
        text: String,
        /// What the client says is its SHA-256, or an id.
        hash: String,
    },
    /// The one of this hash, or of this id (`extensions.persistedQuery`).
    Hash(String),
    /// The one of this id (`documentId`).
    Id(String),
}

/// A document that may be looked at.
#[derive(Debug)]
pub(in crate::graphql) struct DocumentName {
    /// Its text.
    pub(in crate::graphql) text: String,
    /// The hash under which it is kept if it turns out to be a document.
    pub(super) keep: Option<[u8; 32]>,
    /// The least role in the organization that it takes to have it looked at: it is not a trusted one.
    pub(in crate::graphql) takes: Option<OrgRole>,
}

impl DocumentName {
    /// One that is not kept.
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), keep: None, takes: None }
    }
}
