//! Mutations that are sent twice.
//!
//! Owns: running a mutation under an idempotency key. May use: the scope's claims, the request's outcomes. Invariant: under
//! one key a mutation is run at most once. A replay resolves the payloads of what was done with the rights of the replay, or
//! says that the outcome is not known.

use async_graphql::{PathSegment, Response, ServerError, Variables};
use entity::commands::IdempotencyClaim;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    RefusedStatus,
    executor::{RejectedRequest, bad_request, code_of, error, refuse_entry},
};
use crate::{
    errors::{ErrorCode, ResolverError},
    request::{MutationOutcome, RequestContext},
};

/// Longest key, in bytes: room for a UUID and a client's own prefix.
const MAX_KEY_BYTES: usize = 255;

/// What is stored under a key: what was done, and what was said where nothing was done.
#[derive(Serialize, Deserialize)]
struct Record {
    outcomes: Vec<MutationOutcome>,
    refusals: Vec<RecordedRefusal>,
}

/// An error of a root field.
#[derive(Serialize, Deserialize)]
struct RecordedRefusal {
    field: String,
    code: String,
    message: String,
}

/// Runs under the key, or replays what was done under it.
pub(super) async fn run_once(
    request: &RequestContext,
    key: &str,
    (query, operation_name, variables): (&str, Option<&str>, &Variables),
    run: impl Future<Output = Result<Response, RejectedRequest>>,
) -> Result<Response, RejectedRequest> {
    let Ok(scope) = request.scope() else {
        let message = "`Idempotency-Key` is kept by an organization: choose one, or leave the key out";
        return Err(bad_request(error(ErrorCode::BadUserInput, message.to_owned())));
    };
    if key.is_empty() || key.len() > MAX_KEY_BYTES || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("`Idempotency-Key` is not 1 to {MAX_KEY_BYTES} visible ascii characters");
        return Err(bad_request(error(ErrorCode::BadUserInput, message)));
    }
    let hash = hash(query, operation_name, variables)?;
    match scope.claim(key, &hash).await.map_err(refuse_entry)? {
        IdempotencyClaim::First => request.outcomes().start(),
        IdempotencyClaim::Done(record) => {
            let Record { outcomes, refusals } = serde_json::from_str(&record).map_err(|_| internal())?;
            request.outcomes().replay(outcomes);
            let mut response = run.await?;
            response.errors.extend(refusals.into_iter().map(RecordedRefusal::error));
            return Ok(response);
        }
        IdempotencyClaim::Taken => {
            let message = "`Idempotency-Key` was used for another request within the last day".to_owned();
            return Err(bad_request(error(ErrorCode::BadUserInput, message)));
        }
        IdempotencyClaim::Unanswered => {
            let message = "a request with this `Idempotency-Key` has begun and its outcome is not known yet: send it again in \
                           a moment; if this answer stays, look whether it was done before you send it under another key";
            return Err((RefusedStatus::Conflict, vec![error(ErrorCode::BadUserInput, message.to_owned())]));
        }
    }
    let ran = run.await;
    let outcomes = request.outcomes().recorded();
    match &ran {
        Ok(response) if !response.errors.iter().any(is_fault_of_root) => {
            let refusals = response.errors.iter().filter_map(RecordedRefusal::of).collect();
            let record = serde_json::to_string(&Record { outcomes, refusals }).map_err(|_| internal())?;
            scope.store(key, &record).await.map_err(refuse_entry)?;
        }
        // Refused before anything ran.
        Err(_) if outcomes.is_empty() => scope.release(key).await.map_err(refuse_entry)?,
        // A fault in the middle: some of it may have been done, so the key stays and its outcome is not known.
        Ok(_) | Err(_) => {}
    }
    ran
}

impl RecordedRefusal {
    /// What is recorded of an error; nothing, if it is about a field of a payload, which a replay reads itself.
    fn of(error: &ServerError) -> Option<Self> {
        let [PathSegment::Field(field)] = error.path.as_slice() else { return None };
        let code = code_of(error).unwrap_or(ErrorCode::Internal.as_str()).to_owned();
        Some(Self { field: field.clone(), code, message: error.message.clone() })
    }

    fn error(self) -> ServerError {
        let code = ErrorCode::named(&self.code).unwrap_or(ErrorCode::Internal);
        let mut error = error(code, self.message);
        error.path = vec![PathSegment::Field(self.field)];
        error
    }
}

/// Whether a mutation itself has failed, so that nobody knows what it did. What failed below it is read again by a replay.
fn is_fault_of_root(error: &ServerError) -> bool {
    error.path.len() <= 1 && is_fault(error)
}

fn is_fault(error: &ServerError) -> bool {
    matches!(code_of(error), Some(code) if [ErrorCode::Internal, ErrorCode::Unavailable, ErrorCode::Timeout].iter().any(|fault| fault.as_str() == code))
}

fn hash(query: &str, operation_name: Option<&str>, variables: &Variables) -> Result<String, RejectedRequest> {
    let request = serde_json::to_vec(&(query, operation_name, variables)).map_err(|_| internal())?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(request)))
}

fn internal() -> RejectedRequest {
    let internal = async_graphql::Error::from(ResolverError::Internal).into_server_error(async_graphql::Pos::default());
    (RefusedStatus::Internal, vec![internal])
}
