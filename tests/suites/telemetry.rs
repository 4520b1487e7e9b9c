//! What the gateway tells of itself is true, bounded, and nobody's secret.
//!
//! Owns: a gateway whose metrics are collected over a socket, as in production.

mod collector;
mod deploy;
mod logs;
mod metrics;
mod names;
mod traces;
mod waits;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use entity::db::{ConnectOptions, Db, Recorder};
use gateway::{
    authn::Authenticator,
    config::{Authn, ClientAddress, Issuer, Limits, Secret},
    http::{self, App, Readiness, Settings, Transport, router},
    metrics::{MetricsExporter, Sources},
    reloadable::Reloadable,
    telemetry::{self, LogQueue, Telemetry, Traces},
};
use serde_json::{Value, json};
use tests::{
    Actor, Database,
    actor::SECRET,
    client::{limits, watched},
    openmetrics::Exposed,
};
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Settings under which nothing is slow and nobody probes.
const CALM: telemetry::Settings =
    telemetry::Settings { operation_names: 100, slow: Duration::from_hours(1), probing: 0, traces: Traces::Off };

/// A gateway and its listener of metrics.
struct House {
    router: Router,
    metrics: SocketAddr,
    readiness: Readiness,
    db: Db,
    recorder: Recorder,
}

impl House {
    async fn over(database: &Database, settings: telemetry::Settings) -> Self {
        Self::under(database, settings, &limits()).await
    }

    async fn under(database: &Database, settings: telemetry::Settings, limits: &Limits) -> Self {
        let recorder = Recorder::default();
        let options = ConnectOptions {
            acquire_timeout: Duration::from_mins(1),
            recorder: Some(recorder.clone()),
            ..ConnectOptions::new(database.url.clone())
        };
        let db = Db::connect(options).await.expect("open the database");
        let sight = Telemetry::new(settings);
        let engine = watched(&db, *limits, None, sight);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listen");
        let metrics = listener.local_addr().expect("an address");
        let readiness = Readiness::of(db.clone(), migration::names());
        let authn = Authn::of(vec![Issuer::development(Secret::new(SECRET))]);
        let authenticator = Reloadable::new(Authenticator::new(&authn).expect("build the authenticator"));
        let sources = Sources {
            log: Some(LogQueue::start(std::io::sink()).expect("start the log's thread")),
            authenticator: Some(authenticator.clone()),
            certificate: Some(Box::new(|| SystemTime::UNIX_EPOCH + Duration::from_hours(1_139_568))),
        };
        let told = http::metrics_router(MetricsExporter::of(&engine, &db).with(sources), readiness.clone());
        tokio::spawn(http::serve(listener, told, std::future::pending()));
        let settings = Settings {
            max_body_bytes: 128 * 1024,
            body_patience: Settings::BODY_TIMEOUT,
            subdomain_base: None,
            client_address: ClientAddress::Peer,
            allowed_origins: Vec::new(),
            allowed_headers: Vec::new(),
            pages: gateway::config::Pages::DEMO,
            transport: Transport::Plain,
        };
        Self {
            router: router(App { engine, authenticator, readiness: readiness.clone(), db: db.clone(), settings }),
            metrics,
            readiness,
            db,
            recorder,
        }
    }

    /// Asks; the answer's JSON.
    async fn ask(&self, actor: Actor, query: &str) -> Value {
        let response = self.router.clone().oneshot(request(actor, query)).await.expect("the router never fails");
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("read the answer");
        serde_json::from_slice(&bytes).expect("an answer is JSON")
    }

    /// What its metrics tell now, read over a socket.
    async fn exposed(&self) -> Exposed {
        let (head, text) =
            self.collect_as("/metrics", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2").await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let media = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
        assert!(head.lines().any(|line| line == media), "collectors look at the media type: {head}");
        Exposed::read(&text)
    }

    /// Asks the listener of metrics, as a collector does.
    async fn collect(&self, path: &str) -> (String, String) {
        self.collect_as(path, "*/*").await
    }

    async fn collect_as(&self, path: &str, accept: &'static str) -> (String, String) {
        let (address, path) = (self.metrics, path.to_owned());
        let asking = tokio::task::spawn_blocking(move || {
            let mut line = TcpStream::connect(address).expect("reach the metrics");
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: metrics\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
            line.write_all(request.as_bytes()).expect("ask");
            let mut answer = String::new();
            line.read_to_string(&mut answer).expect("read");
            answer
        });
        let answer = asking.await.expect("ask for metrics");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (head.to_owned(), body.to_owned())
    }
}

fn request(actor: Actor, query: &str) -> Request<Body> {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(token) = actor.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(organization) = actor.organization() {
        request = request.header("x-organization-id", organization);
    }
    request.body(Body::from(json!({ "query": query }).to_string())).expect("make a request")
}
