//! Which documents may be run, by whom, and how they are named.
//!
//! Owns: gateways with a choice of documents of their own, and folders that hold trusted ones.

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

/// A gateway over a database, with what `change` makes of the default choice of documents.
async fn gateway(database: &Database, change: impl FnOnce(&mut Documents)) -> Gateway {
    let mut documents = defaults().documents;
    change(&mut documents);
    Gateway::with_documents(database, documents).await
}

/// A body as it is, asked by somebody.
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

/// As it stands in an address.
fn coded(text: &str) -> String {
    let mut coded = String::new();
    for byte in text.bytes() {
        coded += &format!("%{byte:02X}");
    }
    coded
}
