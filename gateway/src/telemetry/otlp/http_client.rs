//! The way to the collector.
//!
//! Owns: the client, and the word in the log when the collector takes nothing. May use: ureq, which is on our one TLS stack. Invariant:
//! called on the exporter's own threads only, since it blocks; bounded in time and size; follows no redirect.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use ureq::Agent;

/// Largest answer that is read, in bytes: it says how many spans were refused, if any.
const MAX_RESPONSE_BYTES: u64 = 64 * 1024;

/// One line in the log stands for so long.
const REPORT_INTERVAL: Duration = Duration::from_mins(1);

/// Takes one kind of telemetry to the collector.
pub(super) struct OtlpHttpClient {
    agent: Agent,
    what: &'static str,
    told: Mutex<Option<Instant>>,
}

impl fmt::Debug for OtlpHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").field("what", &self.what).finish_non_exhaustive()
    }
}

impl OtlpHttpClient {
    pub(super) fn new(endpoint: &str, what: &'static str, patience: Duration) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(0)
            .http_status_as_error(false)
            .https_only(endpoint.starts_with("https://"))
            .user_agent("cs12-gateway")
            .build()
            .new_agent();
        Self { agent, what, told: Mutex::default() }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, body) = request.into_parts();
        let answer = self.agent.run(Request::from_parts(parts, &body[..]))?;
        let (parts, mut body) = answer.into_parts();
        let bytes = body.with_config().limit(MAX_RESPONSE_BYTES).read_to_vec()?;
        Ok(Response::from_parts(parts, bytes.into()))
    }

    /// Not each time: while the collector is away, it is tried every few seconds. What the collector says stays out of the log.
    fn report(&self, status: Option<u16>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= REPORT_INTERVAL) {
            *told = Some(Instant::now());
            tracing::warn!(
                what = self.what,
                status,
                "the collector of telemetry takes nothing; requests go on without"
            );
        }
    }
}

impl HttpClient for OtlpHttpClient {
    fn send_bytes<'this, 'sent>(
        &'this self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'this: 'sent,
        Self: 'sent,
    {
        let answer = self.send(request);
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.report(Some(answer.status().as_u16())),
            Err(_) => self.report(None),
        }
        Box::pin(ready(answer.map_err(Into::into)))
    }
}
