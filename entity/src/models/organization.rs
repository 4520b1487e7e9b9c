//! Table `organizations`: the tenants.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::OrganizationId;

/// Whether an organization may work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationStatus {
    /// It works.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// It is stopped; nothing of it can be read or changed.
    #[sea_orm(string_value = "SUSPENDED")]
    Suspended,
}
crate::row::as_text!(OrganizationStatus);

/// An organization: the tenant.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    /// Which organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Whether it may work.
    pub status: OrganizationStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was archived; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// Active members that it may have; none = as the operator says for all.
    pub seat_limit: Option<i32>,
}

super::decode_positional!(id, name, slug, status, created_at, updated_at, deleted_at, version, seat_limit);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
