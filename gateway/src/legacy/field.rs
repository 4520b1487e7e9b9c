//! One value of a row.
//!
//! Owns: how texts become ids, times, numbers and words. May use: chrono, uuid. Invariant: a value is read entirely or
//! refused with a reason that names its column; nothing is guessed and nothing is cut.

#[cfg(test)]
mod tests;
mod time;

use chrono::{DateTime, Utc};
use entity::{TypedId, VerifiedEmail};
use uuid::Uuid;

/// Characters in a name, title, key or label: the limits of the gateway's own inputs.
pub(super) const NAME: usize = 200;
/// Characters in a phone number.
pub(super) const PHONE: usize = 60;
/// Characters in a note.
pub(super) const NOTE: usize = 20_000;

/// The values of one row, without the blanks around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    columns: &'static [&'static str],
    values: Vec<String>,
}

/// A value that was found, or why it is of no use.
pub(super) type Read<T> = Result<T, String>;

impl Fields {
    pub(super) fn new(columns: &'static [&'static str], values: Vec<String>) -> Self {
        Self { columns, values }
    }

    /// The text of a column; none if it is empty.
    pub(super) fn value(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| *name == column)?;
        self.values.get(place).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn needed(&self, column: &str) -> Read<&str> {
        self.value(column).ok_or_else(|| format!("`{column}` is empty"))
    }

    /// A UUID in any of its forms.
    pub(super) fn id<I: TypedId>(&self, column: &str) -> Read<I> {
        let text = self.needed(column)?;
        match Uuid::try_parse(text) {
            // The nil id means "no such row" everywhere else.
            Ok(id) if !id.is_nil() => Ok(I::from_uuid(id)),
            Ok(_) | Err(_) => Err(format!("`{column}` is not an id")),
        }
    }

    /// A text that must be there.
    pub(super) fn text(&self, column: &str, most: usize) -> Read<String> {
        let text = self.needed(column)?;
        within(column, text, most)?;
        Ok(text.to_owned())
    }

    /// A text that may be missing.
    pub(super) fn optional_text(&self, column: &str, most: usize) -> Read<Option<String>> {
        self.value(column).map(|text| within(column, text, most).map(|()| text.to_owned())).transpose()
    }

    /// An address; in rough form, as the gateway itself checks it.
    pub(super) fn email(&self, column: &str) -> Read<VerifiedEmail> {
        VerifiedEmail::new(self.needed(column)?).ok_or_else(|| format!("`{column}` is not an e-mail address"))
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, column: &str, least: i32, most: i32) -> Read<i32> {
        let text = self.needed(column)?;
        match text.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            Ok(_) | Err(_) => Err(format!("`{column}` is not a whole number from {least} to {most}")),
        }
    }

    /// A point in time.
    pub(super) fn time(&self, column: &str) -> Read<DateTime<Utc>> {
        time::parse(self.needed(column)?).map_err(|why| format!("`{column}` {why}"))
    }

    /// A yes or no.
    pub(super) fn truth(&self, column: &str) -> Read<bool> {
        self.word(column, |word| match word {
            "true" | "t" | "yes" | "y" | "1" => Some(true),
            "false" | "f" | "no" | "n" | "0" => Some(false),
            _ => None,
        })
    }

    /// One of a closed set of words, which `known` is asked for in lower case, with `_` between its parts.
    pub(super) fn word<T>(&self, column: &str, known: impl FnOnce(&str) -> Option<T>) -> Read<T> {
        let word = self.needed(column)?.to_ascii_lowercase().replace([' ', '-'], "_");
        known(&word).ok_or_else(|| format!("`{column}` has an unknown word"))
    }
}

fn within(column: &str, text: &str, most: usize) -> Read<()> {
    let count = text.chars().count();
    if count > most { Err(format!("`{column}` has {count} characters; at most {most} are allowed")) } else { Ok(()) }
}
