//! The operations of the load.
//!
//! Owns: the operations, as a frontend, an analyst and a dashboard send them. Invariant: each answer contains text
//! that is specific to its tenant.

use entity::id::DoctorId;
use serde_json::{Value, json};

use crate::tenants::Tenant;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The caller and their organizations.
    Viewer,
    /// A page of doctors.
    Doctors,
    /// Rows on three levels.
    Nested,
    /// Figures of an overview.
    Figures,
    /// A change: logs an activity.
    Log,
}

impl Operation {
    /// The operations, each as often as in practice: changes are rare.
    pub const MIX: [Self; 10] = [
        Self::Viewer,
        Self::Viewer,
        Self::Viewer,
        Self::Doctors,
        Self::Doctors,
        Self::Doctors,
        Self::Nested,
        Self::Figures,
        Self::Figures,
        Self::Log,
    ];

    /// Body of the request.
    #[must_use]
    pub fn body(self, turn: usize) -> String {
        let doctor = Tenant::row::<DoctorId>(&format!("doctor {} {}", turn % 2, turn % 12));
        let (query, variables): (_, Value) = match self {
            Self::Viewer => ("{ viewer { name organization { name slug } } }", json!({})),
            Self::Doctors => ("{ doctors(first: 20) { nodes { id name risk practice } } }", json!({})),
            Self::Nested => (
                "{ dsos(first: 3) { nodes { name doctors(first: 8) { nodes { name activities(first: 3) { nodes { kind note } } } } } } }",
                json!({}),
            ),
            Self::Figures => (
                "{ organization { name overview { doctors { count } activities { count } casesByStatus { status cases { count } } } } }",
                json!({}),
            ),
            Self::Log => (
                "mutation($doctor: ID!) { activityLog(input: { doctorId: $doctor, kind: PHONE, occurredAt: \"2026-03-01T10:00:00Z\" }) { activity { id kind } userErrors { code message } } }",
                json!({ "doctor": doctor }),
            ),
        };
        json!({ "query": query, "variables": variables }).to_string()
    }
}

/// Request with which a tenant's agent checks whether they still have access.
#[must_use]
pub fn agent_reads() -> String {
    json!({ "query": "{ organization { name } }" }).to_string()
}
