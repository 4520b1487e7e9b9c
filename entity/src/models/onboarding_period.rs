//! Table `onboarding_periods`: a doctor's progress, a row a period.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{DoctorId, DsoId, MemberId, OnboardingPeriodId, OrganizationId};

/// How far a doctor is in one of the twelve onboarding periods.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "onboarding_periods")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OnboardingPeriodId,
    /// The doctor's DSO.
    pub dso_id: DsoId,
    /// Whose.
    pub doctor_id: DoctorId,
    /// Which period, 1 to 12.
    pub period: i32,
    /// How far, 0 to 100.
    pub percent: i32,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom, where it is known.
    pub recorded_by: Option<MemberId>,
    /// Counts the changes, from 1.
    pub version: i32,
}

super::decode_positional!(organization_id, id, dso_id, doctor_id, period, percent, recorded_at, recorded_by, version);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
