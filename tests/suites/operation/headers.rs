//! What answers tell browsers and proxies: security headers, other sites, compression.

use axum::{
    body::Body,
    http::{HeaderValue, Request, request::Builder},
};
use gateway::{config::Serving, http::Transport};
use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind};

/// What stands in every answer, a page's or not: name and how the value begins.
const EVERYWHERE: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; "),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "accelerometer=(), camera=(), "),
    ("x-request-id", ""),
];

/// Every route, and what is no route.
const PLACES: [(&str, u16); 11] = [
    ("/health/live", 200),
    ("/health/ready", 200),
    ("/graphql?query=%7B__typename%7D", 200),
    ("/graphql?query=%7B", 401),
    ("/graphiql/schema.graphql", 401),
    ("/audit-log", 401),
    ("/graphiql", 0),
    ("/dashboard/", 0),
    ("/", 404),
    ("/favicon.ico", 204),
    ("/nowhere", 404),
];

/// All lines of it, as one.
fn header(answer: &Answer, name: &str) -> String {
    let lines: Vec<_> = answer.headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(", ")
}

async fn send(gateway: &Gateway, request: Builder) -> Answer {
    gateway.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_to_keep_to() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (place, status) in PLACES {
        let answer = send(&gateway, Request::get(place)).await;
        // Whether the pages are there depends on how this was built.
        assert!(status == 0 || answer.status == status, "{place}: {}", answer.status);
        for (name, value) in EVERYWHERE {
            assert!(
                answer.headers.get_all(name).iter().count() == 1 && header(&answer, name).starts_with(value),
                "{place}: `{name}` is `{}`, and does not begin with `{value}`",
                header(&answer, name)
            );
        }
        let caching = if place.starts_with("/graphiql") && status == 0 { "no-" } else { "no-store" };
        assert!(header(&answer, "cache-control").starts_with(caching) || place == "/dashboard/", "{place}");
        let policy = header(&answer, "content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{place}: {policy}");
        assert_eq!(header(&answer, "strict-transport-security"), "", "{place}: nobody has said that there is TLS");
        assert_eq!(header(&answer, "access-control-allow-origin"), "", "{place}: nobody has let another site in");
    }
}

#[tokio::test]
async fn the_bare_address_leads_to_the_dashboard() {
    let database = Database::world(Kind::Sqlite).await;
    let browser = Request::get("/").header("accept", "text/html");
    let answer = send(&Gateway::over(&database).await, browser).await;
    assert_eq!((answer.status.as_u16(), header(&answer, "location").as_str()), (307, "/dashboard/"));
}

#[tokio::test]
async fn without_pages_only_the_endpoints_are_there() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::with_settings(&database, |settings| settings.pages.serving = Serving::Off).await;
    for place in ["/", "/favicon.ico", "/graphiql", "/graphiql/", "/dashboard", "/dashboard/", "/dashboard/config.json"]
    {
        assert_eq!(send(&gateway, Request::get(place)).await.status, 404, "{place}");
    }
    let browser = send(&gateway, Request::get("/graphql").header("accept", "text/html")).await;
    assert_eq!(browser.status, 406, "an endpoint and no page: {}", browser.text);
    for (place, status) in [("/health/ready", 200), ("/graphiql/schema.graphql", 401), ("/audit-log", 401)] {
        assert_eq!(send(&gateway, Request::get(place)).await.status, status, "{place}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_come_back_over_tls_where_they_came_over_tls() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::with_settings(&database, |settings| settings.transport = Transport::Encrypted).await;
    for (place, _) in PLACES {
        let answer = send(&gateway, Request::get(place)).await;
        assert_eq!(header(&answer, "strict-transport-security"), "max-age=31536000", "{place}");
    }
}

#[tokio::test]
async fn other_sites_are_let_in_by_their_exact_name() {
    let database = Database::world(Kind::Sqlite).await;
    let origin = HeaderValue::from_static("https://app.cs12.example");
    let gateway = Gateway::with_settings(&database, |settings| settings.allowed_origins = vec![origin.clone()]).await;
    let origins = [
        ("https://app.cs12.example", true),
        ("https://app.cs12.example.evil.example", false),
        ("https://evil-app.cs12.example", false),
        ("http://app.cs12.example", false),
        ("https://app.cs12.example:8443", false),
        ("null", false),
    ];
    for (origin, is_let_in) in origins {
        let expected = if is_let_in { origin } else { "" };
        let asked = send(&gateway, Request::get("/graphql?query=%7B__typename%7D").header("origin", origin)).await;
        assert_eq!(header(&asked, "access-control-allow-origin"), expected, "{origin}");
        let preflight = Request::options("/graphql")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization");
        let preflight = send(&gateway, preflight).await;
        assert_eq!(header(&preflight, "access-control-allow-origin"), expected, "{origin}");
        assert_eq!(header(&preflight, "access-control-allow-credentials"), "", "cookies are for no other site");
        assert!(header(&asked, "vary").contains("origin"), "a proxy would give one site's answer to another");
    }
}

/// A browser asks first whether a page of another site may send what it wants to send. One header without leave, and it sends nothing.
#[tokio::test]
async fn pages_of_other_sites_may_send_all_that_the_gateway_reads_and_their_trace() {
    let database = Database::world(Kind::Sqlite).await;
    let origin = HeaderValue::from_static("https://app.cs12.example");
    let gateway = Gateway::with_settings(&database, |settings| settings.allowed_origins = vec![origin.clone()]).await;
    let preflight = Request::options("/graphql")
        .header("origin", "https://app.cs12.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,traceparent,tracestate");
    let preflight = send(&gateway, preflight).await;
    let leave = header(&preflight, "access-control-allow-headers");
    let leave: Vec<_> = leave.split(',').map(str::trim).collect();
    for name in [
        "authorization",
        "content-type",
        "x-organization-id",
        "x-workspace-id",
        "x-run-as-member",
        "x-request-id",
        "idempotency-key",
        "traceparent",
        "tracestate",
    ] {
        assert!(leave.contains(&name), "`{name}` may not be sent: {leave:?}");
    }
    for name in ["*", "cookie", "x-forwarded-for", "x-real-ip"] {
        assert!(!leave.contains(&name), "`{name}` may be sent: {leave:?}");
    }
}

/// What clients send beside it is the operator's to allow; what the usual ones send is allowed unless the operator says otherwise.
#[tokio::test]
async fn pages_of_other_sites_may_send_what_the_operator_allows() {
    let database = Database::world(Kind::Sqlite).await;
    let origin = HeaderValue::from_static("https://app.cs12.example");
    let usual = gateway::config::Config::load(None, gateway::config::Overrides::default()).expect("the defaults");
    let usual: Vec<_> = usual.server.allowed_headers.iter().map(|name| name.parse().expect("a header")).collect();
    for (allowed, names, others) in [
        (usual, vec!["sentry-trace", "baggage", "apollographql-client-name", "apollographql-client-version"], "x-own"),
        (vec!["x-own".parse().expect("a header")], vec!["x-own", "authorization"], "sentry-trace"),
    ] {
        let gateway = Gateway::with_settings(&database, |settings| {
            settings.allowed_origins = vec![origin.clone()];
            settings.allowed_headers.clone_from(&allowed);
        })
        .await;
        let preflight = Request::options("/graphql")
            .header("origin", "https://app.cs12.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", names.join(","));
        let preflight = send(&gateway, preflight).await;
        let leave = header(&preflight, "access-control-allow-headers");
        let leave: Vec<_> = leave.split(',').map(str::trim).collect();
        for name in names {
            assert!(leave.contains(&name), "`{name}` may not be sent: {leave:?}");
        }
        assert!(!leave.contains(&others), "`{others}` may be sent: {leave:?}");
    }
}

/// What answers GET answers HEAD.
#[tokio::test]
async fn the_head_of_an_answer_can_be_had_alone() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let token = Actor::Owner.token().expect("a token");
    let asked = async |method: &str, query: &str| {
        let address = format!("/graphql?query={query}");
        let request = Request::builder().method(method).uri(address).header("authorization", format!("Bearer {token}"));
        send(&gateway, request.header("accept", "application/graphql-response+json")).await
    };
    for (query, status) in [("%7Bviewer%7Bname%7D%7D", 200), ("%7B", 400), ("mutation%7Bx%7D", 405)] {
        let (whole, head) = (asked("GET", query).await, asked("HEAD", query).await);
        assert_eq!((whole.status.as_u16(), head.status.as_u16()), (status, status), "{query}");
        assert_eq!(header(&whole, "content-type"), header(&head, "content-type"), "{query}");
    }
    let refused = send(&gateway, Request::builder().method("PUT").uri("/graphql")).await;
    assert_eq!((refused.status.as_u16(), &*header(&refused, "allow")), (405, "GET, HEAD, POST, OPTIONS"));
}

#[tokio::test]
async fn large_answers_are_compressed_for_whoever_reads_that_and_sends_no_cookie() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let large = "{ doctors(first: 100) { nodes { id name dso { id name } activities(first: 20) { nodes { id kind occurredAt } } } } }";
    let small = "{ viewer { name } }";
    let ask = async |headers: &[(&str, &str)], query: &str| {
        let mut headers = headers.to_vec();
        headers.push(("x-organization-id", Actor::Owner.organization().unwrap()));
        gateway.ask_with(Actor::Owner.token().as_deref(), &headers, query, json!({})).await
    };
    let plain = ask(&[], large).await.clean();
    assert!(plain.text.len() > 2048 && header(&plain, "content-encoding").is_empty());
    let gzip = ask(&[("accept-encoding", "gzip, br")], large).await;
    assert_eq!(header(&gzip, "content-encoding"), "gzip");
    assert!(header(&gzip, "vary").contains("accept-encoding"), "a proxy would give it to whoever cannot read it");
    // What is no text counts as one letter each.
    let length = gzip.text.chars().count();
    assert!(length * 2 < plain.text.len(), "{length} bytes of {}: was it compressed?", plain.text.len());
    for (headers, query, why) in [
        (vec![("accept-encoding", "gzip")], small, "a small one"),
        (vec![("accept-encoding", "identity")], large, "who does not read it"),
        (vec![("accept-encoding", "gzip"), ("cookie", "a=b")], large, "with a cookie: the length would tell"),
    ] {
        let answer = ask(&headers, query).await.clean();
        assert_eq!(header(&answer, "content-encoding"), "", "{why}");
    }
}
