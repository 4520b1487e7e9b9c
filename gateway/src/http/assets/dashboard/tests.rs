//! The dashboard as a browser asks for it, with a provider to sign in at and without.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderName, Request, Response, StatusCode};
use tower::ServiceExt as _;

use super::super::file::FILES;
use super::routes;
use crate::config::{Pages, SignIn, TokenLinks};

fn provider() -> SignIn {
    SignIn {
        issuer: "https://id.example/realms/main".to_owned(),
        client_id: "dashboard".to_owned(),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        label: "Sign in with Example".to_owned(),
        resource: Some("https://api.example".to_owned()),
        audience: None,
    }
}

async fn ask(path: &str, sign_in: Option<&SignIn>) -> Response<Body> {
    let router: Router = routes(&Pages { sign_in: sign_in.cloned(), token_links: TokenLinks::Refused, ..Pages::DEMO });
    router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
}

fn header<'response>(response: &'response Response<Body>, name: &HeaderName) -> &'response str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// The sources of one directive.
fn allowed<'policy>(policy: &'policy str, directive: &str) -> &'policy str {
    policy.split("; ").find_map(|part| part.strip_prefix(directive)).unwrap().trim()
}

#[tokio::test]
async fn nothing_is_inline_and_no_host_is_asked_but_the_provider() {
    for path in ["/dashboard/", "/dashboard/config.json", "/dashboard/assets/none.js"] {
        let alone = ask(path, None).await;
        let policy = header(&alone, &CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(allowed(policy, "connect-src "), "'self'");
        let with_provider = ask(path, Some(&provider())).await;
        let policy = header(&with_provider, &CONTENT_SECURITY_POLICY);
        assert_eq!(allowed(policy, "connect-src "), "'self' https://id.example");
        for directive in ["script-src ", "style-src ", "img-src "] {
            assert_eq!(allowed(policy, directive), "'self'", "{directive}");
        }
    }
}

#[tokio::test]
async fn the_page_or_the_reason_why_there_is_none() {
    let bare = ask("/dashboard", None).await;
    assert_eq!((bare.status(), header(&bare, &LOCATION)), (StatusCode::PERMANENT_REDIRECT, "/dashboard/"));
    let response = ask("/dashboard/", None).await;
    if FILES.is_empty() {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(text(response).await.contains("GATEWAY_PAGES=skip"));
        return;
    }
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, &CACHE_CONTROL), "no-cache");
    assert_eq!(header(&response, &CONTENT_TYPE), "text/html; charset=utf-8");
    let page = text(response).await;
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("style="), "{page}");
    for script in page.split("<script").skip(1) {
        let (attributes, body) = script.split_once('>').unwrap();
        assert!(attributes.contains("src=\"/dashboard/assets/") && body.starts_with("</script>"), "{page}");
    }
    for file in FILES.iter().filter(|file| file.name.starts_with("dashboard/assets/")) {
        let response = ask(&format!("/{}", file.name), None).await;
        assert_eq!(header(&response, &CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_ne!(header(&response, &CONTENT_TYPE), "application/octet-stream", "{}", file.name);
    }
}

#[tokio::test]
async fn the_page_is_told_where_to_sign_in_and_nothing_else() {
    let response = ask("/dashboard/config.json", None).await;
    assert_eq!(header(&response, &CONTENT_TYPE), "application/json");
    assert_eq!(text(response).await, r#"{"signIn":null,"tokenLinks":false}"#);
    let told: serde_json::Value =
        serde_json::from_str(&text(ask("/dashboard/config.json", Some(&provider())).await).await).unwrap();
    let expected = serde_json::json!({ "signIn": {
        "issuer": "https://id.example/realms/main", "clientId": "dashboard", "scopes": ["openid", "email"],
        "label": "Sign in with Example", "resource": "https://api.example",
    }, "tokenLinks": false });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_page_of_a_demo_may_take_a_token_from_its_address() {
    let router: Router = routes(&Pages::DEMO);
    let request = Request::get("/dashboard/config.json").body(Body::empty()).unwrap();
    assert_eq!(text(router.oneshot(request).await.unwrap()).await, r#"{"signIn":null,"tokenLinks":true}"#);
}

#[tokio::test]
async fn what_is_not_a_file_of_the_dashboard_is_not_found() {
    for path in ["/dashboard/assets/none.js", "/dashboard/assets/..%2Findex.html", "/dashboard/assets/../../index.html"]
    {
        assert_eq!(ask(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
