//! Scalars of our own that arguments take.
//!
//! Owns: [`INPUT_SCALARS`]. May use: the types that read them. Invariant: whether a value is one is asked of the type that a resolver gets, so a
//! value that passes before anything runs is one that every resolver takes.

use async_graphql::{InputType, Value};

use super::input::Time;

/// A scalar of our own.
#[derive(Debug)]
pub(crate) struct InputScalar {
    /// Its name in the schema.
    pub(crate) name: &'static str,
    /// One of its values, as it is written in a document.
    pub(crate) example: &'static str,
    is_one: fn(Value) -> bool,
}

impl InputScalar {
    const fn of<T: InputType>(name: &'static str, example: &'static str) -> Self {
        Self { name, example, is_one: |value| T::parse(Some(value)).is_ok() }
    }

    /// Whether the value is one.
    pub(crate) fn takes(&self, value: Value) -> bool {
        (self.is_one)(value)
    }
}

/// Each scalar of our own that some argument takes.
pub(crate) const INPUT_SCALARS: &[InputScalar] = &[InputScalar::of::<Time>("DateTime", r#""2026-01-31T09:00:00Z""#)];
