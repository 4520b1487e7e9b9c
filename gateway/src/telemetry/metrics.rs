//! What is counted.
//!
//! Owns: every family that is counted as it happens, its name and its buckets. May use: prometheus-client. Invariant: a family
//! is registered where it is made, so nothing is counted that cannot be seen.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info};
use prometheus_client::registry::{Metric, Registry, Unit};

use super::labels::{DeniedLabels, HttpLabels, KindLabels, OperationLabels, OutcomeLabels};

/// What all names of ours begin with.
pub(crate) const PREFIX: &str = "cs12";

/// Seconds: from what memory answers to what no limit lets through.
const LATENCY: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

const STATEMENTS: [f64; 11] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0, 100.0];

const COST: [f64; 11] = [1.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4, 1e5, 1e6];

type Histograms<L> = Family<L, Histogram>;

/// The families.
pub(crate) struct Metrics {
    pub(crate) registry: Registry,
    pub(super) requests: Family<HttpLabels, Counter>,
    pub(super) operations: Family<OutcomeLabels, Counter>,
    pub(super) latency: Histograms<OperationLabels>,
    pub(crate) wait: Histogram,
    pub(crate) in_flight: Gauge,
    pub(super) statements: Histograms<OperationLabels>,
    pub(super) cost: Histograms<OperationLabels>,
    pub(super) slow: Family<KindLabels, Counter>,
    pub(super) denied: Family<DeniedLabels, Counter>,
    pub(crate) probing: Counter,
    pub(crate) ready: Gauge,
    pub(crate) connections: Gauge,
    pub(crate) refused_connections: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::default();
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let start: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
        start.set(began);
        // A name that everybody's dashboards know, so without our prefix.
        registry.register_with_unit("process_start_time", "When the process began", Unit::Seconds, start);

        let mut ours = RegistryBuilder(registry.sub_registry_with_prefix(PREFIX));
        ours.0.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let requests = ours.register("http_requests", "Requests by method, route and status", Family::default());
        let operations = ours.register(
            "operations",
            "Operations by kind, name and code; OK has no error, ABANDONED no caller any more",
            Family::default(),
        );
        let latency = Family::new_with_constructor((|| Histogram::new(LATENCY)) as fn() -> Histogram);
        let help = "From the reading of an operation to its answer";
        ours.0.register_with_unit("operation_duration", help, Unit::Seconds, latency.clone());
        let wait = Histogram::new(LATENCY);
        let help = "How long operations waited for their turn, also those that were refused after that";
        ours.0.register_with_unit("operation_wait", help, Unit::Seconds, wait.clone());
        let in_flight = ours.register("operations_in_flight", "Operations that are being answered", Gauge::default());
        let statements = Family::new_with_constructor((|| Histogram::new(STATEMENTS)) as fn() -> Histogram);
        let statements = ours.register("operation_statements", "SQL statements of an operation", statements);
        let cost = Family::new_with_constructor((|| Histogram::new(COST)) as fn() -> Histogram);
        let cost = ours.register("operation_cost", "What an operation was reckoned to cost", cost);
        let slow =
            ours.register("slow_operations", "Operations that worked for longer than log.slow_ms", Family::default());
        let denied = ours.register(
            "denied_fields",
            "Fields that a guard has refused, by coordinate; each row counts",
            Family::default(),
        );
        let probing =
            ours.register("probing", "People who were refused many fields within a minute", Counter::default());
        let help = "1 while /health/ready says that requests should come here, else 0";
        let ready = ours.register("ready", help, Gauge::default());
        let connections = ours.register("connections", "Connections of clients that are open", Gauge::default());
        let help = "Connections that were refused: there were max_connections, or max_connections_per_address";
        let refused_connections = ours.register("connections_refused", help, Counter::default());
        Self {
            registry,
            requests,
            operations,
            latency,
            wait,
            in_flight,
            statements,
            cost,
            slow,
            denied,
            probing,
            ready,
            connections,
            refused_connections,
        }
    }
}

/// Where families of ours are registered.
struct RegistryBuilder<'a>(&'a mut Registry);

impl RegistryBuilder<'_> {
    fn register<M: Metric + Clone>(&mut self, name: &str, help: &str, family: M) -> M {
        self.0.register(name, help, family.clone());
        family
    }
}
