//! An HTTP client for one gateway.
//!
//! Owns: one keep-alive connection, reopened when it is lost. Invariant: a request that was sent on a lost connection
//! counts as unanswered; it is sent again only when the code that called the client does so explicitly.

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

/// Longest wait for an answer: longer than any limit of the gateway.
const PATIENCE: Duration = Duration::from_secs(40);

/// A client that sends requests to one gateway.
pub struct Caller {
    address: String,
    connection: Option<SendRequest<Body>>,
}

/// An HTTP answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
    /// Time from sending the request to receiving the whole answer.
    pub took: Duration,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The server does not accept connections.
    NotConnected,
    /// The connection ended after the request was sent.
    Midway,
}

impl Caller {
    /// A client of the gateway at this address.
    #[must_use]
    pub fn of(address: &str) -> Self {
        Self { address: address.to_owned(), connection: None }
    }

    /// Sends further requests to another gateway.
    pub fn turn_to(&mut self, address: &str) {
        *self = Self::of(address);
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// If there is no answer.
    ///
    /// # Panics
    /// If no answer arrives for longer than any limit allows.
    pub async fn ask(&mut self, token: &str, organization: &str, body: &str) -> Result<Answer, Lost> {
        let began = Instant::now();
        let asked = timeout(PATIENCE, self.once(token, organization, body)).await;
        let asked = asked.unwrap_or_else(|_| panic!("no answer within {PATIENCE:?}: {body}"));
        let (parts, bytes) = asked.inspect_err(|_| self.connection = None)?;
        if parts.headers.get("connection").is_some_and(|value| value == "close") {
            self.connection = None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, took: began.elapsed() })
    }

    async fn once(&mut self, token: &str, organization: &str, body: &str) -> Result<(Parts, Bytes), Lost> {
        if self.connection.as_ref().is_none_or(SendRequest::is_closed) {
            self.connection = Some(connect(&self.address).await.ok_or(Lost::NotConnected)?);
        }
        let mut request = Request::post("/graphql")
            .header("host", "endure")
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("authorization", format!("Bearer {token}"));
        // Empty: the gateway chooses the caller's organization.
        if !organization.is_empty() {
            request = request.header("x-organization-id", organization);
        }
        let request = request.body(Body::from(body.to_owned())).expect("make a request");
        let connection = self.connection.as_mut().ok_or(Lost::NotConnected)?;
        // The connection was found closed before anything was sent.
        connection.ready().await.map_err(|_| Lost::NotConnected)?;
        let (parts, body) = connection.send_request(request).await.map_err(|_| Lost::Midway)?.into_parts();
        Ok((parts, to_bytes(Body::new(body), usize::MAX).await.map_err(|_| Lost::Midway)?))
    }
}

async fn connect(address: &str) -> Option<SendRequest<Body>> {
    let stream = TcpStream::connect(address).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender)
}
