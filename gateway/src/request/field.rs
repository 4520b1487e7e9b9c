//! A guarded field of the schema.
//!
//! Owns: its coordinate and what it demands. Invariant: written by `#[guarded]`, never by hand.

use entity::auth::policy::Guard;

/// One field and what it demands: a row of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// `Type.field`, as the schema spells it.
    pub coordinate: &'static str,
    /// What it demands.
    pub guard: Guard,
    /// Whose DSO a DSO guard looks at.
    pub target: GuardTarget,
}

/// Whose DSO a DSO guard looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardTarget {
    /// The row that the field is on.
    Row,
    /// The row that an argument names.
    Argument,
}
