//! Values that are written as they are.
//!
//! Owns: the JSON text of each scalar and enum that a column can have. May use: serde_json. Invariant: the same text as
//! that of the value which the library makes of it.

use async_graphql::{ID, Json, resolver_utils::EnumType};
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};

use super::json::{json, list, name, string};

/// A column's value.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be written",
    note = "an enum of the schema belongs into a `plain_words!`; a new scalar needs an implementation in `rows::plain`"
)]
pub(crate) trait JsonScalar {
    /// False for objects, which are no column's value and go the library's way.
    const IS_PLAIN: bool = true;

    /// Writes the value.
    fn write(&self, text: &mut Vec<u8>);
}

macro_rules! written_by {
    ($($writes:ident: $($ty:ty),+;)+) => {$($(
        impl JsonScalar for $ty {
            fn write(&self, text: &mut Vec<u8>) {
                $writes(text, self);
            }
        }
    )+)+};
}

written_by! {
    json: bool, i32, usize, f64, serde_json::Value;
    string: str, String, ID;
}

impl JsonScalar for DateTime<Utc> {
    fn write(&self, text: &mut Vec<u8>) {
        let (date, time) = (self.date_naive(), self.time());
        let (year @ 0..=9999, nanos @ 0..1_000_000_000) = (date.year(), time.nanosecond()) else {
            // Years of more digits, and leap seconds: chrono knows how they are spelled.
            return name(text, &self.to_rfc3339());
        };
        let mut written = *b"\"0000-00-00T00:00:00";
        for (place, part) in [
            (1..5, year.unsigned_abs()),
            (6..8, date.month()),
            (9..11, date.day()),
            (12..14, time.hour()),
            (15..17, time.minute()),
            (18..20, time.second()),
        ] {
            digits(&mut written[place], part);
        }
        text.extend_from_slice(&written);
        if nanos > 0 {
            let mut written = *b".000000000";
            digits(&mut written[1..], nanos);
            let shown = match (nanos % 1_000_000, nanos % 1000) {
                (0, _) => 3,
                (_, 0) => 6,
                _ => 9,
            };
            text.extend_from_slice(&written[..=shown]);
        }
        text.extend_from_slice(b"+00:00\"");
    }
}

/// Writes the last digits of a number, with zeros in front.
fn digits(into: &mut [u8], mut number: u32) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl<T: JsonScalar + ?Sized> JsonScalar for &T {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        T::write(self, text);
    }
}

impl<T: JsonScalar> JsonScalar for Json<T> {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        self.0.write(text);
    }
}

impl<T: JsonScalar> JsonScalar for Option<T> {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(text),
            None => text.extend_from_slice(b"null"),
        }
    }
}

impl<T: JsonScalar> JsonScalar for [T] {
    const IS_PLAIN: bool = T::IS_PLAIN;

    fn write(&self, text: &mut Vec<u8>) {
        list(text, self, |text, item| item.write(text));
    }
}

impl<T: JsonScalar> JsonScalar for Vec<T> {
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
        impl $crate::row_encoding::JsonScalar for $word {
            fn write(&self, text: &mut Vec<u8>) {
                $crate::row_encoding::word(text, *self);
            }
        }
    )+};
}
pub(crate) use plain_words;
