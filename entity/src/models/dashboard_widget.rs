//! Table `dashboard_widgets`: the pieces of dashboards.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{DashboardId, OrganizationId, WidgetId};

/// As what a widget shows its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WidgetKind {
    /// One figure.
    #[sea_orm(string_value = "NUMBER")]
    Number,
    /// Bars, one a group.
    #[sea_orm(string_value = "BAR")]
    Bar,
    /// A line over intervals of time.
    #[sea_orm(string_value = "LINE")]
    Line,
    /// Shares of a whole.
    #[sea_orm(string_value = "PIE")]
    Pie,
    /// Rows with columns.
    #[sea_orm(string_value = "TABLE")]
    Table,
    /// Doctors, one a line.
    #[sea_orm(string_value = "LIST")]
    List,
}
crate::row::as_text!(WidgetKind);

/// A piece of a dashboard.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "dashboard_widgets")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which widget.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WidgetId,
    /// Of which dashboard.
    pub dashboard_id: DashboardId,
    /// What it is called.
    pub title: String,
    /// As what it shows its answer.
    pub kind: WidgetKind,
    /// Its first column of twelve, from 0.
    pub x: i32,
    /// Its first line, from 0.
    pub y: i32,
    /// How many columns it takes.
    pub width: i32,
    /// How many lines it takes.
    pub height: i32,
    /// What it asks, as it was written.
    pub query: serde_json::Value,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

super::decode_positional!(
    organization_id,
    id,
    dashboard_id,
    title,
    kind,
    x,
    y,
    width,
    height,
    query,
    created_at,
    updated_at
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
