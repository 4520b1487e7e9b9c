//! What a gateway remembers of who may see what, and when it forgets it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind, World, actor::token};

const KNOWN: &str = "{ viewer { name } organization { name } }";

async fn ask(gateway: &Gateway, actor: Actor) -> Answer {
    gateway.ask(actor, KNOWN, json!({})).await
}

/// Asks until it is answered without a statement.
async fn until_remembered(gateway: &Gateway, actor: Actor) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(30) {
        let _before = gateway.recorder.take();
        let _answer = ask(gateway, actor).await.clean();
        if gateway.recorder.take().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("for half a minute each request was read anew: nothing is remembered");
}

fn is_let_in(answer: &Answer) -> bool {
    answer.json["data"]["organization"]["name"].is_string()
}

fn set_status(person: &str, status: &str) -> String {
    format!("UPDATE memberships SET status = '{status}' WHERE user_id = '{}'", World::uuid(&format!("user {person}")))
}

/// By hand, past every gateway, and with no notification at all.
#[tokio::test]
async fn a_removed_member_is_refused_at_once_whoever_removed_them() {
    let database = Database::world(Kind::Postgres).await;
    let rows = database.connect().await;
    let (one, other) = (Gateway::remembering(&database).await, Gateway::remembering(&database).await);
    for round in 0..10 {
        // Whichever of the two has the lock by now: one at most.
        let asked = (0..16).map(|turn| ask(if turn % 2 == 0 { &one } else { &other }, Actor::Viewer));
        for answer in join_all(asked).await {
            assert!(is_let_in(&answer), "round {round}: {}", answer.text);
        }
        rows.execute_unprepared(&set_status("viewer", "REMOVED")).await.unwrap();
        let asked = (0..16).map(|turn| ask(if turn % 2 == 0 { &one } else { &other }, Actor::Viewer));
        for answer in join_all(asked).await {
            assert!(!is_let_in(&answer), "round {round}, removed: {}", answer.text);
        }
        rows.execute_unprepared(&set_status("viewer", "ACTIVE")).await.unwrap();
        assert!(is_let_in(&ask(&one, Actor::Viewer).await) && is_let_in(&ask(&other, Actor::Viewer).await));
    }
}

#[tokio::test]
async fn what_is_remembered_is_answered_without_a_statement_until_anybody_changes_it() {
    let database = Database::world(Kind::Postgres).await;
    let rows = database.connect().await;
    let gateway = Gateway::remembering(&database).await;
    let changes = [
        format!("UPDATE organizations SET name = 'Aurora' WHERE id = '{}'", World::organization(tests::world::Side::A)),
        set_status("viewer", "REMOVED"),
        // Nobody waits for that somebody was seen; to have it read anew, the status is set to what it is.
        format!(
            "UPDATE memberships SET status = status, last_seen_at = '2020-01-01' WHERE user_id = '{}'",
            World::uuid("user owner")
        ),
        format!("UPDATE users SET name = 'Vi' WHERE id = '{}'", World::uuid("user owner")),
        "DELETE FROM dso_grants WHERE dso_id = (SELECT min(dso_id::text)::uuid FROM dso_grants)".to_owned(),
    ];
    for change in changes {
        until_remembered(&gateway, Actor::Owner).await;
        let before = gateway.db.cache_figures();
        assert!(before.hits > 0, "{before:?}");
        assert_ne!(rows.execute_unprepared(&change).await.unwrap().rows_affected(), 0, "{change}");
        let _before = gateway.recorder.take();
        let _answer = ask(&gateway, Actor::Owner).await.clean();
        assert!(!gateway.recorder.take().is_empty(), "answered out of memory after: {change}");
        assert_eq!(gateway.db.cache_figures().closings, before.closings + 1, "{change}");
    }
}

/// What the memory told one person is told to nobody else, and of no other organization.
#[tokio::test]
async fn what_is_remembered_of_one_is_told_to_nobody_else() {
    let database = Database::world(Kind::Postgres).await;
    let (with, without) = (Gateway::remembering(&database).await, Gateway::over(&database).await);
    until_remembered(&with, Actor::Owner).await;
    for _ in 0..3 {
        for actor in Actor::ALL {
            let (left, right) = (ask(&with, actor).await, ask(&without, actor).await);
            assert_eq!(left.json["data"], right.json["data"], "{actor:?}");
            assert_eq!(left.codes(), right.codes(), "{actor:?}");
        }
    }
}

/// The lock is gone with the connection that held it, and with it the right to remember.
#[tokio::test]
async fn a_gateway_that_has_lost_its_lock_remembers_nothing() {
    let database = Database::world(Kind::Postgres).await;
    let rows = database.connect().await;
    let gateway = Gateway::remembering(&database).await;
    until_remembered(&gateway, Actor::Viewer).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1668493618 AND granted \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    rows.execute_unprepared(end).await.unwrap();
    rows.execute_unprepared(&set_status("viewer", "REMOVED")).await.unwrap();
    // The longest that it may take to notice.
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert!(!is_let_in(&ask(&gateway, Actor::Viewer).await), "a member who was removed is remembered");
}

/// Whatever they ask first, of whichever gateway, however often at once: nobody remembers that they were not known a moment ago.
#[tokio::test(flavor = "multi_thread")]
async fn a_newcomers_first_requests_are_answered_within_their_own_organization() {
    const READING: &str = "{ viewer { name } organization { name } dsos { totalCount } }";
    const CHANGING: &str =
        "mutation($n: String!) { dsoCreate(input: { name: $n }) { dso { id } userErrors { code message } } }";
    let newcomer = |round: usize| format!("newcomer-{round}");
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateways = [Gateway::remembering(&database).await, Gateway::remembering(&database).await];
        for round in 0..24 {
            if kind == Kind::Postgres {
                // Whichever of the two it is: what is not known of the newcomer may be remembered now.
                tokio::select! {
                    () = until_remembered(&gateways[0], Actor::Owner) => {}
                    () = until_remembered(&gateways[1], Actor::Owner) => {}
                }
            }
            let subject = newcomer(round);
            if let Some(before) = round.checked_sub(1) {
                let answer = gateways[round % 2].ask_as(Some(&token(&newcomer(before))), None, KNOWN, json!({})).await;
                assert!(is_let_in(&answer), "{kind:?} round {round}, the one before: {}", answer.text);
            }
            // One alone, two tabs, or a whole page.
            let asked = (0..[1, 2, 12][round % 3]).map(|n| {
                let (gateway, token) = (gateways[(round / 3 + n) % 2].clone(), token(&subject));
                let query = [KNOWN, READING, CHANGING][(round + n) % 3];
                tokio::spawn(async move {
                    (query, gateway.ask_as(Some(&token), None, query, json!({ "n": format!("DSO {n}") })).await)
                })
            });
            for asked in join_all(asked).await {
                let (query, answer) = asked.unwrap();
                let answer = answer.clean();
                let own = answer.data("/organization/name").as_str().is_some_and(|name| name.contains(&subject));
                assert!(own || query == CHANGING, "{kind:?} round {round}: {}", answer.text);
                assert!(query != CHANGING || answer.data("/dsoCreate/dso/id").is_string(), "{kind:?} {}", answer.text);
            }
        }
    }
}

/// A lock that was lost a moment ago keeps nobody from changing anything. Whoever is made known by their own request is not told what was
/// remembered before.
#[tokio::test]
async fn a_newcomer_is_let_in_by_their_first_request_even_where_nobody_waited_for_the_lock() {
    let database = Database::world(Kind::Postgres).await;
    let rows = database.connect().await;
    for table in ["identities", "users", "memberships", "organizations", "dsos", "dso_grants"] {
        rows.execute_unprepared(&format!("ALTER TABLE {table} DISABLE TRIGGER {table}_context")).await.unwrap();
    }
    let gateway = Gateway::remembering(&database).await;
    until_remembered(&gateway, Actor::Owner).await;
    for subject in ["nina", "nick"] {
        let answer = gateway.ask_as(Some(&token(subject)), None, KNOWN, json!({})).await;
        assert!(is_let_in(&answer), "{subject}: {}", answer.text);
    }
}
