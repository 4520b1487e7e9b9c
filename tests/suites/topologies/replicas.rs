//! A replica that hangs, and one that is not the writer's: the writer answers, and requests do not wait.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use entity::db::ConnectOptions;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use tests::{
    Actor, Gateway, World,
    database::connect,
    postgres::{Cluster, Replica},
};

use super::{DSOS, create, sees, with_replica};

/// What a request may take where a replica hangs: its deadline of a tenth of a second, and this machine's own slowness.
const SOON: Duration = Duration::from_secs(1);

/// How often a replica was not read for a reason.
fn declined(gateway: &Gateway, replica: usize, reason: &str) -> u64 {
    let figures = gateway.db.replica_stats();
    let found = figures[replica].declined.iter().find(|(name, _)| *name == reason);
    found.unwrap_or_else(|| panic!("no reason `{reason}`: {figures:?}")).1
}

fn read(gateway: &Gateway, replica: usize) -> u64 {
    gateway.db.replica_stats()[replica].read
}

/// Asks until the replica is read.
async fn until_read(gateway: &Gateway) {
    let before = read(gateway, 0);
    for _ in 0..200 {
        let _ = gateway.ask(Actor::Owner, DSOS, json!({})).await.clean();
        if read(gateway, 0) > before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the replica is not read: {:?}", gateway.db.replica_stats());
}

async fn asked_within(gateway: &Gateway, time: Duration, what: &str) {
    let since = Instant::now();
    let answer = gateway.ask(Actor::Owner, DSOS, json!({})).await.clean();
    assert!(!answer.data("/dsos/nodes").as_array().unwrap().is_empty(), "{what}");
    assert!(since.elapsed() < time, "{what}: it took {:?}", since.elapsed());
}

#[tokio::test]
async fn a_replica_that_hangs_delays_its_requests_by_a_moment_and_later_ones_not_at_all() {
    let (_cluster, _rows, replica, gateway) = with_replica().await;
    until_read(&gateway).await;
    let frozen = replica.freeze();
    join_all((0..8).map(|_| asked_within(&gateway, SOON, "eight at once"))).await;
    assert!(declined(&gateway, 0, "away") > 0, "{:?}", gateway.db.replica_stats());
    let (asked_before, since) = (declined(&gateway, 0, "away"), Instant::now());
    for _ in 0..20 {
        asked_within(&gateway, SOON, "afterwards").await;
    }
    // At most one trial for each cool-down of five seconds.
    let trials = declined(&gateway, 0, "away") - asked_before;
    assert!(trials <= 1 + since.elapsed().as_secs() / 5, "it was asked {trials} times in {:?}", since.elapsed());
    drop(frozen);
    until_read(&gateway).await;
}

#[tokio::test]
async fn a_replica_that_hangs_in_the_midst_of_a_request_ends_that_request_and_delays_no_other() {
    let (_cluster, _rows, replica, gateway) = with_replica().await;
    until_read(&gateway).await;
    let (frozen, freezes) = (Arc::new(Mutex::new(None)), Arc::new(replica));
    let (frozen_by, replica) = (Arc::clone(&frozen), Arc::clone(&freezes));
    gateway.recorder.notify(move |sql| {
        let mut frozen = frozen_by.lock().unwrap();
        if sql.contains("FROM \"dsos\"") && frozen.is_none() {
            *frozen = Some(replica.freeze());
        }
    });
    let since = Instant::now();
    let answer = gateway.ask(Actor::Owner, DSOS, json!({})).await;
    let took = since.elapsed();
    assert!(frozen.lock().unwrap().is_some(), "the control: the statement was sent");
    assert_eq!(answer.codes(), ["UNAVAILABLE"], "{}", answer.text);
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    asked_within(&gateway, SOON, "the next").await;
    gateway.recorder.notify(|_| {});
    drop(frozen.lock().unwrap().take());
}

#[tokio::test]
async fn a_replica_of_a_lost_history_is_not_read_after_the_writer_was_restored_from_a_copy() {
    let (cluster, rows, replica, gateway) = with_replica().await;
    rows.close().await.unwrap();
    until_read(&gateway).await;
    cluster.halt();
    cluster.keep_copy();
    cluster.revive();
    for number in 0..30 {
        create(&gateway, &format!("Lost {number}")).await;
    }
    replica.catch_up(&cluster).await;
    cluster.halt();
    cluster.restore_copy();
    cluster.revive();
    let before = read(&gateway, 0);
    create(&gateway, "New history").await;
    for _ in 0..20 {
        assert!(sees(&gateway, "New history").await, "written, and not read");
        assert!(!sees(&gateway, "Lost 29").await, "the lost history was read");
    }
    assert_eq!(read(&gateway, 0), before, "{:?}", gateway.db.replica_stats());
    // The comparison runs beside the requests.
    for _ in 0..100 {
        if declined(&gateway, 0, "other_history") > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the reason is not counted: {:?}", gateway.db.replica_stats());
}

async fn seeded() -> Cluster {
    let cluster = Cluster::of_its_own();
    migration::up(&cluster.url("postgres"), None).await.unwrap();
    World::seed(&sea_orm::Database::connect(&cluster.url("postgres")).await.unwrap()).await;
    cluster
}

#[tokio::test]
async fn what_does_not_replay_the_writers_log_is_never_read() {
    let (cluster, other) = (seeded().await, seeded().await);
    let (foreign, promoted): (Replica, Replica) = (other.replica().await, cluster.replica().await);
    promoted.promote().await;
    let replica_urls = vec![
        // A standby of another cluster, a primary, and a former standby of this one.
        foreign.url("postgres"),
        other.url("postgres"),
        promoted.url("postgres"),
    ];
    let gateway =
        Gateway::opened(ConnectOptions { replica_urls, ..ConnectOptions::new(cluster.url("postgres")) }).await;
    for round in 0..10 {
        let name = format!("Round {round}");
        create(&gateway, &name).await;
        assert!(sees(&gateway, &name).await, "round {round}");
    }
    for replica in 0..3 {
        assert_eq!(read(&gateway, replica), 0, "{replica}: {:?}", gateway.db.replica_stats());
        assert!(declined(&gateway, replica, "other_history") > 0, "{replica}: {:?}", gateway.db.replica_stats());
    }
}

/// The same system, the same timeline, and a log position past the writer's: only what is in the log tells them apart.
#[tokio::test]
async fn a_standby_of_a_copy_is_not_read_however_far_it_is() {
    let cluster = seeded().await;
    cluster.halt();
    let copy = cluster.copied();
    cluster.revive();
    let replica = copy.replica().await;
    let (writer, copied) = (connect(&cluster.url("postgres")).await, connect(&copy.url("postgres")).await);
    let advance = async |server: &DatabaseConnection, segments: usize| {
        for _ in 0..segments {
            // A segment is left only where something was written to it.
            let sql = "SELECT pg_logical_emit_message(true, 'test', 'on'); SELECT pg_switch_wal()";
            server.execute_unprepared(sql).await.unwrap();
        }
    };
    // So that the copy's standby is not ahead of the writer when they are compared, and is later.
    advance(&writer, 4).await;
    let options =
        ConnectOptions { replica_urls: vec![replica.url("postgres")], ..ConnectOptions::new(cluster.url("postgres")) };
    let gateway = Gateway::opened(options).await;
    advance(&copied, 8).await;
    replica.catch_up(&copy).await;
    for round in 0..10 {
        let name = format!("Round {round}");
        create(&gateway, &name).await;
        assert!(sees(&gateway, &name).await, "round {round}");
    }
    assert_eq!(read(&gateway, 0), 0, "{:?}", gateway.db.replica_stats());
}
