//! Which operation of a document is run.
//!
//! Owns: choosing it by its name, and what its request must bring. May use: the parser's syntax tree. Invariant: nothing of the document has
//! run yet, so a refusal has no `data`.

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection},
};

use super::{
    AllowedOperations, RefusedStatus,
    executor::{RejectedRequest, bad_request, error},
};
use crate::errors::ErrorCode;

/// The operation that is named, or the only one.
pub(super) fn select_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, RejectedRequest> {
    let chosen = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => {
            let message = "the document has several operations: `operationName` must say which".to_owned();
            return Err(bad_request(error(ErrorCode::BadUserInput, message)));
        }
    };
    chosen.map(|operation| &operation.node).ok_or_else(|| {
        let message = format!("the document has no operation `{}`", name.unwrap_or_default());
        bad_request(error(ErrorCode::BadUserInput, message))
    })
}

/// What its author calls the operation that [`choose`] has chosen: their own word, which goes only to who keeps such words bounded.
pub(super) fn operation_name<'a>(document: &'a ExecutableDocument, chosen: Option<&'a str>) -> Option<&'a str> {
    match &document.operations {
        DocumentOperations::Single(_) => None,
        DocumentOperations::Multiple(operations) => chosen.or_else(|| operations.keys().next().map(Name::as_str)),
    }
}

/// Whether an operation may come in the way that it came.
pub(super) fn check_allowed(operation: &OperationDefinition, permit: AllowedOperations) -> Result<(), RejectedRequest> {
    match (operation.ty, permit) {
        (OperationType::Query, AllowedOperations::QueriesOnly | AllowedOperations::Any)
        | (OperationType::Mutation, AllowedOperations::Any) => Ok(()),
        (OperationType::Mutation, AllowedOperations::QueriesOnly) => {
            let message = "a mutation goes by POST".to_owned();
            Err((RefusedStatus::MethodNotAllowed, vec![error(ErrorCode::BadUserInput, message)]))
        }
        (OperationType::Query | OperationType::Mutation, AllowedOperations::Subscriptions) => {
            let message = "queries and mutations go by POST: over the WebSocket go subscriptions alone".to_owned();
            Err(bad_request(error(ErrorCode::BadUserInput, message)))
        }
        (OperationType::Subscription, AllowedOperations::Subscriptions) => {
            let items = operation.selection_set.node.items.as_slice();
            if let [Positioned { node: Selection::Field(_), .. }] = items {
                return Ok(());
            }
            let message = "a subscription has one root field, which is in no fragment".to_owned();
            Err(bad_request(error(ErrorCode::ValidationFailed, message)))
        }
        (OperationType::Subscription, AllowedOperations::QueriesOnly | AllowedOperations::Any) => {
            let message = "a subscription goes over a WebSocket, by the protocol `graphql-transport-ws`".to_owned();
            Err(bad_request(error(ErrorCode::BadUserInput, message)))
        }
    }
}

/// Entries of a list in a variable. The lists of a document are bounded by its tokens.
const MAX_LISTED: usize = 1000;

/// Refuses lists of any length before something loops over them.
pub(super) fn check_lists(given: &Variables) -> Result<(), RejectedRequest> {
    fn longest(value: &Value) -> usize {
        match value {
            Value::List(entries) => entries.iter().map(longest).max().unwrap_or(0).max(entries.len()),
            Value::Object(fields) => fields.values().map(longest).max().unwrap_or(0),
            _ => 0,
        }
    }
    for (name, value) in given.iter() {
        let entries = longest(value);
        if entries > MAX_LISTED {
            let message =
                format!("the variable `${name}` holds a list of {entries} entries; at most {MAX_LISTED} are allowed");
            return Err(bad_request(error(ErrorCode::BadUserInput, message)));
        }
    }
    Ok(())
}
