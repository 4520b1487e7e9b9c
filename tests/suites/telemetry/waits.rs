//! Who is refused before anything of theirs runs, and how long an operation has waited for its turn.

use std::time::Duration;

use entity::id::{OrganizationId, TypedId, UserId};
use gateway::config::{Enforcement, Limit, Limits};
use gateway::telemetry::Settings;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::Value;
use tests::{Actor, Database, Kind, World, client::limits, world::Side};
use tower::ServiceExt;

use super::logs::{ANSWERED, Log, SLOW};
use super::{CALM, House, request};

fn refusing(figures: &[(Limit, u64)]) -> Limits {
    figures.iter().fold(limits(), |limits, (limit, most)| limits.with(*limit, *most, Enforcement::Refuse))
}

fn names_the_owner_of_a(line: &Value) -> bool {
    line["user"] == World::id::<UserId>("user owner")
        && line["organization"] == OrganizationId::from_uuid(World::organization(Side::A)).to_text()
}

#[tokio::test(flavor = "current_thread")]
async fn the_line_of_a_refused_operation_names_who_was_let_in_the_last_time() {
    let database = Database::world(Kind::Sqlite).await;
    let log = Log::default();
    let _logging = log.begin();
    let figures = [(Limit::Cost, 500), (Limit::RootFields, 2), (Limit::PersonRate, 100)];
    let house = House::under(&database, CALM, &refusing(&figures)).await;
    let dear = "{ doctors(first: 100) { nodes { activities(first: 100) { nodes { id } } } } }";
    let refused = [
        (dear, "COST_ESTIMATED_TOO_EXPENSIVE"),
        ("{ a: viewer { id } b: viewer { id } c: viewer { id } }", "COST_ESTIMATED_TOO_EXPENSIVE"),
        ("{ viewer {", "GRAPHQL_PARSE_FAILED"),
    ];
    let _ = house.ask(Actor::Owner, dear).await;
    let line = &log.take(ANSWERED)[0];
    assert!(line["user"].is_null() && line["organization"].is_null(), "nobody has been let in yet: {line}");
    let _ = house.ask(Actor::Owner, "{ viewer { id } }").await;
    let _ = log.take(ANSWERED);
    for (query, code) in refused {
        let _ = house.ask(Actor::Owner, query).await;
        let line = &log.take(ANSWERED)[0];
        assert_eq!(line["code"], code, "{line}");
        assert!(names_the_owner_of_a(line), "{query}: {line}");
        assert_eq!(line["statements"], 0, "{line}");
    }
    // The first of these is refused after it was let in, and the others before anything is asked.
    let mut refused = 0;
    for _ in 0..300 {
        let _ = house.ask(Actor::Owner, "{ viewer { id } }").await;
        let lines = log.take(ANSWERED);
        assert!(names_the_owner_of_a(&lines[0]), "{}", lines[0]);
        refused += u32::from(lines[0]["code"] == "RATE_LIMITED");
        if refused == 3 {
            return;
        }
    }
    panic!("the budget of a minute has no end");
}

#[tokio::test(flavor = "current_thread")]
async fn an_operation_that_waits_for_its_turn_is_not_slow_and_says_how_long_it_waited() {
    let database = Database::world(Kind::Postgres).await;
    // How many run at once, and what those are told who get no turn.
    for (running, status, code) in [(2, 429, "RATE_LIMITED"), (1, 503, "UNAVAILABLE")] {
        let log = Log::default();
        let _logging = log.begin();
        let figures = [(Limit::Running, running), (Limit::RunningOfOne, 1), (Limit::Waiting, 4), (Limit::Wait, 60)];
        let limits = refusing(&figures);
        let house = House::under(&database, Settings { slow: Duration::from_millis(40), ..CALM }, &limits);
        let house = house.await;
        let _ = house.ask(Actor::Owner, "{ viewer { id } }").await;
        let holding = database.connect().await;
        let held = holding.begin().await.unwrap();
        held.execute_unprepared("LOCK TABLE doctors IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let first = tokio::spawn(house.router.clone().oneshot(request(Actor::Owner, "{ doctors { nodes { id } } }")));
        while house.exposed().await.count("cs12_operations_running", &[]) == 0 {
            tokio::task::yield_now().await;
        }
        log.forget();
        let _ = house.ask(Actor::Owner, "{ viewer { id } }").await;
        let lines = log.lines();
        let slow = lines.iter().filter(|line| line["message"] == SLOW).count();
        assert_eq!(slow, 0, "who only waits does not work: {lines:?}");
        let line = lines.iter().find(|line| line["message"] == ANSWERED).expect("a line of the request");
        assert_eq!((&line["status"], &line["code"]), (&status.into(), &code.into()), "{line}");
        assert!(names_the_owner_of_a(line), "{line}");
        assert!(line["waited_ms"].as_u64().is_some_and(|waited| waited >= 60), "{line}");
        assert_eq!(line["statements"], 0, "{line}");
        let told = house.exposed().await;
        assert!(told.value("cs12_operation_wait_seconds_sum", &[]) >= 0.06, "{told:?}");

        held.rollback().await.unwrap();
        let _ = first.await.unwrap();
        let lines = log.lines();
        let line = lines.iter().find(|line| line["message"] == SLOW).expect("the one that was held up was slow");
        assert!(line["took_ms"].as_u64() >= Some(60) && line["waited_ms"].as_u64() < Some(60), "{line}");
    }
}
