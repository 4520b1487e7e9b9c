//! Why a credential was refused: for the log alone.
//!
//! Owns: the closed list. May use: tracing. Invariant: a reason carries nothing of the credential.

/// Why a credential was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// More than one `Authorization` header or token cookie.
    SeveralCredentials,
    /// Another scheme than `Bearer`, or none.
    NotBearer,
    /// The cookie came without the header that proves it was sent on purpose.
    CookieWithoutHeader,
    /// Larger than any honest token.
    TooLarge,
    /// Not three parts of canonical base64url with JSON objects in two of them.
    Malformed,
    /// A header parameter that must not be there, or one of the wrong type.
    Header,
    /// An algorithm that is not one of the four.
    Algorithm,
    /// No issuer of this name is configured.
    UnknownIssuer,
    /// The issuer has no such key.
    UnknownKey,
    /// No key id, and more than one key would do.
    AmbiguousKey,
    /// The key is for another algorithm than the header says.
    KeyAlgorithm,
    /// The issuer's keys have never been loaded.
    KeysUnavailable,
    /// The signature does not match.
    Signature,
    /// `exp` has passed.
    Expired,
    /// `nbf` or `iat` has not come yet.
    NotYetValid,
    /// The token is for somebody else.
    Audience,
    /// A required claim is missing or has the wrong form.
    Claims,
    /// A claim says that the token is not for calling an API.
    Purpose,
}

impl Reason {
    /// One line for each refusal. Tokens run out all day long, so that one is for those who look closely.
    pub(super) fn log(self) {
        if self == Self::Expired {
            tracing::debug!(reason = ?self, "credential refused");
        } else {
            tracing::info!(reason = ?self, "credential refused");
        }
    }
}
