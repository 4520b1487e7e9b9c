//! Table `join_requests`: who asks to be let in. Not a tenant's table: a request is its person's.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{JoinRequestId, MemberId, OrganizationId, UserId};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JoinRequestStatus {
    /// It waits for an answer.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// The person was let in.
    #[sea_orm(string_value = "APPROVED")]
    Approved,
    /// The person was not let in.
    #[sea_orm(string_value = "DENIED")]
    Denied,
    /// The person asks no more.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// The person came in by another way meanwhile.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
}
crate::row::as_text!(JoinRequestStatus);

/// A person's request to be let into an organization.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "join_requests")]
pub struct Model {
    /// Which request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JoinRequestId,
    /// Who asks.
    pub user_id: UserId,
    /// What to call them.
    pub name: String,
    /// Their verified address as written.
    pub email: String,
    /// The slug that they wrote.
    pub slug: String,
    /// The organization of that slug, if there was one. Its person must never learn whether.
    pub target_id: Option<OrganizationId>,
    /// What they say about themselves.
    pub message: Option<String>,
    /// What became of it.
    pub status: JoinRequestStatus,
    /// When they asked.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub decided_at: Option<DateTime<Utc>>,
    /// Which member has answered.
    pub decided_by: Option<MemberId>,
}

super::decode_positional!(
    id, user_id, name, email, slug, target_id, message, status, created_at, decided_at, decided_by
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
