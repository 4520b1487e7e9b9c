//! What somebody without a credential may ask.
//!
//! Owns: the public part of the schema. May use: the registry, the schema's text. Invariant: a document that is let
//! through reaches public fields only, at every level; all others are refused alike, before validation, which would tell
//! field names.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, ExecutableDocument, OperationType, Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
    },
};

use crate::guard::{Registry, RegistryError};

/// The public fields, each with the type of what it gives.
#[derive(Debug)]
pub(super) struct PublicFields(BTreeMap<String, String>);

impl PublicFields {
    /// Of a schema.
    pub(super) fn of(registry: &Registry, sdl: &str) -> Result<Self, RegistryError> {
        let schema = parse_schema(sdl).map_err(|error| RegistryError::Unreadable(error.to_string()))?;
        let mut fields = BTreeMap::new();
        for definition in schema.definitions {
            let TypeSystemDefinition::Type(ty) = definition else { continue };
            let TypeKind::Object(object) = &ty.node.kind else { continue };
            for field in &object.fields {
                let coordinate = format!("{}.{}", ty.node.name.node, field.node.name.node);
                if registry.is_public(&coordinate) {
                    fields.insert(coordinate, named(&field.node.ty.node).to_owned());
                }
            }
        }
        Ok(Self(fields))
    }

    /// Whether a document asks for nothing else: queries without fragments and without directives.
    pub(super) fn cover(&self, document: &ExecutableDocument) -> bool {
        document.fragments.is_empty()
            && document.operations.iter().all(|(_, operation)| {
                operation.node.ty == OperationType::Query
                    && operation.node.directives.is_empty()
                    && self.covers("Query", &operation.node.selection_set.node)
            })
    }

    fn covers(&self, ty: &str, selected: &SelectionSet) -> bool {
        selected.items.iter().all(|item| match &item.node {
            // An unknown one would be told of by the validation, once for each time that it is there.
            Selection::Field(field) if !field.node.directives.is_empty() => false,
            Selection::Field(field) => {
                let (name, below) = (field.node.name.node.as_str(), &field.node.selection_set.node);
                if name == "__typename" {
                    return below.items.is_empty();
                }
                self.0.get(&format!("{ty}.{name}")).is_some_and(|of| self.covers(of, below))
            }
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        })
    }
}

/// The named type in a type, lists and exclamation marks taken off.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(of) => named(of),
    }
}
