//! Connections: how they end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::super::{ConnectionLimits, Connections, Listener, Tls, error, request_context, server};
use super::sight;

/// Sends a request's bytes and reads until the other side ends the connection.
fn exchange(mut line: TcpStream, request: &[u8]) -> String {
    let mut answer = String::new();
    line.write_all(request).unwrap();
    line.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_stop_lets_the_answer_under_way_finish_and_takes_nobody_else() {
    let (started, mut begun) = mpsc::channel(1);
    let slow = async move || {
        started.send(()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        "finished"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server::serve(listener, Router::new().route("/", get(slow)), async {
        stopped.await.unwrap();
    }));

    // Kept open and asking nothing: it must not hold up the end.
    let idle = TcpStream::connect(address).unwrap();
    let asking = TcpStream::connect(address).unwrap();
    let answer = tokio::task::spawn_blocking(move || exchange(asking, b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"));
    begun.recv().await.unwrap();
    stop.send(()).unwrap();

    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("finished"), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
    drop(idle);
}

#[tokio::test]
async fn a_failure_that_leaves_a_body_unread_says_that_the_connection_ends() {
    let router = Router::new()
        .fallback(error::no_such_path)
        .layer(from_fn_with_state(sight(), request_context::request_context));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::serve(listener, router, std::future::pending()));
    let asking = TcpStream::connect(address).unwrap();
    let request = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n{";
    let answer = tokio::task::spawn_blocking(move || exchange(asking, request)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

/// The HTTP library refuses these itself, with an empty body.
#[tokio::test]
async fn a_head_that_is_not_http_has_an_answer_like_any_other_failure() {
    let router = Router::new()
        .route("/graphql", get(async || "asked"))
        .layer(from_fn_with_state(sight(), request_context::request_context));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::serve(listener, router, std::future::pending()));
    let (many, long) = ("x: y\r\n".repeat(200), "a".repeat(70_000));
    for (head, status) in [
        ("GET /graphql?query={viewer(a:\"b\")} HTTP/1.1\r\n", 400),
        ("GET /graphql?query=<a> HTTP/1.1\r\n", 400),
        ("GET /graphql?query={viewer {name}} HTTP/1.1\r\n", 400),
        ("G(T /graphql HTTP/1.1\r\n", 400),
        ("GET /graphql HTTP/1.1\r\na b: c\r\n", 400),
        (&format!("GET /graphql HTTP/1.1\r\n{many}"), 431),
        (&format!("GET /graphql?query={long} HTTP/1.1\r\n"), 414),
    ] {
        // On a connection on which another answer has gone before.
        let request = format!("GET /graphql HTTP/1.1\r\nHost: test\r\n\r\n{head}Host: test\r\n\r\n");
        let asking = TcpStream::connect(address).unwrap();
        let answers = tokio::task::spawn_blocking(move || exchange(asking, request.as_bytes())).await.unwrap();
        let (first, refused) = answers.split_once("asked").unwrap();
        assert!(first.starts_with("HTTP/1.1 200"), "{answers}");
        let (lines, body) = refused.split_once("\r\n\r\n").unwrap();
        assert!(lines.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {refused}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let extensions = &body["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_USER_INPUT");
        assert!(
            lines.contains(&format!("\r\nx-request-id: {}\r\n", extensions["requestId"].as_str().unwrap())),
            "{lines}"
        );
    }
}

/// A listener under these limits, in front of answers that are larger than all that the system takes by itself; how many connections are
/// open there.
async fn with_limits(limits: ConnectionLimits, tls: Option<Tls>) -> (SocketAddr, impl Fn() -> i64) {
    const LARGE: usize = 64 * 1024 * 1024;
    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
    let streamed = move || {
        let pieces = std::iter::repeat_n(piece.clone(), LARGE / piece.len()).map(Ok::<_, std::io::Error>);
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        async move { body }
    };
    let router = Router::new()
        .route("/small", get(async || "small"))
        .route("/whole", get(async || vec![b'x'; LARGE]))
        .route("/streamed", get(streamed));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (open, refused) = sight().connections();
    let listener = Listener::new(listener, tls).within(Connections::new(limits, open.clone(), refused));
    tokio::spawn(server::serve(listener, router, std::future::pending()));
    (address, move || open.get())
}

/// Whether so many are open within some seconds.
async fn becomes(open: &impl Fn() -> i64, expected: i64) -> bool {
    let began = Instant::now();
    while open() != expected && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    open() == expected
}

#[tokio::test]
async fn a_connection_whose_client_reads_nothing_is_closed() {
    let limits = ConnectionLimits { reading: Duration::from_millis(200), ..ConnectionLimits::default() };
    let (address, open) = with_limits(limits, None).await;
    for path in ["/whole", "/streamed"] {
        let mut deaf = TcpStream::connect(address).unwrap();
        deaf.write_all(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes()).unwrap();
        assert!(becomes(&open, 1).await, "{path}: the control");
        assert!(becomes(&open, 0).await, "{path}: nobody reads, and it stays open");
        // Who comes back finds no whole answer.
        let mut answer = Vec::new();
        let _ = deaf.read_to_end(&mut answer);
        assert!(answer.len() < 64 * 1024 * 1024, "{path}: {} bytes", answer.len());
    }
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /small HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(open(), 1, "an answer that was read, or fits into the socket, closes nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_whose_client_reads_nothing_is_closed_over_tls_too() {
    let folder = std::env::temp_dir().join(format!("cs12-write-timeout-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = rcgen::generate_simple_self_signed(["cs12.example".to_owned()]).unwrap();
    let files = crate::config::Tls { certificate: folder.join("crt"), key: folder.join("key") };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let tls = Tls::load(&files).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let limits = ConnectionLimits { reading: Duration::from_millis(200), ..ConnectionLimits::default() };
    let (address, open) = with_limits(limits, Some(tls)).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config =
        rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from("cs12.example").unwrap();
    let mut session = rustls::ClientConnection::new(std::sync::Arc::new(config), name).unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    tokio::task::block_in_place(|| {
        rustls::Stream::new(&mut session, &mut socket).write_all(b"GET /whole HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    });
    assert!(becomes(&open, 1).await, "the control");
    assert!(becomes(&open, 0).await, "nobody reads, and it stays open");
}

#[tokio::test]
async fn one_connection_too_many_is_told_so_and_closed() {
    for limits in [
        ConnectionLimits { most: 2, ..ConnectionLimits::default() },
        ConnectionLimits { most_of_one: Some(2), ..ConnectionLimits::default() },
    ] {
        let (address, open) = with_limits(limits, None).await;
        let held = [TcpStream::connect(address).unwrap(), TcpStream::connect(address).unwrap()];
        assert!(becomes(&open, 2).await);
        let ask = move || {
            let mut refused = TcpStream::connect(address).unwrap();
            let mut answer = String::new();
            refused.read_to_string(&mut answer).unwrap();
            answer
        };
        let answer = tokio::task::spawn_blocking(ask).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("\r\nretry-after: 5\r\n"), "{answer}");
        assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
        drop(held);
        assert!(becomes(&open, 0).await);
        let asking = TcpStream::connect(address).unwrap();
        let request = b"GET /small HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
        let answer = tokio::task::spawn_blocking(move || exchange(asking, request)).await.unwrap();
        assert!(answer.ends_with("small"), "there is room again: {answer}");
    }
}
