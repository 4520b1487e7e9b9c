//! Where a token may be in a request.
//!
//! Owns: the `Authorization` header and the optional cookie. May use: nothing of the room.
//! Invariant: a credential in the wrong form is refused, never passed over in favour of another one; the header wins over the cookie,
//! since no other site can set it.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};

use super::rejection_reason::RejectionReason;
use crate::config;

/// Where to look.
pub(super) struct TokenSources {
    cookie: Option<String>,
    csrf_header: String,
}

impl TokenSources {
    pub(super) fn new(config: &config::Authn) -> Self {
        Self { cookie: config.cookie.clone(), csrf_header: config.csrf_header.clone() }
    }

    /// The token of the request; none if it brings no credential at all.
    pub(super) fn token<'h>(&self, headers: &'h HeaderMap) -> Result<Option<&'h str>, RejectionReason> {
        if let Some(token) = bearer(headers)? {
            return Ok(Some(token));
        }
        let Some(name) = &self.cookie else { return Ok(None) };
        let Some(token) = cookie(headers, name)? else { return Ok(None) };
        // Browsers add the cookie to requests that other sites start, but never this header.
        if headers.contains_key(self.csrf_header.as_str()) {
            Ok(Some(token))
        } else {
            Err(RejectionReason::CookieWithoutHeader)
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, RejectionReason> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(RejectionReason::SeveralCredentials);
    }
    let value = value.to_str().map_err(|_| RejectionReason::NotBearer)?;
    let (scheme, token) = value.split_once(' ').ok_or(RejectionReason::NotBearer)?;
    // One blank or more (RFC 9110 §11.4).
    let token = token.trim_start_matches(' ');
    if scheme.eq_ignore_ascii_case("Bearer") { Ok(Some(token)) } else { Err(RejectionReason::NotBearer) }
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, RejectionReason> {
    let mut found = None;
    // As bytes: a neighbour's cookie may hold anything.
    let pairs = headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    for pair in pairs {
        let mut halves = pair.trim_ascii().splitn(2, |byte| *byte == b'=');
        if halves.next() != Some(name.as_bytes()) {
            continue;
        }
        let value = halves.next().unwrap_or_default();
        if found.replace(value).is_some() {
            return Err(RejectionReason::SeveralCredentials);
        }
    }
    found.map(|value| std::str::from_utf8(value).map_err(|_| RejectionReason::Malformed)).transpose()
}
