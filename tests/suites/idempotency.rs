//! Mutations that are sent twice.

use entity::DoctorId;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World};

const LOG: &str = "mutation ($id: ID!, $note: String) {
    activityLog(input: { doctorId: $id, kind: PHONE, note: $note }) { activity { id } userErrors { code } }
}";

fn variables(note: &str) -> Value {
    json!({ "id": World::id::<DoctorId>("doctor Smile Ada"), "note": note })
}

async fn ask(gateway: &Gateway, actor: Actor, key: &str, query: &str, variables: Value) -> Answer {
    let headers = [("x-organization-id", actor.organization().unwrap_or_default()), ("idempotency-key", key)];
    gateway.ask_with(actor.token().as_deref(), &headers, query, variables).await
}

async fn log(gateway: &Gateway, actor: Actor, key: &str, note: &str) -> Answer {
    ask(gateway, actor, key, LOG, variables(note)).await
}

async fn count(gateway: &Gateway) -> u64 {
    let query = "{ doctor(id: \"ID\") { activities { totalCount } } }"
        .replace("ID", &World::id::<DoctorId>("doctor Smile Ada"));
    gateway.ask(Actor::Owner, &query, json!({})).await.clean().data("/doctor/activities/totalCount").as_u64().unwrap()
}

#[tokio::test]
async fn under_one_key_a_mutation_is_done_once_and_answered_alike() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        let first = log(&gateway, Actor::Manager, "a key", "x").await;
        assert_eq!(first.codes(), ["BAD_USER_INPUT"], "a key with a blank was taken: {}", first.text);
        let first = log(&gateway, Actor::Manager, "one", "x").await.clean();
        let again = log(&gateway, Actor::Manager, "one", "x").await.clean();
        assert_eq!(first.stable(), again.stable());
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}: the repeated mutation was done again");

        let other = log(&gateway, Actor::Manager, "one", "another note").await;
        assert_eq!(other.codes(), ["BAD_USER_INPUT"], "{}", other.text);
        assert_eq!(count(&gateway).await, before + 1);

        log(&gateway, Actor::Owner, "one", "x").await.clean();
        assert_eq!(count(&gateway).await, before + 2, "{kind:?}: a key of one member bound another");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixteen_at_once_one_is_done() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let before = count(&gateway).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let gateway = gateway.clone();
            all.spawn(async move { log(&gateway, Actor::Manager, "one", "x").await });
        }
        let answers = all.join_all().await;
        assert!(answers.iter().any(|answer| answer.codes().is_empty()), "{kind:?}: nobody was first");
        for answer in &answers {
            assert!(matches!(answer.codes()[..], [] | ["BAD_USER_INPUT"]), "{kind:?} {}", answer.text);
        }
        assert_eq!(count(&gateway).await, before + 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_refused_document_leaves_its_key_free() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let wrong = ask(&gateway, Actor::Manager, "one", "mutation { nothing }", json!({})).await;
    assert_eq!(wrong.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", wrong.text);
    log(&gateway, Actor::Manager, "one", "x").await.clean();
}
