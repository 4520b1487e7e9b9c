//! Table `audit_events`: what was changed, by whom, and how it was before. Only ever added to.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::id::{AuditEventId, DsoId, MemberId, OrganizationId, UserId};

/// Who can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    /// A member.
    #[sea_orm(string_value = "PERSON")]
    Person,
    /// The product itself, such as an import.
    #[sea_orm(string_value = "SYSTEM")]
    System,
}
crate::row::as_text!(ActorKind);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditOutcome {
    /// It was done.
    #[sea_orm(string_value = "DONE")]
    Done,
    /// It was tried, and nothing was changed.
    #[sea_orm(string_value = "REFUSED")]
    Refused,
}
crate::row::as_text!(AuditOutcome);

/// Something that somebody changed, or tried to.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEventId,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done, as in `AuditAction`.
    pub action: String,
    /// What kind of actor.
    pub actor_kind: ActorKind,
    /// Which member, if one.
    pub actor_member_id: Option<MemberId>,
    /// Which person, if one: also one who is no member.
    pub actor_user_id: Option<UserId>,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// The code of what stood against it, if it was refused.
    pub reason: Option<String>,
    /// The kind of row, as in `TargetKind`.
    pub target_kind: String,
    /// Which row.
    pub target_id: uuid::Uuid,
    /// The row's DSO, if it has one.
    pub dso_id: Option<DsoId>,
    /// The request that did it.
    pub request_id: Option<String>,
    /// The network address that it came from, where it is known.
    pub address: Option<String>,
    /// What the client called itself.
    pub agent: Option<String>,
    /// The changed fields before.
    pub before: Option<serde_json::Value>,
    /// The changed fields after.
    pub after: Option<serde_json::Value>,
    /// Its place in the organization's chain, from 1; none for events from before there was one.
    pub sequence: Option<i32>,
    /// Its hash, which covers the one before it.
    pub hash: Option<String>,
}

super::decode_positional!(
    organization_id,
    id,
    at,
    action,
    actor_kind,
    actor_member_id,
    actor_user_id,
    outcome,
    reason,
    target_kind,
    target_id,
    dso_id,
    request_id,
    address,
    agent,
    before,
    after,
    sequence,
    hash
);

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
