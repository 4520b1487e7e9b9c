//! From a socket to the router.
//!
//! Owns: accepting connections, their deadlines and their end. May use: hyper, since `axum::serve` has no timer and so
//! waits for ever for a request that never ends; `tls`.
//! Invariant: no connection stays open without a whole request head in [`HEAD_PATIENCE`], nor while its client reads nothing; there are no
//! more than a number of them; a stop lets those that are being answered finish.
//!
//! HTTP/1.1 only, also over TLS: many requests over one connection of HTTP/2 would need limits of their own, and a proxy in front speaks it.

mod connections;
mod refused_head;
mod write_timeout;

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::tls::Tls;
use connections::ConnectionPermit;
pub use connections::{ConnectionLimits, Connections};
use refused_head::RefusedHead;
use write_timeout::WriteTimeout;

/// Who sits at the other end of the connection: behind a proxy, the proxy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// A connection's place among those that are counted, held by whatever keeps it open.
#[derive(Clone, Debug)]
pub(super) struct HeldConnection {
    _counted: Arc<ConnectionPermit>,
}

/// Longest wait for the head of a request, and for the next one on a kept connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Largest head of a request, in bytes: a GET carries its document in it.
const HEAD_BYTES: usize = 64 * 1024;

/// Longest wait at the end for answers that are still being written.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

/// Pause after a failed accept: usually the process is out of file descriptors, and asking at once would only burn a
/// core.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(250);

/// How long after the last connection was taken those that are open are still read: a request may be on its way on one that looks idle.
const ACCEPT_GRACE: Duration = Duration::from_millis(250);

/// What is said to one connection too many.
const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 5\r\nconnection: close\r\n\
    content-length: 106\r\n\r\n\
    {\"errors\":[{\"message\":\"too many connections: try again in a moment\",\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}";

/// Where connections come from.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<Tls>,
    connections: Connections,
}

impl Listener {
    /// Connections that begin with a handshake, if there is anything to prove oneself by.
    #[must_use]
    pub fn new(tcp: TcpListener, tls: Option<Tls>) -> Self {
        Self { tcp, tls, connections: Connections::default() }
    }

    /// The same, under the limits of these connections.
    #[must_use]
    pub fn within(self, connections: Connections) -> Self {
        Self { connections, ..self }
    }
}

impl From<TcpListener> for Listener {
    fn from(tcp: TcpListener) -> Self {
        Self::new(tcp, None)
    }
}

/// Serves until `stop` comes true; then takes no more connections and waits for the answers under way.
pub async fn serve(listener: impl Into<Listener>, router: Router, stop: impl Future<Output = ()>) {
    let Listener { tcp, tls, connections } = listener.into();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
    let server = Server { http, router, tls, connections, ending: watch::Sender::new(false) };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = tcp.accept() => match accepted {
                Ok((stream, peer)) => server.take(stream, Peer(peer.ip())),
                Err(error) => {
                    tracing::warn!(error = %error.kind(), "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                }
            },
            () = &mut stop => break,
        }
    }
    server.take_waiting(tcp);
    if server.ending.receiver_count() > 0 {
        tokio::time::sleep(ACCEPT_GRACE).await;
    }
    server.ending.send_replace(true);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, server.ending.closed()).await.is_err() {
        tracing::warn!(patience = ?SHUTDOWN_TIMEOUT, "some answers were not finished");
    }
}

/// The routes, as hyper calls them.
type Service = TowerToHyperService<Router>;

/// Answers one request after another, and after the last of them where connections are to end. A WebSocket takes the connection over.
async fn serve_connection(
    http: &http1::Builder,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: Service,
    reading: Duration,
    mut ending: watch::Receiver<bool>,
) -> hyper::Result<()> {
    let stream = TokioIo::new(RefusedHead::new(WriteTimeout::new(stream, reading)));
    let mut connection = pin!(http.serve_connection(stream, service).with_upgrades());
    tokio::select! {
        ended = connection.as_mut() => return ended,
        _ = ending.wait_for(|is_ending| *is_ending) => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await
}

/// What becomes of a connection.
struct Server {
    http: http1::Builder,
    router: Router,
    tls: Option<Tls>,
    connections: Connections,
    /// True when connections are to end. Each has a receiver for as long as it is open; a WebSocket that has come of it has none.
    ending: watch::Sender<bool>,
}

impl Server {
    /// Answers what is asked on a connection, in a task of its own.
    fn take(&self, stream: TcpStream, peer: Peer) {
        let Some(counted) = self.connections.take(peer.0) else { return self.refuse(&stream) };
        // Answers are written whole: waiting for more bytes to send along would only delay them.
        let _ = stream.set_nodelay(true);
        let (http, router, tls) = (self.http.clone(), self.router.clone(), self.tls.clone());
        let (ending, reading) = (self.ending.subscribe(), self.connections.limits().reading);
        tokio::spawn(async move {
            let held = HeldConnection { _counted: Arc::new(counted) };
            // What becomes a WebSocket outlives this task, and is counted as long.
            let service = TowerToHyperService::new(router.layer(Extension(peer)).layer(Extension(held.clone())));
            let ended = match tls {
                None => serve_connection(&http, stream, service, reading, ending).await,
                Some(tls) => {
                    let Some(stream) = tls.accept(stream).await else { return };
                    serve_connection(&http, stream, service, reading, ending).await
                }
            };
            drop(held);
            // What breaks here is the caller's line.
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }

    /// Says why, where that takes no handshake, and closes.
    fn refuse(&self, stream: &TcpStream) {
        if self.tls.is_none() {
            // Without waiting: it fits into what the system sends by itself.
            let _ = stream.try_write(TOO_MANY_CONNECTIONS);
        }
    }

    /// Takes those that wait at the door and closes it: the system has let them in already, and would cut them off.
    fn take_waiting(&self, tcp: TcpListener) {
        let Ok(tcp) = tcp.into_std() else { return };
        // It does not block: the first error says that nobody waits.
        while let Ok((stream, peer)) = tcp.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                self.take(stream, Peer(peer.ip()));
            }
        }
    }
}
