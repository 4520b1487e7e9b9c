//! Table `invitations`: who was asked to join.

use chrono::{DateTime, Utc};
use sea_orm::DeriveActiveEnum;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::{
    auth::OrgRole,
    id::{InvitationId, MemberId, OrganizationId},
};

/// What became of an invitation. Every state but the first is an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStatus {
    /// It waits for an answer, unless its time has run out.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// Its addressee joined.
    #[sea_orm(string_value = "ACCEPTED")]
    Accepted,
    /// Its addressee does not want to join.
    #[sea_orm(string_value = "DECLINED")]
    Declined,
    /// The organization took it back.
    #[sea_orm(string_value = "REVOKED")]
    Revoked,
    /// Its time ran out.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
}
crate::row::as_text!(InvitationStatus);

/// An invitation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// Which invitation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// Who is invited, as written.
    pub email: String,
    /// The form that is compared: trimmed, lower case.
    pub email_normal: String,
    /// The role in the organization that it promises.
    pub role: OrgRole,
    /// What became of it, as far as it was written down: see [`Model::status_at`].
    pub status: InvitationStatus,
    /// The hash of the token that opens it; none if it was never sent.
    #[serde(skip)]
    pub token_hash: Option<String>,
    /// By whom, where it is known.
    pub invited_by: Option<MemberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is good no more.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// How many tokens it has had.
    pub generation: i32,
    /// When it was answered or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// When a mail with the latest token went out.
    pub sent_at: Option<DateTime<Utc>>,
}

super::decode_positional!(
    organization_id,
    id,
    email,
    email_normal,
    role,
    status,
    token_hash,
    invited_by,
    created_at,
    expires_at,
    accepted_at,
    generation,
    ended_at,
    sent_at
);

impl Model {
    /// What became of it by this time: one whose time has run out is expired, though nobody has written it down.
    #[must_use]
    pub fn status_at(&self, time: DateTime<Utc>) -> InvitationStatus {
        match self.status {
            InvitationStatus::Pending if self.expires_at <= time => InvitationStatus::Expired,
            status => status,
        }
    }
}

/// The relations live in the database and in the loaders; nothing here may join past a scope.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
