//! How large an answer may be.
//!
//! Owns: how many errors an answer holds, and refusing an answer that is too large: before it is built where its keys alone are, and when it was. May use: the limits, the rows'
//! text, the request that has counted while rows were written. Invariant: no answer leaves the engine that is larger than the limit.

use async_graphql::{Response, ServerError, Value, parser::types::OperationType};

use super::executor::error;
use crate::row_encoding;
use crate::{
    errors::ErrorCode,
    limits::{Limit, LimitRegistry},
    request::RequestContext,
};

/// Refuses an operation whose answer is too large if each list is as long as it may be.
pub(super) fn check(bounds: &LimitRegistry, key_bytes: u64) -> Result<(), ServerError> {
    // What is only measured is measured when it was written.
    if bounds.now().allows(Limit::AnswerBytes, key_bytes) {
        return Ok(());
    }
    bounds.check(Limit::AnswerBytes, key_bytes).map_err(|most| {
        let message = format!(
            "the keys alone of the answer may take {key_bytes} bytes; at most {most} are allowed for all of it: ask for smaller pages"
        );
        error(ErrorCode::TooExpensive, message)
    })
}

/// Refuses an answer that is too large, or would have been. That of a mutation is left without its data: the mutation was run.
pub(super) fn check_written(
    bounds: &LimitRegistry,
    request: &RequestContext,
    ty: OperationType,
    response: &mut Response,
) -> Result<(), ServerError> {
    let length = (row_encoding::length(&response.data) as u64).max(request.written());
    let Err(most) = bounds.check(Limit::AnswerBytes, length) else { return Ok(()) };
    let message = format!("the answer is larger than {most} bytes: ask for smaller pages, or for fewer fields");
    match ty {
        OperationType::Query | OperationType::Subscription => Err(error(ErrorCode::TooExpensive, message)),
        OperationType::Mutation => {
            response.data = Value::Null;
            response.errors = vec![error(
                ErrorCode::TooExpensive,
                format!("{message}. The mutation was run: look what it has changed before you send it again"),
            )];
            Ok(())
        }
    }
}

/// Leaves out the errors beyond the limit, and says how many.
pub(super) fn truncate_errors(bounds: &LimitRegistry, response: &mut Response) {
    let Err(most) = bounds.check(Limit::Errors, response.errors.len() as u64) else { return };
    let omitted = response.errors.len().saturating_sub(most as usize);
    response.errors.truncate(most as usize);
    response.extensions.insert("errorsOmitted".to_owned(), omitted.into());
}
