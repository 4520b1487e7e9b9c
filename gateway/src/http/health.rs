//! Whether the process lives and whether it can work.
//!
//! Owns: the two probes. May use: the database's ping. Invariant: nobody needs to sign in for them, and they tell
//! nothing but yes or no.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::App;
use super::failure::Failure;
use crate::graphql::Code;

/// Longest wait for the database; orchestrators give up after about as long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// The database answers, too.
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Value>, Failure> {
    match tokio::time::timeout(PATIENCE, app.db.ping()).await {
        Ok(Ok(())) => return Ok(Json(json!({ "status": "ready" }))),
        Ok(Err(error)) => tracing::warn!(error = ?error, "the database does not answer"),
        Err(_) => tracing::warn!(patience = ?PATIENCE, "the database takes too long to answer"),
    }
    Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, "the database is unavailable"))
}
