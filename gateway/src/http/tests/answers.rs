//! Status and body by outcome and media type.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::response::IntoResponse as _;
use serde_json::json;

use super::super::RequestId;
use super::super::content_negotiation::Media;
use super::super::error::HttpError;
use super::super::response::respond;
use super::json;
use crate::admission::{Admission, ReaderKey};
use crate::authn::NotAuthenticated;
use crate::{
    graphql::{Outcome, RefusedStatus},
    limits::{LimitRegistry, Limits},
};

fn error(code: Option<&str>) -> ServerError {
    let mut error = ServerError::new("told", None);
    if let Some(code) = code {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code);
        error.extensions = Some(extensions);
    }
    error
}

fn reader() -> ReaderKey {
    Admission::new(&Arc::new(LimitRegistry::new(Limits::defaults())), None).reader(None)
}

#[tokio::test]
async fn what_was_not_run_has_no_data() {
    for (status, newer, older) in [
        (RefusedStatus::BadRequest, 400, 200),
        (RefusedStatus::MethodNotAllowed, 405, 405),
        (RefusedStatus::TooLarge, 413, 413),
        (RefusedStatus::Unavailable, 503, 503),
        (RefusedStatus::Internal, 500, 500),
    ] {
        for (media, expected) in [(Media::GraphqlResponse, newer), (Media::Json, older)] {
            let id = RequestId::generate();
            let answered =
                respond(Outcome::Refused { status, errors: vec![error(Some("FORBIDDEN"))] }, media, &id, &reader());
            assert_eq!(answered.status().as_u16(), expected, "{status:?} {media:?}");
            assert_eq!(answered.headers()[CONTENT_TYPE], media.content_type());
            assert_eq!(answered.headers().contains_key(ALLOW), expected == 405);
            assert_eq!(answered.headers().contains_key(RETRY_AFTER), expected == 503);
            let body = json!({ "errors": [{ "message": "told", "extensions": { "code": "FORBIDDEN", "requestId": id.as_str() } }] });
            assert_eq!(json(answered).await, body);
        }
    }
}

#[tokio::test]
async fn what_was_run_is_200_with_data() {
    for (data, errors) in [(Value::Null, 1), (Value::from(1), 1), (Value::from(1), 0)] {
        for media in [Media::GraphqlResponse, Media::Json] {
            let mut ran = Response::new(data.clone());
            ran.errors = vec![error(Some("NOT_FOUND")); errors];
            let answered = respond(Outcome::Ran(ran), media, &RequestId::generate(), &reader());
            assert_eq!(answered.status(), StatusCode::OK);
            let body = json(answered).await;
            assert_eq!(body["data"], data.clone().into_json().unwrap());
            assert!(body.as_object().unwrap().contains_key("data"));
            assert_eq!(body.get("errors").is_some(), errors > 0);
        }
    }
}

#[tokio::test]
async fn an_error_without_a_code_is_withheld() {
    let id = RequestId::generate();
    let mut ran = Response::new(Value::Null);
    ran.errors = vec![error(None)];
    let body = json(respond(Outcome::Ran(ran), Media::Json, &id, &reader())).await;
    let withheld =
        json!({ "message": "internal error", "extensions": { "code": "INTERNAL", "requestId": id.as_str() } });
    assert_eq!(body["errors"], json!([withheld]));
}

/// Lines begin at 1.
#[tokio::test]
async fn an_error_without_a_place_in_the_document_has_no_locations() {
    let id = RequestId::generate();
    let at = |pos| ServerError { locations: vec![pos], ..error(Some("INTERNAL")) };
    let errors = vec![at(Pos::default()), at(Pos { line: 2, column: 3 })];
    let refused = json(respond(
        Outcome::Refused { status: RefusedStatus::Internal, errors: errors.clone() },
        Media::Json,
        &id,
        &reader(),
    ))
    .await;
    let mut ran = Response::new(Value::Null);
    ran.errors = errors;
    for body in [refused, json(respond(Outcome::Ran(ran), Media::Json, &id, &reader())).await] {
        assert!(body["errors"][0].get("locations").is_none(), "{body}");
        assert_eq!(body["errors"][1]["locations"], json!([{ "line": 2, "column": 3 }]), "{body}");
    }
}

#[test]
fn a_credential_that_cannot_be_judged_is_not_called_wrong() {
    let refused = HttpError::from(NotAuthenticated::Refused).into_response();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let unavailable = HttpError::from(NotAuthenticated::KeysUnavailable).into_response();
    assert_eq!(unavailable.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(unavailable.headers().contains_key(RETRY_AFTER));
    assert!(!unavailable.headers().contains_key("www-authenticate"), "it asks to sign in again");
}
