//! By what is counted.
//!
//! Owns: the labels of each family. May use: prometheus-client's encoding. Invariant: each label is out of a closed or a
//! bounded set.

use std::fmt;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

use super::outcome::OutcomeLabel;

/// What kind of operation it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It reads.
    Query,
    /// It changes.
    Mutation,
    /// It would listen.
    Subscription,
    /// It was refused before anybody knew.
    #[default]
    Unknown,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
            Self::Unknown => "unknown",
        }
    }
}

impl From<OperationType> for Kind {
    fn from(operation: OperationType) -> Self {
        match operation {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        }
    }
}

impl EncodeLabelValue for Kind {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        EncodeLabelValue::encode(&self.as_str(), encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct HttpLabels {
    pub(super) method: &'static str,
    /// The route's pattern.
    pub(super) route: String,
    pub(super) status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OperationLabels {
    pub(super) kind: Kind,
    /// Out of the bounded set.
    pub(super) name: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OutcomeLabels {
    pub(super) kind: Kind,
    /// Out of the bounded set.
    pub(super) name: Arc<str>,
    pub(super) code: OutcomeLabel,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct KindLabels {
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DeniedLabels {
    pub(super) coordinate: &'static str,
    /// As the schema prints it.
    pub(super) guard: String,
}
