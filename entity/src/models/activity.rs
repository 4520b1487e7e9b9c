//! Table `activities`: every contact with a doctor.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{ActivityId, DoctorId, DsoId, MemberId, OrganizationId};

/// The means of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityKind {
    /// A call.
    #[sea_orm(string_value = "PHONE")]
    Phone,
    /// A mail.
    #[sea_orm(string_value = "EMAIL")]
    Email,
    /// A text message.
    #[sea_orm(string_value = "TEXT")]
    Text,
    /// In person or by video.
    #[sea_orm(string_value = "MEETING")]
    Meeting,
    /// Something written down without a contact.
    #[sea_orm(string_value = "NOTE")]
    Note,
}
crate::row::as_text!(ActivityKind);

/// A contact with a doctor.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which activity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityId,
    /// The doctor's DSO.
    pub dso_id: DsoId,
    /// With whom.
    pub doctor_id: DoctorId,
    /// Who did it, where it is known.
    pub actor_member_id: Option<MemberId>,
    /// By what means.
    pub kind: ActivityKind,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What was said.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was archived; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i32,
}

super::decode_positional!(
    organization_id,
    id,
    dso_id,
    doctor_id,
    actor_member_id,
    kind,
    occurred_at,
    note,
    created_at,
    updated_at,
    deleted_at,
    version
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
