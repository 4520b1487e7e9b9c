//! Running a valid document.
//!
//! Owns: the schemas that run it, and what of a document depends on its request's variables. May use: the schema, parsed documents. Invariant:
//! the library validates nothing that the rules have validated: what it is given is valid, and its variables are coerced.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Request, Response, ServerError, Value, Variables,
    futures_util::StreamExt as _,
    parser::types::{DocumentOperations, ExecutableDocument, Field, OperationType, Selection, SelectionSet},
};

use super::{document_cache::Document, rules::ValidatedDocument};
use crate::compute::run_off_workers;
use crate::schema::{ResultRecording, Schema, Shared};

/// The schema, as it is run.
pub(super) struct Runner {
    describing: Schema,
    /// The same, for what asks nothing of the schema itself.
    answering: Schema,
}

impl Runner {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            describing: shared.schema(ResultRecording::Introspection),
            answering: shared.schema(ResultRecording::Fields),
        }
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.describing
    }

    /// Runs an operation of a document. The request has its name and its variables, which are coerced.
    ///
    /// # Errors
    /// What is wrong with it although it is valid: a limit of the library's own. Then nothing was run.
    pub(super) async fn run(
        &self,
        mut request: Request,
        document: &Document,
        checked: &ValidatedDocument,
        ty: OperationType,
    ) -> Result<Response, Vec<ServerError>> {
        let mut parsed = document.parsed.clone();
        if checked.omits {
            skip_excluded(&mut parsed, &request.variables);
        }
        if document.merges {
            merge_mutations(&mut parsed, request.operation_name.as_deref(), &request.variables);
        }
        request.set_parsed_query(parsed);
        if ty == OperationType::Subscription {
            // The one response to the event that the request holds.
            let response = self.describing.execute_stream(request).next().await.unwrap_or_default();
            return into_response(response);
        }
        let schema = if document.introspects { &self.describing } else { &self.answering };
        // Boxed: else it is moved with each of the futures around it.
        let execution = Box::pin(schema.execute(request));
        // The schema's description is written without a pause, and is as long as the document asks for.
        let response = if document.introspects { run_off_workers(execution).await } else { execution.await };
        into_response(response)
    }
}

/// What was run; without a path in its errors nothing was.
fn into_response(response: Response) -> Result<Response, Vec<ServerError>> {
    let is_invalid = response.data == Value::Null && response.errors.iter().any(|error| error.path.is_empty());
    if is_invalid { Err(response.errors) } else { Ok(response) }
}

/// Leaves out the arguments for which a variable stands that has no value: then their own defaults hold.
fn skip_excluded(document: &mut ExecutableDocument, variables: &Variables) {
    fn of(set: &mut SelectionSet, variables: &Variables) {
        for item in &mut set.items {
            match &mut item.node {
                Selection::Field(field) => {
                    field.node.arguments.retain(|(_, value)| match &value.node {
                        async_graphql_value::Value::Variable(name) => variables.contains_key(name),
                        _ => true,
                    });
                    of(&mut field.node.selection_set.node, variables);
                }
                Selection::InlineFragment(fragment) => of(&mut fragment.node.selection_set.node, variables),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    match &mut document.operations {
        DocumentOperations::Single(operation) => of(&mut operation.node.selection_set.node, variables),
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values_mut() {
                of(&mut operation.node.selection_set.node, variables);
            }
        }
    }
    for fragment in document.fragments.values_mut() {
        of(&mut fragment.node.selection_set.node, variables);
    }
}

/// Puts the root fields of a mutation together that stand under one key: they are one field, which is run once. The library would run each.
/// (Of a query it reads what it has read before, and merges the answers.)
fn merge_mutations(document: &mut ExecutableDocument, name: Option<&str>, variables: &Variables) {
    let ExecutableDocument { operations, fragments } = document;
    let operation = match (operations, name) {
        (DocumentOperations::Single(operation), _) => operation,
        (DocumentOperations::Multiple(operations), name) => {
            let chosen = operations.iter_mut().find(|(found, _)| name.is_none_or(|name| found.as_str() == name));
            let Some((_, operation)) = chosen else { return };
            operation
        }
    };
    if operation.node.ty != OperationType::Mutation {
        return;
    }
    let mut roots = Roots { fields: Vec::new(), places: HashMap::new(), spread: HashSet::new(), variables };
    let set = std::mem::take(&mut operation.node.selection_set.node);
    roots.collect(set, &|name| Some(fragments.get(name)?.node.selection_set.node.clone()));
    operation.node.selection_set.node.items =
        roots.fields.into_iter().map(|field| Positioned::new(Selection::Field(field.clone()), field.pos)).collect();
}

/// The root fields that were found, by key (October 2021, section 6.3.2: `CollectFields`).
struct Roots<'a> {
    fields: Vec<Positioned<Field>>,
    places: HashMap<Name, usize>,
    spread: HashSet<Name>,
    variables: &'a Variables,
}

impl Roots<'_> {
    fn collect(&mut self, set: SelectionSet, fragment: &dyn Fn(&Name) -> Option<SelectionSet>) {
        for item in set.items {
            if !self.is_included(&item.node) {
                continue;
            }
            match item.node {
                Selection::Field(mut field) => {
                    field.node.directives.clear();
                    let key = field.node.response_key().node.clone();
                    if let Some(first) = self.places.get(&key).and_then(|place| self.fields.get_mut(*place)) {
                        first.node.selection_set.node.items.append(&mut field.node.selection_set.node.items);
                    } else {
                        self.places.insert(key, self.fields.len());
                        self.fields.push(field);
                    }
                }
                // The root is one object: each fragment that validation lets stand there is of its type.
                Selection::InlineFragment(inline) => self.collect(inline.node.selection_set.node, fragment),
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node;
                    if self.spread.insert(name.clone())
                        && let Some(set) = fragment(&name)
                    {
                        self.collect(set, fragment);
                    }
                }
            }
        }
    }

    fn is_included(&self, selection: &Selection) -> bool {
        selection.directives().iter().all(|directive| {
            let value = directive.node.get_argument("if").map(|value| &value.node);
            let says = match value {
                Some(async_graphql_value::Value::Boolean(says)) => *says,
                Some(async_graphql_value::Value::Variable(name)) => {
                    self.variables.get(name) == Some(&Value::Boolean(true))
                }
                _ => return true,
            };
            match directive.node.name.node.as_str() {
                "skip" => !says,
                "include" => says,
                _ => true,
            }
        })
    }
}
