//! A broad set of queries: what there is to be asked.
//!
//! Owns: one query for each type of the schema's text with all its fields and relations, and a list of what a generator
//! would not think of. Invariant: a type that is reached from nowhere fails, so that a new one cannot be forgotten.

mod broad;
mod sdl;

pub use broad::{by_id, by_type, odd};
pub use sdl::{Field, Sdl};

use serde_json::Value;

/// Something to be asked.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it is about, for the failing test's message.
    pub name: String,
    /// The document.
    pub text: String,
    /// Its variables.
    pub variables: Value,
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Query> {
    [by_type(), by_id(), odd()].concat()
}
