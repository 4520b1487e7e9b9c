//! Traces and logs for a collector of OpenTelemetry.
//!
//! Owns: what is sent there, how it waits to be sent, and its end. May use: OpenTelemetry's SDK, `collector` to send with.
//! Invariant: no request waits for the collector. What is to be sent waits in queues of bounded length, which threads of their own
//! empty; what finds them full is lost.

mod http_client;
mod trace_context;

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Status, TracerProvider as _};
use opentelemetry_appender_tracing::layer::{OpenTelemetryTracingBridge, TracingSpanAttributes};
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Filter;
use tracing_subscriber::registry::LookupSpan;

use super::{AccessLogSlot, PROBE_TARGET, SPAN_TARGET};
use crate::config;
use http_client::OtlpHttpClient;
pub(super) use trace_context::set_parent;
pub(crate) use trace_context::{TRACEPARENT, TRACESTATE};

/// Longest wait for the collector to take what it is sent.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
#[error("`otlp.endpoint`: nothing can be sent there: {0}")]
pub struct OtlpError(#[from] ExporterBuildError);

/// What sends traces and logs.
#[derive(Debug)]
pub struct Otlp {
    traces: SdkTracerProvider,
    logs: Option<SdkLoggerProvider>,
}

impl Otlp {
    /// Begins to send.
    pub fn open(config: &config::Otlp) -> Result<Self, OtlpError> {
        let resource = Resource::builder()
            .with_service_name(config.service_name.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let traces = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", config.endpoint))
            .with_timeout(TIMEOUT)
            .with_http_client(OtlpHttpClient::new(&config.endpoint, "traces", TIMEOUT))
            .build()?;
        let traces = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            // Whoever came with a trace has decided already.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sample_ratio))))
            .with_batch_exporter(traces)
            .build();
        let logs = match config.logs {
            config::OtlpLogs::Kept => None,
            config::OtlpLogs::Sent => {
                let logs = LogExporter::builder()
                    .with_http()
                    .with_protocol(Protocol::HttpBinary)
                    .with_endpoint(format!("{}/v1/logs", config.endpoint))
                    .with_timeout(TIMEOUT)
                    .with_http_client(OtlpHttpClient::new(&config.endpoint, "logs", TIMEOUT))
                    .build()?;
                Some(SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(logs).build())
            }
        };
        Ok(Self { traces, logs })
    }

    /// What hears of spans, and of the lines that pass the log's own filter.
    pub fn layer<S, F>(&self, log: F) -> impl Layer<S> + use<S, F>
    where
        F: Filter<S> + Send + Sync + 'static,
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        // Where in our code it was and on which thread is nobody's business, and costs.
        let traces = tracing_opentelemetry::layer()
            .with_tracer(self.traces.tracer("gateway"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_step));
        let logs = self.logs.as_ref().map(|logs| {
            OpenTelemetryTracingBridge::builder(logs)
                .with_tracing_span_attributes(TracingSpanAttributes::all())
                .build()
                .with_filter(log)
        });
        traces.and_then(logs)
    }

    /// Sends what still waits, for so long as the collector may take. Blocking.
    pub fn close(self) {
        let lost = self.traces.shutdown_with_timeout(TIMEOUT).is_err();
        let logs_lost = self.logs.is_some_and(|logs| logs.shutdown_with_timeout(TIMEOUT).is_err());
        if lost || logs_lost {
            tracing::warn!("the last traces or log lines could not be sent to the collector");
        }
    }
}

/// Notes at a request's span what its line in the log tells, too.
pub(super) fn on_response(span: &Span, line: &AccessLogSlot, status: u16) {
    span.set_attribute("status", i64::from(status));
    if let Some(told) = line.take() {
        span.set_attribute("operation", Arc::clone(&told.operation));
        span.set_attribute("kind", told.kind);
        span.set_attribute("code", told.code);
        for (name, figure) in [("statements", Some(told.statements)), ("cost", told.cost)] {
            if let Some(figure) = figure.and_then(|figure| i64::try_from(figure).ok()) {
                span.set_attribute(name, figure);
            }
        }
        for (name, id) in [("organization", &told.organization), ("user", &told.user), ("member", &told.member)] {
            if let Some(id) = id {
                span.set_attribute(name, id.clone());
            }
        }
    }
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}

/// A request and its few steps: whatever other crates call a span is not ours to tell, and probes are nobody's request.
fn is_step(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    metadata.is_span() && target != PROBE_TARGET && (target == SPAN_TARGET || target.starts_with("gateway"))
}
