//! The pages (GraphiQL, the dashboard): the built files of `ui/dist`, embedded, so that no other host is ever asked.
//!
//! Owns their routes, their caching and their content security policy. May use axum and the configuration's `Pages`.
//! Invariant: every answer carries the policy, and no page runs a script that is not a file of this binary.

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::config::{Pages, TokenLinks};
use file::File;

pub mod dashboard;
mod file;
pub mod home;
#[cfg(test)]
mod tests;

/// What the GraphiQL page may do: run and ask only what this gateway serves. `'unsafe-inline'` is for styles alone: the editor (Monaco)
/// writes style elements and attributes as one types. `data:` images are a few arrows in its style sheet.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                          connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What stands in place of a page that was not built.
const NOT_BUILT: &str = "this gateway was built without its pages: build it again without GATEWAY_PAGES=skip\n";

/// What stands in place of a file that no page has.
const NO_FILE: &str = "not found\n";

/// What stands in place of a file that cannot be decompressed.
const DAMAGED: &str = "this file of the page is damaged in this build\n";

/// For an address that stays while its content changes: the browser asks each time, and is sent only what changed.
const NO_CACHE: &str = "no-cache";

/// For a name that changes with its content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What the GraphiQL page asks the gateway before it takes a token from its address.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct PageConfig {
    token_links: bool,
}

impl From<&Pages> for PageConfig {
    fn from(pages: &Pages) -> Self {
        Self { token_links: pages.token_links == TokenLinks::Asked }
    }
}

/// The routes of the pages, for a router of any state. `/graphiql/schema.graphql` is not theirs: it needs the caller.
pub fn routes<S>(pages: &Pages) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let config = PageConfig::from(pages);
    Router::new()
        .route("/graphiql/config.json", get(async move || configuration(POLICY, config)))
        .route("/graphiql", get(index))
        .route("/graphiql/", get(index))
        .route("/graphiql/assets/{*name}", get(asset))
}

/// The GraphiQL page: also the answer to a browser's `GET /graphql` with `Accept: text/html`. 404 with a hint when the gateway was built
/// without pages.
pub async fn index(headers: HeaderMap) -> Response {
    serve("index.html", &AssetHeaders { caching: NO_CACHE, absent: NOT_BUILT, policy: POLICY }, &headers)
}

/// A script, style or font of the page. Its name changes with its content, so a browser keeps it for good. 404 when there is none.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("assets/{name}"), &AssetHeaders { caching: IMMUTABLE, absent: NO_FILE, policy: POLICY }, &headers)
}

/// On what terms a file is given.
struct AssetHeaders<'page> {
    caching: &'static str,
    /// What is said when there is no such file.
    absent: &'static str,
    policy: &'page str,
}

fn serve(name: &str, terms: &AssetHeaders<'_>, request: &HeaderMap) -> Response {
    let refused = |status, words: &'static str| {
        (status, with_policy("no-store", "text/plain; charset=utf-8", terms.policy), words).into_response()
    };
    let Some(file) = File::find(name) else { return refused(StatusCode::NOT_FOUND, terms.absent) };
    let is_gzip = accepts_gzip(request);
    // Two encodings are two representations, and a strong tag names one.
    let tag = if is_gzip { format!("\"{}-gzip\"", file.tag) } else { format!("\"{}\"", file.tag) };

    let guarded = with_policy(terms.caching, media_type(name), terms.policy);
    let mut response = if is_known(request, &tag) {
        (StatusCode::NOT_MODIFIED, guarded).into_response()
    } else if is_gzip {
        (guarded, file.gzip).into_response()
    } else if let Some(plain) = file.plain() {
        (guarded, plain).into_response()
    } else {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, DAMAGED);
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The answer to a page that asks for its configuration.
fn configuration(policy: &str, config: impl Serialize) -> Response {
    (with_policy(NO_CACHE, "application/json", policy), Json(config)).into_response()
}

/// The headers of every answer. The policy is on the scripts as well: a worker runs under the policy of its own file.
fn with_policy<'page>(
    caching: &'static str,
    media_type: &'static str,
    policy: &'page str,
) -> [(HeaderName, &'page str); 5] {
    [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, caching),
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ]
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether gzip is named and not refused with `q=0`. `*` is not read as gzip: whoever wants it names it.
fn accepts_gzip(request: &HeaderMap) -> bool {
    listed(request, &ACCEPT_ENCODING).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |weight: &str| weight.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip")) && !parts.any(refused)
    })
}

/// Whether the browser holds these very bytes. Compared weakly, as RFC 9110 §13.1.2 says for `If-None-Match`.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    listed(request, &IF_NONE_MATCH).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The members of a comma-separated header, over all its lines.
fn listed<'request>(request: &'request HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'request str> {
    request.get_all(name).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}
