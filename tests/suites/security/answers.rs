//! Answers made to be large, and left unread.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use gateway::config::{Enforcement, Limit};
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, client::limits};

const EXPENSIVE: &str = "COST_ESTIMATED_TOO_EXPENSIVE";

async fn within(database: &Database, bytes: u64, beyond: Enforcement) -> Gateway {
    Gateway::under(database, limits().with(Limit::AnswerBytes, bytes, beyond), None).await
}

fn refused(answer: &Answer, why: &str) {
    assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec![EXPENSIVE]), "{}", answer.text);
    assert!(answer.json.get("data").is_none() && answer.text.contains(why), "{}", answer.text);
}

#[tokio::test]
async fn long_alias_is_refused_before_execution() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let (most, more) = ("x".repeat(64), "x".repeat(65));
    gateway.ask(Actor::Owner, &format!("{{ viewer {{ {most}: name }} }}"), json!({})).await.clean();
    let _ = gateway.recorder.take();
    for text in [
        format!("{{ doctors(first: 100) {{ nodes {{ {more}: name }} }} }}"),
        format!("{{ {more}: viewer {{ name }} }}"),
        format!("{{ viewer {{ ... on Viewer {{ {more}: name }} }} }}"),
        format!("{{ viewer {{ ...f }} }} fragment f on Viewer {{ {more}: name }}"),
        format!("{{ doctors(first: 1) {{ nodes {{ {}: name }} }} }}", "x".repeat(31_000)),
    ] {
        refused(&gateway.ask(Actor::Owner, &text, json!({})).await, "bytes; at most 64 are allowed");
    }
    assert_eq!(gateway.recorder.take(), [], "it was refused before anything ran");
}

/// The size of the keys alone is known beforehand; the size of the values is found while they are serialized, in
/// either form of an answer.
#[tokio::test]
async fn an_answer_that_is_too_large_is_refused_whole() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = within(&database, 1_500, Enforcement::Refuse).await;
        let small = gateway.ask(Actor::Owner, "{ doctors(first: 2) { nodes { id name } } }", json!({})).await.clean();
        assert!(small.text.len() < 1_500);

        let _ = gateway.recorder.take();
        let keys = "{ doctors(first: 100) { nodes { aRatherLongAlias: name } } }";
        refused(&gateway.ask(Actor::Owner, keys, json!({})).await, "the keys alone");
        let described = "{ __schema { types { name description fields { name description } } } }";
        refused(&gateway.ask(Actor::Owner, described, json!({})).await, "the keys alone");
        assert_eq!(gateway.recorder.take(), [], "it was refused before anything ran");

        let fields = "a: id b: id c: id d: id e: id f: id g: id h: id";
        let rows = format!("doctors(first: 8) {{ nodes {{ {fields} }} }}");
        for text in [
            format!("{{ {rows} }}"),
            format!("{{ doctors(first: 8) {{ edges {{ node {{ {fields} }} }} }} }}"),
            // Two selections under one key: these are not serialized as text directly.
            format!("{{ {rows} doctors(first: 8) {{ nodes {{ z: id }} }} }}"),
        ] {
            refused(&gateway.ask(Actor::Owner, &text, json!({})).await, "the answer is larger than 1500 bytes");
        }
        let measuring = within(&database, 1_500, Enforcement::Measure).await;
        let whole = measuring.ask(Actor::Owner, &format!("{{ {rows} }}"), json!({})).await.clean();
        assert!(whole.text.len() > 1_500, "the control: {}", whole.text);
    }
}

#[tokio::test]
async fn a_mutation_with_a_large_answer_was_run_and_says_so() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = within(&database, 700, Enforcement::Refuse).await;
    let aliases: String = (0..28).map(|number| format!("a{number}: name ")).collect();
    let text =
        format!("mutation {{ dsoCreate(input: {{ name: \"A name of some length\" }}) {{ dso {{ {aliases} }} }} }}");
    let answer = gateway.ask(Actor::Owner, &text, json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (200, vec![EXPENSIVE]), "{}", answer.text);
    assert!(answer.json["data"].is_null() && answer.text.contains("The mutation was run"), "{}", answer.text);
    let made = gateway.ask(Actor::Owner, "{ dsos(first: 10) { nodes { name } } }", json!({})).await.clean();
    assert!(made.text.contains("A name of some length"), "{}", made.text);
}

/// The memory of an answer counts against its person until they have read it.
#[tokio::test]
async fn caller_with_unread_answers_is_rate_limited() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = within(&database, 100_000, Enforcement::Refuse).await;
    let ask = |actor: Actor| {
        let query = "{ __schema { types { name description } } }";
        Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", actor.token().unwrap_or_default()))
            .body(Body::from(json!({ "query": query }).to_string()))
            .expect("make a request")
    };
    let mut unread = Vec::new();
    let refused = loop {
        let response = gateway.begin(ask(Actor::Owner)).await;
        if response.status() != 200 {
            break response;
        }
        unread.push(response.into_body());
        assert!(unread.len() < 100, "each is held in memory, and there is no end");
    };
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let refused = to_bytes(refused.into_body(), usize::MAX).await.expect("read the answer");
    let refused: Value = serde_json::from_slice(&refused).expect("JSON");
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refused}");
    assert_eq!(gateway.begin(ask(Actor::OwnerOfB)).await.status(), 200, "another person has read theirs");
    let read = to_bytes(unread.pop().expect("an answer"), usize::MAX).await.expect("read the answer");
    assert!(read.len() > 10_000);
    assert_eq!(gateway.begin(ask(Actor::Owner)).await.status(), 429, "the bytes that were read are still held here");
    drop((read, unread));
    assert_eq!(gateway.begin(ask(Actor::Owner)).await.status(), 200);
}
