//! Table `invitation_grants`: the DSOs that an invitation promises.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    auth::DsoRole,
    id::{DsoId, InvitationId, OrganizationId},
};

/// A role on one DSO, for whoever accepts.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "invitation_grants")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Of which invitation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub invitation_id: InvitationId,
    /// On what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub dso_id: DsoId,
    /// Which role.
    pub role: DsoRole,
}

super::decode_positional!(organization_id, invitation_id, dso_id, role);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
