//! The character U+0000 in every text argument of an operation: JSON and GraphQL can represent it, and PostgreSQL
//! cannot store it.

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, World};

/// Each operation, with a text at `$text`.
const OPERATIONS: [&str; 12] = [
    "query ($text: String!) { doctors(filter: { text: $text }) { nodes { id } } }",
    "query ($text: String!) { doctors(filter: { email: $text }) { nodes { id } } }",
    "query ($text: String!) { dsos(filter: { text: $text }) { nodes { id } } }",
    "query ($text: String!) { doctorsAggregate(filter: { text: $text }) { nodes { count } } }",
    "query ($text: String!) { doctors(after: $text) { nodes { id } } }",
    "query ($text: ID!) { node(id: $text) { __typename } }",
    "query ($text: String!) { invitationPreview(token: $text) { organizationName } }",
    "query ($text: String!) { explainAccess(coordinate: $text) { allowed } }",
    "mutation ($text: String!) { joinRequestCreate(input: { organizationSlug: $text }) { userErrors { code } } }",
    "mutation ($text: String!) { invitationCreate(input: { email: $text }) { userErrors { code } } }",
    "mutation ($text: String!) { organizationCreate(input: { name: $text }) { userErrors { code } } }",
    "mutation ($text: String!) { dsoCreate(input: { name: $text }) { userErrors { code } } }",
];

#[tokio::test]
async fn a_text_that_no_column_can_hold_is_the_callers_fault_or_finds_nothing() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for text in ["\0", "a\0", "ada\0@doctors.example"] {
            for operation in OPERATIONS {
                let answer = gateway.ask(Actor::Owner, operation, json!({ "text": text })).await;
                assert!(!answer.codes().contains(&"INTERNAL"), "{kind:?} {text:?} {operation}: {}", answer.text);
                let found = answer.json.pointer("/data/doctors/nodes").and_then(|nodes| nodes.as_array());
                assert!(found.is_none_or(Vec::is_empty), "{kind:?} {text:?} {operation}: {}", answer.text);
            }
            // The same as a literal, beside a text that exists.
            let literal = text.replace('\0', "\\u0000");
            let query = format!(
                "{{ none: doctors(filter: {{ text: \"{literal}\" }}) {{ nodes {{ id }} }} all: doctors {{ totalCount }} }}"
            );
            let answer = gateway.ask(Actor::Owner, &query, json!({})).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{kind:?} {text:?} {}", answer.text);
            assert_eq!(answer.data("/none"), &json!(null), "{kind:?} {text:?}");
            assert_ne!(answer.data("/all/totalCount"), &json!(0), "{kind:?}");
        }
        let seen = gateway.ask(
            Actor::Owner,
            "query ($id: ID!) { node(id: $id) { id } }",
            json!({ "id": World::id::<entity::id::DoctorId>("doctor Smile Ada") }),
        );
        seen.await.clean();
    }
}
