//! Table `terminology`: how a DSO calls things.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{DsoId, OrganizationId, TermId};

/// A DSO's own word for one of our nouns.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "terminology")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which term.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TermId,
    /// Whose word.
    pub dso_id: DsoId,
    /// Our noun.
    pub key: String,
    /// Their word.
    pub label: String,
}

super::decode_positional!(organization_id, id, dso_id, key, label);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
