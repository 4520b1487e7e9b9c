//! What is told to whoever collects metrics.
//!
//! Owns: the whole text, in the formats of Prometheus and of OpenMetrics, and those figures that are read only when somebody asks. May use:
//! the families, the figures of the database's door, of the engine and of what stands beside it. Invariant: to ask costs the requests
//! nothing but a moment.

mod sources;
mod text_format;

use std::fmt;
use std::sync::Arc;

use entity::db::{Db, PoolTarget};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::{counter::ConstCounter, gauge::ConstGauge};
use prometheus_client::registry::Registry;

use crate::telemetry::Telemetry;
use crate::telemetry::metrics::PREFIX;
use crate::{graphql::Executor, limits::Enforcement};
pub use sources::Sources;
use text_format::plain;

/// In which format the figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The text format of Prometheus, which every tool reads.
    Plain,
    /// OpenMetrics.
    OpenMetrics,
}

impl Format {
    /// Type and subtype of the text.
    #[must_use]
    pub const fn essence(self) -> &'static str {
        match self {
            Self::Plain => "text/plain",
            Self::OpenMetrics => "application/openmetrics-text",
        }
    }

    /// The media type of the text.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Whether requests should come here, at the moment at which somebody asks for the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadinessGauge {
    /// They should.
    Yes,
    /// They should not; `/health/ready` says why.
    No,
}

/// All figures of a process. Clones share it.
#[derive(Clone)]
pub struct MetricsExporter {
    sight: Telemetry,
    read: Arc<Registry>,
    beside: Arc<Registry>,
}

impl MetricsExporter {
    /// The figures of an engine and its database.
    #[must_use]
    pub fn of(engine: &Executor, db: &Db) -> Self {
        let mut read = Registry::with_prefix(PREFIX);
        read.register_collector(Box::new(RuntimeCollector { engine: engine.clone(), db: db.clone() }));
        Self { sight: engine.telemetry().clone(), read: read.into(), beside: Arc::default() }
    }

    /// The same, and the figures of what stands beside the engine.
    #[must_use]
    pub fn with(self, sources: Sources) -> Self {
        let mut beside = Registry::with_prefix(PREFIX);
        beside.register_collector(Box::new(sources));
        Self { beside: beside.into(), ..self }
    }

    /// The text.
    pub fn text(&self, ready: ReadinessGauge, format: Format) -> Result<String, fmt::Error> {
        self.sight.metrics().ready.set(match ready {
            ReadinessGauge::Yes => 1,
            ReadinessGauge::No => 0,
        });
        let mut text = String::with_capacity(16 * 1024);
        encode_registry(&mut text, &self.sight.metrics().registry)?;
        encode_registry(&mut text, &self.read)?;
        encode_registry(&mut text, &self.beside)?;
        encode_eof(&mut text)?;
        Ok(match format {
            Format::Plain => plain(&text),
            Format::OpenMetrics => text,
        })
    }
}

/// What is read when somebody asks.
struct RuntimeCollector {
    engine: Executor,
    db: Db,
}

impl fmt::Debug for RuntimeCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Figures")
    }
}

impl Collector for RuntimeCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.pools(&mut encoder)?;
        self.replicas(&mut encoder)?;
        self.limits(&mut encoder)?;
        let figures = self.db.figure_cache_stats();
        let documents = self.engine.document_cache_stats();
        for (name, help, value) in [
            ("figure_cache_hits", "Figures of a DSO that were kept", figures.hits),
            ("figure_cache_misses", "Figures of a DSO that had to be read", figures.misses),
            ("document_cache_hits", "Documents that were parsed before", documents.hits),
            ("document_cache_misses", "Documents that had to be parsed", documents.misses),
        ] {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)?;
        }
        let held = ConstGauge::new(i64::try_from(documents.held).unwrap_or(i64::MAX));
        held.encode(encoder.encode_descriptor(
            "document_cache_size",
            "Parsed documents kept",
            None,
            MetricType::Gauge,
        )?)
    }
}

impl RuntimeCollector {
    /// Every limit from the start, so that its first refusal is seen as one.
    fn limits(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "What was beyond a limit; measured ones were let through";
        let mut metric = encoder.encode_descriptor("limit_refusals", help, None, MetricType::Counter)?;
        for (limit, beyond, count) in self.engine.bounds().hits() {
            let verdict = match beyond {
                Enforcement::Refuse => "enforced",
                Enforcement::Measure => "measured",
            };
            ConstCounter::new(count).encode(metric.encode_family(&[("limit", limit.key()), ("verdict", verdict)])?)?;
        }
        let (running, waiting) = self.engine.queue_depths();
        for (name, help, count) in [
            ("operations_running", "Operations that have their turn", running),
            ("operations_waiting", "Operations that wait for their turn", waiting),
        ] {
            let gauge = ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        Ok(())
    }

    /// Every reason from the start, so that its first count is seen as one.
    fn replicas(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let replicas = self.db.replica_stats();
        if replicas.is_empty() {
            return Ok(());
        }
        let help = "Transactions that were begun on a replica";
        let mut metric = encoder.encode_descriptor("replica_transactions", help, None, MetricType::Counter)?;
        for (place, figures) in replicas.iter().enumerate() {
            let pool = format!("replica-{place}");
            ConstCounter::new(figures.read).encode(metric.encode_family(&[("pool", pool)])?)?;
        }
        let help = "Why a replica was not read; the writer answered, or another replica";
        let mut metric = encoder.encode_descriptor("replica_declined", help, None, MetricType::Counter)?;
        for (place, figures) in replicas.iter().enumerate() {
            for (reason, count) in &figures.declined {
                let labels = [("pool", format!("replica-{place}")), ("reason", (*reason).to_owned())];
                ConstCounter::new(*count).encode(metric.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }

    fn pools(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let pools = self.db.pool_stats();
        let name = |to| match to {
            PoolTarget::Writer => "writer".to_owned(),
            PoolTarget::Replica(place) => format!("replica-{place}"),
        };
        let gauge = |value: u32| ConstGauge::new(i64::from(value));
        let help = "Connections to the database by state";
        let mut metric = encoder.encode_descriptor("database_connections", help, None, MetricType::Gauge)?;
        for pool in &pools {
            for (state, count) in [("used", pool.open.saturating_sub(pool.idle)), ("idle", pool.idle)] {
                gauge(count).encode(metric.encode_family(&[("pool", name(pool.to)), ("state", state.to_owned())])?)?;
            }
        }
        let help = "Connections to the database at most";
        let mut metric = encoder.encode_descriptor("database_connections_max", help, None, MetricType::Gauge)?;
        for pool in &pools {
            gauge(pool.most).encode(metric.encode_family(&[("pool", name(pool.to))])?)?;
        }
        let help = "Operations that wait for a connection to the database";
        let mut metric = encoder.encode_descriptor("database_waiting", help, None, MetricType::Gauge)?;
        for pool in &pools {
            gauge(pool.waiting).encode(metric.encode_family(&[("pool", name(pool.to))])?)?;
        }
        Ok(())
    }
}
