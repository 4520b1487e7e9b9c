//! All fields and their guards.
//!
//! Owns: the list, and its comparison with the schema. May use: the types' rows. Invariant: at boot, the schema's text
//! and the registry name the same fields with the same guards, or the gateway does not start.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{ConstDirective, TypeKind, TypeSystemDefinition},
};
use entity::auth::policy::Guard;

use super::directive;
use crate::request::Field;

/// Every field of every object type, by coordinate.
#[derive(Clone, Debug)]
pub struct Registry(BTreeMap<&'static str, &'static Field>);

/// What is wrong between schema and registry.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The schema's text cannot be read.
    #[error("the schema cannot be parsed: {0}")]
    Unreadable(String),
    /// Fields without a guard, or with another than the registry's.
    #[error("these fields are not guarded as registered; add their types to `schema::guarded_types`: {0}")]
    Unguarded(String),
}

impl Registry {
    pub(crate) fn new(types: &[&'static [Field]]) -> Self {
        Self(types.iter().flat_map(|fields| fields.iter()).map(|field| (field.coordinate, field)).collect())
    }

    /// The field at a coordinate.
    #[must_use]
    pub fn get(&self, coordinate: &str) -> Option<&'static Field> {
        self.0.get(coordinate).copied()
    }

    /// All fields, by coordinate.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.0.values().copied()
    }

    /// Whether a coordinate is for everybody.
    #[must_use]
    pub fn is_public(&self, coordinate: &str) -> bool {
        matches!(self.get(coordinate), Some(Field { guard: Guard::Public(_), .. }))
    }

    /// Walks the schema's text: each field of each object type must carry the directive of its registered guard.
    pub fn check(&self, sdl: &str) -> Result<(), RegistryError> {
        let document = parse_schema(sdl).map_err(|error| RegistryError::Unreadable(error.to_string()))?;
        let mut wrong = Vec::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let TypeKind::Object(object) = definition.node.kind else { continue };
            for field in object.fields {
                let coordinate = format!("{}.{}", definition.node.name.node, field.node.name.node);
                let printed: Vec<_> = field.node.directives.iter().map(|directive| print(&directive.node)).collect();
                let registered = self.get(&coordinate).map(|field| expected(&field.guard));
                if registered.is_none_or(|registered| !printed.contains(&registered)) {
                    wrong.push(coordinate);
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(RegistryError::Unguarded(wrong.join(", "))) }
    }
}

fn print(directive: &ConstDirective) -> String {
    let arguments: Vec<_> =
        directive.arguments.iter().map(|(name, value)| format!("{}: {}", name.node, value.node)).collect();
    format!("@{}({})", directive.name.node, arguments.join(", "))
}

/// The directive of a guard, as the schema prints it.
pub(super) fn expected(guard: &Guard) -> String {
    if let Guard::Public(reason) = guard {
        return format!("@public(reason: {})", async_graphql::Value::from(*reason));
    }
    let word = |name: &str, value: Option<String>| value.map(|value| format!(", {name}: {value}")).unwrap_or_default();
    format!(
        "@guard(scope: {}{}{})",
        async_graphql::resolver_utils::enum_value(directive::scope(guard)),
        word("orgRole", directive::org_role(guard).map(|role| entity::auth::OrgRole::from(role).name().to_owned())),
        word("dsoRole", directive::dso_role(guard).map(|role| entity::auth::DsoRole::from(role).name().to_owned())),
    )
}
