//! The tests' own servers do what the tests of other things take for granted.

use sea_orm::sqlx::{Connection, PgConnection, Row, raw_sql};
use tests::postgres::Cluster;

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// By the simple protocol: PgBouncer knows nothing of prepared statements.
async fn number(connection: &mut PgConnection, sql: &'static str) -> i64 {
    let row = raw_sql(sql).fetch_one(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    // All values come as text.
    row.get_unchecked::<String, _>(0).parse().unwrap()
}

#[tokio::test]
async fn a_replica_shows_what_its_primary_did_and_while_it_is_paused_what_it_had_done() {
    let primary = Cluster::of_its_own();
    let mut writer = connect(&primary.url("postgres")).await;
    raw_sql("CREATE TABLE seen (n int); INSERT INTO seen VALUES (1)").execute(&mut writer).await.unwrap();
    let replica = primary.replica().await;
    let mut reader = connect(&replica.url("postgres")).await;
    let count = "SELECT count(*) FROM seen";
    assert_eq!(number(&mut reader, count).await, 1, "what was there before it");

    raw_sql("INSERT INTO seen VALUES (2)").execute(&mut writer).await.unwrap();
    replica.catch_up(&primary).await;
    assert_eq!(number(&mut reader, count).await, 2, "what came after it");

    replica.pause().await;
    raw_sql("INSERT INTO seen VALUES (3)").execute(&mut writer).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(number(&mut reader, count).await, 2, "what came while it was paused");
    replica.resume().await;
    replica.catch_up(&primary).await;
    assert_eq!(number(&mut reader, count).await, 3, "what came while it was paused, now that it goes on");

    assert!(raw_sql("INSERT INTO seen VALUES (4)").execute(&mut reader).await.is_err(), "a replica was written to");
    let url = replica.url("postgres");
    replica.stop();
    assert!(PgConnection::connect(&url).await.is_err(), "it answers after it was stopped");
    assert_eq!(number(&mut writer, count).await, 3, "its primary goes on");
}

#[tokio::test]
async fn a_pooler_lends_one_connection_to_two_clients_for_a_transaction_each() {
    let cluster = Cluster::of_its_own();
    let pooler = cluster.pooler(1);
    let (mut one, mut other) = (connect(&pooler.url("postgres")).await, connect(&pooler.url("postgres")).await);
    let server = "SELECT pg_backend_pid()";
    let first = number(&mut one, server).await;
    assert_eq!(number(&mut other, server).await, first, "two clients, one server");

    // What is set for a session stays on the server's connection, for whoever comes next; what is set locally does not.
    raw_sql("SET application_name = 'left behind'; SET work_mem = '123kB'").execute(&mut one).await.unwrap();
    let left = "SELECT (current_setting('work_mem') = '123kB')::int";
    assert_eq!(number(&mut other, left).await, 1, "this is no transaction mode: the session was kept apart");

    // While one has a transaction open, the other waits for its end.
    raw_sql("BEGIN").execute(&mut one).await.unwrap();
    let waits = tokio::time::timeout(std::time::Duration::from_millis(300), number(&mut other, server)).await;
    assert!(waits.is_err(), "a server in the middle of a transaction was lent to another client");
    raw_sql("COMMIT").execute(&mut one).await.unwrap();
    assert_eq!(number(&mut one, server).await, first);
}
