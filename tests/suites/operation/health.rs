//! `/health/ready`: the database answers, and has what this version needs.

use std::time::{Duration, Instant};

use axum::{body::Body, http::Request};
use entity::db::{ConnectOptions, Db};
use gateway::http::{Readiness, Unready};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, World, database::connect, postgres::Cluster};

async fn readiness(database: &Database) -> Readiness {
    let db = Db::connect(ConnectOptions::new(database.url.clone())).await.unwrap();
    Readiness::of(db, migration::names())
}

/// Until it says so: an answer stands for a second.
async fn says(readiness: &Readiness, expected: Result<(), Unready>, why: &str) {
    let mut said = readiness.check().await;
    for _ in 0..200 {
        if said == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        said = readiness.check().await;
    }
    panic!("{why}: it says {said:?}, and not {expected:?}, ten seconds later");
}

#[tokio::test]
async fn a_gateway_is_ready_while_its_database_has_all_steps_that_it_needs() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        let (readiness, connection) = (readiness(&database).await, database.connect().await);
        assert_eq!(readiness.check().await, Ok(()), "{kind:?}");
        connection.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_future', 0)").await.unwrap();
        connection.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm0006_activities'").await.unwrap();
        says(&readiness, Err(Unready::Migrations), "a step is missing").await;
        connection.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m0006_activities', 0)").await.unwrap();
        // A newer version's steps come before the newer version: those who serve meanwhile stay ready.
        says(&readiness, Ok(()), "all steps are there, and one more").await;
        readiness.start_draining();
        assert_eq!(readiness.check().await, Err(Unready::Draining), "{kind:?}");
    }
}

#[tokio::test]
async fn probes_are_answered_for_a_second_without_asking_the_database() {
    let database = Database::empty(Kind::Sqlite).await;
    let (readiness, connection) = (readiness(&database).await, database.connect().await);
    for _ in 0..20 {
        // A busy machine may take longer than the second: then it is tried again.
        says(&readiness, Ok(()), "all steps are there").await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        let since = Instant::now();
        assert_eq!(readiness.check().await, Ok(()));
        connection.execute_unprepared("ALTER TABLE seaql_migrations RENAME TO hidden").await.unwrap();
        let looks = futures_util::future::join_all((0..100).map(|_| readiness.check())).await;
        let took = since.elapsed();
        connection.execute_unprepared("ALTER TABLE hidden RENAME TO seaql_migrations").await.unwrap();
        if took < Duration::from_millis(900) {
            let asked = looks.iter().filter(|look| look.is_err()).count();
            assert_eq!(asked, 0, "so many of a hundred probes asked the database that another had just asked");
            return;
        }
    }
    panic!("a hundred looks at what is known took almost a second, twenty times");
}

#[tokio::test]
async fn a_probe_is_told_in_one_word_why_not_and_nothing_else() {
    let database = Database::empty(Kind::Postgres).await;
    let gateway = Gateway::over(&database).await;
    let probe = || async { gateway.send(Request::get("/health/ready").body(Body::empty()).unwrap()).await };
    assert_eq!(probe().await.clean().text, r#"{"status":"ready"}"#);
    let connection = database.connect().await;
    connection.execute_unprepared("REVOKE SELECT ON seaql_migrations FROM cs12_app").await.unwrap();
    for _ in 0..200 {
        let answer = probe().await;
        if answer.status == 503 {
            assert_eq!(answer.json["errors"][0]["message"], "not ready: database");
            assert_eq!(answer.codes(), ["UNAVAILABLE"]);
            assert!(!answer.text.contains("seaql") && !answer.text.contains("cs12"), "{}", answer.text);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is ready, although it cannot read which steps the database has");
}

const CHANGE: &str = "mutation { dsoCreate(input: { name: \"Read-only\" }) { dso { id } userErrors { code } } }";
const READ: &str = "{ viewer { name } doctors { nodes { name } } }";

/// Reading is answered; changes are not, and whoever asks may come again.
async fn only_reads(gateway: &Gateway, what: &str) {
    gateway.ask(Actor::Owner, READ, json!({})).await.clean();
    let refused = gateway.ask(Actor::Owner, CHANGE, json!({})).await;
    assert_eq!(refused.codes(), ["UNAVAILABLE"], "{what}: {}", refused.text);
}

#[tokio::test]
async fn a_gateway_before_a_standby_is_not_ready_until_the_standby_is_promoted() {
    let cluster = Cluster::of_its_own();
    migration::up(&cluster.url("postgres"), None).await.unwrap();
    World::seed(&connect(&cluster.url("postgres")).await).await;
    let standby = cluster.replica().await;
    standby.catch_up(&cluster).await;
    let gateway = Gateway::opened(ConnectOptions::new(standby.url("postgres"))).await;
    let readiness = Readiness::of(gateway.db.clone(), migration::names());
    assert_eq!(readiness.check().await, Err(Unready::ReadOnly));
    only_reads(&gateway, "a standby").await;
    standby.promote().await;
    says(&readiness, Ok(()), "it was promoted").await;
    gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
}

#[tokio::test]
async fn a_gateway_is_not_ready_while_its_database_is_set_to_take_no_writes() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::over(&database).await;
    let readiness = Readiness::of(gateway.db.clone(), migration::names());
    assert_eq!(readiness.check().await, Ok(()));
    let connection = database.connect().await;
    let set = async |to: &str| {
        let sql = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {to}', current_database()); END $$"
        );
        connection.execute_unprepared(&sql).await.unwrap();
    };
    set("on").await;
    says(&readiness, Err(Unready::ReadOnly), "it was set to take no writes").await;
    only_reads(&gateway, "set so").await;
    set("off").await;
    says(&readiness, Ok(()), "it takes writes again").await;
    gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
}

#[tokio::test]
async fn a_connection_that_took_no_writes_is_not_used_again() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    let set = |to: &str| {
        format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {to}', current_database()); END $$"
        )
    };
    connection.execute_unprepared(&set("on")).await.unwrap();
    let gateway = Gateway::with_connections(&database, 1).await;
    only_reads(&gateway, "set so").await;
    connection.execute_unprepared(&set("off")).await.unwrap();
    gateway.ask(Actor::Owner, CHANGE, json!({})).await.clean();
}

#[tokio::test]
async fn a_gateway_is_not_ready_where_sqlites_file_cannot_be_written_to() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::opened(ConnectOptions::new(format!("{}?mode=ro", database.url))).await;
    let readiness = Readiness::of(gateway.db.clone(), migration::names());
    assert_eq!(readiness.check().await, Err(Unready::ReadOnly));
    only_reads(&gateway, "a read-only file").await;
}

/// That a member was seen is written beside the request, where the database takes it.
#[tokio::test]
async fn a_member_who_was_not_seen_for_an_hour_reads_where_nothing_can_be_written() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        connection.execute_unprepared("UPDATE memberships SET last_seen_at = NULL").await.unwrap();
        let options = match kind {
            Kind::Sqlite => ConnectOptions::new(format!("{}?mode=ro", database.url)),
            Kind::Postgres => {
                let sql = "DO $$ BEGIN EXECUTE format(\
                           'ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$";
                connection.execute_unprepared(sql).await.unwrap();
                ConnectOptions::new(database.url.clone())
            }
        };
        let reading = Gateway::opened(options).await;
        for _ in 0..3 {
            reading.ask(Actor::Owner, READ, json!({})).await.clean();
        }
        if kind == Kind::Postgres {
            let sql = "DO $$ BEGIN EXECUTE format(\
                       'ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$";
            connection.execute_unprepared(sql).await.unwrap();
        }
        // The control: elsewhere it is written.
        let writing = Gateway::over(&database).await;
        writing.ask(Actor::Owner, READ, json!({})).await.clean();
        let seen = "SELECT count(*) AS n FROM memberships WHERE last_seen_at IS NOT NULL";
        let mut written = 0;
        for _ in 0..200 {
            let statement = Statement::from_string(connection.get_database_backend(), seen);
            let row = connection.query_one_raw(statement).await.unwrap().unwrap();
            written = row.try_get::<i64>("", "n").unwrap();
            if written > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(written, 1, "{kind:?}");
    }
}
