//! `/metrics`, on a listener of its own.
//!
//! Owns: the one route there. May use: the exposition. Invariant: no request of the public listener comes here; nobody signs in.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::sight::Exposition;

/// What the collector of metrics asks.
pub fn router(exposition: Exposition) -> Router {
    Router::new().route("/metrics", get(tell)).with_state(exposition)
}

async fn tell(State(exposition): State<Exposition>) -> Response {
    match exposition.text() {
        Ok(text) => ([(CONTENT_TYPE, Exposition::MEDIA_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
