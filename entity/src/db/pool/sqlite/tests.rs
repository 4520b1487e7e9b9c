//! What nobody waits for any more ends.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::time::Duration;

use sea_orm::{DbBackend, Statement};
use tokio::time::timeout;

use super::{Pool, TxMode};
use crate::error::Error;

/// Counts for hours.
const ENDLESS: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000000) SELECT count(*) AS n FROM c";

fn sql(text: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, text)
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped_and_its_connection_goes_on() {
    let file = std::env::temp_dir().join(format!("cs12-stop-{}.sqlite", std::process::id()));
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let pool = Pool::open(&url, 1, Duration::from_mins(1)).await.unwrap();
    for round in 0..3 {
        let transaction = pool.begin(TxMode::Write).await.unwrap();
        transaction.execute(sql("CREATE TABLE half (done INTEGER)")).await.expect("the one before was rolled back");
        let asked = timeout(Duration::from_millis(100), transaction.all(sql(ENDLESS))).await;
        assert!(asked.is_err(), "the control: it takes longer");
        drop(transaction);
        // The only connection: whoever comes next waits until the statement has ended.
        let next = timeout(Duration::from_secs(30), async {
            pool.begin(TxMode::Read).await.unwrap().query_opt(sql("SELECT 1")).await
        });
        let next =
            next.await.unwrap_or_else(|_| panic!("round {round}: the statement goes on, and holds the connection"));
        assert!(next.unwrap().is_some());
    }
    pool.close().await.unwrap();
    let _ = std::fs::remove_file(file);
}

#[tokio::test]
async fn a_transaction_in_which_a_statement_has_failed_is_not_committed_and_nothing_of_it_stays() {
    let file = std::env::temp_dir().join(format!("cs12-failed-{}.sqlite", std::process::id()));
    let pool = Pool::open(&format!("sqlite://{}?mode=rwc", file.display()), 1, Duration::from_mins(1)).await.unwrap();
    pool.query(sql("CREATE TABLE seen (n INTEGER UNIQUE)")).await.unwrap();
    let transaction = pool.begin(TxMode::Write).await.unwrap();
    transaction.execute(sql("INSERT INTO seen VALUES (1)")).await.unwrap();
    assert!(transaction.execute(sql("INSERT INTO seen VALUES (1)")).await.is_err());
    assert!(matches!(transaction.commit().await, Err(Error::Internal(_))));
    let rows = pool.query(sql("SELECT count(*) AS n FROM seen")).await.unwrap();
    assert_eq!(rows.first().unwrap().get_by_name::<i64>("n").unwrap(), 0);
    pool.close().await.unwrap();
    let _ = std::fs::remove_file(file);
}
