//! The dashboard: its page, its files, and what it has to know before anybody has signed in.
//!
//! Owns: their routes and their policy, which is stricter than GraphiQL's: no inline style either, and of all other hosts only the
//! provider at which people sign in. May use: the configuration's `SignIn`.
//! Invariant: `config.json` holds nothing but what the operator wrote into `[pages.sign_in]`, none of which is secret.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::{ABSENT, ASK_AGAIN, FOR_GOOD, NO_FILE, Terms, guarded, serve};
use crate::config::SignIn;

#[cfg(test)]
mod tests;

/// What the page is told before anybody has signed in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    sign_in: Option<SignIn>,
}

/// The routes of the dashboard, for a router of any state.
pub fn routes<S>(sign_in: Option<&SignIn>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let policy: Arc<str> = policy(sign_in).into();
    let (on_page, on_asset, on_told) = (policy.clone(), policy.clone(), policy);
    let told = Told { sign_in: sign_in.cloned() };
    Router::new()
        // With the slash, since that is the address to which the provider sends people back.
        .route("/dashboard", get(async || Redirect::permanent("/dashboard/")))
        .route("/dashboard/", get(async move |headers: HeaderMap| page(&on_page, &headers)))
        .route(
            "/dashboard/assets/{*name}",
            get(async move |Path(name): Path<String>, headers: HeaderMap| asset(&on_asset, &name, &headers)),
        )
        .route("/dashboard/config.json", get(async move || configuration(&on_told, told)))
}

/// What the page may do. Charts set styles from their script, which no directive forbids; a style in a text is refused.
fn policy(sign_in: Option<&SignIn>) -> String {
    let provider = sign_in.map(|sign_in| format!(" {}", sign_in.origin())).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{provider}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn page(policy: &str, headers: &HeaderMap) -> Response {
    serve("dashboard/index.html", &Terms { caching: ASK_AGAIN, absent: ABSENT, policy }, headers)
}

fn asset(policy: &str, name: &str, headers: &HeaderMap) -> Response {
    serve(&format!("dashboard/assets/{name}"), &Terms { caching: FOR_GOOD, absent: NO_FILE, policy }, headers)
}

fn configuration(policy: &str, told: Told) -> Response {
    (guarded(ASK_AGAIN, "application/json", policy), Json(told)).into_response()
}
