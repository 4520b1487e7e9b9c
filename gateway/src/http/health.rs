//! Whether the process lives and whether it can work.
//!
//! Owns: the two probes. May use: `readiness`. Invariant: nobody needs to sign in for them, and they tell nothing but yes or no, and
//! in one word why not.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::App;
use super::error::HttpError;
use crate::errors::ErrorCode;

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// The database answers and is current, and the process is not about to end.
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Value>, HttpError> {
    match app.readiness.check().await {
        Ok(()) => Ok(Json(json!({ "status": "ready" }))),
        Err(why) => Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, why.message())),
    }
}
