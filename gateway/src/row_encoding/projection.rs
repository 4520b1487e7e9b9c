//! Which columns a connection's rows are read for.
//!
//! Owns: finding them in the selection. May use: what `#[guarded]` found of each field, the guards. Invariant: a field that is resolved has
//! what it looks at; what a fragment's condition or a directive leaves out is read all the same, and what the caller may read in none of the
//! DSOs concerned is not read at all.

use async_graphql::{
    Context,
    parser::types::{Field, Selection, SelectionSet},
};
use entity::{
    auth::policy::{Guard, PolicyTarget},
    id::DsoId,
    models::ColumnSet,
};

use super::{ColumnUse, Row};
use crate::{
    guard,
    loaders::Loaded,
    request::{ListEncoding, RequestContext},
};

/// Where in a connection a selection stands.
#[derive(Clone, Copy)]
enum Level {
    Connection,
    Edge,
    Row,
}

/// Who looks, and at rows of which DSOs.
struct SelectionColumns<'a> {
    context: &'a Context<'a>,
    request: &'a RequestContext,
    dsos: &'a [DsoId],
}

/// Those that are looked at in the rows of the connection that the field at hand gives back, which are of these DSOs: of all that are
/// visible, unless they are named.
///
/// Where rows are not written as text, all of them: that way is the one that the other is held to.
pub(crate) fn columns<N: Loaded, T: Row>(context: &Context<'_>, dsos: Option<&[DsoId]>) -> ColumnSet {
    let request = RequestContext::of(context);
    let Ok(scope) = request.scope() else { return ColumnSet::MINIMAL };
    match request.list_encoding() {
        ListEncoding::Tree => ColumnSet::ALL,
        ListEncoding::Text => {
            let dsos = dsos.unwrap_or(scope.context().visible_dsos());
            let selection = &context.item.node.selection_set.node;
            SelectionColumns { context, request, dsos }.within::<N, T>(Level::Connection, selection)
        }
    }
}

impl SelectionColumns<'_> {
    fn within<N: Loaded, T: Row>(&self, level: Level, selection: &SelectionSet) -> ColumnSet {
        let of = |item: &Selection| match item {
            Selection::Field(field) => self.of_field::<N, T>(level, &field.node),
            Selection::InlineFragment(fragment) => self.within::<N, T>(level, &fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                match self.context.query_env.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => self.within::<N, T>(level, &fragment.node.selection_set.node),
                    None => ColumnSet::ALL,
                }
            }
        };
        selection.items.iter().fold(ColumnSet::MINIMAL, |columns, item| columns.union(of(&item.node)))
    }

    fn of_field<N: Loaded, T: Row>(&self, level: Level, field: &Field) -> ColumnSet {
        let name = field.name.node.as_str();
        let below = |level| self.within::<N, T>(level, &field.selection_set.node);
        match (level, name) {
            (Level::Connection, "nodes") | (Level::Edge, "node") => below(Level::Row),
            (Level::Connection, "edges") => below(Level::Edge),
            (Level::Connection | Level::Edge, _) | (Level::Row, "__typename") => ColumnSet::MINIMAL,
            (Level::Row, name) => match T::FIELD_COLUMNS.iter().find(|looks| looks.name == name) {
                Some(looks) if !self.may_read(looks.guard) => ColumnSet::MINIMAL,
                Some(looks) => match looks.at {
                    ColumnUse::Columns(columns) => ColumnSet::named::<N>(columns.iter().copied()),
                    ColumnUse::All => ColumnSet::ALL,
                },
                // Of what is not known here, nothing is known.
                None => ColumnSet::ALL,
            },
        }
    }

    /// Whether any row may show what demands this.
    fn may_read(&self, guard: Guard) -> bool {
        let allows = |about| guard::allows(self.request, guard, about);
        match guard {
            Guard::Public(_) | Guard::SignedIn | Guard::Org(_) => allows(PolicyTarget::Nothing),
            Guard::Dso(_) => self.dsos.iter().any(|dso| allows(PolicyTarget::Dso(*dso))),
            // It is each row's own person who is asked about.
            Guard::SelfOr(_) => true,
        }
    }
}
