//! A row as a database has sent it.
//!
//! Owns: reading it, by the names of its columns or by their places. May use: the drivers' conversions. Invariant: a value is read
//! as what its column holds, or refused; nothing is guessed.

mod decode;

pub(crate) use decode::{DecodeColumn, as_text};

use sea_orm::{DbErr, QueryResult, TryGetable};

/// A row of either database.
#[derive(Debug)]
pub enum Row {
    Postgres(tokio_postgres::Row),
    Sqlite(QueryResult),
}

/// What can be made of a row.
pub trait FromRow: Sized {
    /// Reads the columns that it needs, by their names.
    fn from_row(row: &Row) -> Result<Self, DbErr>;
}

impl Row {
    /// The value of the column of this name.
    pub(crate) fn get_by_name<T: DecodeColumn + TryGetable>(&self, name: &str) -> Result<T, DbErr> {
        match self {
            Self::Postgres(row) => {
                let place = row.columns().iter().position(|column| column.name() == name);
                let place = place.ok_or_else(|| DbErr::Type(format!("there is no column `{name}`")))?;
                T::decode(self, place)
            }
            Self::Sqlite(row) => row.try_get("", name),
        }
    }

    /// The names of the columns.
    pub(crate) fn column_names(&self) -> Vec<String> {
        match self {
            Self::Postgres(row) => row.columns().iter().map(|column| column.name().to_owned()).collect(),
            Self::Sqlite(row) => row.column_names(),
        }
    }
}

/// Makes something of a row whose columns are called as its fields are.
macro_rules! from_row {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::row::FromRow for $name {
            fn from_row(row: &$crate::row::Row) -> Result<Self, ::sea_orm::DbErr> {
                Ok(Self { $($field: row.get_by_name(stringify!($field))?),+ })
            }
        }
    };
}
pub(crate) use from_row;
