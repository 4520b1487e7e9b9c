//! What a document will ask of the database.
//!
//! Owns: the fields that entering answers by itself. May use: the parser's syntax tree. Invariant: it depends on the document
//! alone, not on who has run it before, so nobody's request tells by its statements what another's was answered. A field too
//! many or too few costs a statement, and nothing else.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use entity::membership::AccessHint;

/// A field, and those below it that are answered with it.
type KnownFields<Below> = (&'static str, &'static [Below]);

/// What entering has read, by place.
const MEMBERSHIP_FIELDS: [KnownFields<KnownFields<&str>>; 2] = [
    (
        "viewer",
        &[("id", &[]), ("name", &[]), ("email", &[]), ("organization", &ORGANIZATION), ("memberships", &MEMBERSHIPS)],
    ),
    ("organization", &[("id", &[]), ("name", &[]), ("slug", &[]), ("createdAt", &[]), ("version", &[])]),
];

const ORGANIZATION: [&str; 5] = ["id", "name", "slug", "createdAt", "version"];
const MEMBERSHIPS: [&str; 4] = ["organizationId", "organizationName", "organizationSlug", "role"];

/// The field whose figures may be kept.
const OVERVIEW: &str = "overview";

/// What to expect of the document's queries.
pub(super) fn access_hint(document: &ExecutableDocument) -> AccessHint {
    let is_known = document.operations.iter().all(|(_, operation)| {
        visit_fields(&operation.node.selection_set.node, |root, below| {
            let known = MEMBERSHIP_FIELDS.iter().find(|(name, _)| *name == root);
            known.is_some_and(|(_, fields)| {
                visit_fields(below, |field, below| {
                    let known = fields.iter().find(|(name, _)| *name == field);
                    known.is_some_and(|(_, leaves)| visit_fields(below, |leaf, _| leaves.contains(&leaf)))
                })
            })
        })
    });
    if is_known {
        AccessHint::Nothing
    } else if asks_for_figures(document) {
        AccessHint::Figures
    } else {
        AccessHint::Reading
    }
}

/// Whether figures are asked for that may be kept, wherever that is.
fn asks_for_figures(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).any(names_overview)
}

fn names_overview(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => field.node.name.node == OVERVIEW || names_overview(&field.node.selection_set.node),
        Selection::InlineFragment(fragment) => names_overview(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}

/// Whether all of a selection is known; what comes by fragments is not looked at, and taken for unknown.
fn visit_fields(set: &SelectionSet, is_known: impl Fn(&str, &SelectionSet) -> bool) -> bool {
    set.items.iter().all(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            name == "__typename" || is_known(name, &field.node.selection_set.node)
        }
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
    })
}
