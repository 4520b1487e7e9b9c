//! Mutations that are sent twice.
//!
//! Owns: running a mutation under an idempotency key. May use: the scope's claims. Invariant: under one key a mutation is
//! run at most once; whoever repeats it gets the first answer, or is told that it is not known.

use async_graphql::{Response, ServerError, Value, Variables};
use entity::{Claim, Scope};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Code, Fault, RefusedStatus,
    engine::{Refusal, bad_request, code_of, error, refuse_entry},
};

/// Longest key, in bytes: room for a UUID and a client's own prefix.
const LONGEST: usize = 255;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    data: Value,
    errors: Vec<ServerError>,
}

/// Runs under the key, or gives the answer that was kept under it.
pub(super) async fn once(
    scope: &Scope,
    key: &str,
    (query, operation_name, variables): (&str, Option<&str>, &Variables),
    run: impl Future<Output = Result<Response, Refusal>>,
) -> Result<Response, Refusal> {
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("`Idempotency-Key` is not 1 to {LONGEST} visible ascii characters");
        return Err(bad_request(error(Code::BadUserInput, message)));
    }
    let hash = hash(query, operation_name, variables)?;
    match scope.claim(key, &hash).await.map_err(refuse_entry)? {
        Claim::First => {}
        Claim::Answered(answer) => {
            let kept: Kept = serde_json::from_str(&answer).map_err(|_| internal())?;
            let mut response = Response::new(kept.data);
            response.errors = kept.errors;
            return Ok(response);
        }
        Claim::Taken => {
            let message = "`Idempotency-Key` was used for another request within the last day".to_owned();
            return Err(bad_request(error(Code::BadUserInput, message)));
        }
        Claim::Unanswered => {
            let message = "a request with this `Idempotency-Key` has begun and its outcome is not known: wait, then look \
                           whether it was done before you send it under another key";
            return Err(bad_request(error(Code::BadUserInput, message.to_owned())));
        }
    }
    let outcome = run.await;
    match &outcome {
        Ok(response) if !response.errors.iter().any(is_fault) => {
            let kept = Kept { data: response.data.clone(), errors: response.errors.clone() };
            let answer = serde_json::to_string(&kept).map_err(|_| internal())?;
            scope.keep(key, &answer).await.map_err(refuse_entry)?;
        }
        // Refused before anything ran.
        Err(_) => scope.release(key).await.map_err(refuse_entry)?,
        // A fault in the middle: some of it may have been done, so the key stays and its outcome is not known.
        Ok(_) => {}
    }
    outcome
}

fn is_fault(error: &ServerError) -> bool {
    matches!(code_of(error), Some(code) if [Code::Internal, Code::Unavailable, Code::Timeout].iter().any(|fault| fault.as_str() == code))
}

fn hash(query: &str, operation_name: Option<&str>, variables: &Variables) -> Result<String, Refusal> {
    let request = serde_json::to_vec(&(query, operation_name, variables)).map_err(|_| internal())?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(request)))
}

fn internal() -> Refusal {
    let internal = async_graphql::Error::from(Fault::Internal).into_server_error(async_graphql::Pos::default());
    (RefusedStatus::Internal, vec![internal])
}
