//! What the log tells of an operation, and what it does not.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use entity::id::{OrganizationId, TypedId, UserId};
use gateway::telemetry::Settings;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Actor, CANARY, Database, Kind, World, world::Side};
use tokio::sync::Notify;
use tower::ServiceExt;
use tracing::{
    Dispatch,
    level_filters::LevelFilter,
    subscriber::{DefaultGuard, NoSubscriber},
};

use super::{CALM, House, request};

/// Keeps what is logged on this thread, as JSON.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(super) fn begin(&self) -> (DefaultGuard, Dispatch) {
        // A second one, or another test's thread decides for all whether anybody listens: see `canary::logs`.
        let second = Dispatch::new(NoSubscriber::default());
        let sink = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_max_level(LevelFilter::INFO)
            .with_writer(move || sink.clone())
            .finish();
        (tracing::subscriber::set_default(subscriber), second)
    }

    /// The lines since the last time, with this message.
    pub(super) fn take(&self, message: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["message"] == message).collect()
    }

    /// All lines since the last time.
    pub(super) fn lines(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let lines = String::from_utf8(bytes).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    pub(super) fn forget(&self) {
        self.0.lock().unwrap().clear();
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

pub(super) const ANSWERED: &str = "request answered";
pub(super) const SLOW: &str = "an operation was slow";
const ABANDONED: &str = "nobody waited for the answer";
const PROBING: &str = "somebody is refused many fields: are they probing?";

#[tokio::test(flavor = "current_thread")]
async fn a_requests_line_tells_which_operation_for_whom_and_what_it_took() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let log = Log::default();
        let _logging = log.begin();
        let house = House::over(&database, CALM).await;
        let query = "query Names { dsos { nodes { name doctors { nodes { name email } } } } }";
        let _ = house.ask(Actor::Manager, query).await;
        let _ = (house.recorder.take(), log.take(ANSWERED));
        let _ = house.ask(Actor::Manager, query).await;
        let line = &log.take(ANSWERED)[0];
        let expected = json!({
            "kind": "query",
            "code": "FORBIDDEN",
            "statements": house.recorder.take().len(),
            "organization": OrganizationId::from_uuid(World::organization(Side::A)).to_text(),
            "user": World::id::<UserId>("user manager"),
            "status": 200,
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&line[field], value, "{kind:?}: `{field}` in {line}");
        }
        assert_eq!(line["span"]["route"], "/graphql", "{line}");
        assert!(line["member"].as_str().is_some_and(|id| id.starts_with("mem_")), "{kind:?}: {line}");
        assert_eq!(line["operation"], "other", "{kind:?}: never answered without an error, so not known: {line}");

        let _ = house.ask(Actor::Owner, "query Known { viewer { id } }").await;
        assert_eq!(log.take(ANSWERED)[0]["operation"], "Known");
        let _ = house.ask(Actor::Anonymous, &format!("query {CANARY} {{ __typename }}")).await;
        let line = &log.take(ANSWERED)[0];
        assert!(line["user"].is_null() && !line.to_string().contains(CANARY), "{line}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_downloads_line_tells_who_has_taken_the_log_away() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let log = Log::default();
        let _logging = log.begin();
        let house = House::over(&database, CALM).await;
        for (actor, code) in [(Actor::Owner, "OK"), (Actor::Viewer, "FORBIDDEN")] {
            let mut asked =
                Request::get("/audit-log").header("authorization", format!("Bearer {}", actor.token().unwrap()));
            asked = asked.header("x-organization-id", actor.organization().unwrap());
            let response = house.router.clone().oneshot(asked.body(Body::empty()).unwrap()).await.unwrap();
            let _file = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let lines = String::from_utf8(std::mem::take(&mut *log.0.lock().unwrap())).unwrap();
            let line = lines.lines().find(|line| line.contains(ANSWERED)).unwrap();
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(
                (&line["operation"], &line["code"]),
                (&json!("auditLogExport"), &json!(code)),
                "{kind:?}: {line}"
            );
            assert_eq!(
                line["organization"],
                OrganizationId::from_uuid(World::organization(Side::A)).to_text(),
                "{kind:?}"
            );
            assert!(line["user"].as_str().is_some_and(|id| id.starts_with("usr_")), "{kind:?}: {line}");
            assert_eq!(lines.contains("the audit log was downloaded"), code == "OK", "{kind:?}: {lines}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_slow_operation_is_told_by_its_hash_and_not_by_its_text() {
    let database = Database::world(Kind::Sqlite).await;
    let log = Log::default();
    let _logging = log.begin();
    let query = format!("query Slow {{ doctor(id: \"{CANARY}\") {{ name }} }}");
    let calm = House::over(&database, CALM).await;
    let _ = calm.ask(Actor::Owner, &query).await;
    assert_eq!(log.take(SLOW), Vec::<Value>::new(), "nothing is slow that took less than an hour");

    let house = House::over(&database, Settings { slow: Duration::ZERO, ..CALM }).await;
    let _ = house.recorder.take();
    let _ = house.ask(Actor::Owner, &query).await;
    let lines = log.take(SLOW);
    assert_eq!(lines.len(), 1);
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&query)[..8]);
    assert_eq!(lines[0]["document"], hash.as_str(), "{}", lines[0]);
    assert_eq!(lines[0]["statements"], house.recorder.take().len());
    assert_eq!(lines[0]["level"], "WARN");
    tells_of_whom(&lines[0], "user owner");
    assert!(!lines[0].to_string().contains(CANARY), "{}", lines[0]);
    assert_eq!(house.exposed().await.count("cs12_slow_operations_total", &[("kind", "query")]), 1);
}

/// A line that stands apart from its request's tells itself whose it is: whoever is called at night searches by that.
fn tells_of_whom(line: &Value, user: &str) {
    assert_eq!(line["organization"], OrganizationId::from_uuid(World::organization(Side::A)).to_text(), "{line}");
    assert_eq!(line["user"], World::id::<UserId>(user).as_str(), "{line}");
}

#[tokio::test(flavor = "current_thread")]
async fn an_operation_that_nobody_waited_for_is_told_with_whose_it_was() {
    // Over a socket: SQLite may answer while it is being asked, and then there is nothing to wait for.
    let database = Database::world(Kind::Postgres).await;
    let log = Log::default();
    let _logging = log.begin();
    let house = House::over(&database, CALM).await;
    // The second statement for rows is about to be sent: it is known who asks, and the answer is still to come.
    let second = Arc::new(Notify::new());
    let sent = Arc::clone(&second);
    house.recorder.notify(move |sql| {
        if sql.contains("FROM \"doctors\"") {
            sent.notify_one();
        }
    });
    let query = "{ dsos { nodes { doctors { nodes { email } } } } }";
    let asked = house.router.clone().oneshot(request(Actor::Owner, query));
    tokio::select! {
        biased;
        () = second.notified() => {}
        _ = asked => panic!("the answer was there before it could be left"),
    }
    let lines = log.take(ABANDONED);
    assert_eq!(lines.len(), 1, "{lines:?}");
    tells_of_whom(&lines[0], "user owner");
}

#[tokio::test(flavor = "current_thread")]
async fn who_is_refused_many_fields_is_told_of_once() {
    let database = Database::world(Kind::Sqlite).await;
    let log = Log::default();
    let _logging = log.begin();
    let house = House::over(&database, Settings { probing: 4, ..CALM }).await;
    let one = "{ doctors { nodes { email } } }";
    let two = "{ doctors { nodes { email notes } } }";
    for (actor, query) in [(Actor::Viewer, one), (Actor::Manager, two), (Actor::Viewer, one), (Actor::Owner, two)] {
        let _ = house.ask(actor, query).await;
    }
    assert_eq!(log.take(PROBING), Vec::<Value>::new(), "a list's rows are one refused field");
    for _ in 0..3 {
        let _ = house.ask(Actor::Viewer, two).await;
    }
    let lines = log.take(PROBING);
    assert_eq!(lines.len(), 1, "once a minute: {lines:?}");
    assert_eq!(lines[0]["denied"], 4, "{}", lines[0]);
    assert_eq!(lines[0]["coordinates"], "Doctor.email Doctor.notes", "{}", lines[0]);
    assert_eq!(lines[0]["user"], World::id::<UserId>("user viewer").as_str(), "{}", lines[0]);
    assert_eq!(house.exposed().await.count("cs12_probing_total", &[]), 1);
}
