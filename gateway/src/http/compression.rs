//! Answers made smaller.
//!
//! Owns: which answers, for whom. May use: tower-http's gzip. Invariant: an answer to a request that brought a cookie is never compressed.
//!
//! Compressed and encrypted, a text's length tells whether it holds what an attacker has put beside it (BREACH). For that the attacker must
//! make a victim's browser send many requests of theirs, with the victim's credential. A bearer token no other site can make a browser
//! send; a cookie travels by itself, so with one the answer stays as long as it is. No answer holds a token or a password: what a member
//! could find out by watching the line of another who reads what they wrote is a part of a row, one letter for each look.
//!
//! gzip at its fastest, measured on a list of 50 kB, of which ids are a third: a quarter is left, for 0.26 ms of CPU. At its usual level it
//! takes three times as long for an eighth less. The others would be built from C, or take longer.

use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, COOKIE};
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::CompressionLevel;
use tower_http::compression::predicate::{And, SizeAbove};
use tower_http::compression::{CompressionLayer, Predicate as _};

/// Answers below this size, in bytes, fit into one packet anyway.
const MIN_BYTES: u64 = 1024;

/// Where the pages are: their files are compressed when they are built, and hold nothing of anybody.
const PAGES: [&str; 2] = ["/graphiql/", "/dashboard/"];

type ShouldCompress = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses what is large enough and is a text.
pub(super) fn layer() -> CompressionLayer<And<SizeAbove, ShouldCompress>> {
    let judge: ShouldCompress = |_, _, headers, _| is_text(headers);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(MIN_BYTES).and(judge))
}

/// Whoever sends a cookie is taken for one who reads nothing compressed.
pub(super) fn plain_for_cookies(mut request: Request) -> Request {
    if request.headers().contains_key(COOKIE) && !PAGES.iter().any(|pages| request.uri().path().starts_with(pages)) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}

fn is_text(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    media.starts_with("text/") || media.contains("json")
}
