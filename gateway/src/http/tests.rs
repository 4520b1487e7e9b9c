//! What a request may look like and what an answer looks like, rule by rule. The whole way, with a real engine, is
//! asked from outside: `tests/http-audits`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod bodies;
mod envelopes;
mod negotiation;
mod operations;
mod sockets;

use std::time::Duration;

use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use serde_json::Value;

use crate::telemetry::{Settings, Telemetry, Traces};

fn sight() -> Telemetry {
    Telemetry::new(Settings { operation_names: 10, slow: Duration::from_secs(1), probing: 0, traces: Traces::Off })
}

fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

async fn json(response: Response) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}
