//! Rows read by the places of their columns.
//!
//! Owns: how a model is made of a row whose columns stand in the model's own order, as every select of an entity puts them, with some
//! of them left out. May use: `row`. Invariant: the order that a model is read in is that of its columns; a test compares them.
//!
//! sea-orm looks each column up by its name, in a map, once for every value. (Measured: a nested query of 500 rows spent a
//! fifth of its time on reading them.)

use sea_orm::DbErr;

use super::ColumnSet;
use crate::row::{DecodeColumn, Row};

/// A row that can be read by the places of its columns.
pub trait DecodePositional: Sized {
    /// The columns, in the order in which they are read.
    const COLUMNS: &'static [&'static str];

    /// Those that no row is read without: there is nothing to put in their place.
    fn required_columns() -> ColumnSet;

    /// The row. Its columns must be those of `columns`, in this order.
    fn decode_positional(row: &Row, columns: ColumnSet) -> Result<Self, DbErr>;
}

/// Reads one column after another.
pub(crate) struct ColumnReader<'a> {
    row: &'a Row,
    columns: ColumnSet,
    /// In the model.
    column: usize,
    /// In the row.
    place: usize,
}

impl<'a> ColumnReader<'a> {
    pub(crate) fn of(row: &'a Row, columns: ColumnSet) -> Self {
        Self { row, columns, column: 0, place: 0 }
    }

    /// The value of the next column, or what stands for it where it was left out.
    pub(crate) fn next<T: DecodeColumn>(&mut self) -> Result<T, DbErr> {
        let column = self.column;
        self.column += 1;
        if !self.columns.has(column) {
            let nothing = T::DEFAULT_WHEN_OMITTED.map(|nothing| nothing());
            return nothing.ok_or_else(|| DbErr::Type(format!("column {column} is always read")));
        }
        let place = self.place;
        self.place += 1;
        T::decode(self.row, place)
    }
}

/// The column at this place, if a field of this type is always read.
pub(crate) const fn stored_columns<M, T: DecodeColumn>(place: usize, _: fn(&M) -> &T) -> ColumnSet {
    if T::DEFAULT_WHEN_OMITTED.is_none() { ColumnSet::at(place) } else { ColumnSet::MINIMAL }
}

/// Reads the `Model` of a table by place: names all of its fields, in their order, and says how those are made that are computed of others.
macro_rules! decode_positional {
    ($($field:ident),+ $(; $computed:ident = |$row:ident| $value:expr)*) => {
        impl $crate::models::ComputedColumns for Model {
            fn compute(&mut self) {
                $(
                    let $row = &*self;
                    let computed = $value;
                    self.$computed = computed;
                )*
            }
        }

        impl $crate::models::DecodePositional for Model {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn required_columns() -> $crate::models::ColumnSet {
                let (mut columns, mut place) = ($crate::models::ColumnSet::MINIMAL, 0..);
                $(columns = columns.union($crate::models::stored_columns(place.next().unwrap_or_default(), |model: &Self| &model.$field));)+
                columns
            }

            fn decode_positional(row: &$crate::row::Row, columns: $crate::models::ColumnSet) -> Result<Self, ::sea_orm::DbErr> {
                let mut places = $crate::models::ColumnReader::of(row, columns);
                Ok(Self { $($field: places.next()?),+ })
            }
        }

        $crate::row::from_row!(Model { $($field),+ });

        #[cfg(test)]
        #[test]
        fn the_model_is_read_in_the_order_of_its_columns() {
            use sea_orm::{IdenStatic as _, Iterable as _};
            let columns: Vec<_> = Column::iter().map(|column| column.as_str()).collect();
            let read = <Model as $crate::models::DecodePositional>::COLUMNS;
            assert_eq!(columns, read, "name the fields in `decode_positional!` in the order of the model");
            assert!(read.len() <= 64, "`Columns` has a bit for each of 64: give it more");
        }
    };
}
pub(crate) use decode_positional;
