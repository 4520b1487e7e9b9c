//! `/graphiql/schema.graphql`: the schema with its guards, for the page's documentation.
//!
//! Owns: that one file. May use: authn. Invariant: only somebody signed in reads it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::App;
use super::failure::Failure;

/// The schema in its own language.
pub(super) async fn handle(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    app.authenticator.take().authenticate(&headers).await?.ok_or_else(Failure::unauthenticated)?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], app.engine.sdl().to_owned()).into_response())
}
