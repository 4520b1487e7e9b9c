//! PostgreSQL goes away, comes back, has no connection left, cuts one: what is answered meanwhile, and that nobody is somebody else then.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use entity::db::ConnectOptions;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait,
    sqlx::{Connection as _, PgConnection},
};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind, World, database::connect, dump::dump, postgres::Cluster};

use super::tenants_are_apart;

const READ: &str = "{ organization { name } doctors { nodes { name dso { name } } } }";
const CHANGE: &str = "mutation { dsoCreate(input: { name: \"Cut off\" }) { dso { id } userErrors { code } } }";

/// A cluster of its own with the world in it: what is done to it is done to nobody else.
async fn world() -> (Cluster, String) {
    let cluster = Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    let connection = connect(&url).await;
    World::seed(&connection).await;
    connection.close().await.unwrap();
    (cluster, url)
}

async fn open(url: &str, max_connections: u32) -> Gateway {
    Gateway::opened(ConnectOptions { max_connections, ..ConnectOptions::new(url) }).await
}

/// Refused as a whole, with 503; or null where the database went away in the middle. Never anything else than that it is away.
fn says_that_it_is_away(answer: &Answer) -> bool {
    let codes = answer.codes();
    !codes.is_empty() && codes.iter().all(|code| *code == "UNAVAILABLE") && matches!(answer.status.as_u16(), 200 | 503)
}

/// Asks and asks; how often there was an answer, and how often not.
async fn ask_until(gateway: Gateway, done: Arc<AtomicBool>) -> (usize, usize) {
    let (mut answered, mut away) = (0, 0);
    while !done.load(Ordering::Relaxed) {
        let answer = gateway.ask(Actor::Owner, READ, json!({})).await;
        if answer.codes().is_empty() {
            answered += 1;
        } else {
            assert!(says_that_it_is_away(&answer), "{} {}", answer.status, answer.text);
            away += 1;
            // As clients do.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    (answered, away)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgresql_is_away_there_are_503s_and_when_it_is_back_there_are_answers() {
    let (cluster, url) = world().await;
    let gateway = open(&url, 4).await;
    tenants_are_apart(&gateway, "nothing").await;
    for _ in 0..2 {
        let done = Arc::new(AtomicBool::new(false));
        let asking = tokio::spawn(ask_until(gateway.clone(), Arc::clone(&done)));
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::block_in_place(|| cluster.halt());
        for _ in 0..5 {
            let answer = gateway.ask(Actor::Manager, READ, json!({})).await;
            assert!(answer.status == 503 && says_that_it_is_away(&answer), "{} {}", answer.status, answer.text);
        }
        tokio::task::block_in_place(|| cluster.revive());
        // Not sometime, but at the first asking: nothing is held against a database that was away.
        gateway.ask(Actor::Manager, READ, json!({})).await.clean();
        done.store(true, Ordering::Relaxed);
        let (answered, away) = asking.await.unwrap();
        assert!(answered > 0 && away > 0, "{answered} answered, {away} refused: the fault was none");
        tenants_are_apart(&gateway, "PostgreSQL was started again").await;
    }
}

#[tokio::test]
async fn a_server_without_a_connection_left_costs_503s_and_nothing_afterwards() {
    let (_cluster, url) = world().await;
    let admin = connect(&url).await;
    admin.execute_unprepared("CREATE ROLE gateway_login LOGIN; GRANT cs12_app TO gateway_login").await.unwrap();
    let own = url.replace("postgres@", "gateway_login@");
    let gateway = open(&own, 8).await;
    // Somebody else takes all that there are, but those that are kept for superusers.
    let mut taken = Vec::new();
    while let Ok(connection) = PgConnection::connect(&own).await {
        taken.push(connection);
        assert!(taken.len() < 1000, "there is no end to the connections");
    }
    let asked = futures_util::future::join_all((0..16).map(|_| gateway.ask(Actor::Owner, READ, json!({})))).await;
    let refused = asked.iter().filter(|answer| !answer.codes().is_empty()).count();
    assert!(refused > 0, "sixteen at once on the one connection that it has: was the server full?");
    for answer in asked.iter().filter(|answer| !answer.codes().is_empty()) {
        assert!(answer.status == 503 && says_that_it_is_away(answer), "{} {}", answer.status, answer.text);
    }
    for connection in taken {
        connection.close().await.unwrap();
    }
    for answer in futures_util::future::join_all((0..16).map(|_| gateway.ask(Actor::Owner, READ, json!({})))).await {
        answer.clean();
    }
    tenants_are_apart(&gateway, "the server was full").await;
}

/// Ends whoever waits for a lock; how many.
async fn cut(looking: &DatabaseConnection) -> usize {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()";
    looking.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().len()
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_of_a_change_leaves_nothing_of_it() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::with_connections(&database, 2).await;
    let (holding, looking) = (database.connect().await, database.connect().await);
    tenants_are_apart(&gateway, "nothing").await;
    let before = dump(&looking).await;
    // The change is made and waits to be written down.
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let done = AtomicBool::new(false);
    let asking = async {
        let answer = gateway.ask(Actor::Owner, CHANGE, json!({})).await;
        done.store(true, Ordering::Relaxed);
        answer
    };
    let cutting = async {
        let mut ended = 0;
        while !done.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            ended += cut(&looking).await;
        }
        ended
    };
    let (answer, ended) = tokio::join!(asking, cutting);
    held.rollback().await.unwrap();
    assert!(ended > 0, "nothing was cut: {}", answer.text);
    assert!(says_that_it_is_away(&answer), "{} {}", answer.status, answer.text);
    assert_eq!(dump(&looking).await, before, "a change whose connection was cut has left something");
    tenants_are_apart(&gateway, "a connection was cut").await;
    gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
}
