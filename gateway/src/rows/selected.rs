//! Which columns a connection's rows are read for.
//!
//! Owns: finding them in the selection. May use: what `#[guarded]` found of each field. Invariant: a field that may be resolved has what
//! it looks at; what a fragment's condition or a directive leaves out is read all the same.

use async_graphql::{
    Context,
    parser::types::{Field, Selection, SelectionSet},
};
use entity::Columns;

use super::{Reads, Row};
use crate::{
    graphql::{Request, Writing},
    loaders::Loaded,
};

/// Where in a connection a selection stands.
#[derive(Clone, Copy)]
enum Level {
    Connection,
    Edge,
    Row,
}

/// Those that are looked at in the rows of the connection that the field at hand gives back.
///
/// Where rows are not written as text, all of them: that way is the one that the other is held to.
pub(crate) fn columns<N: Loaded, T: Row>(context: &Context<'_>) -> Columns {
    match Request::of(context).writing() {
        Writing::Tree => Columns::ALL,
        Writing::Text => within::<N, T>(context, Level::Connection, &context.item.node.selection_set.node),
    }
}

fn within<N: Loaded, T: Row>(context: &Context<'_>, level: Level, selection: &SelectionSet) -> Columns {
    let of = |item: &Selection| match item {
        Selection::Field(field) => of_field::<N, T>(context, level, &field.node),
        Selection::InlineFragment(fragment) => within::<N, T>(context, level, &fragment.node.selection_set.node),
        Selection::FragmentSpread(spread) => match context.query_env.fragments.get(&spread.node.fragment_name.node) {
            Some(fragment) => within::<N, T>(context, level, &fragment.node.selection_set.node),
            None => Columns::ALL,
        },
    };
    selection.items.iter().fold(Columns::FEWEST, |columns, item| columns.and(of(&item.node)))
}

fn of_field<N: Loaded, T: Row>(context: &Context<'_>, level: Level, field: &Field) -> Columns {
    let name = field.name.node.as_str();
    let below = |level| within::<N, T>(context, level, &field.selection_set.node);
    match (level, name) {
        (Level::Connection, "nodes") | (Level::Edge, "node") => below(Level::Row),
        (Level::Connection, "edges") => below(Level::Edge),
        (Level::Connection | Level::Edge, _) | (Level::Row, "__typename") => Columns::FEWEST,
        (Level::Row, name) => match T::READS.iter().find(|(known, _)| *known == name) {
            Some((_, Reads::Columns(columns))) => Columns::named::<N>(columns.iter().copied()),
            // Of what is not known here, nothing is known.
            Some((_, Reads::All)) | None => Columns::ALL,
        },
    }
}
