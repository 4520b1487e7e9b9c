//! A broad set of queries over the whole schema.
//!
//! Owns: one query for each type of the SDL with all its fields and relations, and a list of cases that a generator
//! would not produce. Invariant: a type that no query reaches fails the test, so that a new type cannot be forgotten.

mod broad;
mod sdl;

pub use broad::{by_id, by_type, odd};
pub use sdl::{Field, Sdl};

use serde_json::Value;

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    /// Subject of the query, for the failing test's message.
    pub name: String,
    /// The document.
    pub text: String,
    /// Its variables.
    pub variables: Value,
}

/// All queries.
#[must_use]
pub fn all() -> Vec<Query> {
    [by_type(), by_id(), odd()].concat()
}
