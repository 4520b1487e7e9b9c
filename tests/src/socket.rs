//! Subscriptions over a real WebSocket.
//!
//! Owns: serving a gateway's router on a port, and one subscription. Invariant: the subscription sends only messages
//! that a client of the protocol would send.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// Longest wait for a message that arrives within a second on an idle machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Serves a router for as long as the test lasts.
pub async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listen");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(gateway::http::serve(listener, routes, std::future::pending()));
    address
}

/// A subscription.
pub struct Waiting {
    socket: WebSocketStream<TcpStream>,
}

/// A received message.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// A result.
    Next(Value),
    /// The subscription has ended; the connection is still open.
    Complete,
    /// The connection was closed with this code.
    Closed(u16),
}

impl Waiting {
    /// Opens a connection and subscribes.
    pub async fn open(address: SocketAddr, token: Option<&str>, organization: Option<&str>, query: &str) -> Self {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(address).await.expect("connect");
        let (socket, _) = client_async(request, stream).await.expect("a handshake");
        let mut waiting = Self { socket };
        let mut payload = json!({});
        if let Some(token) = token {
            payload["Authorization"] = json!(format!("Bearer {token}"));
        }
        if let Some(organization) = organization {
            payload["x-organization-id"] = json!(organization);
        }
        waiting.send(&json!({ "type": "connection_init", "payload": payload })).await;
        waiting.send(&json!({ "type": "subscribe", "id": "1", "payload": { "query": query } })).await;
        waiting
    }

    async fn send(&mut self, message: &Value) {
        // A connection that has been closed meanwhile reports that on the next read.
        let _ = self.socket.send(Message::text(message.to_string())).await;
    }

    /// The next message.
    pub async fn next(&mut self) -> Received {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.expect("nothing comes within a minute");
            match message {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).expect("JSON");
                    match message["type"].as_str() {
                        Some("next") => return Received::Next(message["payload"].clone()),
                        Some("complete") => return Received::Complete,
                        Some("connection_ack") => {}
                        other => panic!("an unknown message: {other:?}"),
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Received::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Received::Closed(1006),
            }
        }
    }

    /// Reads until the connection is closed, and returns its close code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Received::Closed(code) = self.next().await {
                return code;
            }
        }
    }
}
