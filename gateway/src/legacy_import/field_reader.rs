//! One value of a row.
//!
//! Owns: how texts become ids, times, numbers and words. May use: the store's kinds of texts and times, uuid. Invariant: a value is read entirely or
//! refused with a reason that names its column; nothing is guessed and nothing is cut.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use entity::{email::EmailAddress, id::TypedId, text::TextKind, time::parse_time};
use uuid::Uuid;

/// The values of one row, without the blanks around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldReader {
    columns: &'static [&'static str],
    values: Vec<String>,
}

/// A value that was found, or why it is of no use.
pub(super) type Read<T> = Result<T, String>;

impl FieldReader {
    pub(super) fn new(columns: &'static [&'static str], values: Vec<String>) -> Self {
        Self { columns, values }
    }

    /// The text of a column; none if it is empty.
    pub(super) fn value(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| *name == column)?;
        self.values.get(place).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn required(&self, column: &str) -> Read<&str> {
        self.value(column).ok_or_else(|| format!("`{column}` is empty"))
    }

    /// A UUID in any of its forms.
    pub(super) fn id<I: TypedId>(&self, column: &str) -> Read<I> {
        let text = self.required(column)?;
        match Uuid::try_parse(text) {
            // The nil id means "no such row" everywhere else.
            Ok(id) if !id.is_nil() => Ok(I::from_uuid(id)),
            Ok(_) | Err(_) => Err(format!("`{column}` is not an id")),
        }
    }

    /// A text that must be there.
    pub(super) fn text(&self, column: &str, kind: TextKind) -> Read<String> {
        self.optional_text(column, kind)?.ok_or_else(|| format!("`{column}` is empty"))
    }

    /// A text that may be missing.
    pub(super) fn optional_text(&self, column: &str, kind: TextKind) -> Read<Option<String>> {
        let read = self.value(column).map(|text| kind.read(text)).transpose();
        read.map(Option::flatten).map_err(|flaw| format!("`{column}` {flaw}"))
    }

    /// An address.
    pub(super) fn email(&self, column: &str) -> Read<EmailAddress> {
        EmailAddress::parse(self.required(column)?).map_err(|flaw| format!("`{column}` {flaw}"))
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, column: &str, least: i32, most: i32) -> Read<i32> {
        let text = self.required(column)?;
        match text.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            Ok(_) | Err(_) => Err(format!("`{column}` is not a whole number from {least} to {most}")),
        }
    }

    /// A point in time.
    pub(super) fn time(&self, column: &str) -> Read<DateTime<Utc>> {
        parse_time(self.required(column)?).map_err(|flaw| format!("`{column}` {flaw}"))
    }

    /// A yes or no.
    pub(super) fn bool(&self, column: &str) -> Read<bool> {
        self.keyword(column, |word| match word {
            "true" | "t" | "yes" | "y" | "1" => Some(true),
            "false" | "f" | "no" | "n" | "0" => Some(false),
            _ => None,
        })
    }

    /// One of a closed set of words, which `known` is asked for in lower case, with `_` between its parts.
    pub(super) fn keyword<T>(&self, column: &str, known: impl FnOnce(&str) -> Option<T>) -> Read<T> {
        let word = self.required(column)?.to_ascii_lowercase().replace([' ', '-'], "_");
        known(&word).ok_or_else(|| format!("`{column}` has an unknown word"))
    }
}
