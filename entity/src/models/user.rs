//! Table `users`: people. Not a tenant's table: one person may be in many organizations.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{OrganizationId, UserId};

/// A person, across organizations.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Which person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// The address as written.
    pub email: String,
    /// The form that is compared: trimmed, lower case.
    pub email_normal: String,
    /// What to call them.
    pub name: String,
    /// Where they start when a request names no organization.
    pub default_organization_id: Option<OrganizationId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

super::decode_positional!(id, email, email_normal, name, default_organization_id, created_at, updated_at);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
