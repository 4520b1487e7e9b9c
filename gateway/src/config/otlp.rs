//! `[otlp]`: where traces and logs are collected.
//!
//! Owns: [`Otlp`]. May use: `section`, `place`. Invariant: an address that can be asked, without a user in it.

use super::reader::Section;
use super::url::ConfigUrl;

/// Where traces and logs are collected.
#[derive(Clone, Debug, PartialEq)]
pub struct Otlp {
    /// The collector, without a slash at its end: `/v1/traces` and `/v1/logs` are below it.
    pub endpoint: String,
    /// Under which name.
    pub service_name: String,
    /// Of the requests that come without a trace, this part is traced: 0 to 1.
    pub sample_ratio: f64,
    /// Whether the log goes there, too.
    pub logs: OtlpLogs,
}

/// Whether the log goes to the collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtlpLogs {
    /// Beside standard error.
    Sent,
    /// To standard error only.
    Kept,
}

impl Otlp {
    /// None where nothing is collected.
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let endpoint = section.text("endpoint").map(|endpoint| endpoint.trim_end_matches('/').to_owned());
        if let Some(endpoint) = endpoint.as_deref().filter(|endpoint| !is_collector(endpoint)) {
            // An address with a password in it is not repeated.
            let wrong =
                if endpoint.contains('@') { "holds a user name".to_owned() } else { format!("is `{endpoint}`") };
            section.problem("endpoint", wrong, "write an address such as `http://127.0.0.1:4318`, or nothing");
        }
        let service_name = section.text("service_name");
        if service_name.is_none() {
            section.problem("service_name", "is missing", "write a name, such as `cs12-gateway`");
        }
        let sample_ratio = section.ratio("sample_ratio");
        let logs = if section.flag("logs") { OtlpLogs::Sent } else { OtlpLogs::Kept };
        section.finish();
        Some(Self { endpoint: endpoint?, service_name: service_name?, sample_ratio, logs })
    }
}

fn is_collector(endpoint: &str) -> bool {
    let is_plain = |place: &ConfigUrl| ["http", "https"].contains(&place.scheme()) && place.user().is_none();
    !endpoint.contains(['?', '#']) && ConfigUrl::of(endpoint).as_ref().is_some_and(is_plain)
}
