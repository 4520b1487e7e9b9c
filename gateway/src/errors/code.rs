//! What kinds of error leave the gateway.
//!
//! Owns: the closed list of codes. May use: nothing. Invariant: no error without one of these codes reaches a client.

/// A code in `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// No valid credential.
    Unauthenticated,
    /// The caller can read the row but may not do this.
    Forbidden,
    /// There is no such row, or the caller may not know of it.
    NotFound,
    /// An input that its author can mend.
    BadUserInput,
    /// The field needs an organization and none was chosen.
    OrgContextRequired,
    /// The organization is suspended.
    OrgSuspended,
    /// Too many requests.
    RateLimited,
    /// It took too long.
    Timeout,
    /// The database is away, or the gateway is too busy.
    Unavailable,
    /// Our fault; the log says more under the request id.
    Internal,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// No such document is known here, or it may not be run.
    PersistedQueryNotFound,
    /// The document is nested too deep.
    MaxDepth,
    /// The document has too many aliases.
    MaxAliases,
    /// The document would cost too much.
    TooExpensive,
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::BadUserInput,
        Self::OrgContextRequired,
        Self::OrgSuspended,
        Self::RateLimited,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
        Self::ParseFailed,
        Self::ValidationFailed,
        Self::PersistedQueryNotFound,
        Self::MaxDepth,
        Self::MaxAliases,
        Self::TooExpensive,
    ];

    /// The code that is written so.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// As it stands in `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::OrgContextRequired => "ORG_CONTEXT_REQUIRED",
            Self::OrgSuspended => "ORG_SUSPENDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::MaxDepth => "MAX_DEPTH_LIMIT",
            Self::MaxAliases => "MAX_ALIASES_LIMIT",
            Self::TooExpensive => "COST_ESTIMATED_TOO_EXPENSIVE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_list_of_all() {
        let arms = include_str!("code.rs").lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","));
        let missing: Vec<_> = arms.filter(|code| ErrorCode::named(code).is_none()).collect();
        assert!(missing.is_empty(), "put these into `Code::ALL`, or metrics call them INTERNAL: {missing:?}");
    }
}
