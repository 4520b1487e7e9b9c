//! Callers who are not signed in cannot find out names of the schema the way `clairvoyance` does it: send many words
//! and see which are answered differently. Timing is not tested: a caller is refused before the schema is consulted.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, sample};

/// Words that are in the schema, and those that are not.
fn words() -> (BTreeSet<String>, BTreeSet<String>) {
    let schema = parse_schema(include_str!("../../../schema.graphql")).expect("parse the schema");
    let mut real = BTreeSet::new();
    for definition in schema.definitions {
        let TypeSystemDefinition::Type(ty) = definition else { continue };
        real.insert(ty.node.name.node.to_string());
        match &ty.node.kind {
            TypeKind::Object(object) => {
                for field in &object.fields {
                    real.insert(field.node.name.node.to_string());
                    real.extend(field.node.arguments.iter().map(|argument| argument.node.name.node.to_string()));
                }
            }
            TypeKind::InputObject(object) => {
                real.extend(object.fields.iter().map(|field| field.node.name.node.to_string()));
            }
            TypeKind::Enum(kinds) => real.extend(kinds.values.iter().map(|value| value.node.value.node.to_string())),
            TypeKind::Scalar | TypeKind::Interface(_) | TypeKind::Union(_) => {}
        }
    }
    // Near misses, and words of a common word list.
    let near = real.iter().flat_map(|word| [format!("{word}s"), format!("x{word}"), word.chars().rev().collect()]);
    let common = ["users", "me", "login", "token", "admin", "password", "account", "orders", "createUser", "flag"];
    let wrong = near.chain(common.map(str::to_owned)).filter(|word| !real.contains(word)).collect();
    (real, wrong)
}

/// Documents that try a word in each position.
fn probes(word: &str) -> [String; 8] {
    [
        format!("{{ {word} }}"),
        format!("{{ {word} {{ {word} }} }}"),
        format!("{{ viewer {{ {word} }} }}"),
        format!("{{ doctors(filter: {{ {word}: 1 }}) {{ {word} }} }}"),
        format!("mutation {{ {word} }}"),
        format!("mutation {{ {word}(input: {{ {word}: 1 }}) {{ {word} }} }}"),
        format!("{{ __type(name: \"{word}\") {{ fields {{ name }} }} }}"),
        format!("query ($x: {word}) {{ ... on {word} {{ {word}(x: $x) }} }}"),
    ]
}

#[tokio::test]
async fn schema_names_cannot_be_guessed_without_a_credential() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let (real, wrong) = words();
    assert!(real.len() > 300 && real.contains("email") && wrong.len() > real.len(), "{} words", real.len());
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for word in real.iter().chain(wrong.iter().step_by(sample(8, 1))) {
        // The one field that is public, so its own name is answered differently: its document must still be valid, and
        // the refusal gives no details.
        for probe in probes(word) {
            let answer = gateway.ask(Actor::Anonymous, &probe, json!({})).await;
            let mut headers: Vec<_> = answer.headers.iter().filter(|(name, _)| *name != "x-request-id").collect();
            headers.sort_by_key(|(name, _)| name.as_str());
            let told = format!("{} {headers:?} {}", answer.status, answer.stable());
            if word == "invitationPreview" && told.contains("GRAPHQL_VALIDATION_FAILED") {
                continue;
            }
            answers.entry(told).or_insert(probe);
        }
    }
    assert_eq!(answers.len(), 1, "these are answered otherwise than all others: {answers:#?}");
    assert!(answers.keys().all(|told| told.starts_with("401")), "{answers:?}");
}

/// Positive control: public fields are answered, so the refusals above are not those of a gateway that answers no
/// caller.
#[tokio::test]
async fn public_fields_are_answered_without_a_credential() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = "query ($token: String!) { invitationPreview(token: $token) { organizationName } }";
    gateway.ask(Actor::Anonymous, query, json!({ "token": "x" })).await.clean();
    gateway.ask(Actor::Owner, "{ viewer { email } }", json!({})).await.clean();
}
