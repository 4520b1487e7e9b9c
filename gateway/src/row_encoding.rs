//! Rows, written as text.
//!
//! Owns: a list of rows as a type of the schema, its plan for a selection, and the writing of JSON. May use: the columns
//! and guards that `#[guarded]` lists, and the library's way for all else. Invariant: the bytes are those of the library's
//! way, which takes a list apart field by field and row by row; what is refused goes that way, and is noted there.

mod deferred_row;
mod json;
mod list;
mod plan;
mod projection;
mod scalar;
mod template;

pub(crate) use deferred_row::{DeferredRow, FetchById};
pub(crate) use json::{length, response};
pub(crate) use list::{RowList, SingleRow};
pub(crate) use projection::columns;
pub(crate) use scalar::{JsonScalar, plain_words, word};

use entity::auth::policy::{Guard, PolicyTarget};

/// A field that a row answers of itself: neither arguments nor the request change its value.
pub struct Column<T: ?Sized> {
    /// As the schema spells it.
    pub(crate) name: &'static str,
    /// What it demands.
    pub(crate) guard: Guard,
    /// Whether its value can be written here: a scalar or an enum, and no object.
    pub(crate) is_plain: bool,
    /// Writes a row's value.
    pub(crate) write: fn(&T, &mut Vec<u8>),
}

/// What of a row a field looks at, for whoever may read it.
#[derive(Clone, Copy, Debug)]
pub struct FieldColumns {
    /// As the schema spells it.
    pub(crate) name: &'static str,
    /// What it demands.
    pub(crate) guard: Guard,
    /// What its body reads.
    pub(crate) at: ColumnUse,
}

/// What a body reads of its row.
#[derive(Clone, Copy, Debug)]
pub enum ColumnUse {
    /// These columns of its table.
    Columns(&'static [&'static str]),
    /// Who knows.
    All,
}

/// A type whose rows can be written at once. Implemented by `#[guarded]` only, for every type.
pub trait Row: Sized + 'static {
    /// The fields that take nothing but the row.
    const COLUMNS: &'static [Column<Self>];

    /// What of the row each of its fields looks at.
    const FIELD_COLUMNS: &'static [FieldColumns];

    /// What its guards look at.
    fn about(&self) -> PolicyTarget;
}

#[cfg(test)]
mod tests;
