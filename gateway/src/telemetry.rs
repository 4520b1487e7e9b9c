//! What the gateway tells of itself.
//!
//! Owns: the metrics, the watch over each operation, what is slow and who is probing, and the export of traces. May use:
//! the closed lists of codes and guarded fields, figures of the database's door, prometheus-client, OpenTelemetry.
//! Invariant: made once in a process and handed on, never a global. No tenant and no person is a label, and nothing that a
//! caller wrote freely: the names of operations come out of a bounded set.

mod access_log;
mod bounded_labels;
mod database_wait;
mod labels;
mod log_queue;
pub(crate) mod metrics;
mod operation_observer;
mod otlp;
mod outcome;
mod probe_detector;

use std::sync::Arc;
use std::time::Duration;

pub use access_log::AccessLogSlot;
pub use database_wait::DatabaseWait;
pub use labels::Kind;
pub use log_queue::LogQueue;
pub use operation_observer::OperationObserver;
pub use otlp::{Otlp, OtlpError};
pub(crate) use otlp::{TRACEPARENT, TRACESTATE};

use axum::http::HeaderMap;
use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use tracing::Span;

use crate::config::Config;
use bounded_labels::BoundedLabels;
use labels::HttpLabels;
use metrics::Metrics;
use probe_detector::ProbeDetector;

/// The spans of a request's steps have this target, so that they cost nothing while nobody collects traces.
pub(crate) const SPAN_TARGET: &str = "steps";

/// A probe's span has this target: its log lines are a request's, and no trace is made of it.
pub(crate) const PROBE_TARGET: &str = "gateway::http::probe";

/// What the operator can set about it.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// So many names of operations get a label of their own.
    pub operation_names: usize,
    /// From here on an operation is slow.
    pub slow: Duration,
    /// So many refused fields of one person within a minute are probing; 0 never.
    pub probing: u32,
    /// Whether requests are traced.
    pub traces: Traces,
}

/// Whether requests are traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traces {
    /// A collector takes them.
    Sent,
    /// Nobody takes them.
    Off,
}

impl From<&Config> for Settings {
    fn from(config: &Config) -> Self {
        Self {
            operation_names: config.metrics.operation_names,
            slow: config.log.slow,
            probing: config.log.probing_denials,
            traces: if config.otlp.is_some() { Traces::Sent } else { Traces::Off },
        }
    }
}

/// Counts, watches and tells. Clones share it.
#[derive(Clone)]
pub struct Telemetry(Arc<Shared>);

struct Shared {
    metrics: Metrics,
    names: BoundedLabels,
    probing: ProbeDetector,
    slow: Duration,
    traces: Traces,
}

impl Telemetry {
    /// The metrics that operations and connections count in.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Nothing has happened yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Shared {
            metrics: Metrics::new(),
            names: BoundedLabels::new(settings.operation_names),
            probing: ProbeDetector::new(settings.probing),
            slow: settings.slow,
            traces: settings.traces,
        }))
    }

    /// Begins to watch over an operation; what is logged about it is logged in the current span, and what is to be told of it in its
    /// request's line comes into that.
    #[must_use]
    pub fn observe(&self, line: AccessLogSlot) -> OperationObserver {
        OperationObserver::begin(self.clone(), line)
    }

    /// A request comes: if requests are traced, its span goes on with the trace that its headers name.
    pub(crate) fn on_request(&self, span: &Span, headers: &HeaderMap) {
        match self.0.traces {
            Traces::Off => {}
            Traces::Sent => otlp::set_parent(span, headers),
        }
    }

    /// Where open connections and those that were refused are counted.
    #[must_use]
    pub fn connections(&self) -> (Gauge, Counter) {
        let Metrics { connections, refused_connections, .. } = &self.0.metrics;
        (connections.clone(), refused_connections.clone())
    }

    /// It was answered.
    pub(crate) fn on_response(
        &self,
        span: &Span,
        line: &AccessLogSlot,
        method: &'static str,
        route: String,
        status: u16,
    ) {
        match self.0.traces {
            Traces::Off => {}
            Traces::Sent => otlp::on_response(span, line, status),
        }
        self.0.metrics.requests.get_or_create(&HttpLabels { method, route, status }).inc();
    }
}
