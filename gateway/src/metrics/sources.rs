//! Figures of what stands beside the engine: the log, the issuers' keys, the certificate.
//!
//! Owns: their families. May use: prometheus-client, the figures that are handed to it. Invariant: an issuer is named as the configuration
//! names it, and only those of the configuration are.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use crate::authn::{Authenticator, IssuerStats};
use crate::reloadable::Reloadable;
use crate::telemetry::LogQueue;

/// What is asked when somebody asks for the figures.
#[derive(Default)]
pub struct Sources {
    /// The log's way to standard error.
    pub log: Option<LogQueue>,
    /// Whose keys are known.
    pub authenticator: Option<Reloadable<Authenticator>>,
    /// When the gateway's own certificate ends.
    pub certificate: Option<Box<dyn Fn() -> SystemTime + Send + Sync>>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sources")
    }
}

impl Collector for Sources {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(log) = &self.log {
            let help = "Lines of the log that were lost: standard error was full, closed or not read";
            let lost = encoder.encode_descriptor("log_lines_dropped", help, None, MetricType::Counter)?;
            ConstCounter::new(log.lost()).encode(lost)?;
        }
        if let Some(authenticator) = &self.authenticator {
            issuers(&mut encoder, &authenticator.load().stats())?;
        }
        if let Some(certificate) = &self.certificate {
            let help = "When the gateway's own certificate, or one of its chain, ends";
            let unit = Some(&Unit::Seconds);
            let ends = encoder.encode_descriptor("certificate_expiry_timestamp", help, unit, MetricType::Gauge)?;
            ConstGauge::new(timestamp(certificate())).encode(ends)?;
        }
        Ok(())
    }
}

fn issuers(encoder: &mut DescriptorEncoder<'_>, issuers: &[IssuerStats]) -> fmt::Result {
    let help = "Usable keys that are known of an issuer";
    let mut keys = encoder.encode_descriptor("issuer_keys", help, None, MetricType::Gauge)?;
    for IssuerStats { issuer, keys: known } in issuers {
        let usable = i64::try_from(known.usable).unwrap_or(i64::MAX);
        ConstGauge::new(usable).encode(keys.encode_family(&[("issuer", issuer.as_str())])?)?;
    }
    let help = "How long ago an issuer's keys were read; no figure while they never were";
    let mut ages = encoder.encode_descriptor("issuer_keys_age", help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for IssuerStats { issuer, keys: known } in issuers {
        if let Some(age) = known.age {
            ConstGauge::new(whole_seconds(age)).encode(ages.encode_family(&[("issuer", issuer.as_str())])?)?;
        }
    }
    let help = "When an issuer's keys could not be read for the last time; 0 = that has not happened";
    let unit = Some(&Unit::Seconds);
    let mut failures = encoder.encode_descriptor("issuer_keys_failure_timestamp", help, unit, MetricType::Gauge)?;
    for IssuerStats { issuer, keys: known } in issuers {
        let failed_at = known.failed_at.map_or(0, timestamp);
        ConstGauge::new(failed_at).encode(failures.encode_family(&[("issuer", issuer.as_str())])?)?;
    }
    Ok(())
}

fn timestamp(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH).map_or(0, whole_seconds)
}

fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
