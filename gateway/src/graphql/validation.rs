//! Validation, once for each document.
//!
//! Owns: when the library need not validate again, and the schema that then runs a document as it is. May use: the schema, parsed documents.
//! Invariant: it is left out only where it could find nothing: this document was found valid with all of its variables given, and each
//! value that they have now is one that every place takes in which a variable of its type may stand.

use std::sync::atomic::Ordering;

use async_graphql::{
    Request, Response, ServerError, Value, Variables,
    parser::types::{BaseType, ExecutableDocument, OperationDefinition, Type},
};

use super::{compute::run_off_workers, document::Document};
use crate::schema::{Schema, Shared, Validation};

/// The schema, as it is run.
pub(super) struct Validated {
    validating: Schema,
    /// The same, for what is known to be valid and asks nothing of the schema itself.
    trusting: Schema,
}

impl Validated {
    pub(super) fn new(shared: &Shared) -> Self {
        Self { validating: shared.schema(Validation::Whole), trusting: shared.schema(Validation::DoneBefore) }
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.validating
    }

    /// Runs a document, which the request holds, too.
    ///
    /// # Errors
    /// What is wrong with it, if it is not valid; then nothing was run.
    pub(super) async fn run(&self, request: Request, document: &Document) -> Result<Response, Vec<ServerError>> {
        let variables = only(&document.parsed).map(|operation| Given::of(operation, &request.variables));
        let is_known = document.was_valid.load(Ordering::Relaxed);
        let schema = match variables {
            Some(Given::Plain | Given::PlainInPart) if is_known && !document.introspects => &self.trusting,
            _ => &self.validating,
        };
        // Boxed: else it is moved with each of the futures around it.
        let execution = Box::pin(schema.execute(request));
        // The schema's description is written without a pause, and is as long as the document asks for.
        let response = if document.introspects { run_off_workers(execution).await } else { execution.await };
        // Without a path nothing was run: the library found the document invalid.
        let is_invalid = response.data == Value::Null && response.errors.iter().any(|error| error.path.is_empty());
        if is_invalid {
            return Err(response.errors);
        }
        // Where a variable is left out, the library leaves out the whole argument in which it stands.
        if let (false, Some(Given::Plain | Given::Other)) = (is_known, variables) {
            document.was_valid.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }
}

/// The only operation: of several, the variables of the chosen one alone are looked at.
fn only(document: &ExecutableDocument) -> Option<&OperationDefinition> {
    let mut operations = document.operations.iter();
    let (_, operation) = operations.next()?;
    operations.next().is_none().then_some(&operation.node)
}

/// What an operation's variables are given.
#[derive(Clone, Copy)]
enum Given {
    /// Each a value that its type takes wherever it stands.
    Plain,
    /// The same, but some are left out.
    PlainInPart,
    /// Each a value, of which we do not know.
    Other,
    /// Some, of which we do not know.
    OtherInPart,
}

impl Given {
    fn of(operation: &OperationDefinition, variables: &Variables) -> Self {
        let (mut is_plain, mut is_whole) = (true, true);
        for definition in &operation.variable_definitions {
            match variables.get(&definition.node.name.node) {
                Some(value) => is_plain &= is_taken(&definition.node.var_type.node, value),
                None => is_whole = false,
            }
        }
        match (is_plain, is_whole) {
            (true, true) => Self::Plain,
            (true, false) => Self::PlainInPart,
            (false, true) => Self::Other,
            (false, false) => Self::OtherInPart,
        }
    }
}

/// Whether this type surely takes the value. Enums, inputs and null are the library's to judge.
fn is_taken(ty: &Type, value: &Value) -> bool {
    match (&ty.base, value) {
        (BaseType::List(of), Value::List(values)) => values.iter().all(|value| is_taken(of, value)),
        (BaseType::Named(name), Value::String(_)) => matches!(name.as_str(), "ID" | "String" | "DateTime"),
        (BaseType::Named(name), Value::Boolean(_)) => name == "Boolean",
        (BaseType::Named(name), Value::Number(number)) => {
            name == "Int" && number.as_u64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        _ => false,
    }
}
