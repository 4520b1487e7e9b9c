//! `/`, and the icon for which browsers ask unbidden.
//!
//! Owns: these two routes. May use: axum, the choice by `Accept`. Invariant: a browser that opens the gateway's bare address finds the
//! dashboard; a client that does not ask for a page is answered as at any address where nothing is.

use axum::Router;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::http::{content_negotiation, error};

/// The routes, for a router of any state.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/", get(home))
        // There is no icon; a 404 for each visit would only fill the log.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
}

async fn home(headers: HeaderMap) -> Response {
    let mut response = if content_negotiation::wants_page(&headers) {
        // Not for good: an operator may turn the pages off, or put something else there.
        Redirect::temporary("/dashboard/").into_response()
    } else {
        error::no_such_path().await.into_response()
    };
    response.headers_mut().append(VARY, HeaderValue::from_name(ACCEPT));
    response
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::LOCATION;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(accept: Option<&str>) -> Response {
        let request = accept.into_iter().fold(Request::get("/"), |request, accept| request.header(ACCEPT, accept));
        let router: Router = routes();
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_browser_finds_the_dashboard_and_a_client_finds_nothing() {
        for browser in ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"] {
            let response = ask(Some(browser)).await;
            assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT, "{browser}");
            assert_eq!(response.headers()[LOCATION], "/dashboard/");
            assert_eq!(response.headers()[VARY], "accept");
        }
        for client in [None, Some("*/*"), Some("application/json"), Some("application/json, text/html;q=0.5")] {
            let response = ask(client).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{client:?}");
            assert_eq!(response.headers()[VARY], "accept");
        }
    }
}
