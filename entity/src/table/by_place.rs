//! Rows read by the places of their columns.
//!
//! Owns: how a model is made of a row whose columns stand in the model's own order, as every select of an entity puts them.
//! May use: `row`. Invariant: the order that a model is read in is that of its columns; a test compares them.
//!
//! sea-orm looks each column up by its name, in a map, once for every value. (Measured: a nested query of 500 rows spent a
//! fifth of its time on reading them.)

use sea_orm::DbErr;

use crate::row::Row;

/// A row that can be read by the places of its columns.
pub trait ByPlace: Sized {
    /// The columns, in the order in which they are read.
    const COLUMNS: &'static [&'static str];

    /// The row. Its columns must be these, in this order.
    fn by_place(row: &Row) -> Result<Self, DbErr>;
}

/// Reads the `Model` of a table by place: names all of its fields, in their order.
macro_rules! by_place {
    ($($field:ident),+) => {
        impl $crate::table::ByPlace for Model {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn by_place(row: &$crate::row::Row) -> Result<Self, ::sea_orm::DbErr> {
                let mut places = 0..;
                $(let $field = $crate::row::Placed::at(row, places.next().unwrap_or_default())?;)+
                Ok(Self { $($field),+ })
            }
        }

        $crate::row::from_row!(Model { $($field),+ });

        #[cfg(test)]
        #[test]
        fn the_model_is_read_in_the_order_of_its_columns() {
            use sea_orm::{IdenStatic as _, Iterable as _};
            let columns: Vec<_> = Column::iter().map(|column| column.as_str()).collect();
            let read = <Model as $crate::table::ByPlace>::COLUMNS;
            assert_eq!(columns, read, "name the fields in `by_place!` in the order of the model");
        }
    };
}
pub(crate) use by_place;
