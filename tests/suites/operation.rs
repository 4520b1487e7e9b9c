//! What whoever runs the gateway relies on. What takes a process and its signals is in `tests/operation`.

mod backup;
mod faults;
mod headers;
mod health;
mod migrating;
mod panics;
mod restore;
mod rollout;
mod stalled;
mod tls;

use serde_json::json;
use tests::{Actor, CANARY, Gateway};

/// Everybody sees their own organization, whole, and nothing of the other: asked after whatever has happened to the database.
async fn tenants_are_apart(gateway: &Gateway, after: &str) {
    let query = "{ organization { name } doctors(first: 100) { nodes { name dso { name } } } }";
    for (actor, is_of_b) in
        [(Actor::Owner, false), (Actor::OwnerOfB, true), (Actor::BothInA, false), (Actor::BothInB, true)]
    {
        let answer = gateway.ask(actor, query, json!({})).await.clean();
        let names = answer.data("/doctors/nodes").as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(!names.is_empty(), "after {after}, {actor:?} sees no doctor");
        let organization = answer.data("/organization").to_string();
        for text in names.iter().map(ToString::to_string).chain([organization]) {
            assert_eq!(text.contains(CANARY), is_of_b, "after {after}, {actor:?} sees another's: {text}");
        }
    }
}
