//! The schema's text, taken apart.
//!
//! Owns: a small model of types, fields and guards, read from the SDL alone. May use: async-graphql's parser, nothing of the
//! gateway: what the suites know of a guard is what the schema prints.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type as WrittenType, TypeKind,
        TypeSystemDefinition,
    },
};

/// The whole schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sdl {
    pub(crate) types: BTreeMap<String, Type>,
    /// The directives' names, each with its arguments.
    pub(crate) directives: BTreeMap<String, Type>,
}

/// A type, or a directive.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    pub(crate) kind: Kind,
    pub(crate) is_described: bool,
    /// Interfaces of an object.
    pub(crate) implements: Vec<String>,
    /// Fields of objects, interfaces and inputs; values of enums; arguments of directives. In the schema's order.
    pub(crate) fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
    Directive,
}

/// A field, an input field, an enum value or an argument.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) is_described: bool,
    /// As written: `[Doctor!]!`; empty for an enum value.
    pub(crate) ty: String,
    /// The name in it: `Doctor`.
    pub(crate) named: String,
    pub(crate) has_default: bool,
    pub(crate) arguments: Vec<Field>,
    /// The directives as written: `@guard(scope: ORG, orgRole: ADMIN)`.
    pub(crate) directives: Vec<String>,
    /// What the printed directive demands; none without one.
    pub(crate) guard: Option<Guard>,
}

/// A guard as the schema prints it. Roles are ranks, lowest 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    Public,
    SignedIn,
    Org(u8),
    Dso(u8),
    Own(Option<u8>),
}

/// The organization's roles, lowest first.
pub(crate) const ORG_ROLES: [&str; 3] = ["MEMBER", "ADMIN", "OWNER"];
/// A DSO's roles, lowest first.
pub(crate) const DSO_ROLES: [&str; 3] = ["VIEWER", "MANAGER", "ADMIN"];

impl Sdl {
    /// The gateway's schema.
    pub(crate) fn current() -> Self {
        Self::read(&gateway::schema::text())
    }

    pub(crate) fn read(text: &str) -> Self {
        let document = parse_schema(text).unwrap_or_else(|error| panic!("the schema cannot be parsed: {error}"));
        let mut sdl = Self::default();
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(_) => {}
                TypeSystemDefinition::Directive(directive) => {
                    let directive = directive.node;
                    let fields = directive.arguments.iter().map(|argument| input(&argument.node)).collect();
                    let is_described = directive.description.is_some();
                    let read = Type { kind: Kind::Directive, is_described, implements: Vec::new(), fields };
                    sdl.directives.insert(directive.name.node.to_string(), read);
                }
                TypeSystemDefinition::Type(definition) => {
                    let definition = definition.node;
                    let names = |names: &[async_graphql::Positioned<async_graphql::Name>]| {
                        names.iter().map(|name| name.node.to_string()).collect::<Vec<_>>()
                    };
                    let (kind, implements, fields) = match &definition.kind {
                        TypeKind::Scalar => (Kind::Scalar, Vec::new(), Vec::new()),
                        TypeKind::Union(_) => (Kind::Union, Vec::new(), Vec::new()),
                        TypeKind::Object(object) => (
                            Kind::Object,
                            names(&object.implements),
                            object.fields.iter().map(|one| field(&one.node)).collect(),
                        ),
                        TypeKind::Interface(interface) => {
                            (Kind::Interface, Vec::new(), interface.fields.iter().map(|one| field(&one.node)).collect())
                        }
                        TypeKind::InputObject(object) => {
                            (Kind::Input, Vec::new(), object.fields.iter().map(|one| input(&one.node)).collect())
                        }
                        TypeKind::Enum(list) => {
                            let value = |name: &str, is_described| Field { is_described, ..Field::named(name) };
                            let values = list.values.iter().map(|one| &one.node);
                            (
                                Kind::Enum,
                                Vec::new(),
                                values
                                    .map(|one| value(one.value.node.as_str(), is_text(one.description.as_ref())))
                                    .collect(),
                            )
                        }
                    };
                    let is_described = is_text(definition.description.as_ref());
                    let read = Type { kind, is_described, implements, fields };
                    sdl.types.insert(definition.name.node.to_string(), read);
                }
            }
        }
        sdl
    }

    /// A type that must be there.
    pub(crate) fn get(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("the schema has no type `{name}`"))
    }

    pub(crate) fn is(&self, name: &str, kind: Kind) -> bool {
        self.types.get(name).is_some_and(|found| found.kind == kind)
    }

    /// Whether a field of this type needs a selection of its own.
    pub(crate) fn is_composite(&self, name: &str) -> bool {
        [Kind::Object, Kind::Interface, Kind::Union].into_iter().any(|kind| self.is(name, kind))
    }

    /// The object types with their names.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.types.iter().filter(|(_, found)| found.kind == Kind::Object).map(|(name, found)| (name.as_str(), found))
    }

    /// A field that must be there.
    pub(crate) fn field(&self, of: &str, name: &str) -> &Field {
        let found = self.get(of).fields.iter().find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("the schema has no field `{of}.{name}`"))
    }

    /// A field as it is asked: with the arguments that it cannot do without, as far as they are words of a list.
    pub(crate) fn call(&self, of: &str, name: &str) -> String {
        let needed = self.field(of, name).arguments.iter().filter(|argument| argument.is_required());
        let word = |argument: &Field| {
            let list = self.types.get(&argument.named).filter(|found| found.kind == Kind::Enum)?;
            Some(format!("{}: {}", argument.name, list.fields.first()?.name))
        };
        let given: Vec<_> = needed.filter_map(word).collect();
        if given.is_empty() { name.to_owned() } else { format!("{name}({})", given.join(", ")) }
    }

    /// What a field demands.
    pub(crate) fn guard(&self, of: &str, name: &str) -> Guard {
        let guard = self.field(of, name).guard;
        guard.unwrap_or_else(|| panic!("`{of}.{name}` prints neither @guard nor @public"))
    }
}

impl Field {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_described: false,
            ty: String::new(),
            named: String::new(),
            has_default: false,
            arguments: Vec::new(),
            directives: Vec::new(),
            guard: None,
        }
    }

    fn typed(self, ty: &WrittenType) -> Self {
        let mut base = &ty.base;
        while let BaseType::List(inner) = base {
            base = &inner.base;
        }
        let BaseType::Named(named) = base else { unreachable!("lists were unwrapped") };
        Self { ty: ty.to_string(), named: named.to_string(), ..self }
    }

    /// Whether a query must give it.
    pub(crate) fn is_required(&self) -> bool {
        self.ty.ends_with('!') && !self.has_default
    }
}

fn is_text(description: Option<&async_graphql::Positioned<String>>) -> bool {
    description.is_some_and(|description| !description.node.trim().is_empty())
}

fn field(definition: &FieldDefinition) -> Field {
    Field {
        is_described: is_text(definition.description.as_ref()),
        arguments: definition.arguments.iter().map(|argument| input(&argument.node)).collect(),
        directives: definition.directives.iter().map(|directive| written(&directive.node)).collect(),
        guard: definition.directives.iter().find_map(|directive| guard(&directive.node)),
        ..Field::named(definition.name.node.as_str()).typed(&definition.ty.node)
    }
}

fn input(definition: &InputValueDefinition) -> Field {
    Field {
        is_described: is_text(definition.description.as_ref()),
        has_default: definition.default_value.is_some(),
        ..Field::named(definition.name.node.as_str()).typed(&definition.ty.node)
    }
}

fn written(directive: &ConstDirective) -> String {
    let arguments: Vec<_> =
        directive.arguments.iter().map(|(name, value)| format!("{}: {}", name.node, value.node)).collect();
    format!("@{}({})", directive.name.node, arguments.join(", "))
}

fn guard(directive: &ConstDirective) -> Option<Guard> {
    let word = |name: &str| directive.get_argument(name).map(|value| value.node.to_string());
    let rank = |name: &str, roles: [&str; 3]| {
        word(name).map(|role| {
            let place =
                roles.iter().position(|known| *known == role).unwrap_or_else(|| panic!("there is no role `{role}`"));
            u8::try_from(place + 1).unwrap()
        })
    };
    match directive.name.node.as_str() {
        "public" => Some(Guard::Public),
        "guard" => Some(match (word("scope")?.as_str(), rank("orgRole", ORG_ROLES), rank("dsoRole", DSO_ROLES)) {
            ("SIGNED_IN", None, None) => Guard::SignedIn,
            ("ORG", Some(role), None) => Guard::Org(role),
            ("DSO", None, Some(role)) => Guard::Dso(role),
            ("SELF", role, None) => Guard::Own(role),
            other => panic!("a guard says {other:?}"),
        }),
        _ => None,
    }
}

/// As errors and explanations spell it.
impl std::fmt::Display for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let role = |roles: [&'static str; 3], rank: u8| roles[usize::from(rank) - 1];
        match *self {
            Self::Public => f.write_str("public"),
            Self::SignedIn => f.write_str("signed in"),
            Self::Org(rank) => write!(f, "org: {}", role(ORG_ROLES, rank)),
            Self::Dso(rank) => write!(f, "dso: {}", role(DSO_ROLES, rank)),
            Self::Own(None) => f.write_str("self"),
            Self::Own(Some(rank)) => write!(f, "self, or org: {}", role(ORG_ROLES, rank)),
        }
    }
}
