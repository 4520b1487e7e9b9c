//! The bounds of a body: size and time.

use std::time::Duration;

use async_graphql::futures_util::stream;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::Request;
use axum::routing::post;
use tower::ServiceExt as _;

use super::super::{Settings, Transport, graphql};

async fn status_of(body: Body) -> u16 {
    let settings = Settings {
        max_body_bytes: 64,
        body_patience: Duration::from_millis(50),
        subdomain_base: None,
        client_address: crate::config::ClientAddress::Peer,
        allowed_origins: Vec::new(),
        allowed_headers: Vec::new(),
        pages: crate::config::Pages::DEMO,
        transport: Transport::Plain,
    };
    let limit = DefaultBodyLimit::max(settings.max_body_bytes);
    let read = async move |request: Request<Body>| {
        let (parts, body) = request.into_parts();
        graphql::read(parts, body, &settings).await.map(|operation| format!("{:?}", operation.wanted))
    };
    let router: Router = Router::new().route("/", post(read)).layer(limit);
    router.oneshot(Request::post("/").body(body).unwrap()).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_body_is_read_within_its_bounds() {
    let sized = |length: usize| format!("{:length$}", r#"{"query":"{a}"}"#);
    let chunk = |text: &str| Ok::<_, std::io::Error>(Bytes::from(text.to_owned()));
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"        ")));
    let stuck = stream::pending::<Result<Bytes, std::io::Error>>();
    let broken = stream::iter([chunk(r#"{"query":"{a}""#), Err(std::io::Error::other("secret"))]);
    assert_eq!(status_of(Body::from(sized(64))).await, 200);
    assert_eq!(status_of(Body::from(sized(65))).await, 413);
    assert_eq!(status_of(Body::from_stream(endless)).await, 413);
    assert_eq!(status_of(Body::from_stream(stuck)).await, 408);
    assert_eq!(status_of(Body::from_stream(broken)).await, 400);
}
