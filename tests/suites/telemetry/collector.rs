//! A collector of traces and logs, as small as it can be, that really takes in what is sent over a socket.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::{logs::v1::ExportLogsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{KeyValue, any_value::Value},
    logs::v1::LogRecord,
    trace::v1::Span,
};
use prost::Message as _;

/// What was sent.
#[derive(Clone, Default)]
pub(super) struct Collected(Arc<Mutex<(Vec<Span>, Vec<LogRecord>, Vec<KeyValue>)>>);

impl Collected {
    /// A collector in a thread of its own: whoever is tested may hold their only thread up.
    pub(super) fn begin() -> (Self, SocketAddr) {
        let collected = Self::default();
        let routes =
            Router::new().route("/v1/traces", post(traces)).route("/v1/logs", post(logs)).with_state(collected.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                gateway::http::serve(listener, routes, std::future::pending()).await;
            });
        });
        (collected, told.recv().expect("the collector listens"))
    }

    pub(super) fn spans(&self) -> Vec<Span> {
        self.0.lock().unwrap().0.clone()
    }

    pub(super) fn logs(&self) -> Vec<LogRecord> {
        self.0.lock().unwrap().1.clone()
    }

    pub(super) fn resource(&self) -> Vec<KeyValue> {
        self.0.lock().unwrap().2.clone()
    }
}

/// An attribute's text.
pub(super) fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let value = attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?;
    match value.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        other => panic!("`{key}` is no text: {other:?}"),
    }
}

/// An attribute's whole number.
pub(super) fn number(attributes: &[KeyValue], key: &str) -> Option<i64> {
    let value = attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?;
    match value.value.as_ref()? {
        Value::IntValue(number) => Some(*number),
        other => panic!("`{key}` is no whole number: {other:?}"),
    }
}

async fn traces(State(collected): State<Collected>, headers: HeaderMap, body: Bytes) {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let request = ExportTraceServiceRequest::decode(body).expect("spans in protobuf");
    let mut kept = collected.0.lock().unwrap();
    for resource in request.resource_spans {
        kept.2.extend(resource.resource.unwrap_or_default().attributes);
        kept.0.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
    }
}

async fn logs(State(collected): State<Collected>, body: Bytes) {
    let request = ExportLogsServiceRequest::decode(body).expect("log lines in protobuf");
    let lines = request.resource_logs.into_iter().flat_map(|resource| resource.scope_logs);
    collected.0.lock().unwrap().1.extend(lines.flat_map(|scope| scope.log_records));
}
