//! The two role hierarchies.
//!
//! Owns: the roles and their order. Invariant: the variants are ordered by privilege, lowest first.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::Serialize;

/// A member's role in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrgRole {
    /// Sees the organization and the DSOs that were granted to them.
    #[sea_orm(string_value = "MEMBER")]
    Member,
    /// Manages access rights; administers every DSO.
    #[sea_orm(string_value = "ADMIN")]
    Admin,
    /// Owns the organization.
    #[sea_orm(string_value = "OWNER")]
    Owner,
}
crate::row::as_text!(OrgRole);

/// A member's role on one DSO.
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
    /// All roles, lowest first.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Owner];

    /// Whether the role sees and administers every DSO of its organization, whatever was granted. `app_enter` has the same rule in SQL.
    #[must_use]
    pub const fn sees_all_dsos(self) -> bool {
        match self {
            Self::Owner | Self::Admin => true,
            Self::Member => false,
        }
    }

    /// The spelling in the schema.
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
    /// All roles, lowest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Manager, Self::Admin];

    /// The spelling in the schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Manager => "MANAGER",
            Self::Admin => "ADMIN",
        }
    }
}
