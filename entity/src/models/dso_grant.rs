//! Table `dso_grants`: who may see which DSO.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    auth::DsoRole,
    id::{DsoGrantId, DsoId, MemberId, OrganizationId},
};

/// A member's role on one DSO.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "dso_grants")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which grant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DsoGrantId,
    /// On what.
    pub dso_id: DsoId,
    /// To whom.
    pub member_id: MemberId,
    /// Which role.
    pub role: DsoRole,
    /// By whom, where it is known.
    pub granted_by: Option<MemberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

super::decode_positional!(organization_id, id, dso_id, member_id, role, granted_by, created_at);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
