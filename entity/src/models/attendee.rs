//! Table `attendees`: who was at a course, doctor or not.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    id::{AttendeeId, CourseId, DoctorId, DsoId, OrganizationId},
    text::name_key,
};

/// Somebody on the list of a course.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "attendees")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendeeId,
    /// The course's DSO.
    pub dso_id: DsoId,
    /// Which course.
    pub course_id: CourseId,
    /// Which doctor, where it is one of ours.
    pub doctor_id: Option<DoctorId>,
    /// What they are called.
    pub name: String,
    /// Their address as written.
    pub email: Option<String>,
    /// Whether they came.
    pub attended: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// By what names are ordered; computed when the row is written.
    #[serde(skip)]
    pub name_key: String,
}

super::decode_positional!(
    organization_id, id, dso_id, course_id, doctor_id, name, email, attended, created_at, name_key;
    name_key = |row| name_key(&row.name)
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
