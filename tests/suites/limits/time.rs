//! An operation that takes too long is stopped, and its statement with it.

use std::time::{Duration, Instant};

use gateway::config::Limit;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, dump::dump};

use super::refusing;
use crate::isolation::texts;

#[tokio::test]
async fn what_waits_in_postgresql_is_stopped_and_leaves_its_connection_clean() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::under(&database, refusing(&[(Limit::Time, 300)]), None).await;
    let (holding, looking) = (database.connect().await, database.connect().await);
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE dsos IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let stopped = gateway.ask(Actor::Owner, "{ organization { name } dsos { nodes { id } } }", json!({})).await;
    assert_eq!((stopped.status.as_u16(), stopped.codes()), (504, vec!["TIMEOUT"]), "{}", stopped.text);
    assert!(stopped.json.get("data").is_none(), "{}", stopped.text);
    let waiting = "SELECT pid::text AS name FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let began = Instant::now();
    while !texts(&looking, waiting).await.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(5), "the statement goes on after its operation was stopped");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    held.rollback().await.unwrap();
    gateway.ask(Actor::OwnerOfB, "{ dsos { nodes { name } } }", json!({})).await.clean();
}

/// A change that was stopped is not there, whole or in part.
#[tokio::test]
async fn a_change_that_is_stopped_has_not_happened() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::under(&database, refusing(&[(Limit::Time, 300)]), None).await;
        let holding = database.connect().await;
        let before = dump(&holding).await;
        let held = holding.begin().await.unwrap();
        let lock = match kind {
            Kind::Postgres => "LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE",
            Kind::Sqlite => "UPDATE dsos SET name = name",
        };
        held.execute_unprepared(lock).await.unwrap();
        let change = "mutation { dsoCreate(input: { name: \"Late\" }) { dso { id } } }";
        let stopped = gateway.ask(Actor::Owner, change, json!({})).await;
        assert_eq!((stopped.status.as_u16(), stopped.codes()), (504, vec!["TIMEOUT"]), "{kind:?} {}", stopped.text);
        held.rollback().await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(dump(&holding).await, before, "{kind:?}");
        gateway.ask(Actor::Owner, change, json!({})).await.clean();
    }
}
