//! Table `dsos`: what an organization looks after.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    id::{DsoId, OrganizationId, TypedId},
    text::name_key,
};

/// A dental service organization.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "dsos")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which DSO.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DsoId,
    /// What it is called; two may have one name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was archived; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// By what names are ordered, and what is searched; computed when the row is written.
    #[serde(skip)]
    pub name_key: String,
}

impl Model {
    /// One of which nothing is known but its id: until it is read, the other columns hold nothing.
    #[must_use]
    pub fn of_id(id: DsoId) -> Self {
        Self {
            organization_id: OrganizationId::from_uuid(Uuid::nil()),
            id,
            name: String::new(),
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
            deleted_at: None,
            version: 0,
            name_key: String::new(),
        }
    }
}

super::decode_positional!(
    organization_id, id, name, created_at, updated_at, deleted_at, version, name_key;
    name_key = |row| name_key(&row.name)
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
