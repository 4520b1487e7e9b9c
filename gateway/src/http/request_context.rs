//! What every request and every answer has: an id, a span, a log line, a body.
//!
//! Owns: the outermost layer. May use: `request_id`, `failure`, `sight`, tracing.
//! Invariant: no log line holds anything that the caller wrote but the request id, and the operation's name once it is
//! known; a route is logged by its pattern, never by its path.

use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument as _, info_span};

use super::error;
use super::request_id::{HEADER, RequestId};
use crate::telemetry::{AccessLogSlot, PROBE_TARGET, Telemetry};

/// What answers where no route is.
const NO_ROUTE: &str = "none";

/// Names the request, watches over it and finishes its answer.
pub(super) async fn request_context(State(sight): State<Telemetry>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = RequestId::of(request.headers());
    let method = name_of(request.method());
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| NO_ROUTE.into(), |route| route.as_str().to_owned());
    // Probes ask every few seconds and would bury the rest.
    let is_probe = route.starts_with("/health/");
    let span = if is_probe {
        info_span!(target: PROBE_TARGET, "request", %id, method, route)
    } else {
        let span = info_span!("request", %id, method, route, trace_id = Empty, otel.kind = Empty);
        sight.on_request(&span, request.headers());
        span
    };
    let has_body = !request.body().is_end_stream();
    let line = AccessLogSlot::default();
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(line.clone());

    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(failure) = error::take_errors(&mut response) {
        failure.render(&mut response, &id);
        if has_body {
            // Some of the body may be unread: hyper then ends the connection, and the caller must not send the next
            // request on it.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
    if let Some(value) = id.to_header() {
        response.headers_mut().insert(HEADER, value);
    }

    let status = response.status().as_u16();
    let latency_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    if is_probe && status < 500 {
        span.in_scope(|| tracing::debug!(status, latency_ms, "request answered"));
    } else {
        let told = line.take();
        // Inside of it: what collects logs looks for the trace that is being followed here.
        span.in_scope(|| {
            tracing::info!(
                status,
                latency_ms,
                operation = told.map(|told| &*told.operation),
                kind = told.map(|told| told.kind),
                code = told.map(|told| told.code),
                statements = told.map(|told| told.statements),
                cost = told.and_then(|told| told.cost),
                waited_ms = told.map(|told| told.waited_ms),
                organization = told.and_then(|told| told.organization.as_deref()),
                user = told.and_then(|told| told.user.as_deref()),
                member = told.and_then(|told| told.member.as_deref()),
                "request answered"
            );
        });
    }
    sight.on_response(&span, &line, method, route, status);
    response
}

/// A method of our own words: the caller may send any other as one's own.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}
