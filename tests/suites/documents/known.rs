//! A document that was found valid before is validated as if it came for the first time, including the values of its
//! variables.

use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind};

/// Documents, each with variables with which it is valid and others with which it may not be.
fn documents() -> Vec<(&'static str, Value, Vec<Value>)> {
    let odd = |name: &str, values: &[Value]| {
        let mut all: Vec<_> = values.iter().map(|value| json!({ name: value })).collect();
        all.extend([json!({}), json!({ "unknown": 1 })]);
        all
    };
    let any = [
        json!(null),
        json!(5),
        json!(-5),
        json!(5.5),
        json!(3_000_000_000_u64),
        json!(true),
        json!("x"),
        json!("2026-01-01T00:00:00Z"),
        json!(["x"]),
        json!([5, null]),
        json!([["x"]]),
        json!([]),
        json!({ "field": "NAME" }),
        json!({ "field": "NOTHING" }),
        json!({ "field": "NAME", "more": 1 }),
        json!({}),
    ];
    vec![
        ("query ($id: ID!) { dso(id: $id) { name } }", json!({ "id": "x" }), odd("id", &any)),
        ("query ($n: Int = 2) { doctors(first: $n) { nodes { name } } }", json!({ "n": 3 }), odd("n", &any)),
        (
            "query ($order: DoctorOrder) { doctors(orderBy: $order) { nodes { name } } }",
            json!({ "order": { "field": "NAME" } }),
            odd("order", &any),
        ),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ["x"] }), odd("ids", &any)),
        ("query ($yes: Boolean!) { viewer { name @skip(if: $yes) } }", json!({ "yes": true }), odd("yes", &any)),
        (
            "query ($since: DateTime) { doctors(filter: { contactedFrom: $since }) { totalCount } }",
            json!({ "since": "2026-01-01T00:00:00Z" }),
            odd("since", &any),
        ),
        (
            // If the variable is left out, the argument is not validated; if it is given, `more` is found.
            "query ($ids: [ID!]) { doctors(filter: { dsoIds: $ids, more: 1 }) { totalCount } }",
            json!({}),
            odd("ids", &any),
        ),
        ("query { __schema { queryType { name fields { name } } types { name } } }", json!({}), vec![json!({})]),
        (
            "mutation ($name: String!) { dsoCreate(input: { name: $name }) { userErrors { code } } }",
            json!({ "name": " " }),
            // Only values with which no DSO would be created.
            odd("name", &any).into_iter().filter(|given| !given["name"].is_string()).collect(),
        ),
    ]
}

fn told(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.stable())
}

#[tokio::test]
async fn a_document_that_was_valid_before_is_judged_as_if_it_were_new() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let mut refused = 0;
    for (text, valid, others) in documents() {
        for _ in 0..2 {
            gateway.ask(Actor::Owner, text, valid.clone()).await;
        }
        for (number, variables) in others.iter().enumerate() {
            let known = gateway.ask(Actor::Owner, text, variables.clone()).await;
            // An equivalent document that is not in the cache yet.
            let new = gateway.ask(Actor::Owner, &format!("{text}\n# {number}"), variables.clone()).await;
            assert_eq!(told(&known), told(&new), "{text} with {variables}");
            refused += usize::from(!known.codes().is_empty());
            let again = gateway.ask(Actor::Owner, text, valid.clone()).await;
            let first = gateway.ask(Actor::Owner, &format!("{text}\n# valid {number}"), valid.clone()).await;
            assert_eq!(told(&again), told(&first), "{text} after {variables}");
        }
    }
    assert!(refused > 60, "only {refused} were refused: what is compared here?");
}

/// Fields that exist only to spare the library a lookup must not be selectable.
#[tokio::test]
async fn fields_outside_the_schema_are_refused_in_repeated_documents() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for text in [
        "{ _service { sdl } }",
        "{ _entities(representations: []) { __typename } }",
        "{ viewer { name } _service { sdl } }",
    ] {
        for _ in 0..3 {
            let answer = gateway.ask(Actor::Owner, text, json!({})).await;
            assert_eq!(answer.codes().first(), Some(&"GRAPHQL_VALIDATION_FAILED"), "{text}: {}", answer.text);
        }
    }
    for _ in 0..3 {
        let answer = gateway.ask(Actor::Owner, "{ __schema { types { name } } }", json!({})).await.clean();
        assert!(!answer.text.contains("_Service") && answer.text.contains("DoctorConnection"), "{}", answer.text);
    }
}
