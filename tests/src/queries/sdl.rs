//! The schema as read from its SDL.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
};

/// The object types and their fields.
#[derive(Clone, Debug)]
pub struct Sdl(BTreeMap<String, Vec<Field>>);

/// A field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The field's name with its required arguments, as far as their types are enums.
    pub call: String,
    /// The names of its arguments; the required ones end in `!`.
    pub arguments: Vec<String>,
    /// The name of its type, without list and non-null markers.
    pub ty: String,
}

impl Sdl {
    /// The current schema.
    #[must_use]
    pub fn now() -> Self {
        let document = parse_schema(gateway::schema::text()).expect("the schema's text is GraphQL");
        let words: BTreeMap<String, String> = document.definitions.iter().filter_map(first_word).collect();
        let mut types = BTreeMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let TypeKind::Object(object) = definition.node.kind else { continue };
            let fields = object.fields.into_iter().map(|field| Field {
                name: field.node.name.node.to_string(),
                call: call(&field.node, &words),
                arguments: field
                    .node
                    .arguments
                    .iter()
                    .map(|argument| {
                        let mark = if argument.node.ty.node.nullable || argument.node.default_value.is_some() {
                            ""
                        } else {
                            "!"
                        };
                        format!("{}{mark}", argument.node.name.node)
                    })
                    .collect(),
                ty: named(&field.node.ty.node),
            });
            types.insert(definition.node.name.node.to_string(), fields.collect());
        }
        Self(types)
    }

    /// The names of the object types.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a type is an object.
    #[must_use]
    pub fn is_object(&self, ty: &str) -> bool {
        self.0.contains_key(ty)
    }

    /// The fields of an object type.
    #[must_use]
    pub fn fields(&self, ty: &str) -> &[Field] {
        self.0.get(ty).map_or(&[], Vec::as_slice)
    }

    /// The fields that are not objects, separated by spaces.
    #[must_use]
    pub fn leaves(&self, ty: &str) -> String {
        let leaves = self.fields(ty).iter().filter(|field| !self.is_object(&field.ty));
        leaves.map(|field| field.call.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// A selection of a field with the leaf fields of its type; for a connection, with all of the connection's fields.
    #[must_use]
    pub fn selection(&self, field: &Field) -> String {
        let Field { name, call, ty, .. } = field;
        if !self.is_object(ty) {
            return call.clone();
        }
        let Some(node) = ty.strip_suffix("Connection") else {
            return format!("{call} {{ __typename {} }}", self.leaves(ty));
        };
        let page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let leaves = self.leaves(node);
        format!(
            "{name}(first: 2) {{ totalCount {page} nodes {{ __typename }} edges {{ cursor node {{ {leaves} }} }} }}"
        )
    }
}

/// An enum's name and its first value.
fn first_word(definition: &TypeSystemDefinition) -> Option<(String, String)> {
    let TypeSystemDefinition::Type(definition) = definition else { return None };
    let TypeKind::Enum(list) = &definition.node.kind else { return None };
    Some((definition.node.name.node.to_string(), list.values.first()?.node.value.node.to_string()))
}

fn call(field: &FieldDefinition, words: &BTreeMap<String, String>) -> String {
    let needed = field.arguments.iter().map(|argument| &argument.node);
    let needed = needed.filter(|argument| !argument.ty.node.nullable && argument.default_value.is_none());
    let given = needed
        .filter_map(|argument| Some(format!("{}: {}", argument.name.node, words.get(&named(&argument.ty.node))?)));
    let given: Vec<_> = given.collect();
    let name = field.name.node.to_string();
    if name == "overview" {
        // Without a range the answer would depend on the time of the request.
        return format!("{name}(range: {{ from: \"2026-01-16T00:00:00Z\", until: \"2030-01-01T00:00:00Z\" }})");
    }
    if given.is_empty() { name } else { format!("{name}({})", given.join(", ")) }
}

fn named(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => named(inner),
    }
}
