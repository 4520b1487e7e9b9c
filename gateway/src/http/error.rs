//! A request that ends before GraphQL, or beside it.
//!
//! Owns: [`Failure`], its status and headers, and its one body shape. May use: `graphql::Code`, authn's challenge.
//! Invariant: whoever makes a failure says code and message only; the envelope writes the body, since it knows the
//! request id.

use std::any::Any;
use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::RequestId;
use super::content_negotiation::Media;
use super::request_id::HEADER;
use crate::authn::{MAX_TOKEN_BYTES, NotAuthenticated};
use crate::errors::ErrorCode;

/// When to try again after a 429 or 503, in seconds.
const RETRY_SECONDS: &str = "5";

/// Why a request was not answered. The message is for its author: lower case, the input in backticks.
#[derive(Clone, Debug)]
pub(super) struct HttpError {
    status: StatusCode,
    code: ErrorCode,
    message: Cow<'static, str>,
    media: Media,
    allow: Option<&'static str>,
    headers: Option<Box<HeaderMap>>,
}

impl HttpError {
    pub(super) fn new(status: StatusCode, code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), media: Media::Json, allow: None, headers: None }
    }

    /// A request that its author must mend.
    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message)
    }

    /// The one 401, whatever is wrong with the credential, or when there is none.
    pub(super) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Unauthenticated,
            "sign in: send a valid token in the header `Authorization`",
        )
    }

    /// A method that the path does not know; the router, or `allowing`, names those that it does.
    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, "the method is not allowed here")
    }

    /// Names the methods that are allowed.
    pub(super) fn allowing(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    /// Answers with these headers as well.
    pub(super) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = Some(Box::new(headers));
        self
    }

    /// The message for its author.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// What is counted of it.
    pub(super) fn code(&self) -> ErrorCode {
        self.code
    }

    /// In which form the body is to be written.
    pub(super) fn with_format(mut self, media: Media) -> Self {
        self.media = media;
        self
    }

    fn body(&self, id: &RequestId) -> String {
        let extensions = Extensions { code: self.code.as_str(), request_id: id.as_str() };
        // Texts alone always can be written.
        serde_json::to_string(&Errors { errors: [Error { message: &self.message, extensions }] }).unwrap_or_default()
    }

    /// The whole answer as it goes over the line, where no request came to the router; the connection ends behind it.
    pub(super) fn as_http(&self, id: &RequestId) -> Vec<u8> {
        let body = self.body(id);
        let (status, media, length) = (self.status, self.media.content_type(), body.len());
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: {media}\r\n{HEADER}: {id}\r\ncache-control: no-store\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// Writes the body of the answer that stands for it.
    pub(super) fn render(self, response: &mut Response, id: &RequestId) {
        let written = self.body(id);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media.content_type()));
        // Of the empty body that stood here until now.
        headers.remove(CONTENT_LENGTH);
        *response.body_mut() = Body::from(written);
    }
}

impl From<NotAuthenticated> for HttpError {
    fn from(cause: NotAuthenticated) -> Self {
        match cause {
            NotAuthenticated::Refused => Self::unauthenticated(),
            NotAuthenticated::TooLarge => Self::new(
                StatusCode::UNAUTHORIZED,
                ErrorCode::Unauthenticated,
                format!(
                    "the token in the header `Authorization` has more than {MAX_TOKEN_BYTES} bytes: let the identity \
                     provider put fewer claims (such as roles) into it"
                ),
            ),
            // Nothing that signing in again would mend.
            NotAuthenticated::KeysUnavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Unavailable,
                "the keys of the identity provider cannot be had at the moment: try again",
            ),
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        add_headers(self.status, response.headers_mut());
        if let Some(methods) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
        }
        if let Some(headers) = &self.headers {
            response.headers_mut().extend(HeaderMap::clone(headers));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Serialize)]
struct Errors<'a> {
    errors: [Error<'a>; 1],
}

#[derive(Serialize)]
struct Error<'a> {
    message: &'a str,
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extensions<'a> {
    code: &'a str,
    request_id: &'a str,
}

/// The headers that a status owes its reader (RFC 9110 §15.5.2, §10.2.3).
pub(super) fn add_headers(status: StatusCode, headers: &mut HeaderMap) {
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(NotAuthenticated::CHALLENGE));
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        _ => {}
    }
}

/// The failure that an answer stands for, if it is one.
pub(super) fn take_errors(response: &mut Response) -> Option<HttpError> {
    response.extensions_mut().remove()
}

/// What remains of a request that panicked. Rust has already told the log where; what it said may hold data, and stays
/// out of the answer.
pub(super) fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request panicked");
    HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, "internal error").into_response()
}

/// Answers where no route is.
pub(super) async fn no_such_path() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "there is nothing here: GraphQL is at `/graphql`")
}

/// Answers where a route is, but not for this method; the router adds `Allow`.
pub(super) async fn wrong_method() -> HttpError {
    HttpError::method()
}
