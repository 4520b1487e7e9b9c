//! `/graphql`: the steps from a request to an answer, in their order.
//!
//! Owns: that order. May use: authn, tenancy, the engine, `media`, `operation`, `answer`.
//! Invariant: no body is read before the credential is judged, and only a POST can change anything.
//!
//! Not async-graphql-axum's extractor: it takes any content type, multipart and batches, names a GET's `operationName`
//! wrongly, and answers in debug output. What remained after guarding it is a call to serde.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{ALLOW, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use entity::auth::Principal;

use super::client_address::request_metadata;
use super::content_negotiation::{self, Media};
use super::error::HttpError;
use super::request;
use super::response;
use super::{App, RequestId, Settings, assets, subscriptions};
use crate::admission::ReaderKey;
use crate::config::Serving;
use crate::telemetry::AccessLogSlot;
use crate::tenancy;
use crate::{
    errors::ErrorCode,
    graphql::{AllowedOperations, Caller, Operation, Outcome},
};

/// Makes a mutation that is sent twice be run once.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Answers `/graphql`.
pub(super) async fn handle(
    State(app): State<App>,
    Extension(id): Extension<RequestId>,
    Extension(line): Extension<AccessLogSlot>,
    request: Request,
) -> Response {
    if *request.method() == Method::GET && subscriptions::is_upgrade(request.headers()) {
        return subscriptions::handle(app, id, request).await;
    }
    let permit = match *request.method() {
        // HEAD is GET without the answer's body (RFC 9110 §9.3.2): the server leaves it out.
        Method::GET | Method::HEAD => AllowedOperations::QueriesOnly,
        Method::POST => AllowedOperations::Any,
        Method::OPTIONS => return (StatusCode::NO_CONTENT, [(ALLOW, METHODS)]).into_response(),
        _ => return HttpError::method().allowing(METHODS).into_response(),
    };
    let mut response = match permit {
        // The page holds no secret, and a browser that opens an address has no header to sign in with.
        AllowedOperations::QueriesOnly
            if app.settings.pages.serving == Serving::On && asks_for_page(request.uri(), request.headers()) =>
        {
            assets::index(request.headers().clone()).await
        }
        AllowedOperations::QueriesOnly | AllowedOperations::Any | AllowedOperations::Subscriptions => {
            let media = Media::accepted(request.headers());
            let written_as = media.as_ref().map_or(Media::Json, |media| *media);
            match run(&app, &id, line, request, permit, media).await {
                Ok((outcome, reader)) => response::respond(outcome, written_as, &id, &reader),
                Err(failure) => failure.with_format(written_as).into_response(),
            }
        }
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    response
}

fn asks_for_page(uri: &Uri, headers: &HeaderMap) -> bool {
    uri.query().is_none_or(str::is_empty) && content_negotiation::wants_page(headers)
}

async fn run(
    app: &App,
    id: &RequestId,
    line: AccessLogSlot,
    request: Request,
    permit: AllowedOperations,
    media: Result<Media, HttpError>,
) -> Result<(Outcome, ReaderKey), HttpError> {
    let (parts, body) = request.into_parts();
    let principal = app.authenticator.load().authenticate(&parts.headers).await?;
    let reader = app.engine.reader(principal.as_ref());
    let caller = caller(&parts, principal, &app.settings)?;
    let origin = request_metadata(&parts, id, app.settings.client_address);
    let operation = match permit {
        AllowedOperations::QueriesOnly => {
            media?;
            request::from_address(&parts.uri)?
        }
        AllowedOperations::Any | AllowedOperations::Subscriptions => {
            content_negotiation::check_content_type(&parts.headers)?;
            media?;
            let idempotency_key = idempotency_key(&parts.headers)?;
            Operation { idempotency_key, ..read(parts, body, &app.settings).await? }
        }
    };
    Ok((app.engine.run(operation, permit, caller, &origin, line).await, reader))
}

pub(super) fn caller(parts: &Parts, principal: Option<Principal>, settings: &Settings) -> Result<Caller, HttpError> {
    let Some(principal) = principal else { return Ok(Caller::Anonymous) };
    let selector = tenancy::selector(&parts.headers, &parts.uri, &principal, settings.subdomain_base.as_deref());
    let selector = selector.map_err(|refused| HttpError::bad_request(refused.to_string()))?;
    let run_as = tenancy::run_as(&parts.headers).map_err(|refused| HttpError::bad_request(refused.to_string()))?;
    Ok(Caller::Person { principal, selector, run_as })
}

/// The key under which a mutation is run at most once. What a key may be made of, the engine says.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, HttpError> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = keys.next().map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned());
    if keys.next().is_some() {
        return Err(HttpError::bad_request("`Idempotency-Key` is there twice"));
    }
    Ok(key)
}

/// Reads the body to its end, within its bounds of size (a layer of the router) and time.
pub(super) async fn read(parts: Parts, body: Body, settings: &Settings) -> Result<Operation, HttpError> {
    let bytes = Bytes::from_request(Request::from_parts(parts, body), &());
    match tokio::time::timeout(settings.body_patience, bytes).await {
        Ok(Ok(bytes)) => request::from_body(&bytes),
        Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => Err(HttpError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::BadUserInput,
            format!("the body is larger than {} bytes", settings.max_body_bytes),
        )),
        Ok(Err(_)) => Err(HttpError::bad_request("the body cannot be read to its end")),
        Err(_) => {
            Err(HttpError::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, "the body took too long to arrive"))
        }
    }
}
