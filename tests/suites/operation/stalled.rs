//! A transaction that another one waits for, and does not go on: it is ended, or whoever waits for it is answered in time.

use std::time::{Duration, Instant};

use entity::{
    audit::RequestMetadata,
    auth::Principal,
    db::{ConnectOptions, Timeouts},
    error::Error,
    membership::{AccessHint, Selector},
};
use gateway::config::Issuer;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tests::{
    Actor, Gateway, World,
    database::connect,
    postgres::{Cluster, Pooler},
    world::{SLUG_A, Side},
};

use super::tenants_are_apart;

const CHANGE: &str = "mutation { dsoCreate(input: { name: \"Stalled\" }) { dso { id } userErrors { code } } }";
const BRIEF: Timeouts =
    Timeouts { lock: Duration::from_millis(600), idle: Duration::from_millis(300), statement: None };

async fn world() -> (Cluster, String) {
    let cluster = Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    let connection = connect(&url).await;
    World::seed(&connection).await;
    connection.close().await.unwrap();
    (cluster, url)
}

/// Straight to the server, and through a pooler.
fn ways(cluster: &Cluster, url: &str) -> (Pooler, [ConnectOptions; 2]) {
    let pooler = cluster.pooler(3);
    let straight = ConnectOptions { timeouts: BRIEF, max_connections: 4, ..ConnectOptions::new(url) };
    let pooled = ConnectOptions { pooler_url: Some(pooler.url("postgres")), ..straight.clone() };
    (pooler, [straight, pooled])
}

#[tokio::test]
async fn a_change_that_waits_for_a_lock_too_long_is_told_to_try_again() {
    let (cluster, url) = world().await;
    let (_pooler, ways) = ways(&cluster, &url);
    let holding = connect(&url).await;
    for options in ways {
        let way = format!("{:?}", options.pooler_url);
        let gateway = Gateway::opened(options).await;
        let held = holding.begin().await.unwrap();
        let lock = format!("SELECT id FROM organizations WHERE id = '{}' FOR UPDATE", World::organization(Side::A));
        held.execute_unprepared(&lock).await.unwrap();
        let began = Instant::now();
        let answer = gateway.ask(Actor::Owner, CHANGE, json!({})).await;
        assert!(began.elapsed() < Duration::from_secs(8), "{way}: {:?}", began.elapsed());
        assert_eq!(answer.codes(), ["UNAVAILABLE"], "{way}: {}", answer.text);
        assert!(answer.text.contains("another change holds the same rows for too long, try again"), "{}", answer.text);
        // Others wait for nothing.
        tenants_are_apart(&gateway, "a lock that is held").await;
        held.rollback().await.unwrap();
        gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
    }
}

#[tokio::test]
async fn a_transaction_that_asks_nothing_for_too_long_is_ended_and_its_connection_replaced() {
    let (cluster, url) = world().await;
    let (_pooler, ways) = ways(&cluster, &url);
    for options in ways {
        let way = format!("{:?}", options.pooler_url);
        let gateway = Gateway::opened(ConnectOptions { max_connections: 1, ..options }).await;
        let owner = Principal::verified(Issuer::DEVELOPMENT.to_owned(), "owner".to_owned());
        let selector = Selector::Named(SLUG_A.to_owned());
        // Nothing else of the entry is kept: it has the only connection, too.
        let entered = gateway.db.enter(&owner, &selector, AccessHint::Reading, &RequestMetadata::new("test")).await;
        let scope = entered.unwrap().scope.unwrap();
        let doctor = World::uuid("doctor Smile Ada");
        assert!(
            scope.by_ids::<entity::queries::Doctors>(&[doctor]).await.unwrap().contains_key(&doctor),
            "{way}: the control"
        );
        tokio::time::sleep(3 * BRIEF.idle).await;
        let ended = scope.by_ids::<entity::queries::Doctors>(&[doctor]).await;
        assert!(matches!(ended, Err(Error::Unavailable(_))), "{way}: {ended:?}");
        drop(scope);
        tenants_are_apart(&gateway, "a transaction that was idle for too long").await;
        gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
    }
}

#[tokio::test]
async fn a_statement_that_runs_beyond_its_time_is_stopped_by_the_server() {
    let (_cluster, url) = world().await;
    let timeouts = Timeouts { statement: Some(Duration::from_millis(300)), ..Timeouts::REQUESTS };
    let gateway = Gateway::opened(ConnectOptions { timeouts, ..ConnectOptions::new(&url) }).await;
    tenants_are_apart(&gateway, "nothing").await;
    let holding = connect(&url).await;
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE dsos IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let answer = gateway.ask(Actor::Owner, "{ dsos { nodes { name } } }", json!({})).await;
    assert_eq!(answer.codes(), ["UNAVAILABLE"], "{}", answer.text);
    held.rollback().await.unwrap();
    tenants_are_apart(&gateway, "a statement that was stopped").await;
}
