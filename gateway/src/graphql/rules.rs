//! The schema's rules for documents and for values.
//!
//! Owns: [`Rules`]: validation of documents, and coercion of variables. May use: the validator, the schema's text and its scalars. Invariant:
//! what passes is what the specification lets through, so that no resolver is given a value that its argument's type does not have.

mod fields;
mod literals;
mod variables;
mod wording;

use std::{collections::HashSet, sync::LazyLock};

use apollo_compiler::{
    Node, Schema, ast, diagnostic::ToCliReport as _, parser::SourceSpan, schema::ExtendedType, validation::Valid,
};
use async_graphql::{Name, Pos, ServerError, Value};

use super::{executable::constant, executor::error, positions::Positions};
use crate::errors::ErrorCode;
use crate::{
    config::Suggestions,
    guard::RegistryError,
    schema::{self, INPUT_SCALARS, InputScalar},
};

/// The rules of a schema.
#[derive(Debug)]
pub(super) struct Rules {
    schema: &'static Valid<Schema>,
    suggestions: Suggestions,
}

/// The schema as the validator has it: it is the same for every engine of a process.
static SCHEMA: LazyLock<Result<Valid<Schema>, String>> = LazyLock::new(|| {
    let valid = Schema::parse_and_validate(schema::text(), "schema.graphql");
    valid.map(without_subscriptions).map_err(|invalid| invalid.errors.to_string())
});

/// The schema without what the newest edition of the specification lets one ask of directives: the library would answer null.
fn without_subscriptions(schema: Valid<Schema>) -> Valid<Schema> {
    let mut schema = schema.into_inner();
    if let Some(ExtendedType::Object(directive)) = schema.types.get_mut("__Directive") {
        directive.make_mut().fields.retain(|name, _| !matches!(name.as_str(), "isDeprecated" | "deprecationReason"));
    }
    if let Some(ExtendedType::Object(described)) = schema.types.get_mut("__Schema")
        && let Some(directives) = described.make_mut().fields.get_mut("directives")
    {
        directives.make_mut().arguments.clear();
    }
    Valid::assume_valid(schema)
}

/// What was found out of a valid document.
#[derive(Debug)]
pub(super) struct ValidatedDocument {
    /// The variables of each operation.
    operations: Vec<(Option<String>, Vec<Variable>)>,
    /// Whether a variable that may be left out is all that stands for an argument that has a default.
    pub(super) omits: bool,
}

/// A variable of an operation.
#[derive(Debug)]
pub(super) struct Variable {
    name: Name,
    ty: ast::Type,
    default: Option<Value>,
    /// Whether a directive reads it, which takes no null.
    decides: bool,
    at: Pos,
}

/// Errors of one document that an answer lists.
const MAX_ERRORS: usize = 50;

impl Rules {
    /// Those of the gateway's schema.
    pub(super) fn new(suggestions: Suggestions) -> Result<Self, RegistryError> {
        let schema = SCHEMA.as_ref().map_err(|cause| RegistryError::Unreadable(cause.clone()))?;
        Ok(Self { schema, suggestions })
    }

    /// Validates a document, which is that of the text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn validate(
        &self,
        mut document: ast::Document,
        text: &str,
    ) -> Result<ValidatedDocument, Vec<ServerError>> {
        let null_by_default = forget_null_defaults(&mut document);
        let mut problems = Problems::default();
        if let Some(apart) = fields::are_distinct(&document, text) {
            problems.0.extend(fields::conflicts(&apart, self.schema));
        }
        let valid = document.to_executable_validate(self.schema).map_err(|invalid| {
            let found = invalid.errors.iter();
            problems.0.extend(found.map(|found| (found.error.location(), self.explain(&found.error.to_string()))));
        });
        let checked = valid.ok().map(|valid| {
            let omits = literals::check(self.schema, &valid, &mut problems);
            let mut positions = Positions::new(text);
            let operations = valid.operations.iter().map(|operation| {
                let deciding = literals::custom_scalars(&valid, operation);
                let variables = operation.variables.iter().map(|variable| {
                    let begins = variable.location().map(|span| span.offset());
                    Variable {
                        name: Name::new(&variable.name),
                        ty: (*variable.ty).clone(),
                        default: match &variable.default_value {
                            Some(value) => constant(value),
                            None => null_by_default.contains(&begins).then_some(Value::Null),
                        },
                        decides: deciding.contains(&variable.name),
                        at: positions.of(begins.unwrap_or_default()),
                    }
                });
                (operation.name.as_ref().map(ToString::to_string), variables.collect())
            });
            ValidatedDocument { operations: operations.collect(), omits }
        });
        checked.filter(|_| problems.0.is_empty()).ok_or_else(|| problems.errors(text))
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, Default)]
struct Problems(Vec<(Option<SourceSpan>, String)>);

impl Problems {
    fn note(&mut self, at: Option<SourceSpan>, message: String) {
        self.0.push((at, message));
    }

    /// As errors, in the order of the text, each once.
    fn errors(mut self, text: &str) -> Vec<ServerError> {
        self.0.sort_by_key(|(at, _)| at.map(|span| span.offset()));
        self.0.dedup();
        self.0.truncate(MAX_ERRORS);
        let mut positions = Positions::new(text);
        let errors = self.0.into_iter().map(|(at, message)| {
            let mut error = error(ErrorCode::ValidationFailed, message);
            error.locations.extend(at.map(|span| positions.of(span.offset())));
            error
        });
        errors.collect()
    }
}

impl ValidatedDocument {
    /// The variables of an operation.
    fn variables(&self, operation: Option<&str>) -> &[Variable] {
        let mut operations = self.operations.iter();
        let found = operations.find(|(name, _)| operation.is_none() || name.as_deref() == operation);
        found.map_or(&[], |(_, variables)| variables)
    }
}

/// The custom scalar of this name.
fn scalar(name: &str) -> Option<&'static InputScalar> {
    INPUT_SCALARS.iter().find(|scalar| scalar.name == name)
}

/// Takes defaults of null away, which the validator would take for a value where null may not stand. Gives the offsets of their variables.
fn forget_null_defaults(document: &mut ast::Document) -> HashSet<Option<usize>> {
    let is_null = |variable: &Node<ast::VariableDefinition>| {
        !variable.ty.is_non_null() && variable.default_value.as_ref().is_some_and(|value| value.is_null())
    };
    let mut forgotten = HashSet::new();
    for definition in &mut document.definitions {
        let ast::Definition::OperationDefinition(operation) = definition else { continue };
        if !operation.variables.iter().any(is_null) {
            continue;
        }
        for variable in operation.make_mut().variables.iter_mut().filter(|variable| is_null(variable)) {
            forgotten.insert(variable.location().map(|span| span.offset()));
            variable.make_mut().default_value = None;
        }
    }
    forgotten
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::graphql::parse::{ParsedDocument, read};

    fn errors_in(text: &str, suggestions: Suggestions) -> Vec<String> {
        let ParsedDocument { syntax, .. } = read(text).unwrap();
        let wrong = Rules::new(suggestions).unwrap().validate(syntax, text).err().unwrap_or_default();
        wrong.into_iter().map(|error| error.message).collect()
    }

    /// A custom scalar whose values are not checked before execution would fail in the middle of a mutation.
    #[test]
    fn every_scalar_that_an_argument_takes_is_looked_at() {
        let rules = Rules::new(Suggestions::Off).unwrap();
        let mut taken = BTreeSet::new();
        for ty in rules.schema.types.values().filter(|ty| !ty.is_built_in()) {
            match ty {
                ExtendedType::InputObject(input) => {
                    taken.extend(input.fields.values().map(|field| field.ty.inner_named_type()));
                }
                ExtendedType::Object(object) => {
                    let arguments = object.fields.values().flat_map(|field| &field.arguments);
                    taken.extend(arguments.map(|argument| argument.ty.inner_named_type()));
                }
                _ => {}
            }
        }
        let is_own = |name: &str| rules.schema.get_scalar(name).is_some_and(|scalar| !scalar.is_built_in());
        let own: Vec<_> = taken.into_iter().filter(|name| is_own(name)).collect();
        assert!(!own.is_empty(), "nothing is looked at here");
        let missing: Vec<_> = own.into_iter().filter(|name| scalar(name).is_none()).collect();
        assert!(missing.is_empty(), "put these into `schema::INPUT_SCALARS`: {missing:?}");
        for scalar in INPUT_SCALARS {
            let text = format!("{{ a(b: {}) }}", scalar.example);
            assert!(read(&text).is_ok(), "`{}` has an example that is no literal", scalar.name);
        }
    }

    /// The validator tells by its sentences only: one that it words in another way is explained no more.
    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        for (text, says) in [
            ("{ viewer { nam } }", "type `Viewer` does not have a field `nam`. Did you mean \"name\""),
            (
                "{ doctors(frist: 1) { totalCount } }",
                "the argument `frist` is not supported by `Query.doctors`. Did you mean \"first\"",
            ),
            (
                "{ doctors(filter: { tex: \"a\" }) { totalCount } }",
                "field `tex` does not exist on `DoctorFilter`. Did you mean \"text\"",
            ),
            (
                "{ doctors(filter: { risk: LOWW }) { totalCount } }",
                "value `LOWW` does not exist on `Risk`. Did you mean \"LOW\"",
            ),
            (
                "query ($a: Doctr) { viewer { name @skip(if: $a) } }",
                "cannot find type `Doctr` in this document. Did you mean \"Doctor\"",
            ),
            (
                "{ doctors(first: \"1\") { totalCount } }",
                "expected value of type Int, found a string; write a value such as `25` (at most 32 bits)",
            ),
        ] {
            let wrong = errors_in(text, Suggestions::Given);
            assert!(wrong.iter().any(|message| message.starts_with(says)), "{text}: {wrong:?}");
        }
    }

    #[test]
    fn names_that_may_not_be_suggested_are_not() {
        for (text, name) in [
            ("{ viewer { nam } }", "name"),
            ("{ doctors(frist: 1) { totalCount } }", "first"),
            ("{ doctors(filter: { tex: \"a\" }) { totalCount } }", "\"text\""),
            ("{ doctors(filter: { risk: 1 }) { totalCount } }", "LOW"),
            ("query ($a: Doctr) { viewer { name @skip(if: $a) } }", "Doctor"),
        ] {
            let wrong = errors_in(text, Suggestions::Off);
            assert!(!wrong.is_empty() && !wrong.iter().any(|message| message.contains(name)), "{text}: {wrong:?}");
        }
    }
}
