//! Too many at once: who waits, who is sent away, and who does not notice.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gateway::config::Limit;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind};
use tokio::task::JoinHandle;

use super::refusing;

const DOCTORS: &str = "{ doctors { nodes { id } } }";

/// Whoever finds no place is told so at once, while the others wait.
async fn until_finished(all: &[JoinHandle<Answer>], expected: usize) {
    let (mut finished, began) = (0, Instant::now());
    while finished < expected {
        assert!(began.elapsed() < Duration::from_secs(20), "{finished} of {expected} who find no place were told");
        tokio::time::sleep(Duration::from_millis(10)).await;
        finished = all.iter().filter(|one| one.is_finished()).count();
    }
}

/// One organization's operations stand still; another's go on, and those of the first who find no place are told that it is their own.
#[tokio::test]
async fn an_organization_that_stands_still_holds_up_nobody_else() {
    let database = Database::world(Kind::Postgres).await;
    let figures = [
        (Limit::Running, 2),
        (Limit::RunningOfOne, 1),
        (Limit::Waiting, 4),
        (Limit::WaitingOfOne, 2),
        (Limit::Wait, 60_000),
    ];
    let gateway = Gateway::under(&database, refusing(&figures), None).await;
    // From now on it is known where they belong.
    for actor in [Actor::Owner, Actor::Admin, Actor::OwnerOfB] {
        gateway.ask(actor, "{ viewer { id } }", json!({})).await.clean();
    }
    let holding = database.connect().await;
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE doctors IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let all: Vec<_> = (0..6)
        .map(|n| {
            let gateway = gateway.clone();
            let actor = if n % 2 == 0 { Actor::Owner } else { Actor::Admin };
            tokio::spawn(async move { gateway.ask(actor, DOCTORS, json!({})).await })
        })
        .collect();
    until_finished(&all, 3).await;
    let began = Instant::now();
    for _ in 0..5 {
        gateway.ask(Actor::OwnerOfB, "{ organization { name } }", json!({})).await.clean();
    }
    assert!(began.elapsed() < Duration::from_secs(20), "B has waited for A: {:?}", began.elapsed());
    held.rollback().await.unwrap();
    let answers: Vec<Answer> = join_all(all).await.into_iter().map(Result::unwrap).collect();
    let (answered, crowded): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((answered.len(), crowded.len()), (3, 3), "one ran and two waited");
    for refused in crowded {
        assert_eq!((refused.status.as_u16(), refused.codes()), (429, vec!["RATE_LIMITED"]), "{}", refused.text);
        assert!(refused.headers.contains_key("retry-after"), "{:?}", refused.headers);
    }
}

/// Introspection queries take turns with each other: a query of data never waits behind one, also where both are of one organization.
#[tokio::test]
async fn an_introspection_query_that_takes_long_holds_up_no_query_of_data() {
    let database = Database::world(Kind::Postgres).await;
    let figures = [(Limit::Running, 2), (Limit::RunningOfOne, 1), (Limit::Wait, 60_000)];
    let gateway = Gateway::under(&database, refusing(&figures), None).await;
    gateway.ask(Actor::Owner, "{ viewer { id } }", json!({})).await.clean();
    let holding = database.connect().await;
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE doctors IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let introspecting = tokio::spawn({
        let gateway = gateway.clone();
        let query = "{ __schema { queryType { name } } doctors { nodes { id } } }";
        async move { gateway.ask(Actor::Owner, query, json!({})).await }
    });
    let began = Instant::now();
    for _ in 0..5 {
        gateway.ask(Actor::Owner, "{ organization { name } }", json!({})).await.clean();
    }
    assert!(began.elapsed() < Duration::from_secs(20), "data waits behind the schema: {:?}", began.elapsed());
    assert!(!introspecting.is_finished(), "the introspection query has not waited for the lock: this shows nothing");
    held.rollback().await.unwrap();
    introspecting.await.unwrap().clean();
}

/// More than can run and wait: the rest is sent away at once with 503, and those who were let in are answered.
#[tokio::test]
async fn whoever_is_too_many_is_told_at_once() {
    let database = Database::world(Kind::Postgres).await;
    let figures = [
        (Limit::Running, 1),
        (Limit::RunningOfOne, 1),
        (Limit::Waiting, 2),
        (Limit::WaitingOfOne, 2),
        (Limit::Wait, 60_000),
    ];
    let gateway = Gateway::under(&database, refusing(&figures), None).await;
    for actor in [Actor::Owner, Actor::OwnerOfB] {
        gateway.ask(actor, "{ viewer { id } }", json!({})).await.clean();
    }
    let holding = database.connect().await;
    let held = holding.begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE doctors IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let all: Vec<_> = (0..12)
        .map(|n| {
            let gateway = gateway.clone();
            let actor = if n % 2 == 0 { Actor::Owner } else { Actor::OwnerOfB };
            tokio::spawn(async move { gateway.ask(actor, DOCTORS, json!({})).await })
        })
        .collect();
    until_finished(&all, 9).await;
    held.rollback().await.unwrap();
    let answers: Vec<Answer> = join_all(all).await.into_iter().map(Result::unwrap).collect();
    let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(200), of(503) + of(429)), (3, 9));
    assert!(of(503) > 0, "not only their own queues were full");
    for refused in answers.iter().filter(|answer| answer.status == 503) {
        assert_eq!(refused.codes(), ["UNAVAILABLE"], "{}", refused.text);
        assert!(refused.headers.contains_key("retry-after"));
    }
}
