//! The dashboard: its page, its files, and what it has to know before anybody has signed in.
//!
//! Owns: their routes and their policy, which is stricter than GraphiQL's: no inline style either, and of all other hosts only the
//! provider at which people sign in. May use: the configuration's `Pages`.
//! Invariant: `config.json` holds nothing but what the operator wrote into `[pages]`, none of which is secret.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::routing::get;
use serde::Serialize;

use super::{AssetHeaders, IMMUTABLE, NO_CACHE, NO_FILE, NOT_BUILT, PageConfig, configuration, serve};
use crate::config::{Pages, SignIn};

#[cfg(test)]
mod tests;

/// What the page is told before anybody has signed in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct DashboardConfig {
    sign_in: Option<SignIn>,
    #[serde(flatten)]
    page: PageConfig,
}

/// The routes of the dashboard, for a router of any state.
pub fn routes<S>(pages: &Pages) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let policy: Arc<str> = policy(pages.sign_in.as_ref()).into();
    let (on_page, on_asset, on_config) = (policy.clone(), policy.clone(), policy);
    let config = DashboardConfig { sign_in: pages.sign_in.clone(), page: pages.into() };
    Router::new()
        // With the slash, since that is the address to which the provider sends people back.
        .route("/dashboard", get(async || Redirect::permanent("/dashboard/")))
        .route("/dashboard/", get(async move |headers: HeaderMap| page(&on_page, &headers)))
        .route(
            "/dashboard/assets/{*name}",
            get(async move |Path(name): Path<String>, headers: HeaderMap| asset(&on_asset, &name, &headers)),
        )
        .route("/dashboard/config.json", get(async move || configuration(&on_config, config)))
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
    serve("dashboard/index.html", &AssetHeaders { caching: NO_CACHE, absent: NOT_BUILT, policy }, headers)
}

fn asset(policy: &str, name: &str, headers: &HeaderMap) -> Response {
    serve(&format!("dashboard/assets/{name}"), &AssetHeaders { caching: IMMUTABLE, absent: NO_FILE, policy }, headers)
}
