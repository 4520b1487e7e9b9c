//! Table `doctors`: whom the agents look after.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    id::{DoctorId, DsoId, OrganizationId},
    text::{name_key, search_text},
};

/// How likely a doctor is to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Risk {
    /// Not likely.
    #[sea_orm(string_value = "LOW")]
    Low,
    /// Worth a look.
    #[sea_orm(string_value = "MEDIUM")]
    Medium,
    /// Likely.
    #[sea_orm(string_value = "HIGH")]
    High,
    /// About to.
    #[sea_orm(string_value = "CRITICAL")]
    Critical,
}
crate::row::as_text!(Risk);

/// A doctor of a DSO.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "doctors")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which doctor.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DoctorId,
    /// The DSO they belong to.
    pub dso_id: DsoId,
    /// What they are called.
    pub name: String,
    /// Their address as written.
    pub email: Option<String>,
    /// The form that is compared.
    pub email_normal: Option<String>,
    /// Their phone number as written.
    pub phone: Option<String>,
    /// Where they work.
    pub practice: Option<String>,
    /// The period they are in, 1 to 12.
    pub onboarding_period: Option<i32>,
    /// How likely they are to leave.
    pub risk: Option<Risk>,
    /// When they joined.
    pub joined_at: Option<DateTime<Utc>>,
    /// What the agents wrote down.
    pub notes: Option<String>,
    /// The time of their latest activity; kept with each change of an activity.
    pub last_contact_at: Option<DateTime<Utc>>,
    /// The sum of the percents of their twelve periods, 0 to 1200; kept with each record of a period.
    pub progress: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was archived; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i32,
    /// By what names are ordered; computed when the row is written.
    #[serde(skip)]
    pub name_key: String,
    /// What is searched, the name and the practice; computed when the row is written.
    #[serde(skip)]
    pub search_text: String,
}

super::decode_positional!(
    organization_id,
    id,
    dso_id,
    name,
    email,
    email_normal,
    phone,
    practice,
    onboarding_period,
    risk,
    joined_at,
    notes,
    last_contact_at,
    progress,
    created_at,
    updated_at,
    deleted_at,
    version,
    name_key,
    search_text;
    name_key = |row| name_key(&row.name);
    search_text = |row| search_text([row.name.as_str()].into_iter().chain(row.practice.as_deref()))
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
