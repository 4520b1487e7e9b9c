//! What whoever sends such a credential gets to see: wherever they send it, to the letter what everybody gets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request};
use entity::db::{ConnectOptions, Db};
use serde_json::json;
use tower::ServiceExt as _;

use super::cases;
use crate::admission::Admission;
use crate::authn::rejection_reason::RejectionReason;
use crate::authn::tests::{authenticator, bearer, forge};
use crate::config::{Config, Overrides};
use crate::http::{App, Readiness, router};
use crate::reloadable::Reloadable;
use crate::telemetry::Telemetry;
use crate::{
    graphql::{DocumentRegistry, Executor},
    limits::LimitRegistry,
};

/// Wherever a credential is looked at.
const ROUTES: [(Method, &str, &str); 6] = [
    (Method::POST, "/graphql", r#"{"query":"{ __typename }"}"#),
    (Method::POST, "/graphql", r#"{"query":"{ dsos { nodes { name } } }"}"#),
    (Method::POST, "/graphql", "no JSON"),
    (Method::GET, "/graphql?query=%7B__typename%7D", ""),
    (Method::GET, "/graphiql/schema.graphql", ""),
    (Method::GET, "/audit-log?format=csv", ""),
];

/// The gateway's own router, over a database that no refused credential reaches.
async fn gateway() -> (Router, Db, std::path::PathBuf) {
    let file = crate::authn::tests::temporary("answers.sqlite", "");
    let url = format!("sqlite://{}", file.display());
    migration::up(&url, None).await.unwrap();
    let config = Config::from_layers(None, [], Overrides::default()).unwrap();
    let db = Db::connect(ConnectOptions::new(url)).await.unwrap();
    let library = DocumentRegistry::open(&config.documents, config.limits).unwrap();
    let bounds = Arc::new(LimitRegistry::new(config.limits));
    let admission = Admission::new(&bounds, None);
    let engine = Executor::new(db.clone(), bounds, admission, library, None, Telemetry::new((&config).into())).unwrap();
    let app = App {
        engine,
        authenticator: Reloadable::new(authenticator()),
        readiness: Readiness::of(db.clone(), migration::names()),
        db: db.clone(),
        settings: (&config).into(),
    };
    (router(app), db, file)
}

async fn ask(
    router: &Router,
    (method, path, body): &(Method, &str, &str),
    headers: &HeaderMap,
) -> (u16, String, String) {
    let mut request = Request::builder().method(method).uri(*path).header("x-request-id", "r-1");
    request = request.header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let response = router.clone().oneshot(request.body(Body::from((*body).to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let headers: BTreeMap<_, _> =
        parts.headers.iter().map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), format!("{headers:?}"), String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn all_of_them_get_one_and_the_same_answer() {
    let (router, db, file) = gateway().await;
    let sound = bearer(&forge::shared(&json!({})));
    let (status, _, text) = ask(&router, &ROUTES[0], &sound).await;
    assert_eq!((status, text.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#), "an honest credential is taken");

    let cases = cases();
    let mut bodies = BTreeSet::new();
    for route in &ROUTES {
        let mut answers = BTreeSet::new();
        for (name, headers, reason) in &cases {
            let (status, headers, body) = ask(&router, route, headers).await;
            assert_eq!(status, 401, "{name} {} {}", route.0, route.1);
            if *reason == RejectionReason::TooLarge {
                // Its size is no secret to its sender, and signing in again would not help.
                assert!(body.contains("more than 8192 bytes"), "{name}: {body}");
                continue;
            }
            bodies.insert(body);
            answers.insert(headers);
        }
        assert_eq!(answers.len(), 1, "{} {}: headers tell credentials apart: {answers:#?}", route.0, route.1);
    }
    assert_eq!(bodies.len(), 1, "bodies tell credentials apart: {bodies:#?}");
    db.close().await.unwrap();
    let _ = std::fs::remove_file(file);
}
