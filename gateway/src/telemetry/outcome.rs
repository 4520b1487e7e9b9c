//! With what an operation ended.
//!
//! Owns: the one code that stands for all of an answer's errors. May use: the closed list of codes. Invariant: a fault of
//! ours is never hidden behind what the caller did wrong.

use std::fmt;

use prometheus_client::encoding::{EncodeLabelValue, LabelValueEncoder};

use crate::errors::ErrorCode;

/// What an operation ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OutcomeLabel {
    /// No error.
    Ok,
    /// Errors, of which this is the one that counts.
    Failed(ErrorCode),
    /// Nobody waited for the answer: the caller has gone.
    Abandoned,
}

impl OutcomeLabel {
    /// The one that counts: what is our fault first, then whichever comes first.
    pub(crate) fn of(codes: impl IntoIterator<Item = ErrorCode>) -> Self {
        let weight = |code: &ErrorCode| match code {
            ErrorCode::Internal => 3,
            ErrorCode::Unavailable => 2,
            ErrorCode::Timeout => 1,
            _ => 0,
        };
        // Of those that weigh alike, `max_by_key` would take the last.
        let heavier = |one: ErrorCode, other: ErrorCode| if weight(&other) > weight(&one) { other } else { one };
        codes.into_iter().reduce(heavier).map_or(Self::Ok, Self::Failed)
    }

    /// As it stands in labels and in the log.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Failed(code) => code.as_str(),
            Self::Abandoned => "ABANDONED",
        }
    }
}

impl EncodeLabelValue for OutcomeLabel {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        EncodeLabelValue::encode(&self.as_str(), encoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_is_never_hidden_behind_what_the_caller_did() {
        let of = |codes: &[ErrorCode]| OutcomeLabel::of(codes.iter().copied()).as_str();
        assert_eq!(of(&[]), "OK");
        assert_eq!(of(&[ErrorCode::Forbidden, ErrorCode::NotFound]), "FORBIDDEN");
        assert_eq!(
            of(&[ErrorCode::Forbidden, ErrorCode::Timeout, ErrorCode::Internal, ErrorCode::Unavailable]),
            "INTERNAL"
        );
        assert_eq!(of(&[ErrorCode::BadUserInput, ErrorCode::Unavailable]), "UNAVAILABLE");
    }
}
