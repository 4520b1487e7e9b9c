//! What is asked of each row of a list.
//!
//! Owns: the selection with its fragments merged, and what the guards say to it. May use: the rows' columns, and the
//! library's syntax tree, out of which it has taken what is skipped. Invariant: entries stand in the order in which the
//! library would meet them, so that errors come in the same order too.

use async_graphql::{
    ContainerType, ContextSelectionSet, Name, Positioned, ServerError, ServerResult,
    parser::types::{Field, Selection, SelectionSet},
};
use entity::auth::policy::PolicyTarget;

use super::{Column, Row};
use crate::{guard, request::RequestContext};

/// One field of the selection.
pub(super) struct Entry<'a, T: 'static> {
    pub(super) field: &'a Positioned<Field>,
    /// Whether its key stands before already: then its value is that one's, and it counts only for what it is refused.
    pub(super) is_repeated: bool,
    pub(super) what: FieldKind<T>,
}

/// How an entry's value comes about.
pub(super) enum FieldKind<T: 'static> {
    /// It is the type's name.
    TypeName,
    /// It is written here, if the guard lets the caller read it on the row at hand.
    Column { column: &'static Column<T>, is_allowed: bool },
    /// It is resolved.
    Other,
}

/// The selection of a list's rows.
pub(super) struct FieldPlan<'a, T: 'static> {
    pub(super) entries: Vec<Entry<'a, T>>,
    /// Its keys, each once. They are few, however often they are asked for: fields of one type, and aliases.
    keys: Vec<&'a Name>,
    /// What the guards were asked about.
    about: Option<PolicyTarget>,
}

impl<'a, T: Row + ContainerType> FieldPlan<'a, T> {
    pub(super) fn new(context: &ContextSelectionSet<'a>) -> ServerResult<Self> {
        let some = context.item.node.items.len();
        let mut plan = Self { entries: Vec::with_capacity(some), keys: Vec::with_capacity(some), about: None };
        plan.take(context, &context.item.node)?;
        Ok(plan)
    }

    fn take(&mut self, context: &ContextSelectionSet<'a>, selection: &'a SelectionSet) -> ServerResult<()> {
        for item in &selection.items {
            match &item.node {
                Selection::Field(field) => self.add(field),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|on| &on.node.on.node);
                    if condition.is_none_or(|on| is_of::<T>(context, on)) {
                        self.take(context, &fragment.node.selection_set.node)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = context.query_env.fragments.get(name) else {
                        // The validation has looked.
                        return Err(ServerError::new(format!("Unknown fragment \"{name}\"."), Some(spread.pos)));
                    };
                    if is_of::<T>(context, &fragment.node.type_condition.node.on.node) {
                        self.take(context, &fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, field: &'a Positioned<Field>) {
        let name = field.node.name.node.as_str();
        let key = &field.node.response_key().node;
        let is_repeated = self.keys.contains(&key);
        if !is_repeated {
            self.keys.push(key);
        }
        let what = match T::COLUMNS.iter().find(|column| column.name == name && column.is_plain) {
            Some(column) => FieldKind::Column { column, is_allowed: false },
            None if name == "__typename" => FieldKind::TypeName,
            None => FieldKind::Other,
        };
        self.entries.push(Entry { field, is_repeated, what });
    }

    /// Asks the guards about a row, unless they were just asked about one like it.
    pub(super) fn apply_guards(&mut self, request: &RequestContext, row: &T) {
        let about = row.about();
        if self.about.replace(about) == Some(about) {
            return;
        }
        for entry in &mut self.entries {
            if let FieldKind::Column { column, is_allowed } = &mut entry.what {
                *is_allowed = guard::allows(request, column.guard, about);
            }
        }
    }
}

/// Whether a fragment on this type is about these rows.
fn is_of<T: ContainerType>(context: &ContextSelectionSet<'_>, on: &Name) -> bool {
    let own = T::type_name();
    *on == *own || context.schema_env.registry.implements.get(&*own).is_some_and(|all| all.contains(on.as_str()))
}
