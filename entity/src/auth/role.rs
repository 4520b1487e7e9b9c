//! The two ladders of roles.
//!
//! Owns: which roles there are and which is above which. May use: nothing of the project.
//! Invariant: the order of the variants is the order of power, lowest first.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::Serialize;

/// What a member is in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrgRole {
    /// Sees the organization and the DSOs that were granted.
    #[sea_orm(string_value = "MEMBER")]
    Member,
    /// Decides who sees what; administers every DSO.
    #[sea_orm(string_value = "ADMIN")]
    Admin,
    /// Owns the organization.
    #[sea_orm(string_value = "OWNER")]
    Owner,
}
crate::row::as_text!(OrgRole);

/// What a member is on one DSO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DsoRole {
    /// Reads doctors, onboarding and activities.
    #[sea_orm(string_value = "VIEWER")]
    Viewer,
    /// Also reads contact data and notes, and writes doctors and activities.
    #[sea_orm(string_value = "MANAGER")]
    Manager,
    /// Also changes the DSO and manages its grants.
    #[sea_orm(string_value = "ADMIN")]
    Admin,
}
crate::row::as_text!(DsoRole);

impl OrgRole {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Owner];

    /// Whether the role sees and administers every DSO of its organization, whatever was granted. `app_enter` has the same rule in SQL.
    #[must_use]
    pub const fn sees_all_dsos(self) -> bool {
        match self {
            Self::Owner | Self::Admin => true,
            Self::Member => false,
        }
    }

    /// As it is spelled in the schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "MEMBER",
            Self::Admin => "ADMIN",
            Self::Owner => "OWNER",
        }
    }
}

impl DsoRole {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Manager, Self::Admin];

    /// As it is spelled in the schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Manager => "MANAGER",
            Self::Admin => "ADMIN",
        }
    }
}
