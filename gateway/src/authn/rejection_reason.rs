//! Why a credential was refused: for the log alone.
//!
//! Owns: the closed list. May use: tracing. Invariant: a reason carries nothing of the credential, and what is logged beside it is the
//! configuration's.

/// Why a credential was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RejectionReason {
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
    /// No key of the issuer is known.
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

impl RejectionReason {
    /// One line for each refusal, with the configured issuer that the token names. Tokens expire all day long, so that one is for those who
    /// look closely; keys that are not there are nothing that the caller could mend.
    pub(super) fn log(self, issuer: Option<&str>) {
        match self {
            Self::Expired => tracing::debug!(reason = ?self, issuer, "credential refused"),
            Self::KeysUnavailable => {
                tracing::warn!(reason = ?self, issuer, "credential not judged: no key of its issuer is known");
            }
            _ => tracing::info!(reason = ?self, issuer, "credential refused"),
        }
    }
}
