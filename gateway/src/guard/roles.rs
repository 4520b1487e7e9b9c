//! The roles, as the schema spells them.
//!
//! Owns: the enums of roles, which the guards' directives and the types of the schema share.

use async_graphql::Enum;

/// What a member is in the organization; each role can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::auth::OrgRole")]
pub enum OrgRole {
    /// Sees the organization and the DSOs that were granted.
    Member,
    /// Decides who sees what; administers every DSO.
    Admin,
    /// Owns the organization.
    Owner,
}

/// What a member is on one DSO; each role can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::auth::DsoRole")]
pub enum DsoRole {
    /// Reads doctors, onboarding and activities.
    Viewer,
    /// Also reads contact data and notes, and writes doctors and activities.
    Manager,
    /// Also changes the DSO and manages its grants.
    Admin,
}
