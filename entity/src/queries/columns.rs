//! The columns that a list needs.
//!
//! Owns: column sets by name, and what a list cannot be read without. May use: the models' order of columns.

use crate::{
    models::{ColumnSet, DecodePositional},
    queries::{ResourceTypes, sealed::Table},
};

impl ColumnSet {
    /// Those of these names; each of them, if there is none of a name: whatever that is, it is not to be missing.
    #[must_use]
    pub fn named<'a, N: ResourceTypes>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let known = <N::Row as DecodePositional>::COLUMNS;
        names.into_iter().fold(Self::MINIMAL, |columns, name| match known.iter().position(|known| *known == name) {
            Some(place) => columns.union(Self::at(place)),
            None => Self::ALL,
        })
    }

    /// These, and all that a list of this order, under such parents, cannot do without.
    pub(crate) fn for_list<N: Table>(self, order: N::Order, under: Option<N::Parent>) -> Self {
        let parent = under.map(N::parent_column);
        let keys = N::sort_columns(order).iter().chain(&parent).map(sea_orm::IdenStatic::as_str);
        self.union(N::Row::required_columns()).union(Self::named::<N>(keys))
    }
}
