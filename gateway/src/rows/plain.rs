//! Values that are written as they are.
//!
//! Owns: the JSON text of each scalar and enum that a column can have. May use: serde_json. Invariant: the same text as
//! that of the value which the library makes of it.

use async_graphql::{ID, Json, resolver_utils::EnumType};
use chrono::{DateTime, Utc};

use super::text::{json, list, name};

/// A column's value.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be written",
    note = "an enum of the schema belongs into a `plain_words!`; a new scalar needs an implementation in `rows::plain`"
)]
pub(crate) trait Plain {
    /// False for objects, which are no column's value and go the library's way.
    const IS_PLAIN: bool = true;

    /// Writes the value.
    fn write(&self, text: &mut Vec<u8>);
}

macro_rules! as_serde_writes {
    ($($ty:ty),+) => {$(
        impl Plain for $ty {
            fn write(&self, text: &mut Vec<u8>) {
                json(text, self);
            }
        }
    )+};
}

as_serde_writes!(bool, i32, usize, f64, str, String, ID, serde_json::Value);

impl Plain for DateTime<Utc> {
    fn write(&self, text: &mut Vec<u8>) {
        name(text, &self.to_rfc3339());
    }
}

impl<T: Plain + ?Sized> Plain for &T {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        T::write(self, text);
    }
}

impl<T: Plain> Plain for Json<T> {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        self.0.write(text);
    }
}

impl<T: Plain> Plain for Option<T> {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(text),
            None => text.extend_from_slice(b"null"),
        }
    }
}

impl<T: Plain> Plain for [T] {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        list(text, self, |text, item| item.write(text));
    }
}

impl<T: Plain> Plain for Vec<T> {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        self.as_slice().write(text);
    }
}

/// Writes an enum's word.
pub(crate) fn word<E: EnumType>(text: &mut Vec<u8>, value: E) {
    match E::items().iter().find(|item| item.value == value) {
        Some(item) => name(text, item.name),
        None => text.extend_from_slice(b"null"),
    }
}

/// Lets columns have these enums as values.
macro_rules! plain_words {
    ($($word:ty),+ $(,)?) => {$(
        impl $crate::rows::Plain for $word {
            fn write(&self, text: &mut Vec<u8>) {
                $crate::rows::word(text, *self);
            }
        }
    )+};
}
pub(crate) use plain_words;
