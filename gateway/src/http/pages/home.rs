//! `/`, and the icon for which browsers ask unbidden.
//!
//! Owns: these two routes. May use: axum. Invariant: a browser that opens the gateway's bare address finds the dashboard.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;

/// The routes, for a router of any state.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        // Not for good: an operator may turn the pages off, or put something else there.
        .route("/", get(async || Redirect::temporary("/dashboard/")))
        // There is no icon; a 404 for each visit would only fill the log.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
}
