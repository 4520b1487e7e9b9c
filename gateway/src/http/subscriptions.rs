//! `/graphql` over a WebSocket: subscriptions, by the protocol `graphql-transport-ws`.
//!
//! Owns: who may open one, and the order from the handshake to the connection's own task. May use: async-graphql-axum for the handshake's protocol and
//! for the messages, `session` for who speaks, `socket` for the line. Invariant: no cookie counts here, since any site's page can open a WebSocket
//! with the cookies of this one; and a page of a site that is not allowed opens none.
//!
//! Of async-graphql-axum's extractors the one for requests does not serve here (see `graphql`); that of the protocol and its WebSocket do.

mod session;
mod socket;

use std::sync::Arc;

use async_graphql_axum::GraphQLProtocol;
use axum::extract::{FromRequestParts as _, Request, WebSocketUpgrade};
use axum::http::header::{CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tracing::{Instrument as _, Span};

use super::client_address::request_metadata;
use super::error::HttpError;
use super::server::HeldConnection;
use super::{App, RequestId};
use crate::errors::ErrorCode;
use session::Session;

/// The protocol of the messages (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    let names = |value: &HeaderValue, word: &str| {
        value.to_str().is_ok_and(|text| text.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    headers.get(CONNECTION).is_some_and(|value| names(value, "upgrade"))
        && headers.get(UPGRADE).is_some_and(|value| names(value, "websocket"))
}

/// Answers the handshake. A wrong credential in its headers is refused at once; a client without one may send it in
/// `connection_init`.
pub(super) async fn handle(app: App, id: RequestId, request: Request) -> Response {
    match open(app, id, request).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

async fn open(app: App, id: RequestId, request: Request) -> Result<Response, HttpError> {
    let (mut parts, _) = request.into_parts();
    check_origin(&app, &parts.headers, &parts.uri)?;
    let offered = parts.headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|line| line.to_str().ok());
    if !offered.flat_map(|line| line.split(',')).any(|protocol| protocol.trim() == PROTOCOL) {
        return Err(HttpError::bad_request("`Sec-WebSocket-Protocol` must offer `graphql-transport-ws`"));
    }
    // Of several the one that is spoken here.
    parts.headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    let protocol = GraphQLProtocol::from_request_parts(&mut parts, &()).await;
    let protocol = protocol.map_err(|_| HttpError::bad_request("`Sec-WebSocket-Protocol` cannot be read"))?;
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = upgrade
        .map_err(|_| HttpError::bad_request("the headers are not those of a WebSocket's handshake (RFC 6455)"))?;
    // The connection is counted for as long as the WebSocket is open.
    let held = parts.extensions.remove::<HeldConnection>();
    let origin = request_metadata(&parts, &id, app.settings.client_address);
    let session = Arc::new(Session::new(app.clone(), parts, origin));
    session.check_headers().await?;
    let most = app.settings.max_body_bytes;
    let span = Span::current();
    let upgraded = upgrade
        .protocols([PROTOCOL])
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |line| socket::serve(line, protocol, session, held).instrument(span));
    Ok(upgraded)
}

/// A page of another site is let in by its origin alone: its browser sends no other mark of where the page is from. A client that is no browser
/// sends none.
fn check_origin(app: &App, headers: &HeaderMap, address: &Uri) -> Result<(), HttpError> {
    let Some(from) = headers.get(ORIGIN) else { return Ok(()) };
    let is_allowed = app.settings.allowed_origins.contains(from);
    if is_allowed || is_own(from, headers.get(HOST), address) {
        return Ok(());
    }
    let message = "pages of this origin may not open a WebSocket here: `server.allowed_origins` says which may";
    Err(HttpError::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message))
}

/// Whether the page is from the host that was asked. Its scheme says nothing: a proxy in front may end TLS.
fn is_own(from: &HeaderValue, host: Option<&HeaderValue>, address: &Uri) -> bool {
    let Some(from) = from.to_str().ok().and_then(|from| from.parse::<Uri>().ok()) else { return false };
    let asked = address.authority().map(Authority::as_str).or_else(|| host?.to_str().ok());
    let Some(asked) = asked.and_then(|asked| asked.parse::<Authority>().ok()) else { return false };
    let usual = match from.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => return false,
    };
    from.host().is_some_and(|host| host.eq_ignore_ascii_case(asked.host()))
        && from.port_u16().unwrap_or(usual) == asked.port_u16().unwrap_or(usual)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_of_the_host_that_was_asked_or_of_another_site() {
        for (from, host, is_own) in [
            ("https://cs12.example", "cs12.example", true),
            ("https://CS12.example", "cs12.example:443", true),
            ("http://localhost:8080", "localhost:8080", true),
            ("https://acme.cs12.example", "cs12.example", false),
            ("https://cs12.example.evil.example", "cs12.example", false),
            ("https://cs12.example:8443", "cs12.example", false),
            ("http://localhost:5173", "localhost:8080", false),
            ("https://evil.example", "cs12.example", false),
            ("https://cs12.example@evil.example", "cs12.example", false),
            ("null", "cs12.example", false),
            ("file://", "cs12.example", false),
            ("", "cs12.example", false),
        ] {
            let (from, host) = (HeaderValue::from_str(from).unwrap(), HeaderValue::from_str(host).unwrap());
            let address = Uri::from_static("/graphql");
            assert_eq!(super::is_own(&from, Some(&host), &address), is_own, "{from:?} at {host:?}");
        }
    }

    #[test]
    fn a_handshake_is_told_by_its_two_headers() {
        let headers = |connection, upgrade| {
            [(CONNECTION, connection), (UPGRADE, upgrade)].map(|(name, value)| (name, HeaderValue::from_static(value)))
        };
        for (connection, upgrade, asked) in [
            ("Upgrade", "websocket", true),
            ("keep-alive, Upgrade", "WebSocket", true),
            ("keep-alive", "websocket", false),
            ("upgrade", "h2c", false),
        ] {
            assert_eq!(
                is_upgrade(&headers(connection, upgrade).into_iter().collect()),
                asked,
                "{connection} {upgrade}"
            );
        }
    }
}
