//! What needs not wait for another answer is asked before it comes.

use std::sync::{Arc, Mutex};

use entity::id::DsoId;
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, World};

/// What was already answered when a statement on this table was sent: how many rows each statement for data before it had given by then.
async fn answered_before(gateway: &Gateway, table: &str, query: &str) -> Vec<Option<usize>> {
    let told = Arc::new(Mutex::new(None));
    let (ear, recorder, of) = (Arc::clone(&told), gateway.recorder.clone(), format!("FROM \"{table}\""));
    gateway.recorder.notify(move |sql| {
        if sql.contains(&of) {
            let mut before = recorder.take();
            // The last is the one that is being sent.
            let _ = before.pop();
            let data = before.into_iter().filter(|one| one.purpose == entity::db::Purpose::Data);
            *ear.lock().unwrap() = Some(data.map(|one| one.rows).collect());
        }
    });
    let _ = gateway.recorder.take();
    let _ = gateway.ask(Actor::Owner, query, json!({ "dso": World::id::<DsoId>("dso Smile") })).await.clean();
    gateway.recorder.notify(|_| {});
    let told = told.lock().unwrap().take();
    told.expect("the table was asked")
}

#[tokio::test]
async fn what_hangs_on_a_dso_is_asked_while_the_dso_is_being_read() {
    // SQLite answers while it is being asked.
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::over(&database).await;
    let early = "query($dso: ID!) { dso(id: $dso) { id name doctors(first: 2) { nodes { name } } } }";
    assert_eq!(answered_before(&gateway, "doctors", early).await, [None], "the DSO's answer was waited for");
    // The control: a doctor's cases hang on a row that nobody knows before it is read.
    let late = "query($dso: ID!) { dso(id: $dso) { doctors(first: 2) { nodes { cases { nodes { id } } } } } }";
    let before = answered_before(&gateway, "cases", late).await;
    assert!(before.iter().all(Option::is_some), "{before:?}");
}

#[tokio::test]
async fn the_lists_of_one_level_are_asked_before_the_first_is_answered() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::over(&database).await;
    let query = "query($dso: ID!) { doctors(first: 1) { nodes { id } } members(first: 1) { nodes { id } } \
                 dashboards(first: 1) { nodes { id } } named: dso(id: $dso) { name } }";
    for table in ["doctors", "memberships", "dashboards"] {
        let before = answered_before(&gateway, table, query).await;
        assert!(before.iter().all(Option::is_none), "{table}: {before:?}");
    }
}
