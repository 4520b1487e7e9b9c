//! Request ids, and the bodies of failures.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Request};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;
use tower::{ServiceBuilder, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;

use super::super::content_negotiation::Media;
use super::super::request_id::HEADER;
use super::super::{RequestId, error, request_context};
use super::{json, sight};

async fn ask(request: Request<Body>) -> Response {
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(sight(), request_context::request_context))
        .layer(CatchPanicLayer::custom(error::after_panic));
    let router: Router = Router::new()
        .route("/id", get(async |Extension(id): Extension<RequestId>| id.to_string()))
        .route("/panic", get(panics))
        .route("/who", get(async || error::HttpError::unauthenticated().with_format(Media::GraphqlResponse)))
        .method_not_allowed_fallback(error::wrong_method)
        .fallback(error::no_such_path)
        .layer(layers);
    router.oneshot(request).await.unwrap()
}

#[expect(clippy::panic, reason = "it is what is tested")]
async fn panics() -> &'static str {
    panic!("secret")
}

#[tokio::test]
async fn a_sound_id_is_kept_and_any_other_replaced() {
    let long = "x".repeat(129);
    for (lines, is_kept) in [
        (vec!["a"], true),
        (vec!["0af7651916cd43dd:1-a.B_c"], true),
        (vec!["!~-:/\"<>"], false),
        (vec!["=cmd|'/C'!A0"], false),
        (vec![&long[1..]], true),
        (vec![], false),
        (vec![""], false),
        (vec!["a b"], false),
        (vec!["a\tb"], false),
        (vec!["\u{e9}"], false),
        (vec![long.as_str()], false),
        (vec!["a", "a"], false),
    ] {
        let mut request = Request::get("/id").body(Body::empty()).unwrap();
        for line in &lines {
            request.headers_mut().append(HEADER, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let response = ask(request).await;
        let id = response.headers()[HEADER].to_str().unwrap().to_owned();
        assert_eq!(axum::body::to_bytes(response.into_body(), 1024).await.unwrap(), id);
        if is_kept {
            assert_eq!(id, lines[0]);
        } else {
            assert_eq!(uuid::Uuid::try_parse(&id).unwrap().get_version_num(), 7, "{lines:?}");
        }
    }
}

#[tokio::test]
async fn every_failure_has_its_body() {
    for (method, path, status, code) in [
        ("GET", "/nowhere", 404, "NOT_FOUND"),
        ("POST", "/id", 405, "BAD_USER_INPUT"),
        ("GET", "/who", 401, "UNAUTHENTICATED"),
        ("GET", "/panic", 500, "INTERNAL"),
    ] {
        let request = Request::builder().method(method).uri(path).header(HEADER, "r1").body(Body::empty()).unwrap();
        let response = ask(request).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers().contains_key(ALLOW), status == 405);
        assert_eq!(response.headers().get(WWW_AUTHENTICATE).is_some_and(|scheme| scheme == "Bearer"), status == 401);
        let media = if status == 401 { Media::GraphqlResponse } else { Media::Json };
        assert_eq!(response.headers()[CONTENT_TYPE], media.content_type());
        let body = json(response).await;
        assert_eq!(body["errors"][0]["extensions"], json!({ "code": code, "requestId": "r1" }));
        assert!(!body.to_string().contains("secret"), "{body}");
    }
}
