//! Connections: how they end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::super::{envelope, failure, serve};
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
    let server = tokio::spawn(serve(listener, Router::new().route("/", get(slow)), async {
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
    let router = Router::new().fallback(failure::no_such_path).layer(from_fn_with_state(sight(), envelope::envelope));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, std::future::pending()));
    let asking = TcpStream::connect(address).unwrap();
    let request = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n{";
    let answer = tokio::task::spawn_blocking(move || exchange(asking, request)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
}
