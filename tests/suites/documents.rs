//! Which documents may be executed, by which callers, and how documents are identified.
//!
//! Owns: gateways with their own configuration of documents, and folders that contain trusted ones.

mod introspection;
mod known;
mod persisted;
mod specification;
mod trusted;

use axum::{body::Body, http::Request};
use gateway::config::Documents;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Actor, Answer, Database, Gateway, client::defaults};

/// A gateway over a database, with the default configuration of documents as modified by `change`.
async fn gateway(database: &Database, change: impl FnOnce(&mut Documents)) -> Gateway {
    let mut documents = defaults().documents;
    change(&mut documents);
    Gateway::with_documents(database, documents).await
}

/// Sends a body unchanged, as an actor.
async fn send(gateway: &Gateway, actor: Actor, body: &Value) -> Answer {
    let mut request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    if let Some(token) = actor.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(organization) = actor.organization() {
        request = request.header("x-organization-id", organization);
    }
    gateway.send(request.body(Body::from(body.to_string())).expect("make a request")).await
}

fn sha256(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// The text percent-encoded for a URL.
fn coded(text: &str) -> String {
    let mut coded = String::new();
    for byte in text.bytes() {
        coded += &format!("%{byte:02X}");
    }
    coded
}
