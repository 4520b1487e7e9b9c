//! What is counted is what happened.

use axum::{body::Body, http::Request};
use gateway::config::Issuer;
use sea_orm::ConnectionTrait;
use tests::{Actor, CANARY, Database, Kind, world::SLUG_A};
use tower::ServiceExt;

use super::{CALM, House, request};

const EMAILS: &str = "query Emails { dsos { nodes { doctors { nodes { email } } } } }";

#[tokio::test]
async fn a_collector_reads_over_its_own_listener_what_happened() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let house = House::over(&database, CALM).await;
        let (mut statements, mut denied_rows) = (0, 0);
        for (actor, query) in [
            (Actor::Owner, EMAILS),
            (Actor::Owner, EMAILS),
            (Actor::Viewer, EMAILS),
            (Actor::Owner, "{ nowhere }"),
            (Actor::Owner, "mutation Nothing { dsoArchive(input: { id: \"dso_1\" }) { dso { id } } }"),
            (Actor::Anonymous, EMAILS),
        ] {
            let _ = house.recorder.take();
            let answer = house.ask(actor, query).await;
            denied_rows += answer["errors"][0]["extensions"]["count"].as_u64().unwrap_or_default();
            statements += house.recorder.take().len() as u64;
        }
        let _ = house.router.clone().oneshot(Request::get("/nowhere/aurora-a").body(Body::empty()).unwrap()).await;
        let many = (0..100).map(|n| format!("a{n}: __typename")).collect::<Vec<_>>().join(" ");
        let _ = house.ask(Actor::Owner, &format!("{{ {many} }}")).await;

        let told = house.exposed().await;
        let operations = |labels: &[(&str, &str)]| told.count("cs12_operations_total", labels);
        assert_eq!(operations(&[("name", "Emails"), ("code", "OK")]), 2, "{kind:?}");
        assert_eq!(operations(&[("name", "Emails"), ("code", "FORBIDDEN")]), 1, "{kind:?}");
        assert_eq!(operations(&[("name", "unnamed"), ("code", "GRAPHQL_VALIDATION_FAILED")]), 1, "{kind:?}");
        assert_eq!(operations(&[("kind", "mutation"), ("name", "other")]), 1, "{kind:?}: {told:?}");
        assert_eq!(operations(&[("kind", "unknown"), ("code", "UNAUTHENTICATED")]), 1, "{kind:?}");
        let emails = [("kind", "query"), ("name", "Emails")];
        assert_eq!(told.count("cs12_operation_duration_seconds_count", &emails), 3, "{kind:?}");
        assert_eq!(told.sum("cs12_operation_statements_sum"), statements, "{kind:?}: not what was sent");
        let denied = [("coordinate", "Doctor.email"), ("guard", "dso: MANAGER")];
        assert_eq!(told.count("cs12_denied_fields_total", &denied), denied_rows, "{kind:?}");
        assert!(denied_rows > 1, "{kind:?}: each row of a list counts");
        let refused = [("limit", "max_aliases"), ("verdict", "enforced")];
        assert_eq!(told.count("cs12_limit_refusals_total", &refused), 1);
        let cost = told.value("cs12_operation_cost_sum", &[("kind", "query"), ("name", "Emails")]);
        assert!(cost > 3.0, "{kind:?}: three lists of doctors cost {cost}");
        let requests = |labels: &[(&str, &str)]| told.count("cs12_http_requests_total", labels);
        assert_eq!(requests(&[("route", "/graphql"), ("method", "POST"), ("status", "401")]), 1, "{kind:?}");
        assert_eq!(requests(&[("route", "none"), ("status", "404")]), 1, "{kind:?}");
        assert_eq!(told.count("cs12_operations_in_flight", &[]), 0, "{kind:?}");
        assert_eq!(told.count("cs12_document_cache_hits_total", &[]), 3, "{kind:?}: asked again, by others");
        assert_eq!(told.count("cs12_document_cache_size", &[]), 3, "{kind:?}");
        assert!(told.count("cs12_database_connections", &[("pool", "writer"), ("state", "idle")]) >= 1, "{kind:?}");
        assert_eq!(told.count("cs12_database_connections_max", &[("pool", "writer")]), 16, "{kind:?}");
        assert_eq!(told.count("cs12_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), 1);
        assert!(told.value("process_start_time_seconds", &[]) > 1.7e9);
    }
}

#[tokio::test]
async fn metrics_are_not_told_where_requests_come_in_and_nothing_else_is_told_there() {
    let database = Database::world(Kind::Sqlite).await;
    let house = House::over(&database, CALM).await;
    let asked = Request::get("/metrics").body(Body::empty()).unwrap();
    let public = house.router.clone().oneshot(asked).await.unwrap();
    assert_eq!(public.status(), 404, "metrics are for their collector only");
    for path in ["/graphql", "/health/live", "/"] {
        let (head, _) = house.collect(path).await;
        assert!(head.starts_with("HTTP/1.1 404 "), "{path} is served where metrics are collected: {head}");
    }
}

#[tokio::test]
async fn who_does_not_ask_for_openmetrics_gets_the_text_that_every_tool_reads() {
    let database = Database::world(Kind::Sqlite).await;
    let house = House::over(&database, CALM).await;
    let _ = house.ask(Actor::Owner, EMAILS).await;
    let (head, text) = house.collect("/metrics").await;
    assert!(head.lines().any(|line| line == "content-type: text/plain; version=0.0.4; charset=utf-8"), "{head}");
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).filter_map(|line| line.split_once(' '));
    let known = ["counter", "gauge", "histogram", "untyped"];
    let unknown: Vec<_> = types.clone().filter(|(_, kind)| !known.contains(kind)).collect();
    assert!(unknown.is_empty(), "the format has no such types: {unknown:?}");
    let counters: Vec<_> = types.filter(|(_, kind)| *kind == "counter").collect();
    assert!(!counters.is_empty() && counters.iter().all(|(name, _)| name.ends_with("_total")), "{counters:?}");
    assert!(!text.contains("# EOF") && !text.contains("# UNIT"), "{text}");
    assert_eq!(text.matches("# TYPE cs12_build_info gauge\n").count(), 1, "{text}");
}

/// Whatever a caller writes, and whoever they are: it is in no label.
#[tokio::test]
async fn no_tenant_and_no_word_of_a_caller_is_a_label() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let house = House::over(&database, CALM).await;
        for actor in Actor::ALL {
            for query in [
                EMAILS.to_owned(),
                format!("query {CANARY}1 {{ nowhere }}"),
                format!("query Asks {{ {CANARY}: doctor(id: \"{CANARY}\") {{ name }} }}"),
                format!("query {CANARY}3 {{ doctors(first: 424242) {{ nodes {{ id }} }} }}"),
                CANARY.to_owned(),
            ] {
                let _ = house.ask(actor, &query).await;
            }
        }
        for (method, path) in [("GET", format!("/{CANARY}")), (CANARY, "/graphql".to_owned())] {
            let asked = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let _ = house.router.clone().oneshot(asked).await;
        }
        let (_, text) = house.collect("/metrics").await;
        assert!(text.contains("name=\"Emails\""), "{kind:?}: nothing was told at all: {text}");
        // An issuer is the operator's word.
        let text = text.replace(Issuer::DEVELOPMENT, "the issuer");
        for word in [CANARY, SLUG_A, "org_", "usr_", "mem_", "example", "424242"] {
            assert!(!text.contains(word), "{kind:?}: `{word}` is in the metrics: {text}");
        }
    }
}

#[tokio::test]
async fn whoever_goes_before_the_answer_is_counted_too() {
    // Over a socket: SQLite may answer while it is being asked.
    let database = Database::world(Kind::Postgres).await;
    let house = House::over(&database, CALM).await;
    let asked = house.router.clone().oneshot(request(Actor::Owner, EMAILS));
    // One look begins it; then nobody waits for it any more.
    tokio::select! {
        biased;
        _ = asked => panic!("the database answered without being waited for"),
        () = std::future::ready(()) => {}
    }
    let told = house.exposed().await;
    assert_eq!(told.count("cs12_operations_total", &[("code", "ABANDONED")]), 1, "{told:?}");
    assert_eq!(told.count("cs12_operations_in_flight", &[]), 0, "it is in flight for ever");
}

/// Until it says so: what the database has answered stands for a second.
async fn says(house: &House, expected: u64, why: &str) {
    for _ in 0..200 {
        let told = house.exposed().await;
        let ready: Vec<_> = told.samples.iter().filter(|sample| sample.name == "cs12_ready").collect();
        assert!(ready.len() == 1 && ready[0].labels.is_empty(), "one figure without a label: {ready:?}");
        if told.count("cs12_ready", &[]) == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{why}: ten seconds later it still is not {expected}");
}

#[tokio::test]
async fn whether_requests_should_come_is_told_as_one_or_nothing() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let (house, rows) = (House::over(&database, CALM).await, database.connect().await);
        says(&house, 1, "it has all that it needs").await;
        rows.execute_unprepared("ALTER TABLE seaql_migrations RENAME TO hidden").await.unwrap();
        says(&house, 0, "nobody knows which steps the database has").await;
        rows.execute_unprepared("ALTER TABLE hidden RENAME TO seaql_migrations").await.unwrap();
        says(&house, 1, "it has all that it needs again").await;
        house.readiness.start_draining();
        says(&house, 0, "it is about to end").await;
    }
}
