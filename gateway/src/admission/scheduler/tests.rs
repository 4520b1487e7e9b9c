//! Nobody waits who could run, and lanes take turns.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{sync::Arc, time::Duration};

use entity::id::{OrganizationId, TypedId};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};
use uuid::Uuid;

use super::{FairScheduler, Lane, Permit, Rejected};
use crate::{
    config::{Enforcement, Limit},
    limits::{LimitRegistry, Limits},
};

/// Three at once, two of one lane; four wait, three of one lane.
fn gate() -> FairScheduler {
    running(3, 2)
}

/// So many at once, and of one lane; four wait, three of one lane.
fn running(all: u64, of_one: u64) -> FairScheduler {
    let limits = [
        (Limit::Running, all),
        (Limit::RunningOfOne, of_one),
        (Limit::Waiting, 4),
        (Limit::WaitingOfOne, 3),
        (Limit::Wait, 10_000),
    ];
    let limits = limits
        .into_iter()
        .fold(Limits::defaults(), |limits, (limit, most)| limits.with(limit, most, Enforcement::Refuse));
    FairScheduler::new(Arc::new(LimitRegistry::new(limits)))
}

fn lane(name: &str) -> Lane {
    Lane::Of(OrganizationId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())))
}

fn waits(gate: &FairScheduler, lane: Lane) -> JoinHandle<Result<Permit, Rejected>> {
    let gate = gate.clone();
    tokio::spawn(async move { gate.enter(lane).await })
}

/// Far longer than anybody takes to come or to leave.
const SOON: Duration = Duration::from_secs(5);

async fn until_waiting(gate: &FairScheduler, waiting: usize) {
    let began = Instant::now();
    while gate.stats().1 != waiting {
        assert!(began.elapsed() < SOON, "{waiting} were to wait; running and waiting are {:?}", gate.stats());
        sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn one_lane_leaves_room_for_another() {
    let (gate, a, b) = (gate(), lane("a"), lane("b"));
    let _first = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap());
    let third = waits(&gate, a);
    until_waiting(&gate, 1).await;
    let other = gate.enter(b).await.unwrap();
    assert_eq!(gate.stats(), (3, 1), "the third of `a` waits, although there was room");
    drop(other);
    assert_eq!(gate.stats(), (2, 1), "and goes on waiting");
    third.abort();
    until_waiting(&gate, 0).await;
}

#[tokio::test]
async fn an_organizations_share_is_smaller_while_others_are_there() {
    let (gate, a, b) = (running(8, 4), lane("a"), lane("b"));
    let mut of_a = Vec::new();
    for _ in 0..4 {
        of_a.push(gate.enter(a).await.unwrap());
    }
    let of_b = gate.enter(b).await.unwrap();
    of_a.truncate(2);
    let waiting = waits(&gate, a);
    until_waiting(&gate, 1).await;
    assert_eq!(gate.stats(), (3, 1), "two of four are its half, although there is room for more");
    drop(of_b);
    of_a.push(waiting.await.unwrap().unwrap());
    assert_eq!(gate.stats(), (3, 0), "alone, it may use all of it again");
}

#[tokio::test]
async fn lanes_take_turns_however_long_their_queues_are() {
    let (gate, a, b) = (running(3, 3), lane("a"), lane("b"));
    let held = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap(), gate.enter(b).await.unwrap());
    let of_a = [waits(&gate, a), waits(&gate, a), waits(&gate, a)];
    until_waiting(&gate, 3).await;
    let of_b = waits(&gate, b);
    until_waiting(&gate, 4).await;
    drop(held.0);
    until_waiting(&gate, 3).await;
    drop(held.1);
    let permit = of_b.await.unwrap().unwrap();
    assert_eq!(gate.stats(), (3, 2), "`b` came last and has not waited for all of `a`");
    drop((permit, held.2));
    for waiting in of_a {
        drop(waiting.await.unwrap().unwrap());
    }
    assert_eq!(gate.stats(), (0, 0));
}

#[tokio::test]
async fn whoever_finds_no_place_is_told_at_once_whose_doing_it_is() {
    let (gate, a, b) = (gate(), lane("a"), lane("b"));
    let held = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap(), gate.enter(b).await.unwrap());
    let waiting = [waits(&gate, a), waits(&gate, a), waits(&gate, a)];
    until_waiting(&gate, 3).await;
    assert_eq!(gate.enter(a).await.unwrap_err(), Rejected::OwnFull);
    let last = waits(&gate, b);
    until_waiting(&gate, 4).await;
    assert_eq!(gate.enter(lane("c")).await.unwrap_err(), Rejected::Full);
    drop(held);
    for waiting in waiting {
        drop(waiting.await.unwrap().unwrap());
    }
    drop(last.await.unwrap().unwrap());
    assert_eq!(gate.stats(), (0, 0), "everybody has left: nothing is held");
    assert!(gate.0.state.lock().unwrap().lanes.is_empty(), "and no lane is remembered");
}

#[tokio::test]
async fn whoever_waits_too_long_is_sent_away() {
    let (gate, a) = (gate(), lane("a"));
    let shorter = gate.0.bounds.now().with(Limit::Wait, 20, Enforcement::Refuse);
    gate.0.bounds.replace(shorter);
    let held = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap());
    assert_eq!(gate.enter(a).await.unwrap_err(), Rejected::OwnTooLong, "there was room, but not for this lane");
    assert_eq!(gate.stats(), (2, 0));
    let other = gate.enter(lane("b")).await.unwrap();
    assert_eq!(gate.enter(a).await.unwrap_err(), Rejected::TooLong, "no room is left for anybody");
    assert_eq!(gate.enter(lane("c")).await.unwrap_err(), Rejected::TooLong);
    drop((held, other));
    assert_eq!(gate.stats(), (0, 0));
}

#[tokio::test]
async fn a_lane_that_fills_the_queue_alone_is_told_that_it_is_its_own_doing() {
    let (gate, a, b) = (gate(), lane("a"), lane("b"));
    // More places of one lane than there are of all.
    let wider = gate.0.bounds.now().with(Limit::WaitingOfOne, 100, Enforcement::Refuse);
    gate.0.bounds.replace(wider);
    let held = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap(), gate.enter(b).await.unwrap());
    let flood = [waits(&gate, a), waits(&gate, a), waits(&gate, a), waits(&gate, a)];
    until_waiting(&gate, 4).await;
    assert_eq!(gate.enter(a).await.unwrap_err(), Rejected::OwnFull, "the whole queue is its own");
    assert_eq!(gate.enter(b).await.unwrap_err(), Rejected::Full, "and another lane has no part in it");
    drop(held);
    for waiting in flood {
        drop(waiting.await.unwrap().unwrap());
    }
    let held = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap(), gate.enter(b).await.unwrap());
    let both = [waits(&gate, a), waits(&gate, b), waits(&gate, a), waits(&gate, b)];
    until_waiting(&gate, 4).await;
    assert_eq!(gate.enter(a).await.unwrap_err(), Rejected::Full, "two who are equal have both filled it");
    drop(held);
    for waiting in both {
        drop(waiting.await.unwrap().unwrap());
    }
}

/// Whoever leaves while it is their turn passes it on: else the gate would close bit by bit.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_by_those_who_leave() {
    let gate = gate();
    let all: Vec<_> = (0..2000_u64)
        .map(|n| {
            let gate = gate.clone();
            tokio::spawn(async move {
                let lane = lane(["a", "b", "c", "d"][(n % 4) as usize]);
                let patience = Duration::from_micros(n * 7919 % 900);
                if let Ok(Ok(permit)) = tokio::time::timeout(patience, gate.enter(lane)).await {
                    sleep(Duration::from_micros(n % 50)).await;
                    drop(permit);
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert_eq!(gate.stats(), (0, 0));
    let state = gate.0.state.lock().unwrap();
    assert!(state.lanes.is_empty() && state.turns.is_empty(), "{state:?}");
}

#[tokio::test]
async fn a_queue_that_does_not_end_has_few_places_left() {
    let (gate, a, b) = (running(3, 3), lane("a"), lane("b"));
    let running = (gate.enter(a).await.unwrap(), gate.enter(a).await.unwrap(), gate.enter(b).await.unwrap());
    let first = waits(&gate, b);
    until_waiting(&gate, 1).await;
    let second = waits(&gate, a);
    until_waiting(&gate, 2).await;
    sleep(super::BURST_WINDOW + Duration::from_millis(1)).await;
    let c = lane("c");
    assert_eq!(gate.enter(c).await.err(), Some(Rejected::Full), "two of four places are taken, and one would be left");
    assert_eq!(gate.enter(b).await.err(), Some(Rejected::OwnFull), "the organization has its own place already");
    assert_eq!(gate.stats(), (3, 2), "whoever waits already goes on waiting");
    drop(running);
    let permits = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());
    let again = (gate.enter(a).await.unwrap(), waits(&gate, b), waits(&gate, a));
    until_waiting(&gate, 2).await;
    drop((permits, again));
}
