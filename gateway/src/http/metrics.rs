//! `/metrics`, on a listener of its own.
//!
//! Owns: the one route there. May use: the exposition, `readiness`. Invariant: no request of the public listener comes here; nobody signs
//! in; however many collect, the database is asked no more than by probes.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Readiness;
use crate::sight::{Exposition, Ready};

/// What the collector of metrics asks.
pub fn router(exposition: Exposition, readiness: Readiness) -> Router {
    Router::new().route("/metrics", get(tell)).with_state((exposition, readiness))
}

async fn tell(State((exposition, readiness)): State<(Exposition, Readiness)>) -> Response {
    let ready = if readiness.look().await.is_ok() { Ready::Yes } else { Ready::No };
    match exposition.text(ready) {
        Ok(text) => ([(CONTENT_TYPE, Exposition::MEDIA_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
