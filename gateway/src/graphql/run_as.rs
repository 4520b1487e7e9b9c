//! Looking at what a member sees.
//!
//! Owns: what running as somebody does to an operation. May use: the store's verb for it. Invariant: a mutation that wants
//! to run as somebody is refused before anything of it runs, and so is whoever is no admin; the answer says as whom it ran.

use async_graphql::{Response, parser::types::OperationType};
use axum::http::HeaderValue;
use entity::{
    error::Error,
    id::{MemberId, TypedId},
    membership::EnterResult,
};

use super::{
    RefusedStatus,
    executor::{RejectedRequest, error, refuse_entry},
};
use crate::tenancy;
use crate::{
    errors::ErrorCode,
    request::{Identity, RequestContext},
};

/// What the member sees, in place of what whoever asks has entered.
pub(super) async fn impersonate(
    entry: EnterResult,
    member: MemberId,
    operation: OperationType,
) -> Result<EnterResult, RejectedRequest> {
    // The visitor goes: it holds the scope, and whoever asks is not who sees.
    let EnterResult { scope, .. } = entry;
    if operation != OperationType::Query {
        if let Ok(scope) = &scope {
            scope.audit_refused_mutation(member).await.map_err(refuse_entry)?;
        }
        return Err(forbidden("running as a member is for reading: leave `X-Run-As-Member` out to change something"));
    }
    let scope = match scope {
        Ok(scope) => scope,
        Err(closed) => return Ok(EnterResult { person: None, visitor: None, scope: Err(closed) }),
    };
    scope.run_as(member).await.map_err(|cause| match cause {
        Error::Forbidden(reason) => forbidden(&format!("`X-Run-As-Member` needs org: ADMIN: {reason}")),
        other => refuse_entry(other),
    })
}

/// Says as whom it ran. Without this header in the answer, it ran as nobody else.
pub(super) fn response_headers(request: &RequestContext, response: &mut Response) {
    let (Identity::Another, Ok(scope)) = (request.identity(), request.scope()) else { return };
    if let Ok(member) = HeaderValue::try_from(scope.context().member().to_text()) {
        response.http_headers.insert(tenancy::RUN_AS, member);
    }
}

fn forbidden(message: &str) -> RejectedRequest {
    (RefusedStatus::Forbidden, vec![error(ErrorCode::Forbidden, message.to_owned())])
}
