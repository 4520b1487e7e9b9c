//! A text that must not be shown.
//!
//! Owns: [`Secret`]. May use: nothing. Invariant: no format prints the text; only [`Secret::expose`] gives it.

use std::fmt;

/// A text that formats as `[secret]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Shortest key for a 256-bit MAC, in bytes (RFC 7518 §3.2: a key of the hash's size or larger).
    pub const MIN_BYTES: usize = 32;

    /// Wraps the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
