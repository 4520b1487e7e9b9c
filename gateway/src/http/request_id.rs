//! One name for one request, in its answer, its errors, its log lines and its audit rows.
//!
//! Owns: [`RequestId`]. May use: uuid. Invariant: 1 to 128 visible ASCII characters, so that it is safe in a header, a
//! log line and JSON.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// Where the id comes in and goes out.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken from outside, in bytes.
const MAX_BYTES: usize = 128;

/// The name of one request. Clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A new one, ordered by time (UUID version 7).
    #[must_use]
    pub fn generate() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// The id that the caller or a proxy gave, if there is exactly one and it is sound; else a new one: a bad id is no
    /// reason to refuse.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut given = headers.get_all(HEADER).iter();
        match (given.next().and_then(sound), given.next()) {
            (Some(id), None) => Self(id.into()),
            _ => Self::generate(),
        }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a header's value; none cannot happen, since the text is visible ASCII.
    pub(super) fn to_header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sound(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let is_sound = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_sound.then_some(text)
}
