//! The checks of `graphql-cop`, the endpoint auditor, reimplemented: the requests of each check, and its condition for
//! a finding.
//!
//! Owns: the list. In production (trusted documents enforced, introspection off) there is no finding for any caller.
//! With the default configuration the gateway answers queries by GET, as GraphQL over HTTP specifies, and there is no
//! other finding for a caller without a credential.

use axum::{
    body::Body,
    http::{Method, Request},
};
use gateway::config::{Documents, Introspection, Suggestions, Trust};
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, client::defaults};

/// A request: the method, the path and query, the media type and the body.
type Sent = (Method, &'static str, &'static str, String);

/// A check: its name, its requests, and whether an answer is a finding.
struct Check {
    name: &'static str,
    sent: Vec<Sent>,
    found: fn(&Answer) -> bool,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TYPENAME: &str = "/graphql?query=%7B__typename%7D";

fn post(query: &str) -> Sent {
    (Method::POST, "/graphql", JSON, json!({ "query": query }).to_string())
}

fn get(address: &'static str) -> Sent {
    (Method::GET, address, "", String::new())
}

fn answered(answer: &Answer) -> bool {
    answer.json["data"]["__typename"].is_string()
}

/// The words by which an editor is recognized.
const EDITORS: [&str; 4] = ["graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground"];

fn checks() -> Vec<Check> {
    let aliases = (0..101).map(|number| format!("alias{number}:__typename")).collect::<Vec<_>>().join(" \n");
    let circle = "query { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }";
    let check = |name, sent, found| Check { name, sent, found };
    vec![
        check("introspection", vec![post("query { __schema { types { name fields { name } } } }")], |answer| {
            answer.json["data"]["__schema"]["types"].is_array()
        }),
        check(
            "field suggestions",
            vec![post("query { __schema { directive } }"), post("{ viewr { name } }")],
            |answer| answer.text.contains("Did you mean"),
        ),
        check(
            "GraphiQL",
            ["/graphiql", "/graphiql/", "/playground", "/console", "/graphql"].map(get).to_vec(),
            |answer| EDITORS.iter().any(|word| answer.text.contains(word)),
        ),
        check("queries over GET", vec![get(TYPENAME)], answered),
        check("mutations over GET", vec![get("/graphql?query=mutation%20%7B__typename%7D")], answered),
        check(
            "a form by POST",
            vec![
                (Method::POST, TYPENAME, FORM, String::new()),
                (Method::POST, "/graphql", FORM, "query=query%20%7B__typename%7D".to_owned()),
            ],
            answered,
        ),
        check("alias overloading", vec![post(&format!("query {{ {aliases} }}"))], |answer| {
            answer.json["data"]["alias100"].is_string()
        }),
        check(
            "batches",
            vec![(
                Method::POST,
                "/graphql",
                JSON,
                Value::from(vec![json!({ "query": "query { __typename }" }); 11]).to_string(),
            )],
            |answer| answer.json.as_array().is_some_and(|answers| answers.len() >= 10),
        ),
        check("field duplication", vec![post(&format!("query {{ {} }}", "__typename \n".repeat(500)))], answered),
        // The library ignores directives of `__typename`; of a field it reports each.
        check(
            "directive overloading",
            ["__typename @@", "viewer @@ { name }"]
                .map(|at| post(&format!("query {{ {} }}", at.replace("@@", &"@aa".repeat(10)))))
                .to_vec(),
            |answer| answer.json["errors"].as_array().is_some_and(|errors| errors.len() >= 10),
        ),
        check("circular introspection", vec![post(circle)], |answer| {
            answer.json["data"]["__schema"]["types"].as_array().is_some_and(|types| types.len() > 25)
        }),
        check("trace mode", vec![post("query { __typename }")], |answer| {
            answer.text.to_lowercase().contains("stacktrace")
                || answer.json["extensions"].get("tracing").is_some()
                || answer.json["errors"][0]["extensions"].get("exception").is_some()
        }),
        check("unhandled errors", vec![post("qwerty cop { abc }")], |answer| {
            answer.json["errors"][0]["extensions"].get("exception").is_some()
                || super::INSIDE.iter().any(|word| answer.text.contains(word))
        }),
    ]
}

async fn found(gateway: &Gateway, actor: Actor) -> Vec<&'static str> {
    let mut findings = Vec::new();
    for check in checks() {
        for (method, address, media, body) in &check.sent {
            let mut request = Request::builder().method(method).uri(*address).header("accept", "*/*");
            if !media.is_empty() {
                request = request.header("content-type", *media);
            }
            if let Some(token) = actor.token() {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let request = request.body(Body::from(body.clone())).expect("make a request");
            let answer = gateway.send(request).await;
            assert!(answer.status.as_u16() < 500, "{}: {} {}", check.name, answer.status, answer.text);
            if (check.found)(&answer) {
                findings.push(check.name);
            }
        }
    }
    findings.dedup();
    findings
}

#[tokio::test]
async fn in_production_nothing_is_found() {
    let folder = tempfile::tempdir().expect("make a folder");
    std::fs::write(folder.path().join("names.graphql"), "{ dsos { nodes { name } } }").expect("write a document");
    let database = Database::world(Kind::Sqlite).await;
    let production = Documents {
        trust: Trust::Enforce,
        manifest: vec![folder.path().to_owned()],
        introspection: Introspection::Off,
        suggestions: Suggestions::Off,
        ..defaults().documents
    };
    let gateway = Gateway::with_documents(&database, production).await;
    assert!(checks().len() >= 12, "a check was lost");
    for actor in [Actor::Anonymous, Actor::Stranger, Actor::Viewer, Actor::Owner] {
        assert_eq!(found(&gateway, actor).await, Vec::<&str>::new(), "{actor:?}");
    }
}

#[tokio::test]
async fn as_it_comes_only_queries_over_get_are_found() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    assert_eq!(found(&gateway, Actor::Anonymous).await, ["queries over GET"]);
    // Positive control: the checks do report findings where there are some.
    let signed_in = found(&gateway, Actor::Owner).await;
    assert!(["introspection", "field suggestions"].iter().all(|name| signed_in.contains(name)), "{signed_in:?}");
}

/// The text of the page before its script runs.
#[test]
fn the_page_is_not_recognized_by_its_name() {
    let page = include_str!("../../../gateway/ui/index.html");
    assert!(
        EDITORS.iter().all(|word| !page.contains(word)),
        "an auditor would find the editor by this page's own words"
    );
}
