//! Table `memberships`: who is in which organization.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    auth::OrgRole,
    id::{MemberId, OrganizationId, UserId},
};

/// Whether a membership counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemberStatus {
    /// It counts.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// It is stopped for now.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
    /// The person has left; what they did stays theirs.
    #[sea_orm(string_value = "REMOVED")]
    Removed,
}
crate::row::as_text!(MemberStatus);

/// One person in one organization.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which membership.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    /// The person.
    pub user_id: UserId,
    /// Their role in the organization.
    pub role: OrgRole,
    /// Whether it counts.
    pub status: MemberStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// When they were last seen here, to the hour.
    pub last_seen_at: Option<DateTime<Utc>>,
}

super::decode_positional!(organization_id, id, user_id, role, status, created_at, updated_at, version, last_seen_at);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
