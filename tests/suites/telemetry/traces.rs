//! What a collector of traces and logs is sent.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderValue, Request},
};
use gateway::{
    config::{Otlp as Config, OtlpLogs},
    telemetry::{Otlp, Settings, Traces},
};
use tests::{Actor, CANARY, Database, Kind, actor::SECRET};
use tower::ServiceExt;
use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt};

use super::{
    CALM, House,
    collector::{Collected, number, text},
    request,
};

const TRACED: Settings = Settings { traces: Traces::Sent, ..CALM };

const QUERY: &str = "query Traced { dsos { nodes { name doctors { nodes { email } } } } }";

fn to(address: impl std::fmt::Display, sample_ratio: f64) -> Otlp {
    let config = Config {
        endpoint: format!("http://{address}"),
        service_name: "the tests".to_owned(),
        sample_ratio,
        logs: OtlpLogs::Sent,
    };
    Otlp::open(&config).expect("begin to send")
}

/// As long as what it gives lives, this thread is traced.
fn follow(otlp: &Otlp) -> (DefaultGuard, Dispatch) {
    // A second one, or another test's thread decides for all whether anybody listens: see `canary::logs`.
    let second = Dispatch::new(NoSubscriber::default());
    let filter = EnvFilter::new("warn,gateway=info,entity=info");
    let subscriber = tracing_subscriber::registry().with(otlp.layer(filter));
    (tracing::subscriber::set_default(subscriber), second)
}

async fn ask(house: &House, traceparent: Option<&str>) {
    let mut asked = request(Actor::Manager, QUERY);
    if let Some(parent) = traceparent {
        asked.headers_mut().insert("traceparent", HeaderValue::from_str(parent).unwrap());
        asked.headers_mut().insert("tracestate", HeaderValue::from_str(&format!("who={CANARY}")).unwrap());
    }
    let answer = house.router.clone().oneshot(asked).await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// Sends what still waits. The database first, as `serve` does it: what rolls a transaction back on SQLite holds the request's span for
/// a moment longer than the request.
async fn close(house: House, otlp: Otlp) {
    house.db.close().await.expect("close the database");
    tokio::task::spawn_blocking(|| otlp.close()).await.expect("send what still waits");
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[tokio::test(flavor = "current_thread")]
async fn a_request_goes_on_with_its_callers_trace_in_a_handful_of_spans() {
    for kind in Kind::ALL {
        let (collected, address) = Collected::begin();
        let database = Database::world(kind).await;
        let otlp = to(address, 0.0);
        let following = follow(&otlp);
        let house = House::over(&database, TRACED).await;
        ask(&house, Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")).await;
        drop(following);
        close(house, otlp).await;

        let spans = collected.spans();
        let mut names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["enter", "execute", "request"],
            "{kind:?}: a handful for each request, and none for a field"
        );
        for span in &spans {
            assert_eq!(hex(&span.trace_id), "0af7651916cd43dd8448eb211c80319c", "{kind:?}: {span:?}");
            assert_eq!(span.trace_state, "", "{kind:?}: what the caller wrote there stays with the caller");
        }
        let of = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
        let whole = of("request");
        assert_eq!(hex(&whole.parent_span_id), "b7ad6b7169203331", "{kind:?}");
        assert_eq!(whole.kind, 2, "{kind:?}: a server's");
        assert_eq!([&of("enter").parent_span_id, &of("execute").parent_span_id], [&whole.span_id; 2], "{kind:?}");
        assert_eq!(text(&whole.attributes, "code"), Some("FORBIDDEN"), "{kind:?}: {whole:?}");
        assert_eq!(number(&whole.attributes, "status"), Some(200), "{kind:?}: {whole:?}");
        assert!(text(&whole.attributes, "organization").is_some_and(|id| id.starts_with("org_")), "{kind:?}");
        assert_eq!(text(&collected.resource(), "service.name"), Some("the tests"));

        let logs = collected.logs();
        let line = logs.iter().find(|line| format!("{:?}", line.body).contains("request answered"));
        let line = line.unwrap_or_else(|| panic!("{kind:?}: the request's line was not sent: {logs:?}"));
        assert_eq!(hex(&line.trace_id), "0af7651916cd43dd8448eb211c80319c", "{kind:?}: a line leads to its trace");
        assert!(text(&line.attributes, "user").is_some_and(|id| id.starts_with("usr_")), "{kind:?}: {line:?}");
        let all = format!("{spans:?}{logs:?}");
        for secret in [CANARY, SECRET, "@people.example", "Smile", "query Traced", &Actor::Manager.token().unwrap()] {
            assert!(!all.contains(secret), "{kind:?}: `{secret}` was sent to the collector: {all}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn what_is_not_sampled_is_not_sent_and_a_trace_that_is_none_is_none() {
    let (collected, address) = Collected::begin();
    let database = Database::world(Kind::Sqlite).await;
    let otlp = to(address, 0.0);
    let following = follow(&otlp);
    let house = House::over(&database, TRACED).await;
    for parent in [
        None,
        // Its caller does not follow it.
        Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
        Some("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
        Some("a trace of mine"),
    ] {
        ask(&house, parent).await;
    }
    drop(following);
    close(house, otlp).await;
    assert_eq!(collected.spans(), [], "nobody wanted these followed");
    assert!(!collected.logs().is_empty(), "the log is sent whether a request is followed or not");

    let otlp = to(address, 1.0);
    let following = follow(&otlp);
    let house = House::over(&database, TRACED).await;
    ask(&house, None).await;
    drop(following);
    close(house, otlp).await;
    assert_eq!(collected.spans().len(), 3, "a ratio of 1 follows every request that comes without a trace");
}

/// Probes come every few seconds and are nobody's request; nor does whoever collects figures make traces of it. A failure is logged.
#[tokio::test(flavor = "current_thread")]
async fn probes_and_the_collection_of_metrics_make_no_traces() {
    let (collected, address) = Collected::begin();
    let database = Database::world(Kind::Sqlite).await;
    let otlp = to(address, 1.0);
    let following = follow(&otlp);
    let house = House::over(&database, TRACED).await;
    let probe = async |path: &str| {
        // Not even where the probe's own proxy follows it.
        let probe = Request::get(path).header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        house.router.clone().oneshot(probe.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    };
    assert_eq!([probe("/health/live").await, probe("/health/ready").await], [200, 200]);
    let _ = house.exposed().await;
    house.readiness.start_draining();
    assert_eq!(probe("/health/ready").await, 503);
    ask(&house, None).await;
    drop(following);
    close(house, otlp).await;
    let spans = collected.spans();
    let whole: Vec<_> = spans.iter().filter(|span| span.name == "request").collect();
    let routes: Vec<_> = whole.iter().map(|span| text(&span.attributes, "route")).collect();
    assert_eq!(routes, [Some("/graphql")], "a trace of what is no request: {spans:?}");
    assert_eq!(spans.len(), 3, "the control, and nothing else: {spans:?}");
    let logs = collected.logs();
    let routes: Vec<_> = logs.iter().filter_map(|line| text(&line.attributes, "route")).collect();
    assert_eq!(routes, ["/health/ready", "/graphql"], "the probe that failed is logged, with its route: {logs:?}");
}

/// Neither one that is gone nor one that takes and never answers.
#[tokio::test(flavor = "current_thread")]
async fn no_request_is_hurt_by_a_collector_that_is_away() {
    let database = Database::world(Kind::Sqlite).await;
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // Connections to it are accepted by the system, and nobody ever reads.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for address in [gone, silent.local_addr().unwrap()] {
        let otlp = to(address, 1.0);
        let following = follow(&otlp);
        let house = House::over(&database, TRACED).await;
        // More than one batch, so that sending begins while requests are answered. If they waited for it, each would for seconds.
        let all = async {
            for _ in 0..300 {
                ask(&house, None).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(2), all).await.expect("requests wait for the collector");
        let told = house.exposed().await;
        assert_eq!(told.sum("cs12_operations_total"), 300);
        assert_eq!(told.count("cs12_http_requests_total", &[("route", "/graphql"), ("status", "200")]), 300);
        drop(following);
        let begun = Instant::now();
        close(house, otlp).await;
        assert!(begun.elapsed() < Duration::from_mins(1), "the end waits for a collector that does not answer");
    }
}
