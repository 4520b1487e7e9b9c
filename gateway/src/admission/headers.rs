//! What is left of a budget, as headers.
//!
//! Owns: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` of who has nothing left. May use:
//! nothing. Invariant: they speak of one budget, the one that ends first.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::rate_limit::{BudgetOwner, BudgetState, RateLimited, seconds_until};

/// What is left.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How much there is.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

impl BudgetState {
    /// Beside an answer.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        headers(self.whose, self.limit, self.remaining, seconds_until(self.resets))
    }
}

impl RateLimited {
    /// Beside a refusal.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = headers(self.whose, self.limit, self.remaining, self.seconds());
        headers.insert(RETRY_AFTER, HeaderValue::from(self.seconds()));
        headers
    }
}

fn headers(whose: BudgetOwner, limit: u64, remaining: u64, seconds: u64) -> HeaderMap {
    let name = match whose {
        BudgetOwner::Person => "person",
        BudgetOwner::Organization => "organization",
    };
    let written = [
        (RATE_LIMIT_POLICY, format!("\"{name}\";q={limit};w=60")),
        (RATE_LIMIT, format!("\"{name}\";r={remaining};t={seconds}")),
    ];
    // Words and numbers alone always are a header's value.
    written.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::try_from(text).ok()?))).collect()
}
