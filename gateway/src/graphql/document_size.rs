//! A document as a tree.
//!
//! Owns: what a document amounts to with all its fragments spread out. May use: the parser's syntax tree. Invariant: counting is linear: each
//! fragment is measured once, however often it is spread.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, ServerError,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};

use crate::limits::{Limit, LimitRegistry};
use crate::{errors::ErrorCode, graphql::executor::error};

/// What a document amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::graphql) struct Size {
    pub(super) depth: u64,
    pub(super) aliases: u64,
    pub(super) fields: u64,
    pub(super) root_fields: u64,
    pub(super) directives: u64,
    /// Lists of the schema's own description within each other.
    pub(super) introspection: u64,
    /// Selection sets within each other, those of spread fragments among them.
    pub(super) nesting: usize,
}

/// Longest alias or name of a field, in bytes.
const MAX_KEY: usize = 64;

/// Most selection sets within each other when fragments are spread. A chain of fragments that spread each other adds no level of fields, but
/// all that reads the document (measuring, validation, execution) recurses into it.
const MAX_NESTING: usize = 128;

/// The lists of the schema's own description: each within another multiplies.
const INTROSPECTED: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// How many of them within each other: as many as the reference implementation's `MaxIntrospectionDepthRule`; the tools of the field need two.
const MAX_INTROSPECTED: u64 = 2;

impl Size {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.directives = self.directives.saturating_add(other.directives);
        self.introspection = self.introspection.max(other.introspection);
        self.nesting = self.nesting.max(other.nesting);
    }

    fn of(directives: &[Positioned<Directive>]) -> Self {
        Self { directives: directives.len() as u64, ..Self::default() }
    }

    /// Refuses what is beyond a limit.
    pub(in crate::graphql) fn check(self, bounds: &LimitRegistry) -> Result<(), ServerError> {
        let within = |limit, code, what: &str, found| {
            bounds
                .check(limit, found)
                .map_err(|most| error(code, format!("the document has {found} {what}; at most {most} are allowed")))
        };
        if self.nesting > MAX_NESTING {
            return Err(nested_too_deep());
        }
        within(Limit::Depth, ErrorCode::MaxDepth, "levels", self.depth)?;
        within(Limit::Aliases, ErrorCode::MaxAliases, "aliases", self.aliases)?;
        within(Limit::RootFields, ErrorCode::TooExpensive, "root fields", self.root_fields)?;
        within(Limit::Directives, ErrorCode::TooExpensive, "directives", self.directives)?;
        within(Limit::Fields, ErrorCode::TooExpensive, "fields", self.fields)?;
        if self.introspection > MAX_INTROSPECTED {
            let message =
                format!("the schema's lists are asked for within each other, more than {MAX_INTROSPECTED} deep");
            return Err(error(ErrorCode::MaxDepth, message));
        }
        Ok(())
    }
}

/// Measures a document. Validation goes through all of its operations and fragments, whichever is run: so do we.
pub(in crate::graphql) fn measure(document: &ExecutableDocument) -> Result<Size, ServerError> {
    let mut known = HashMap::new();
    let mut whole = Size::default();
    for (_, operation) in document.operations.iter() {
        whole.add(Size::of(&operation.node.directives));
        whole.add(set(document, &operation.node.selection_set.node, &mut known, MAX_NESTING)?);
    }
    for (name, fragment) in &document.fragments {
        if !known.contains_key(name) {
            known.insert(name, None);
            let size = set(document, &fragment.node.selection_set.node, &mut known, MAX_NESTING)?;
            known.insert(name, Some(size));
            whole.add(size);
        }
    }
    Ok(whole)
}

/// A fragment that is being measured, or has been.
type Known<'a> = HashMap<&'a Name, Option<Size>>;

fn set<'a>(
    document: &'a ExecutableDocument,
    selection: &'a SelectionSet,
    known: &mut Known<'a>,
    left: usize,
) -> Result<Size, ServerError> {
    let left = left.checked_sub(1).ok_or_else(nested_too_deep)?;
    let mut size = Size::default();
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) => {
                check_key(&field.node.response_key().node)?;
                let below = set(document, &field.node.selection_set.node, known, left)?;
                let is_list = INTROSPECTED.contains(&field.node.name.node.as_str());
                size.add(Size::of(&field.node.directives));
                size.add(Size {
                    depth: below.depth + 1,
                    aliases: below.aliases.saturating_add(u64::from(field.node.alias.is_some())),
                    fields: below.fields.saturating_add(1),
                    root_fields: 1,
                    introspection: below.introspection + u64::from(is_list),
                    ..below
                });
            }
            Selection::InlineFragment(fragment) => {
                size.add(Size::of(&fragment.node.directives));
                size.add(set(document, &fragment.node.selection_set.node, known, left)?);
            }
            Selection::FragmentSpread(spread) => {
                size.add(Size::of(&spread.node.directives));
                let name = &spread.node.fragment_name.node;
                match known.get(name) {
                    Some(Some(measured)) => size.add(*measured),
                    Some(None) => {
                        let message = format!("the fragment `{name}` spreads itself");
                        return Err(error(ErrorCode::ValidationFailed, message));
                    }
                    None => {
                        // One that is not there is the validation's to refuse.
                        let Some(fragment) = document.fragments.get(name) else { continue };
                        known.insert(name, None);
                        let mut measured = Size::of(&fragment.node.directives);
                        measured.add(set(document, &fragment.node.selection_set.node, known, left)?);
                        known.insert(name, Some(measured));
                        size.add(measured);
                    }
                }
            }
        }
    }
    size.nesting += usize::from(!selection.items.is_empty());
    Ok(size)
}

/// A key is repeated in each row.
fn check_key(key: &str) -> Result<(), ServerError> {
    if key.len() <= MAX_KEY {
        return Ok(());
    }
    let begin: String = key.chars().take(20).collect();
    let message = format!("the alias or field `{begin}…` has {} bytes; at most {MAX_KEY} are allowed", key.len());
    Err(error(ErrorCode::TooExpensive, message))
}

fn nested_too_deep() -> ServerError {
    let message = format!("selection sets and fragments are nested too deep; at most {MAX_NESTING} levels are allowed");
    error(ErrorCode::MaxDepth, message)
}
