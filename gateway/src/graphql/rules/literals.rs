//! Literals in a document.
//!
//! Owns: what the validator leaves out: values of the schema's own scalars, and two fields of one name in an object. May use: the validator's
//! tree of a valid document. Invariant: each literal that a resolver can be given was looked at.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema, ast,
    executable::{Operation, Selection, SelectionSet},
    schema::ExtendedType,
};
use async_graphql::Value;

use super::{Problems, scalar, wording};
use crate::graphql::executable::constant;

/// Notes the literals that are wrong. Gives whether a variable that may be left out is all that stands for an argument that has a default.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument, problems: &mut Problems) -> bool {
    let mut literals = Literals { schema, problems, omits: false };
    for operation in document.operations.iter() {
        for variable in &operation.variables {
            if let Some(value) = &variable.default_value {
                literals.value(&variable.ty, value);
            }
        }
        literals.set(&operation.selection_set);
    }
    for fragment in document.fragments.values() {
        literals.set(&fragment.selection_set);
    }
    literals.omits
}

/// The variables by which an operation decides what is skipped and included, in the fragments that it spreads, too.
pub(super) fn custom_scalars<'a>(document: &'a ExecutableDocument, operation: &'a Operation) -> HashSet<&'a Name> {
    let (mut names, mut spread) = (HashSet::new(), HashSet::new());
    let mut sets = vec![&operation.selection_set];
    while let Some(set) = sets.pop() {
        for selection in &set.selections {
            let directives = selection.directives().iter();
            let values = directives.flat_map(|directive| &directive.arguments).map(|argument| &argument.value);
            names.extend(values.filter_map(|value| value.as_variable()));
            match selection {
                Selection::Field(field) => sets.extend(&field.selection_set),
                Selection::InlineFragment(fragment) => sets.push(&fragment.selection_set),
                Selection::FragmentSpread(fragment) if spread.insert(&fragment.fragment_name) => {
                    sets.extend(document.fragments.get(&fragment.fragment_name).map(|found| &found.selection_set));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    names
}

struct Literals<'a> {
    schema: &'a Schema,
    problems: &'a mut Problems,
    omits: bool,
}

impl Literals<'_> {
    fn set(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    for argument in &field.arguments {
                        let Some(definition) = field.definition.argument_by_name(&argument.name) else { continue };
                        self.omits |= definition.default_value.is_some() && argument.value.as_variable().is_some();
                        self.value(&definition.ty, &argument.value);
                    }
                    if let Some(below) = &field.selection_set {
                        self.set(below);
                    }
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn value(&mut self, ty: &ast::Type, value: &Node<ast::Value>) {
        match (&**value, self.schema.types.get(ty.inner_named_type())) {
            (ast::Value::Null | ast::Value::Variable(_), _) => {}
            (ast::Value::List(items), _) if ty.is_list() => {
                for item in items {
                    self.value(ty.item_type(), item);
                }
            }
            (ast::Value::Object(fields), Some(ExtendedType::InputObject(input))) => {
                let mut seen: HashSet<&Name> = HashSet::new();
                for (name, value) in fields {
                    if !seen.insert(name) {
                        let message = format!("the field `{name}` is given twice: leave one out");
                        self.problems.note(name.location(), message);
                    }
                    if let Some(field) = input.fields.get(name) {
                        self.value(&field.ty, value);
                    }
                }
            }
            // The library reads an id from a signed number of 64 bits, and from no longer one.
            (ast::Value::Int(number), Some(ExtendedType::Scalar(named)))
                if named.name == "ID" && number.as_str().parse::<i64>().is_err() =>
            {
                let quoted = wording::shortened(&format!("\"{}\"", number.as_str()));
                self.problems.note(value.location(), wording::expected(&wording::written(value), "ID", &quoted));
            }
            (_, Some(ExtendedType::Scalar(named))) => {
                let Some(scalar) = scalar(&named.name) else { return };
                // A document's enum value is no string, although the library takes it for one.
                let is_one = constant(value)
                    .filter(|value| !matches!(value, Value::Enum(_)))
                    .is_some_and(|value| scalar.takes(value));
                if !is_one {
                    let message =
                        wording::expected(&wording::written(value), scalar.name, &format!("`{}`", scalar.example));
                    self.problems.note(value.location(), message);
                }
            }
            _ => {}
        }
    }
}
