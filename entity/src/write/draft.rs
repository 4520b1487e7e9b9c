//! What a client may write into a row.
//!
//! Owns: the limits of texts, and collecting every problem of an input. May use: nothing. Invariant: a draft with a
//! problem is refused whole, and all its problems are told at once.

use crate::{Error, Problem};

/// What a patch does to a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing.
    #[default]
    Keep,
    /// Empties it.
    Clear,
    /// Writes this.
    Set(T),
}

impl<T> Change<T> {
    /// The column after the change.
    pub(super) fn apply(self, column: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *column = None,
            Self::Set(value) => *column = Some(value),
        }
    }
}

/// Collects the problems of one input.
#[derive(Default)]
pub(super) struct Checks(Vec<Problem>);

impl Checks {
    /// A text that must be there: trimmed, 1 to `most` characters.
    pub(super) fn required(&mut self, field: &'static str, text: &str, most: usize) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.0.push(Problem::bad(field, format!("`{field}` is empty")));
        }
        self.length(field, text, most);
        text.to_owned()
    }

    /// A text that may be missing; one of blanks only counts as missing.
    pub(super) fn optional(&mut self, field: &'static str, text: Option<String>, most: usize) -> Option<String> {
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
        self.length(field, &text, most);
        Some(text)
    }

    /// The same in a patch.
    pub(super) fn patch(&mut self, field: &'static str, text: Change<String>, most: usize) -> Change<String> {
        match text {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(text) => self.optional(field, Some(text), most).map_or(Change::Clear, Change::Set),
        }
    }

    /// An e-mail address in rough form: the mail server knows better than any pattern.
    pub(super) fn email(&mut self, field: &'static str, address: Option<&str>) {
        if let Some(address) = address
            && crate::VerifiedEmail::new(address).is_none()
        {
            self.0.push(Problem::bad(field, format!("`{address}` is not an e-mail address")));
        }
    }

    /// A number within bounds.
    pub(super) fn range(&mut self, field: &'static str, number: Option<i32>, least: i32, most: i32) {
        if let Some(number) = number
            && !(least..=most).contains(&number)
        {
            self.0.push(Problem::bad(field, format!("`{field}` is {number}; it goes from {least} to {most}")));
        }
    }

    fn length(&mut self, field: &'static str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.0.push(Problem::bad(field, format!("`{field}` has {count} characters; at most {most} are allowed")));
        }
        // PostgreSQL cannot store it, and nobody types it.
        if text.contains('\0') {
            self.0.push(Problem::bad(field, format!("`{field}` contains a zero byte")));
        }
    }

    pub(super) fn done(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// Characters in a name or title.
pub(super) const NAME: usize = 200;
/// Characters in an address, by RFC 5321.
pub(super) const EMAIL: usize = 320;
/// Characters in a phone number with all its decoration.
pub(super) const PHONE: usize = 60;
/// Characters in a note.
pub(super) const NOTE: usize = 20_000;
