//! What an operation may cost.
//!
//! Owns: the prices of the schema's fields, and their sum over an operation. May use: the schema's text. Invariant: the sum is known before
//! anything is validated or asked, and is never less than the rows that the operation can answer. It is found by a walk over the fields that
//! a document spreads out to, which are bounded before.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Value, Variables,
    parser::{
        parse_schema,
        types::{BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type, TypeKind},
        types::{FieldDefinition, OperationType, TypeSystemDefinition},
    },
};

use super::Limits;
use crate::guard::RegistryError;

/// A row, or any other object.
const OBJECT: u64 = 1;
/// A count over all rows: a statement of its own.
const COUNT: u64 = 10;
/// Figures over many rows.
const AGGREGATE: u64 = 50;
/// A change, with its audit event.
const CHANGE: u64 = 10;
/// The schema's own description: hundreds of small objects, none of them from the database.
pub(in crate::graphql) const INTROSPECTION: u64 = 200;
/// Rows of a list that has no pages, such as the twelve periods of an onboarding.
const LIST: u64 = 12;

/// What each field of the schema costs.
#[derive(Debug)]
pub(in crate::graphql) struct Prices(HashMap<String, HashMap<String, Price>>);

#[derive(Debug)]
struct Price {
    weight: u64,
    times: Times,
    /// The type of what it gives.
    of: String,
}

/// How many a field gives.
#[derive(Clone, Copy, Debug)]
enum Times {
    One,
    /// A connection: its lists hold as many as `first` or `last` say.
    Connection,
    /// The lists of a connection.
    Page,
    /// As many as its argument `ids` names.
    Named,
    List,
}

impl Prices {
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
        Ok(Self(prices.collect()))
    }

    /// The cost of an operation with these variables; at least 1.
    pub(in crate::graphql) fn sum(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
        limits: &Limits,
    ) -> u64 {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let sum = Sum { prices: self, document, operation, variables, limits };
        sum.set(&operation.selection_set.node, root, 1).max(1)
    }
}

impl Price {
    fn of(parent: &str, field: &FieldDefinition, objects: &HashSet<&str>) -> Self {
        let name = field.name.node.as_str();
        let has = |argument: &str| field.arguments.iter().any(|found| found.node.name.node == argument);
        let (of, is_list) = innermost(&field.ty.node);
        let times = match name {
            _ if has("first") => Times::Connection,
            "edges" | "nodes" if parent.ends_with("Connection") => Times::Page,
            _ if has("ids") => Times::Named,
            _ if is_list => Times::List,
            _ => Times::One,
        };
        let weight = match name {
            _ if parent == "Mutation" => CHANGE,
            "totalCount" => COUNT,
            _ if of.ends_with("GroupConnection") || ["Overview", "WidgetResult"].contains(&of) => AGGREGATE,
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

/// The sum over one operation.
struct Sum<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    limits: &'a Limits,
}

impl<'a> Sum<'a> {
    /// What a selection costs, once; `page` is how many the lists of the connection hold whose fields these are.
    fn set(&self, selection: &'a SelectionSet, ty: &str, page: u64) -> u64 {
        let mut sum = 0_u64;
        for item in &selection.items {
            let cost = match &item.node {
                Selection::Field(field) => self.field(&field.node, ty, page),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(ty, |on| on.node.on.node.as_str());
                    self.set(&fragment.node.selection_set.node, on, page)
                }
                Selection::FragmentSpread(spread) => {
                    // One that is not there is the validation's to refuse.
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else { continue };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.set(&fragment.node.selection_set.node, on, page)
                }
            };
            sum = sum.saturating_add(cost);
        }
        sum
    }

    fn field(&self, field: &'a Field, ty: &str, page: u64) -> u64 {
        let name = field.name.node.as_str();
        if matches!(name, "__schema" | "__type") {
            return INTROSPECTION;
        }
        // One that is not there is the validation's to refuse.
        let Some(price) = self.prices.0.get(ty).and_then(|fields| fields.get(name)) else { return 0 };
        let below = &field.selection_set.node;
        let (times, page) = match price.times {
            Times::One => (1, 1),
            Times::Connection => (1, self.page(field)),
            Times::Page => (page, 1),
            Times::Named => (self.named(field), 1),
            Times::List => (LIST, 1),
        };
        let once = price.weight.saturating_add(self.set(below, &price.of, page));
        times.saturating_mul(once)
    }

    /// How many rows are asked for. More than a page may hold are refused later, and cost no more than one.
    fn page(&self, field: &'a Field) -> u64 {
        let asked =
            ["first", "last"].into_iter().filter_map(|name| self.argument(field, name)).find_map(|value| match value {
                Value::Number(number) => number.as_u64(),
                _ => None,
            });
        let most = u64::from(self.limits.max_page_size);
        asked.map_or(self.limits.default_page_size.into(), |asked| asked.min(most))
    }

    fn named(&self, field: &'a Field) -> u64 {
        match self.argument(field, "ids") {
            Some(Value::List(ids)) => ids.len() as u64,
            _ => 1,
        }
    }

    /// An argument's value, that of its variable or that one's default.
    fn argument(&self, field: &'a Field, name: &str) -> Option<Value> {
        let value = field.get_argument(name)?.node.clone();
        let of_variable = |variable| {
            let given = self.variables.get(&variable).cloned();
            let mut definitions = self.operation.variable_definitions.iter().map(|definition| &definition.node);
            given.or_else(|| {
                let definition = definitions.find(|definition| definition.name.node == variable)?;
                Some(definition.default_value.as_ref()?.node.clone())
            })
        };
        value.into_const_with(|variable| of_variable(variable).ok_or(())).ok()
    }
}
