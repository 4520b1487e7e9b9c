//! What every answer tells the browser to keep to.
//!
//! Owns: the list, with the reason of each. May use: nothing. Invariant: what an answer says itself wins; nothing that is on the list is
//! ever missing.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// How browsers reach the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// In the clear: on this machine, or nobody has said otherwise.
    Plain,
    /// Over TLS, whoever ends it.
    Encrypted,
}

/// For every answer.
const ALWAYS: [(HeaderName, &str); 8] = [
    // Nobody guesses a media type: an answer that quotes its asker is never run as a script.
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses of ours (a query may be in one) stay with us.
    (REFERRER_POLICY, "no-referrer"),
    // What is not a page loads nothing and is framed by nobody; the pages bring a policy of their own.
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    // The same for browsers that do not know `frame-ancestors`.
    (X_FRAME_OPTIONS, "DENY"),
    // Answers belong to one caller at one time; what may be kept (the pages) says so itself.
    (CACHE_CONTROL, "no-store"),
    // A page that opens ours, or that ours opens, gets no hold of its window.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // Other sites' pages do not take our answers in as pictures or scripts; those that are allowed to ask (CORS) are not touched by this.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // The pages need nothing of the machine that they run on.
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
         midi=(), payment=(), usb=()",
    ),
];

/// A browser that was here over TLS comes back over TLS for a year, whatever a link says. Of this name only: what else runs under the same
/// domain is not ours to decide.
const ENCRYPTED: &str = "max-age=31536000";

/// Puts in what the answer does not say itself.
pub(super) fn add<B>(mut response: Response<B>, transport: Transport) -> Response<B> {
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if transport == Transport::Encrypted {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ENCRYPTED));
    }
    response
}
