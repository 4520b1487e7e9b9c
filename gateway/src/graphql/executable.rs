//! A document as the library runs it.
//!
//! Owns: [`executable`]: the syntax tree of the parser as that of the library. May use: both trees. Invariant: each operation and fragment
//! that validation will look at is in it, so that what is measured here is what is validated and run.

use apollo_compiler::{Node, ast, parser::SourceSpan};
use async_graphql::{
    Name, Pos, Positioned, Value as ConstValue,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
        InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
        VariableDefinition,
    },
};
use async_graphql_value::Value;
use serde_json::Number;

use super::positions::Positions;

/// The operations and fragments of a text; of two with one name the first, as validation has it. Definitions of types are left out: validation
/// refuses them.
pub(super) fn executable(document: &ast::Document, text: &str) -> ExecutableDocument {
    let mut places = Places(Positions::new(text));
    let mut operations = Vec::new();
    let mut fragments = std::collections::HashMap::new();
    for definition in &document.definitions {
        match definition {
            ast::Definition::OperationDefinition(operation) => {
                operations.push((operation.name.as_ref(), places.operation(operation)));
            }
            ast::Definition::FragmentDefinition(fragment) => {
                let (name, fragment) = places.fragment(fragment);
                fragments.entry(name).or_insert(fragment);
            }
            _ => {}
        }
    }
    let operations = match <[_; 1]>::try_from(operations) {
        Ok([(None, only)]) => DocumentOperations::Single(only),
        Ok([(Some(name), only)]) => DocumentOperations::Multiple([(Name::new(name), only)].into()),
        Err(several) => {
            let mut named = std::collections::HashMap::new();
            for (name, operation) in several {
                named.entry(Name::new(name.map_or("", apollo_compiler::Name::as_str))).or_insert(operation);
            }
            DocumentOperations::Multiple(named)
        }
    };
    ExecutableDocument { operations, fragments }
}

/// Where the nodes of a tree begin. They are asked for in the order of the text.
struct Places<'a>(Positions<'a>);

impl Places<'_> {
    fn at(&mut self, span: Option<SourceSpan>) -> Pos {
        span.map_or_else(Pos::default, |span| self.0.of(span.offset()))
    }

    fn named(&mut self, name: &apollo_compiler::Name) -> Positioned<Name> {
        Positioned::new(Name::new(name), self.at(name.location()))
    }

    fn operation(&mut self, node: &Node<ast::OperationDefinition>) -> Positioned<OperationDefinition> {
        let position = self.at(node.location());
        let ty = match node.operation_type {
            ast::OperationType::Query => OperationType::Query,
            ast::OperationType::Mutation => OperationType::Mutation,
            ast::OperationType::Subscription => OperationType::Subscription,
        };
        let variable_definitions = node.variables.iter().map(|variable| self.variable(variable)).collect();
        let directives = self.directives(&node.directives);
        let selection_set = self.set(&node.selection_set, position);
        Positioned::new(OperationDefinition { ty, variable_definitions, directives, selection_set }, position)
    }

    fn variable(&mut self, node: &Node<ast::VariableDefinition>) -> Positioned<VariableDefinition> {
        let position = self.at(node.location());
        let name = self.named(&node.name);
        let var_type = Positioned::new(type_of(&node.ty), self.at(node.ty.location()));
        let default_value = node.default_value.as_ref().and_then(|value| {
            let at = self.at(value.location());
            Some(Positioned::new(constant(value)?, at))
        });
        let directives = self.directives(&node.directives);
        Positioned::new(VariableDefinition { name, var_type, directives, default_value }, position)
    }

    fn fragment(&mut self, node: &Node<ast::FragmentDefinition>) -> (Name, Positioned<FragmentDefinition>) {
        let position = self.at(node.location());
        let type_condition = self.condition(&node.type_condition);
        let directives = self.directives(&node.directives);
        let selection_set = self.set(&node.selection_set, position);
        let definition = FragmentDefinition { type_condition, directives, selection_set };
        (Name::new(&node.name), Positioned::new(definition, position))
    }

    fn condition(&mut self, name: &apollo_compiler::Name) -> Positioned<TypeCondition> {
        let on = self.named(name);
        let position = on.pos;
        Positioned::new(TypeCondition { on }, position)
    }

    fn set(&mut self, selections: &[ast::Selection], position: Pos) -> Positioned<SelectionSet> {
        let items = selections.iter().map(|selection| self.selection(selection)).collect();
        Positioned::new(SelectionSet { items }, position)
    }

    fn selection(&mut self, selection: &ast::Selection) -> Positioned<Selection> {
        match selection {
            ast::Selection::Field(node) => {
                let position = self.at(node.location());
                let alias = node.alias.as_ref().map(|alias| self.named(alias));
                let name = self.named(&node.name);
                let arguments = self.arguments(&node.arguments);
                let directives = self.directives(&node.directives);
                let selection_set = self.set(node.selection_set.as_deref().unwrap_or_default(), position);
                let field = Field { alias, name, arguments, directives, selection_set };
                Positioned::new(Selection::Field(Positioned::new(field, position)), position)
            }
            ast::Selection::FragmentSpread(node) => {
                let position = self.at(node.location());
                let fragment_name = self.named(&node.fragment_name);
                let directives = self.directives(&node.directives);
                let spread = FragmentSpread { fragment_name, directives };
                Positioned::new(Selection::FragmentSpread(Positioned::new(spread, position)), position)
            }
            ast::Selection::InlineFragment(node) => {
                let position = self.at(node.location());
                let type_condition = node.type_condition.as_ref().map(|name| self.condition(name));
                let directives = self.directives(&node.directives);
                let selection_set = self.set(&node.selection_set, position);
                let fragment = InlineFragment { type_condition, directives, selection_set };
                Positioned::new(Selection::InlineFragment(Positioned::new(fragment, position)), position)
            }
        }
    }

    fn arguments(&mut self, arguments: &[Node<ast::Argument>]) -> Vec<(Positioned<Name>, Positioned<Value>)> {
        let argument = |argument: &Node<ast::Argument>| {
            let name = self.named(&argument.name);
            (name, Positioned::new(value_of(&argument.value), self.at(argument.value.location())))
        };
        arguments.iter().map(argument).collect()
    }

    fn directives(&mut self, directives: &ast::DirectiveList) -> Vec<Positioned<Directive>> {
        let directive = |node: &Node<ast::Directive>| {
            let position = self.at(node.location());
            let name = self.named(&node.name);
            Positioned::new(Directive { name, arguments: self.arguments(&node.arguments) }, position)
        };
        directives.iter().map(directive).collect()
    }
}

fn type_of(ty: &ast::Type) -> Type {
    let base = match ty {
        ast::Type::Named(name) | ast::Type::NonNullNamed(name) => BaseType::Named(Name::new(name)),
        ast::Type::List(of) | ast::Type::NonNullList(of) => BaseType::List(Box::new(type_of(of))),
    };
    Type { base, nullable: !ty.is_non_null() }
}

fn value_of(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::Enum(Name::new(name)),
        ast::Value::Variable(name) => Value::Variable(Name::new(name)),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => number_of(number.as_str()),
        ast::Value::Int(number) => number_of(number.as_str()),
        ast::Value::Boolean(is) => Value::Boolean(*is),
        ast::Value::List(items) => Value::List(items.iter().map(|item| value_of(item)).collect()),
        ast::Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (Name::new(name), value_of(value))).collect())
        }
    }
}

/// A literal without variables; none if there is one.
pub(super) fn constant(value: &ast::Value) -> Option<ConstValue> {
    value_of(value).into_const()
}

/// A number of any length, as near as a double is to it; what is larger than any is left as it is written, for whoever takes it.
fn number_of(text: &str) -> Value {
    let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    let number = whole.ok().or_else(|| Number::from_f64(text.parse().ok()?));
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
