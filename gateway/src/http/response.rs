//! From an outcome to an answer.
//!
//! Owns: status, media type and body of what GraphQL has answered. May use: the engine's outcome.
//! Invariant: every error in a body has a code and the request's id; one without a code is ours and says nothing but
//! that.

use async_graphql::ServerError;
use axum::body::Bytes;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::RequestId;
use super::content_negotiation::Media;
use super::error::{HttpError, add_headers};
use crate::admission::ReaderKey;
use crate::row_encoding;
use crate::{
    errors::ErrorCode,
    graphql::{Outcome, RefusedStatus, code_of},
};

/// A body without `data`: the operation has not run.
#[derive(Serialize)]
struct Refusal {
    errors: Vec<ServerError>,
}

/// Writes the answer to an operation.
pub(super) fn respond(outcome: Outcome, media: Media, id: &RequestId, reader: &ReaderKey) -> Response {
    match outcome {
        Outcome::Ran(mut ran) => {
            finalize_errors(&mut ran.errors, id);
            // Also when `data` is null or partial: the status says that it ran.
            let mut response = write(StatusCode::OK, media, row_encoding::response(&ran).map(|body| reader.hold(body)));
            response.headers_mut().extend(std::mem::take(&mut ran.http_headers));
            response
        }
        // One body for every 401: what is asked for makes no difference to somebody whom we do not know.
        Outcome::Refused { status: RefusedStatus::Unauthenticated, .. } => {
            HttpError::unauthenticated().with_format(media).into_response()
        }
        Outcome::Refused { status, mut errors } => {
            finalize_errors(&mut errors, id);
            let overdrawn = match status {
                RefusedStatus::Overdrawn(overdrawn) => Some(overdrawn),
                _ => None,
            };
            let status = self::status(status, media);
            let mut response = write(status, media, serde_json::to_vec(&Refusal { errors }).map(Into::into));
            if let Some(overdrawn) = overdrawn {
                response.headers_mut().extend(overdrawn.headers());
            }
            if status == StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
            }
            response
        }
    }
}

/// The same refusal from an endpoint beside GraphQL: one error, under the status that says what became of the request.
pub(super) fn failure(outcome: Outcome) -> HttpError {
    let Outcome::Refused { status, errors } = outcome else {
        return HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "internal error");
    };
    if let RefusedStatus::Unauthenticated = status {
        return HttpError::unauthenticated();
    }
    let headers = match status {
        RefusedStatus::Overdrawn(overdrawn) => overdrawn.headers(),
        _ => HeaderMap::new(),
    };
    let error = errors.into_iter().next();
    let code = error.as_ref().and_then(code_of).and_then(ErrorCode::named).unwrap_or(ErrorCode::Internal);
    let message = error.map_or_else(|| "internal error".to_owned(), |error| error.message);
    HttpError::new(self::status(status, Media::GraphqlResponse), code, message).with_headers(headers)
}

/// Clients of plain JSON learn from the body that a document was at fault (audits 572B, FDE2, 7B9B); what is not the
/// document's fault has its own status in either form.
fn status(refused: RefusedStatus, media: Media) -> StatusCode {
    match (refused, media) {
        (RefusedStatus::BadRequest, Media::Json) => StatusCode::OK,
        (RefusedStatus::BadRequest, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (RefusedStatus::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (RefusedStatus::Forbidden, _) => StatusCode::FORBIDDEN,
        (RefusedStatus::Conflict, _) => StatusCode::CONFLICT,
        (RefusedStatus::MethodNotAllowed, _) => StatusCode::METHOD_NOT_ALLOWED,
        (RefusedStatus::TooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE,
        (RefusedStatus::Overdrawn(_) | RefusedStatus::Crowded, _) => StatusCode::TOO_MANY_REQUESTS,
        (RefusedStatus::Busy, _) => StatusCode::SERVICE_UNAVAILABLE,
        (RefusedStatus::TimedOut, _) => StatusCode::GATEWAY_TIMEOUT,
        (RefusedStatus::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (RefusedStatus::Internal, _) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn write(status: StatusCode, media: Media, body: Result<Bytes, serde_json::Error>) -> Response {
    let Ok(body) = body else {
        tracing::error!("an answer could not be written as JSON");
        return HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "internal error")
            .with_format(media)
            .into_response();
    };
    let mut response = (status, [(CONTENT_TYPE, media.content_type())], body).into_response();
    add_headers(status, response.headers_mut());
    response
}

/// The last wall: whatever forgot its code was not written for a client's eyes.
fn finalize_errors(errors: &mut [ServerError], id: &RequestId) {
    for error in errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", ErrorCode::Internal.as_str());
            tracing::error!("an error without a code was withheld");
            "internal error".clone_into(&mut error.message);
        }
        extensions.set("requestId", id.as_str());
        // Lines begin at 1: an error without a place in the document has none.
        error.locations.retain(|place| place.line > 0);
    }
}
