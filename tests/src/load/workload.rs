//! What is asked.
//!
//! Owns: the operations, as a frontend, an analyst and a dashboard ask them. Invariant: each answers words of its tenant's own.

use entity::id::DoctorId;
use serde_json::{Value, json};

use crate::tenants::Tenant;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Who asks, and where.
    Viewer,
    /// A page of doctors.
    Doctors,
    /// Three levels.
    Nested,
    /// Figures.
    Figures,
    /// A change.
    Log,
}

impl Operation {
    /// As often as each is asked: changes are rare.
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

    /// The request's body.
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

/// What the agent of a tenant asks to see whether they are still let in.
#[must_use]
pub fn agent_reads() -> String {
    json!({ "query": "{ organization { name } }" }).to_string()
}
