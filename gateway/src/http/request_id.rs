//! One name for one request, in its answer, its errors, its log lines and its audit rows.
//!
//! Owns: [`RequestId`]. May use: uuid. Invariant: 1 to 128 letters, digits, `.`, `_`, `:` and `-` of ASCII, so that it is safe in a
//! header, a log line, JSON, a spreadsheet and a shell.

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
        match (given.next().and_then(valid), given.next()) {
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

fn valid(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    let is_sound = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(is_letter);
    is_sound.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &[&'static str]) -> RequestId {
        RequestId::of(&given.iter().map(|&id| (HEADER, HeaderValue::from_static(id))).collect())
    }

    #[test]
    fn an_id_of_a_proxy_is_used_and_one_that_is_more_than_a_name_is_not() {
        const LONGEST: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
        for id in ["a", "0af7651916cd43dd8448eb211c80319c", "1-67891233-abc.def:7_2", LONGEST] {
            assert_eq!(of(&[id]).as_str(), id);
        }
        for id in ["", "=cmd|'/C'!A0", "+1", "@x", "a b", "<b>", "a,b", "a;b", "a/b", "$(id)", "{1}", "\"", "'"] {
            let made = of(&[id]);
            assert_ne!(made.as_str(), id);
            assert_eq!(made.as_str().len(), 36, "{id}: a fresh one: {made}");
        }
        assert_eq!(of(&["a", "b"]).as_str().len(), 36, "two are none");
    }
}
