//! Table `cases`: what a doctor has submitted.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{CaseId, DoctorId, DsoId, OrganizationId};

/// How far a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaseStatus {
    /// Handed in.
    #[sea_orm(string_value = "SUBMITTED")]
    Submitted,
    /// Being worked on.
    #[sea_orm(string_value = "IN_PROGRESS")]
    InProgress,
    /// Done.
    #[sea_orm(string_value = "COMPLETED")]
    Completed,
    /// Given up.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}
crate::row::as_text!(CaseStatus);

/// A clinical case of a doctor.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CaseId,
    /// The doctor's DSO.
    pub dso_id: DsoId,
    /// Whose.
    pub doctor_id: DoctorId,
    /// What it is called.
    pub title: String,
    /// How far it is.
    pub status: CaseStatus,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i32,
}

super::decode_positional!(
    organization_id,
    id,
    dso_id,
    doctor_id,
    title,
    status,
    opened_at,
    created_at,
    updated_at,
    version
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
