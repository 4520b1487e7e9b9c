//! Documents that hide how deeply they are nested: each is refused before it is parsed, for every way of sending it.
//! The parser recurses, and a stack overflow ends the process for every tenant; here it would end the test's own
//! process.

use axum::{body::Body, http::Request};
use gateway::config::Trust;
use gateway::{
    graphql::DocumentRegistry,
    limits::{Enforcement, Limit},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::{
    Actor, Answer, Database, Gateway, Kind,
    client::{defaults, limits},
};

/// Each kind of document with this many levels.
fn documents(levels: usize) -> Vec<(&'static str, String)> {
    let lists = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = format!("{}1{}", "{a:".repeat(levels), "}".repeat(levels));
    vec![
        ("a comment that ends at a carriage return", format!("{{a(b:#\r{lists})}}")),
        ("backslashes in a block string", format!("{{a(x:\"\"\"\\\\\"\"\" \"\"\",b:{lists})}}")),
        (
            "backslashes at the end of a block string",
            format!("{{a(x:\"\"\"\\\"\"\"\\\"\"\",b:{lists},c:\"\"\"\"\"\")}}"),
        ),
        ("never closed", format!("{{a(b:#\r{}", "[".repeat(levels))),
        ("objects", format!("{{a(b:#\r{objects})}}")),
        ("a byte order mark", format!("\u{feff}{{a(b:\u{feff}{lists})}}")),
        ("commas", format!("{{a(b:,,,{})}}", lists.replace('[', "[,"))),
        ("a variable's type", format!("query($x:#\r{}Int{}){{a}}", "[".repeat(levels), "]".repeat(levels))),
        ("a variable's default", format!("query($x:Int=#\r{lists}){{a}}")),
        ("a variable's default, objects", format!("query($x:Int=#\r{objects}){{a}}")),
        ("a directive's argument", format!("{{a@include(if:#\r{lists})}}")),
        ("a directive of the operation", format!("query Q @d(x:#\r{lists}) {{a}}")),
        ("a directive of a fragment", format!("{{...f}} fragment f on Query @d(x:#\r{lists}) {{a}}")),
        ("selection sets", format!("#\r{}{}", "{a".repeat(levels), "}".repeat(levels))),
        ("inline fragments", format!("{{#\r{}a{}}}", "...{".repeat(levels), "}".repeat(levels))),
        ("parentheses", format!("{{a#\r{}", "(a:".repeat(levels))),
        ("anything, outside of a selection", format!("#\r{lists}")),
    ]
}

fn refused(answer: &Answer, name: &str) {
    assert_eq!(answer.status, 400, "{name}: {}", answer.text);
    let codes = answer.codes();
    let is_known = matches!(codes.as_slice(), ["MAX_DEPTH_LIMIT" | "GRAPHQL_PARSE_FAILED"]);
    assert!(is_known && answer.json.get("data").is_none(), "{name}: {}", answer.text);
}

async fn post(gateway: &Gateway, actor: Actor, body: &Value) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    let request = match actor.token() {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    gateway.send(request.body(Body::from(body.to_string())).expect("make a request")).await
}

/// With the limits set to their maximum: the bounds on nesting are not configurable.
#[tokio::test]
async fn nesting_that_is_hidden_from_a_careless_reader_is_refused() {
    let database = Database::world(Kind::Sqlite).await;
    let highest = [(Limit::DocumentBytes, 1024 * 1024), (Limit::Tokens, 100_000), (Limit::Depth, 64)];
    let highest =
        highest.into_iter().fold(limits(), |limits, (limit, most)| limits.with(limit, most, Enforcement::Refuse));
    let gateway = Gateway::under(&database, highest, None).await;
    for levels in [1_000, 7_000, 31_000] {
        for (name, text) in documents(levels).into_iter().filter(|(_, text)| text.len() < 100_000) {
            // Any caller with a token may send documents: no membership is needed.
            for actor in [Actor::Owner, Actor::Stranger] {
                refused(&post(&gateway, actor, &json!({ "query": text })).await, &format!("{levels} {name}"));
            }
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&text));
            let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
            let body = json!({ "query": text, "extensions": extensions });
            refused(&post(&gateway, Actor::Owner, &body).await, &format!("{levels} {name}, registered"));
            let known = post(&gateway, Actor::Owner, &json!({ "extensions": extensions })).await;
            assert_eq!(known.codes(), ["PERSISTED_QUERY_NOT_FOUND"], "{name}: it was not kept");
        }
    }
    gateway.ask(Actor::Owner, "{ viewer { name } }", json!({})).await.clean();
}

#[tokio::test]
async fn nesting_in_an_address_and_without_a_credential_is_refused() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (name, text) in documents(300) {
        let coded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let token = format!("Bearer {}", Actor::Owner.token().unwrap_or_default());
        let request = Request::get(format!("/graphql?query={coded}")).header("authorization", token);
        let request = request.header("accept", "application/graphql-response+json");
        let answer = gateway.send(request.body(Body::empty()).expect("make a request")).await;
        refused(&answer, name);
        let answer = post(&gateway, Actor::Anonymous, &json!({ "query": text })).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{name}");
    }
}

/// An honest client's values and types are within the bounds.
#[tokio::test]
async fn as_deep_as_the_schema_needs_is_answered() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let text = "query ($a: [[[ID!]!]!] = [[[\"x\"]]], $b: [ID!]! = [\"x\"]) { nodes(ids: $b) { id } __typename @include(if: true) }";
    let answer = gateway.ask(Actor::Owner, text, json!({})).await;
    assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "it was parsed: `$a` is not used: {}", answer.text);
    let sets = format!("{{ {}__typename {}}}", "... on Query { ".repeat(30), "} ".repeat(30));
    gateway.ask(Actor::Owner, &sets, json!({})).await.clean();
}

#[tokio::test]
async fn a_list_of_trusted_documents_is_read_as_carefully() {
    for (name, text) in documents(6_000).into_iter().filter(|(_, text)| text.len() < 32_000) {
        let folder = tempfile::tempdir().expect("make a folder");
        let manifest = json!({ "an-id": text });
        std::fs::write(folder.path().join("relay.json"), manifest.to_string()).expect("write a manifest");
        let mut documents = defaults().documents;
        (documents.trust, documents.manifest) = (Trust::Enforce, vec![folder.path().to_owned()]);
        let unsound = DocumentRegistry::open(&documents, limits()).expect_err(name).to_string();
        assert!(unsound.contains("cannot be run: "), "{name}: {unsound}");
    }
}

/// JSON has its own bound on nesting; within it, coercion recurses no deeper than the input.
#[tokio::test]
async fn nested_variables_and_extensions_are_refused_or_bounded() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = "query ($filter: DoctorFilter) { doctors(filter: $filter) { totalCount } }";
    let token = format!("Bearer {}", Actor::Owner.token().unwrap_or_default());
    for (open, close) in [("[", "]"), ("{\"and\":", "}"), ("{\"filter\":[", "]}")] {
        for levels in [50, 120, 1_000, 20_000] {
            let nested = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            for (variables, extensions) in [
                (format!("{{\"filter\":{nested}}}"), "{}".to_owned()),
                ("{}".to_owned(), format!("{{\"x\":{nested}}}")),
            ] {
                let body =
                    format!("{{\"query\":{},\"variables\":{variables},\"extensions\":{extensions}}}", json!(query));
                let request = Request::post("/graphql")
                    .header("content-type", "application/json")
                    .header("accept", "application/graphql-response+json")
                    .header("authorization", &token)
                    .header("x-organization-id", Actor::Owner.organization().unwrap_or_default());
                let answer = gateway.send(request.body(Body::from(body)).expect("make a request")).await;
                let is_answered = answer.status == 200 && levels < 128;
                assert!(is_answered || matches!(answer.status.as_u16(), 400 | 413), "{open} {levels}: {}", answer.text);
            }
        }
    }
}
