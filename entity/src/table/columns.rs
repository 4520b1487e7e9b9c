//! Some of a table's columns.
//!
//! Owns: the set of those that a list is read for. May use: the models' order. Invariant: what a row is found, grouped, ordered, guarded
//! and shown by is always read; a column is left out only where whoever asks has named those that they look at, and has not named it.
//!
//! (Measured: of a nested list of 600 rows two thirds of the columns were read for nobody, by PostgreSQL, the driver and here.)

use crate::{
    noun::{Rows, sealed::Table},
    table::ByPlace,
};

/// Some columns of a noun's rows, by their places in the model. In a row that was read for them, the others hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Columns(u64);

impl Columns {
    /// Each of them.
    pub const ALL: Self = Self(u64::MAX);
    /// Those that are always read, and no other.
    pub const FEWEST: Self = Self(0);

    /// Those of these names; each of them, if there is none of a name: whatever that is, it is not to be missing.
    #[must_use]
    pub fn named<'a, N: Rows>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let known = <N::Row as ByPlace>::COLUMNS;
        names.into_iter().fold(Self::FEWEST, |columns, name| match known.iter().position(|known| *known == name) {
            Some(place) => columns.and(Self::at(place)),
            None => Self::ALL,
        })
    }

    pub(crate) const fn at(place: usize) -> Self {
        Self(1 << place)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) const fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }

    /// These, and all that a list of this order, under such parents, cannot do without.
    pub(crate) fn of_list<N: Table>(self, order: N::Order, under: Option<N::Under>) -> Self {
        let parent = under.map(N::parent_column);
        let keys = N::keyed_by(order).iter().chain(&parent).map(sea_orm::IdenStatic::as_str);
        self.and(N::Row::always()).and(Self::named::<N>(keys))
    }
}
