//! `/health/ready`: the database answers, and has what this version needs.

use std::time::{Duration, Instant};

use axum::{body::Body, http::Request};
use entity::{ConnectOptions, Db};
use gateway::http::{Readiness, Unready};
use sea_orm::ConnectionTrait;
use tests::{Database, Gateway, Kind};

async fn readiness(database: &Database) -> Readiness {
    let db = Db::connect(ConnectOptions::new(database.url.clone())).await.unwrap();
    Readiness::of(db, migration::names())
}

/// Until it says so: an answer stands for a second.
async fn says(readiness: &Readiness, expected: Result<(), Unready>, why: &str) {
    let mut said = readiness.look().await;
    for _ in 0..200 {
        if said == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        said = readiness.look().await;
    }
    panic!("{why}: it says {said:?}, and not {expected:?}, ten seconds later");
}

#[tokio::test]
async fn a_gateway_is_ready_while_its_database_has_all_steps_that_it_needs() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        let (readiness, connection) = (readiness(&database).await, database.connect().await);
        assert_eq!(readiness.look().await, Ok(()), "{kind:?}");
        connection.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_future', 0)").await.unwrap();
        connection.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm0006_activities'").await.unwrap();
        says(&readiness, Err(Unready::Migrations), "a step is missing").await;
        connection.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m0006_activities', 0)").await.unwrap();
        // A newer version's steps come before the newer version: those who serve meanwhile stay ready.
        says(&readiness, Ok(()), "all steps are there, and one more").await;
        readiness.leave();
        assert_eq!(readiness.look().await, Err(Unready::Draining), "{kind:?}");
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
        assert_eq!(readiness.look().await, Ok(()));
        connection.execute_unprepared("ALTER TABLE seaql_migrations RENAME TO hidden").await.unwrap();
        let looks = futures_util::future::join_all((0..100).map(|_| readiness.look())).await;
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
