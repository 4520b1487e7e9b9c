//! Limits of a download: it has an end, it costs budget, and it stops when its reader loses the right to it.

use std::time::Duration;

use axum::response::Response;
use entity::{db::ConnectOptions, id::MemberId};
use gateway::config::{Enforcement, Limit};
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, World, client::limits};

use super::{asked, export, fill};

/// The downloaded file, read one batch of events at a time.
struct File {
    body: axum::body::BodyDataStream,
    lines: usize,
    last: String,
}

impl File {
    fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        Self { body: response.into_body().into_data_stream(), lines: 0, last: String::new() }
    }

    /// Whether there was another batch; `Err` if the file was cut off.
    async fn next(&mut self) -> Result<bool, ()> {
        use futures_util::StreamExt as _;
        let Some(batch) = self.body.next().await else { return Ok(false) };
        let text = String::from_utf8(batch.map_err(|_| ())?.to_vec()).unwrap();
        self.lines += text.lines().count();
        text.lines().last().unwrap_or_default().clone_into(&mut self.last);
        Ok(true)
    }
}

async fn suspend(gateway: &Gateway, member: &str) {
    let member = World::id::<MemberId>(member);
    let text = "mutation($id: ID!) { memberSuspend(input: { memberId: $id }) { userErrors { code } } }";
    let done = gateway.ask(Actor::Owner, text, json!({ "id": member })).await.clean();
    assert_eq!(*done.data("/memberSuspend/userErrors"), json!([]), "{}", done.text);
}

#[tokio::test]
async fn a_download_ends_when_its_reader_is_an_admin_no_more() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        fill(&gateway).await;
        let mut file = File::of(gateway.begin(asked(Actor::Admin, "")).await);
        assert_eq!(file.next().await, Ok(true), "{kind:?}");
        suspend(&gateway, "member admin").await;
        assert_eq!(
            file.next().await,
            Err(()),
            "{kind:?}: a suspended admin reads on, or takes half a file for a whole one"
        );
        assert_eq!(file.lines, 500, "{kind:?}");
    }
}

#[tokio::test]
async fn a_download_ends_with_the_event_that_says_so_whatever_is_logged_meanwhile() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        fill(&gateway).await;
        let mut file = File::of(gateway.begin(asked(Actor::Admin, "")).await);
        assert_eq!(file.next().await, Ok(true), "{kind:?}");
        let later = "mutation { dsoCreate(input: { name: \"Later\" }) { dso { id } } }";
        gateway.ask(Actor::Owner, later, Value::Null).await.clean();
        while file.next().await.unwrap() {}
        assert_eq!(file.lines, 523, "{kind:?}");
        assert!(file.last.contains("AUDIT_LOG_EXPORT"), "{kind:?}: {}", file.last);
    }
}

/// There is only one connection to the database, so if the download held it, another request would time out.
#[tokio::test]
async fn slow_download_holds_no_database_connection() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let options = ConnectOptions { max_connections: 1, ..ConnectOptions::new(database.url.clone()) };
        let gateway = Gateway::opened(options).await;
        fill(&gateway).await;
        let mut file = File::of(gateway.begin(asked(Actor::Admin, "")).await);
        assert_eq!(file.next().await, Ok(true), "{kind:?}");
        let asking = gateway.ask(Actor::Owner, "{ dsos(first: 1) { nodes { name } } }", Value::Null);
        let answer = tokio::time::timeout(Duration::from_secs(20), asking).await;
        answer.expect("it waits for the reader of a file").clean();
        while file.next().await.unwrap() {}
    }
}

#[tokio::test]
async fn a_download_that_takes_too_long_is_cut_off() {
    let database = Database::world(Kind::Sqlite).await;
    let limits = limits().with(Limit::Download, 100, Enforcement::Refuse);
    let gateway = Gateway::under(&database, limits, None).await;
    fill(&gateway).await;
    let mut file = File::of(gateway.begin(asked(Actor::Admin, "")).await);
    // On a slow machine it may have been cut off already.
    let first = file.next().await;
    tokio::time::sleep(Duration::from_millis(110)).await;
    assert!(first.is_err() || file.next().await.is_err(), "it goes on for as long as its reader likes");
}

#[tokio::test]
async fn download_costs_budget_per_event_and_is_rate_limited() {
    let database = Database::world(Kind::Sqlite).await;
    let limits = limits().with(Limit::PersonRate, 700, Enforcement::Refuse);
    let gateway = Gateway::under(&database, limits, None).await;
    while chrono::Utc::now().timestamp() % 60 >= 45 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let mut refused = None;
    for round in 0..60 {
        let answer = export(&gateway, Actor::Owner, "").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        let told = answer.headers["ratelimit"].to_str().unwrap();
        assert!(told.starts_with("\"person\";r="), "{told}");
        if round == 0 {
            // Starting costs 10, and each event 1: the two of the world, and the download's own.
            assert!(told.starts_with("\"person\";r=687;"), "{told}");
        }
    }
    let refused = refused.expect("sixty downloads cost nothing");
    assert_eq!(refused.codes(), ["RATE_LIMITED"], "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after") && refused.headers.contains_key("ratelimit"), "{refused:?}");
    let asked = gateway.ask(Actor::Owner, "{ doctors(first: 100) { nodes { id } } }", Value::Null).await;
    assert_eq!(asked.status, 429, "it is another budget: {}", asked.text);
}
