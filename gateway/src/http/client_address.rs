//! Where a request came from, for the audit log.
//!
//! Owns: which header is believed about it, and how an address is written there. May use: the parts of a request. Invariant: a header
//! counts only if the operator has said that a proxy sets it; without it, or if it holds no address, the address is the proxy's.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use entity::audit::RequestMetadata;

use super::RequestId;
use super::server::Peer;
use crate::config::ClientAddress;

/// What the audit log files beside a change.
pub(super) fn request_metadata(parts: &Parts, id: &RequestId, says: ClientAddress) -> RequestMetadata {
    let origin = RequestMetadata::new(id.as_str());
    let origin = match address(parts, says) {
        Some(address) => origin.with_address(&address.to_string()),
        None => origin,
    };
    match parts.headers.get(USER_AGENT) {
        Some(agent) => origin.with_user_agent(&String::from_utf8_lossy(agent.as_bytes())),
        None => origin,
    }
}

fn address(parts: &Parts, says: ClientAddress) -> Option<IpAddr> {
    let said = match says {
        ClientAddress::Peer => None,
        ClientAddress::XForwardedFor => last_forwarded(&parts.headers),
        ClientAddress::XRealIp => real_ip(&parts.headers),
    };
    said.or_else(|| parts.extensions.get::<Peer>().map(|Peer(address)| *address))
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The entry that the nearest proxy has added: the last one of the last line.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all(X_FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    read(line.rsplit(',').next()?)
}

/// The one line that the nearest proxy has set; of several, nobody knows which.
fn real_ip(headers: &HeaderMap) -> Option<IpAddr> {
    let mut lines = headers.get_all(X_REAL_IP).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    read(line.to_str().ok()?)
}

/// An address; some proxies write the port behind it (`203.0.113.7:443`, `[2001:db8::7]:443`), or brackets around it.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_header_is_believed_only_where_the_operator_has_said_so() {
        use ClientAddress::{Peer as Connection, XForwardedFor, XRealIp};
        let proxy = "10.0.0.1";
        let cases = [
            (Connection, "x-forwarded-for", "203.0.113.7", proxy),
            (XRealIp, "x-forwarded-for", "203.0.113.7", proxy),
            (XForwardedFor, "x-forwarded-for", "203.0.113.7", "203.0.113.7"),
            // The first entries are whatever the client has sent.
            (XForwardedFor, "x-forwarded-for", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
            (XForwardedFor, "x-forwarded-for", "not an address", proxy),
            (XForwardedFor, "x-forwarded-for", "203.0.113.7:443", "203.0.113.7"),
            (XForwardedFor, "x-forwarded-for", "1.1.1.1, [2001:db8::7]:443", "2001:db8::7"),
            (XForwardedFor, "x-forwarded-for", "[2001:db8::7]", "2001:db8::7"),
            (XForwardedFor, "x-forwarded-for", "2001:db8::7", "2001:db8::7"),
            (XForwardedFor, "x-forwarded-for", "203.0.113.7,", proxy),
            (XForwardedFor, "x-forwarded-for", "unknown", proxy),
            (XForwardedFor, "x-forwarded-for", "203.0.113.7:port", proxy),
            (XForwardedFor, "x-forwarded-for", "203.0.113.7:443:1", proxy),
            (XForwardedFor, "x-forwarded-for", "[203.0.113.7]", proxy),
            (XRealIp, "x-real-ip", "2001:db8::7", "2001:db8::7"),
            (XRealIp, "x-real-ip", "203.0.113.7:443", "203.0.113.7"),
            (XRealIp, "x-real-ip", "[2001:db8::7]:443", "2001:db8::7"),
        ];
        for (says, header, value, expected) in cases {
            let request = Request::builder().header(header, value).body(()).unwrap();
            let (mut parts, ()) = request.into_parts();
            parts.extensions.insert(Peer(proxy.parse().unwrap()));
            assert_eq!(address(&parts, says).unwrap().to_string(), expected, "{says:?} {header}: {value}");
        }
    }
}
