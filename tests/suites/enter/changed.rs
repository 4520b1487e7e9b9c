//! Memberships that change between two requests, by any means: every gateway applies the change on the next request.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind, World, actor::token};

const KNOWN: &str = "{ viewer { name } organization { name } }";
/// A query that only admins may send.
const LOG: &str = "{ organization { auditLog(first: 1) { nodes { id } } } }";

async fn ask(gateway: &Gateway, actor: Actor) -> Answer {
    gateway.ask(actor, KNOWN, json!({})).await
}

fn is_let_in(answer: &Answer) -> bool {
    answer.json["data"]["organization"]["name"].is_string()
}

fn sees_the_log(answer: &Answer) -> bool {
    answer.json["data"]["organization"]["auditLog"]["nodes"].is_array()
}

fn set(person: &str, change: &str) -> String {
    format!("UPDATE memberships SET {change} WHERE user_id = '{}'", World::uuid(&format!("user {person}")))
}

/// Changes rows as a restore or a logical subscription does: no trigger fires.
async fn without_triggers(rows: &DatabaseConnection, sql: &str) {
    let whole = format!("SET session_replication_role = replica; {sql}; SET session_replication_role = origin");
    rows.execute_unprepared(&whole).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Changes by SQL, not through a gateway.
#[tokio::test]
async fn removed_or_demoted_member_is_refused_by_every_gateway_on_the_next_request() {
    let database = Database::world(Kind::Postgres).await;
    let rows = database.connect().await;
    let gateways = [Gateway::over(&database).await, Gateway::over(&database).await];
    for round in 0..4 {
        let change = async |sql: String| {
            if round % 2 == 0 {
                assert_ne!(rows.execute_unprepared(&sql).await.unwrap().rows_affected(), 0, "{sql}");
            } else {
                without_triggers(&rows, &sql).await;
            }
        };
        for (is_in, sql) in
            [(true, "status = 'ACTIVE'"), (false, "status = 'REMOVED'"), (false, "status = 'SUSPENDED'")]
        {
            change(set("viewer", sql)).await;
            for answer in join_all((0..8).map(|turn| ask(&gateways[turn % 2], Actor::Viewer))).await {
                assert_eq!(is_let_in(&answer), is_in, "round {round}, {sql}: {}", answer.text);
            }
        }
        for (sees, sql) in [(true, "role = 'ADMIN'"), (false, "role = 'MEMBER'")] {
            change(set("admin", sql)).await;
            for answer in join_all((0..8).map(|turn| gateways[turn % 2].ask(Actor::Admin, LOG, json!({})))).await {
                assert_eq!(sees_the_log(&answer), sees, "round {round}, {sql}: {}", answer.text);
            }
        }
    }
}

/// The tables are dropped and recreated under the running gateways, with the rows of an earlier time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn role_after_a_restore_is_that_of_the_restored_row() {
    let cluster = tests::postgres::Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    let rows = tests::database::connect(&url).await;
    World::seed(&rows).await;
    let open = async || Gateway::opened(entity::db::ConnectOptions::new(url.clone())).await;
    let gateways = [open().await, open().await];
    rows.execute_unprepared(&set("admin", "role = 'MEMBER'")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup").display().to_string();
    tokio::task::block_in_place(|| cluster.run("pg_dump", &format!("-Fc -f {file} postgres")));
    rows.execute_unprepared(&set("admin", "role = 'ADMIN'")).await.unwrap();
    for gateway in &gateways {
        let answer = gateway.ask(Actor::Admin, LOG, json!({})).await;
        assert!(sees_the_log(&answer), "the control: {}", answer.text);
    }
    tokio::task::block_in_place(|| cluster.run("pg_restore", &format!("--clean --if-exists -d postgres {file}")));
    for gateway in &gateways {
        let answer = gateway.ask(Actor::Admin, LOG, json!({})).await;
        assert!(!sees_the_log(&answer), "the role is that of the lost history: {}", answer.text);
        assert!(is_let_in(&ask(gateway, Actor::Admin).await));
    }
}

/// With any first operation, through any gateway, and with any number of concurrent requests.
#[tokio::test(flavor = "multi_thread")]
async fn a_newcomers_first_requests_are_answered_within_their_own_organization() {
    const READING: &str = "{ viewer { name } organization { name } dsos { totalCount } }";
    const CHANGING: &str =
        "mutation($n: String!) { dsoCreate(input: { name: $n }) { dso { id } userErrors { code message } } }";
    let newcomer = |round: usize| format!("newcomer-{round}");
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateways = [Gateway::over(&database).await, Gateway::over(&database).await];
        for round in 0..24 {
            let subject = newcomer(round);
            if let Some(before) = round.checked_sub(1) {
                let answer = gateways[round % 2].ask_as(Some(&token(&newcomer(before))), None, KNOWN, json!({})).await;
                assert!(is_let_in(&answer), "{kind:?} round {round}, the one before: {}", answer.text);
            }
            // One request, two tabs, or a whole page.
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
