//! Table `dashboards`: pages of widgets that members keep.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{DashboardId, MemberId, OrganizationId};

/// Who sees a dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Its author.
    #[sea_orm(string_value = "PRIVATE")]
    Private,
    /// Every member of the organization.
    #[sea_orm(string_value = "SHARED")]
    Shared,
}
crate::row::as_text!(Visibility);

/// A page of widgets.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "dashboards")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which dashboard.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DashboardId,
    /// Whose.
    pub author_member_id: MemberId,
    /// What it is called.
    pub title: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it or a widget of it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes and those of its widgets.
    pub version: i32,
}

super::decode_positional!(organization_id, id, author_member_id, title, visibility, created_at, updated_at, version);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
