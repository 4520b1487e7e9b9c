//! Whose trace a request goes on with.
//!
//! Owns: reading `traceparent` (W3C trace context). May use: OpenTelemetry's own reader. Invariant: of what the caller says, two numbers and
//! one flag are taken; `tracestate` is free text of theirs and is not.

use axum::http::{HeaderMap, HeaderName};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const HEADER_BYTES: &str = "traceparent";

/// Which trace a request belongs to.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static(HEADER_BYTES);

/// What the caller's own tracing notes beside it: let through by browsers, and not read.
pub(crate) const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Goes on with the trace that the headers name, if they name one; before anything is asked of the span.
pub(in crate::telemetry) fn set_parent(span: &Span, headers: &HeaderMap) {
    span.record("otel.kind", "server");
    let parent = TraceContextPropagator::new().extract(&OnlyTraceparent(headers));
    // Fails where nobody hears of spans: then there is no trace to go on with.
    if parent.span().span_context().is_valid() && span.set_parent(parent).is_err() {
        return;
    }
    let here = span.context();
    let here = here.span().span_context().clone();
    if here.is_valid() {
        span.record("trace_id", tracing::field::display(here.trace_id()));
    }
}

struct OnlyTraceparent<'a>(&'a HeaderMap);

impl Extractor for OnlyTraceparent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut given = self.0.get_all(HEADER_BYTES).iter();
        match (given.next(), given.next()) {
            // Twice is none, as the standard says.
            (Some(one), None) if key == HEADER_BYTES => one.to_str().ok(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec![HEADER_BYTES]
    }
}
