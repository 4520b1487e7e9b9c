//! From a socket to the router.
//!
//! Owns: accepting connections, their deadlines and their end. May use: hyper, since `axum::serve` has no timer and so
//! waits for ever for a request that never ends.
//! Invariant: no connection stays open without a whole request head in [`HEAD_PATIENCE`]; a stop lets those that are
//! being answered finish.

use std::net::IpAddr;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// Who sits at the other end of the connection: behind a proxy, the proxy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Longest wait for the head of a request, and for the next one on a kept connection.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// Largest head of a request, in bytes: a GET carries its document in it.
const HEAD_BYTES: usize = 64 * 1024;

/// Longest wait at the end for answers that are still being written.
const FAREWELL: Duration = Duration::from_secs(20);

/// Pause after a failed accept: usually the process is out of file descriptors, and asking at once would only burn a
/// core.
const PAUSE: Duration = Duration::from_millis(250);

/// Serves until `stop` comes true; then takes no more connections and waits for the answers under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(HEAD_BYTES);
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => (stream, Peer(peer.ip())),
                Err(error) => {
                    tracing::warn!(error = %error.kind(), "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Answers are written whole: waiting for more bytes to send along would only delay them.
        let _ = stream.set_nodelay(true);
        let connection = http
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone().layer(Extension(peer))));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // What breaks here is the caller's line.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, connections.shutdown()).await.is_err() {
        tracing::warn!(patience = ?FAREWELL, "some answers were not finished");
    }
}
