//! `[authn]`: whose tokens are believed, and how they are read.
//!
//! Owns: [`Authn`], [`Issuer`] and their checks. May use: `section`, `provider`.
//! Invariant: an issuer has exactly one source of keys and at least one audience, and no two entries share an issuer's name.

mod issuer;

use std::time::Duration;

use super::reader::Section;
pub use issuer::{ClaimNames, EmailProof, Issuer, KeySource};

/// Whose tokens are believed, and how they travel.
#[derive(Clone, Debug)]
pub struct Authn {
    /// How far the issuer's clock and ours may differ.
    pub leeway: Duration,
    /// A cookie that may carry the token; none = only the `Authorization` header does.
    pub cookie: Option<String>,
    /// The header without which the cookie is refused.
    pub csrf_header: String,
    /// How key sets are fetched.
    pub jwks: Jwks,
    /// Whose tokens are believed; empty = nobody can sign in.
    pub issuers: Vec<Issuer>,
}

/// How key sets are fetched and kept.
#[derive(Clone, Copy, Debug)]
pub struct Jwks {
    /// Shortest time between two questions to one issuer.
    pub refresh_floor: Duration,
    /// Age from which on a set is asked for again.
    pub max_age: Duration,
    /// Longest wait for an answer.
    pub timeout: Duration,
    /// Largest answer, in bytes.
    pub max_bytes: u32,
}

impl Default for Jwks {
    fn default() -> Self {
        Self {
            refresh_floor: Duration::from_secs(30),
            max_age: Duration::from_mins(10),
            timeout: Duration::from_secs(5),
            max_bytes: 256 * 1024,
        }
    }
}

impl Authn {
    /// The header that must come with the cookie unless another is configured.
    pub const CSRF_HEADER: &str = "X-CS12-Request";

    /// The defaults with these issuers: for `demo` and tests.
    #[must_use]
    pub fn of(issuers: Vec<Issuer>) -> Self {
        Self {
            leeway: Duration::from_secs(30),
            cookie: None,
            csrf_header: Self::CSRF_HEADER.to_owned(),
            jwks: Jwks::default(),
            issuers,
        }
    }

    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let leeway = seconds(&mut section, "leeway_seconds", 0, 300);
        let cookie = section.text("cookie");
        if let Some(name) = cookie.as_deref().filter(|name| !is_http_token(name)) {
            section.problem("cookie", format!("is `{name}`"), "write a cookie name: letters, digits, `-` and `_`");
        }
        let csrf_header = section.text("csrf_header");
        let sound = csrf_header.as_deref().is_some_and(|name| is_http_token(name) && is_custom_header(name));
        if !sound {
            // A header that browsers send by themselves would let every other site in.
            section.problem(
                "csrf_header",
                "is not a custom header",
                format!("write one such as `{}`", Self::CSRF_HEADER),
            );
        }
        let jwks = read_jwks(section.section("jwks"));
        let issuers = section.tables("issuers", Issuer::read);
        for (index, issuer) in issuers.iter().enumerate() {
            if issuers.iter().take(index).any(|earlier| earlier.issuer == issuer.issuer) {
                let wrong = format!("names `{}` twice", issuer.issuer);
                section.problem("issuers", wrong, "give each issuer one entry");
            }
        }
        section.finish();
        Some(Self { leeway, cookie, csrf_header: csrf_header?, jwks, issuers })
    }
}

fn read_jwks(mut section: Section<'_>) -> Jwks {
    let jwks = Jwks {
        refresh_floor: seconds(&mut section, "refresh_floor_seconds", 1, 3600),
        max_age: seconds(&mut section, "max_age_seconds", 60, 86_400),
        timeout: seconds(&mut section, "timeout_seconds", 1, 30),
        max_bytes: section.number("max_bytes", 1024..=4 * 1024 * 1024),
    };
    section.finish();
    jwks
}

fn seconds(section: &mut Section<'_>, key: &'static str, least: u32, most: u32) -> Duration {
    Duration::from_secs(u64::from(section.number(key, least..=most)))
}

/// A token of RFC 9110 §5.6.2, as far as people write them.
fn is_http_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
}

/// Browsers send no header that starts with `X-` to another site without asking it first.
fn is_custom_header(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")) && name.len() > 2
}
