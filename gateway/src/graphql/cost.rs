//! What an operation may cost.
//!
//! Owns: the prices of the schema's fields, and their sum over an operation, with the bytes that the keys of its answer can take. May use: the schema's text. Invariant: the sum is known before
//! anything is validated or asked, and is never less than the rows that the operation can answer. It is found by a walk over the fields that
//! a document spreads out to, which are bounded before.

mod groups;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use async_graphql::{
    Name, Value, Variables,
    parser::{
        parse_schema,
        types::{BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type, TypeKind},
        types::{FieldDefinition, InterfaceType, ObjectType, OperationType, TypeDefinition, TypeSystemDefinition},
    },
};

use crate::guard::RegistryError;
use crate::limits::Limits;

/// A row, or any other object.
const OBJECT: u64 = 1;
/// A count over all rows: a statement of its own.
const COUNT: u64 = 10;
/// Figures over many rows. What groups add is in `groups`.
const AGGREGATE: u64 = 50;
/// A widget's answer. What it asks is not in the document, so this is what the usual one costs: some hundreds of groups.
const WIDGET: u64 = 150;
/// A change, with its audit event.
const CHANGE: u64 = 10;
/// The schema's own description: hundreds of small objects, none of them from the database.
pub(in crate::graphql) const INTROSPECTION: u64 = 200;
/// Bytes of keys in that description that cost as much as a row. (Measured: 16 ms of a processor for 600 kB, asked for by 28 aliases.)
const INTROSPECTED_BYTES: u64 = 256;
/// Rows of a list that has no pages, such as the twelve periods of an onboarding.
const LIST: u64 = 12;
/// The lists that hold more, or less: the changed rows of a message, a dashboard's widgets, and what a widget shows unless its query says otherwise.
const LISTS: [(&str, &str, u64); 5] = [
    ("Changes", "rows", 100),
    ("Dashboard", "widgets", 40),
    ("WidgetResult", "rows", 100),
    ("WidgetResult", "doctors", 25),
    ("WidgetRow", "keys", 3),
];

/// Quotes, colon and comma of a key, and the least value.
const AROUND_KEY: u64 = 5;

/// What each field of the schema costs.
#[derive(Debug)]
pub(in crate::graphql) struct CostModel {
    fields: HashMap<String, HashMap<String, Price>>,
    described: Described,
}

/// What an operation may cost, and how long its answer may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::graphql) struct CostEstimate {
    pub(in crate::graphql) cost: u64,
    /// Bytes of the answer's keys, if each list holds as many rows as it may.
    pub(in crate::graphql) key_bytes: u64,
}

impl CostEstimate {
    fn add(&mut self, other: Self) {
        self.cost = self.cost.saturating_add(other.cost);
        self.key_bytes = self.key_bytes.saturating_add(other.key_bytes);
    }

    fn times(self, times: u64) -> Self {
        Self { cost: self.cost.saturating_mul(times), key_bytes: self.key_bytes.saturating_mul(times) }
    }
}

/// How long the lists are in the schema's own description.
#[derive(Clone, Copy, Debug)]
struct Described {
    types: u64,
    /// Of a type, on average, rounded up; so are the others.
    fields: u64,
    arguments: u64,
    values: u64,
}

impl Described {
    fn of(types: &[TypeDefinition]) -> Self {
        let (mut fields, mut arguments, mut values) = (0, 0, 0);
        for ty in types {
            match &ty.kind {
                TypeKind::Object(ObjectType { fields: found, .. })
                | TypeKind::Interface(InterfaceType { fields: found, .. }) => {
                    fields += found.len();
                    arguments += found.iter().map(|field| field.node.arguments.len()).sum::<usize>();
                }
                TypeKind::InputObject(input) => fields += input.fields.len(),
                TypeKind::Enum(found) => values += found.values.len(),
                TypeKind::Scalar | TypeKind::Union(_) => {}
            }
        }
        let each = |of: usize, among: usize| of.div_ceil(among.max(1)).max(1) as u64;
        Self {
            types: types.len() as u64,
            fields: each(fields, types.len()),
            arguments: each(arguments, fields),
            values: each(values, types.len()),
        }
    }

    fn times(&self, field: &str) -> u64 {
        match field {
            "types" => self.types,
            "fields" | "inputFields" => self.fields,
            "args" => self.arguments,
            "enumValues" => self.values,
            "possibleTypes" | "interfaces" | "directives" | "locations" => LIST,
            _ => 1,
        }
    }
}

#[derive(Debug)]
struct Price {
    weight: u64,
    times: Multiplier,
    /// The type of what it gives.
    of: String,
}

/// How many a field gives.
#[derive(Clone, Copy, Debug)]
enum Multiplier {
    One,
    /// A connection: its lists hold as many as `first` or `last` say.
    Connection,
    /// The lists of a connection.
    Page,
    /// An aggregate's connection: its lists hold as many as `first` says, and as there can be groups.
    Groups,
    /// As many as its argument `ids` names.
    Named,
    /// A change: as many as the longest list of its input holds.
    Change,
    List(u64),
}

impl CostModel {
    /// Of a schema.
    pub(in crate::graphql) fn of(sdl: &str) -> Result<Self, RegistryError> {
        let schema = parse_schema(sdl).map_err(|error| RegistryError::Unreadable(error.to_string()))?;
        let types: Vec<_> = schema
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(ty) => Some(ty.node),
                _ => None,
            })
            .collect();
        let is_leaf = |kind: &TypeKind| matches!(kind, TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_));
        let objects: HashSet<&str> =
            types.iter().filter(|ty| !is_leaf(&ty.kind)).map(|ty| ty.name.node.as_str()).collect();
        let prices = types.iter().filter_map(|ty| {
            let name = ty.name.node.as_str();
            let fields = match &ty.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                _ => return None,
            };
            let price = |field: &FieldDefinition| (field.name.node.to_string(), Price::of(name, field, &objects));
            Some((name.to_owned(), fields.iter().map(|field| price(&field.node)).collect()))
        });
        Ok(Self { fields: prices.collect(), described: Described::of(&types) })
    }

    /// The cost of an operation with these variables, which is at least 1.
    pub(in crate::graphql) fn sum(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
        limits: &Limits,
    ) -> CostEstimate {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let sum = Sum { prices: self, document, operation, variables, limits };
        let estimate = sum.set(&operation.selection_set.node, root, 1);
        CostEstimate { cost: estimate.cost.max(1), ..estimate }
    }
}

impl Price {
    fn of(parent: &str, field: &FieldDefinition, objects: &HashSet<&str>) -> Self {
        let name = field.name.node.as_str();
        let has = |argument: &str| field.arguments.iter().any(|found| found.node.name.node == argument);
        let (of, is_list) = innermost(&field.ty.node);
        let listed =
            LISTS.iter().find(|(ty, field, _)| *ty == parent && *field == name).map_or(LIST, |(_, _, rows)| *rows);
        let times = match name {
            _ if parent == "Mutation" => Multiplier::Change,
            _ if of.ends_with("GroupConnection") => Multiplier::Groups,
            _ if has("first") => Multiplier::Connection,
            "edges" | "nodes" if parent.ends_with("Connection") => Multiplier::Page,
            _ if has("ids") => Multiplier::Named,
            _ if is_list => Multiplier::List(listed),
            _ => Multiplier::One,
        };
        let weight = match name {
            _ if parent == "Mutation" => CHANGE,
            "totalCount" => COUNT,
            _ if of.ends_with("GroupConnection") || of == "Overview" => AGGREGATE,
            _ if of == "WidgetResult" => WIDGET,
            _ if objects.contains(of) => OBJECT,
            _ => 0,
        };
        Self { weight, times, of: of.to_owned() }
    }
}

fn innermost(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(of) => (innermost(of).0, true),
    }
}

/// A field's key in the answer.
fn key_of(field: &Field) -> CostEstimate {
    CostEstimate { cost: 0, key_bytes: field.response_key().node.len() as u64 + AROUND_KEY }
}

/// The sum over one operation.
struct Sum<'a> {
    prices: &'a CostModel,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    limits: &'a Limits,
}

impl<'a> Sum<'a> {
    /// What a selection costs, once; `page` is how many the lists of the connection hold whose fields these are.
    fn set(&self, selection: &'a SelectionSet, ty: &str, page: u64) -> CostEstimate {
        self.each(selection, ty, &|field, ty| self.field(field, ty, page))
    }

    /// The sum over the fields of a selection, those of fragments among them.
    fn each(
        &self,
        selection: &'a SelectionSet,
        ty: &str,
        of: &dyn Fn(&'a Field, &str) -> CostEstimate,
    ) -> CostEstimate {
        let mut sum = CostEstimate::default();
        for item in &selection.items {
            sum.add(match &item.node {
                Selection::Field(field) => of(&field.node, ty),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(ty, |on| on.node.on.node.as_str());
                    self.each(&fragment.node.selection_set.node, on, of)
                }
                Selection::FragmentSpread(spread) => {
                    // One that is not there is the validation's to refuse.
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else { continue };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.each(&fragment.node.selection_set.node, on, of)
                }
            });
        }
        sum
    }

    fn field(&self, field: &'a Field, ty: &str, page: u64) -> CostEstimate {
        let name = field.name.node.as_str();
        if matches!(name, "__schema" | "__type") {
            let described = self.described(field);
            return CostEstimate { cost: INTROSPECTION + described.key_bytes / INTROSPECTED_BYTES, ..described };
        }
        let key = key_of(field);
        // One that is not there is the validation's to refuse.
        let Some(price) = self.prices.fields.get(ty).and_then(|fields| fields.get(name)) else { return key };
        let below = &field.selection_set.node;
        let (times, weight, page) = match price.times {
            Multiplier::One => (1, price.weight, 1),
            Multiplier::Connection => (1, price.weight, self.page(field)),
            Multiplier::Groups => {
                let groups = groups::Groups::of(|name| self.argument(field, name));
                (1, price.weight.saturating_add(groups.weight()), groups.page())
            }
            Multiplier::Page => (page, price.weight, 1),
            Multiplier::Named => (self.named(field), price.weight, 1),
            Multiplier::Change => (1, price.weight.saturating_mul(self.changes(field)), 1),
            Multiplier::List(rows) => (rows, price.weight, 1),
        };
        let mut once = self.set(below, &price.of, page);
        once.add(CostEstimate { cost: weight, ..CostEstimate::default() });
        let mut whole = once.times(times);
        whole.add(key);
        whole
    }

    /// The keys of a part of the schema's own description.
    fn described(&self, field: &'a Field) -> CostEstimate {
        let below = self.each(&field.selection_set.node, "", &|field, _| self.described(field));
        let mut whole = below.times(self.prices.described.times(field.name.node.as_str()));
        whole.add(key_of(field));
        whole
    }

    /// How many rows are asked for. More than a page may hold are refused later, and cost no more than one.
    fn page(&self, field: &'a Field) -> u64 {
        let asked =
            ["first", "last"].into_iter().filter_map(|name| self.shallow(field, name)).find_map(
                |value| match &*value {
                    Value::Number(number) => number.as_u64(),
                    _ => None,
                },
            );
        let most = u64::from(self.limits.max_page_size);
        asked.map_or(self.limits.default_page_size.into(), |asked| asked.min(most))
    }

    fn named(&self, field: &'a Field) -> u64 {
        match self.shallow(field, "ids").as_deref() {
            Some(Value::List(ids)) => ids.len() as u64,
            _ => 1,
        }
    }

    /// How many rows a mutation changes, as far as its input tells.
    fn changes(&self, field: &'a Field) -> u64 {
        let Some(input) = self.argument(field, "input") else { return 1 };
        let Value::Object(input) = &*input else { return 1 };
        let lists = input.values().map(|value| match value {
            Value::List(entries) => entries.len() as u64,
            _ => 1,
        });
        lists.max().unwrap_or(1).max(1)
    }

    /// An argument's value, that of its variable or that one's default, and those of the variables within it.
    fn argument(&self, field: &'a Field, name: &str) -> Option<Cow<'a, Value>> {
        if let Some(Cow::Borrowed(whole)) = self.shallow(field, name) {
            return Some(Cow::Borrowed(whole));
        }
        let written = field.get_argument(name)?.node.clone();
        written.into_const_with(|variable| self.variable(&variable).cloned().ok_or(())).ok().map(Cow::Owned)
    }

    /// The same, with null for variables within it. No variable's value is copied: a document names one as often as it likes.
    fn shallow(&self, field: &'a Field, name: &str) -> Option<Cow<'a, Value>> {
        let mut found = None;
        let written = field.get_argument(name)?.node.clone();
        let value = written.into_const_with(|variable| {
            found = self.variable(&variable);
            if found.is_some() { Ok(Value::Null) } else { Err(()) }
        });
        match (value.ok()?, found) {
            (Value::Null, Some(whole)) => Some(Cow::Borrowed(whole)),
            (value, _) => Some(Cow::Owned(value)),
        }
    }

    fn variable(&self, variable: &Name) -> Option<&'a Value> {
        self.variables.get(variable).or_else(|| {
            let mut definitions = self.operation.variable_definitions.iter().map(|definition| &definition.node);
            let definition = definitions.find(|definition| definition.name.node == *variable)?;
            Some(&definition.default_value.as_ref()?.node)
        })
    }
}

#[cfg(test)]
mod tests;
