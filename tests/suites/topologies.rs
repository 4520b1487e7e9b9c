//! Reading on a replica, and through a pooler: what nobody may notice of it.

mod replicas;

use std::time::Duration;

use entity::db::ConnectOptions;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use tests::{
    Actor, Gateway, World,
    postgres::{Cluster, Replica},
};

const DSOS: &str = "{ dsos(first: 100) { nodes { name } } }";

/// A cluster with a replica, and a gateway that reads there.
async fn with_replica() -> (Cluster, DatabaseConnection, Replica, Gateway) {
    let cluster = Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    let rows = sea_orm::Database::connect(&url).await.unwrap();
    // As in production: what somebody is told to be done is flushed, and a replica can have it.
    rows.execute_unprepared("ALTER DATABASE postgres SET synchronous_commit = on").await.unwrap();
    World::seed(&rows).await;
    let replica = cluster.replica().await;
    let options = ConnectOptions { replica_urls: vec![replica.url("postgres")], ..ConnectOptions::new(url) };
    let gateway = Gateway::opened(options).await;
    (cluster, rows, replica, gateway)
}

/// How many transactions have ended on a server.
async fn transactions(server: &DatabaseConnection) -> i64 {
    let sql = "SELECT xact_commit + xact_rollback AS ended FROM pg_stat_database WHERE datname = current_database()";
    let row = server.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get("", "ended").unwrap()
}

async fn sees(gateway: &Gateway, name: &str) -> bool {
    let answer = gateway.ask(Actor::Owner, DSOS, json!({})).await.clean();
    let nodes = answer.data("/dsos/nodes").as_array().unwrap();
    nodes.iter().any(|node| node["name"] == name)
}

async fn create(gateway: &Gateway, name: &str) {
    let create =
        "mutation ($name: String!) { dsoCreate(input: { name: $name }) { dso { name } userErrors { message } } }";
    let made = gateway.ask(Actor::Owner, create, json!({ "name": name })).await.clean();
    assert_eq!(*made.data("/dsoCreate/dso/name"), name, "{}", made.text);
}

#[tokio::test]
async fn whoever_writes_reads_what_they_wrote_also_on_a_replica() {
    let (_cluster, rows, replica, gateway) = with_replica().await;
    let reader = sea_orm::Database::connect(replica.url("postgres")).await.unwrap();
    let before = transactions(&reader).await;
    for round in 0..40 {
        let name = format!("Round {round}");
        create(&gateway, &name).await;
        assert!(sees(&gateway, &name).await, "round {round}: written, and not read");
    }
    // The control: a server's figures come within a second or so.
    let mut read = 0;
    for _ in 0..100 {
        read = transactions(&reader).await - before;
        if read >= 40 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(read >= 40, "the replica was read {read} times only");

    // A replica that lags for ever is not waited for, and one that is lost is done without.
    replica.pause().await;
    create(&gateway, "Paused").await;
    assert!(sees(&gateway, "Paused").await, "the replica shows nothing new, and was read");
    let remove = format!("UPDATE memberships SET status = 'REMOVED' WHERE user_id = '{}'", World::uuid("user viewer"));
    let seen = gateway.ask(Actor::Viewer, DSOS, json!({})).await.clean();
    assert!(!seen.data("/dsos/nodes").as_array().unwrap().is_empty(), "the control");
    assert_eq!(rows.execute_unprepared(&remove).await.unwrap().rows_affected(), 1);
    let refused = gateway.ask(Actor::Viewer, DSOS, json!({})).await;
    assert_eq!(refused.codes(), ["NOT_FOUND"], "the replica does not know it yet: {}", refused.text);
    drop(reader);
    replica.stop();
    create(&gateway, "Lost").await;
    assert!(sees(&gateway, "Lost").await);
}

#[tokio::test]
async fn behind_a_pooler_sixteen_at_once_are_answered_as_if_each_were_alone() {
    let cluster = Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    World::seed(&sea_orm::Database::connect(&url).await.unwrap()).await;
    let straight = Gateway::opened(ConnectOptions::new(url.clone())).await;
    // Two sessions for sixteen who ask: each is lent to everybody.
    let pooler = cluster.pooler(2);
    let options = ConnectOptions { pooler_url: Some(pooler.url("postgres")), ..ConnectOptions::new(url) };
    let pooled = Gateway::opened(options).await;
    let actors = [
        Actor::Owner,
        Actor::OwnerOfB,
        Actor::Viewer,
        Actor::Manager,
        Actor::BothInA,
        Actor::BothInB,
        Actor::Removed,
        Actor::Stranger,
    ];
    let query = "{ viewer { name } organization { name } dsos { nodes { name doctors { nodes { name email } } } } }";
    let mut alone = Vec::new();
    for actor in actors {
        alone.push(straight.ask(actor, query, json!({})).await.stable());
    }
    for round in 0..20 {
        let asked = (0..16).map(|turn| pooled.ask(actors[turn % actors.len()], query, json!({})));
        for (turn, answer) in join_all(asked).await.into_iter().enumerate() {
            assert_eq!(answer.stable(), alone[turn % actors.len()], "round {round}, {:?}", actors[turn % actors.len()]);
        }
    }
    create(&pooled, "Pooled").await;
    assert!(sees(&pooled, "Pooled").await && sees(&straight, "Pooled").await);
}
