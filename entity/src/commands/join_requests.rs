//! Requesting to join an organization without an invitation.
//!
//! Owns: join requests, the limit per person and day, and (`decision`) the responses to them. May use: transactions,
//! adding a member. Invariant: the requester never learns whether an organization has that slug: the response and the
//! work done for it are the same in both cases. A request ends once.

mod decision;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Account, account::AccountEntry, slug};
use crate::{
    audit::{
        hash_chain::{self, Actor, AuditEntry},
        refused_attempts::{RefusedAttempt, WINDOW},
    },
    commands::Validator,
    db::pool::TxMode,
    error::{Error, ValidationCode, ValidationError},
    id::{JoinRequestId, OrganizationId, TypedId},
    models::{
        self, AuditAction, JoinRequest, JoinRequestStatus, TargetKind,
        join_request::{Column, Entity},
    },
    session::Tx,
    text::TextKind,
    time::{micros, now},
};

/// A request to join.
#[derive(Clone, Debug)]
pub struct JoinRequestDraft {
    /// The organization's slug.
    pub slug: String,
    /// What they write about themselves.
    pub message: Option<String>,
}

/// The target of a request.
struct JoinTarget {
    slug: String,
    /// The organization, if one with this slug accepts requests or has the person as a member.
    target: Option<OrganizationId>,
}

struct KnownOrganization {
    id: OrganizationId,
    is_open: bool,
    is_member: bool,
}
crate::row::from_row!(KnownOrganization { id, is_open, is_member });

impl Account {
    /// Requests to join the organization with a slug. The response does not reveal whether there is one.
    pub async fn join_request_create(&self, draft: JoinRequestDraft) -> Result<JoinRequest, Error> {
        let mut checks = Validator::default();
        let slug = checks.accept(slug::normalize(&draft.slug));
        let message = checks.optional("message", draft.message, TextKind::NOTE);
        checks.finish()?;
        let slug = slug.unwrap_or_default();
        let tx = self.begin(TxMode::Write).await?;
        if let Err(error) = self.count_requests(&tx).await {
            // The count is committed, and no organization is looked up.
            tx.commit().await?;
            return Err(error);
        }
        let known = self.known(&tx, &slug).await?;
        let is_member = known.as_ref().is_some_and(|known| known.is_member);
        let target = known.filter(|known| known.is_open || known.is_member).map(|known| known.id);
        let place = JoinTarget { slug, target };
        match self.request(&tx, &place, is_member, message).await {
            Ok(request) => {
                let told = event_of(&place, AuditAction::JoinRequestCreate, request.id);
                self.audit_request(&tx, told, None, &request).await?;
                tx.commit().await?;
                Ok(request)
            }
            Err(error) => self.refuse_request(tx, &place, AuditAction::JoinRequestCreate, None, error).await,
        }
    }

    /// Counts a request, whatever its outcome, and refuses it beyond the daily limit.
    async fn count_requests(&self, tx: &Tx) -> Result<(), Error> {
        let action = AuditAction::JoinRequestCreate.name();
        let attempt = RefusedAttempt { user: self.user, place: Uuid::nil(), action, reason: "" };
        let counted = attempt.count(tx, chrono::Duration::days(1)).await?;
        let most = self.organization_settings().join_requests_per_day;
        if i64::from(counted.attempts) <= i64::from(most) {
            return Ok(());
        }
        let message = format!("a person can request to join at most {most} times a day: try again tomorrow");
        Err(ValidationError::of(ValidationCode::RateLimited, "organizationSlug", message))
    }

    async fn known(&self, tx: &Tx, slug: &str) -> Result<Option<KnownOrganization>, Error> {
        tx.set(&[("app.slug", slug)]).await;
        let sql = "SELECT o.id, o.join_requests = 'OPEN' AS is_open, \
                   EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = o.id AND m.user_id = $2 \
                   AND m.status = 'ACTIVE') AS is_member \
                   FROM organizations o WHERE o.slug = $1 AND o.deleted_at IS NULL AND o.status = 'ACTIVE'";
        let values = [slug.into(), self.user.into()];
        let known = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.set(&[("app.slug", "")]).await;
        Ok(known)
    }

    /// Writes the request, or refuses it and writes nothing.
    async fn request(
        &self,
        tx: &Tx,
        place: &JoinTarget,
        is_member: bool,
        message: Option<String>,
    ) -> Result<JoinRequest, Error> {
        let JoinTarget { slug, target } = place;
        let email = self.verified()?.as_entered().to_owned();
        if is_member {
            let message = format!("one is a member of `{slug}` already");
            return Err(ValidationError::of(ValidationCode::AlreadyMember, "organizationSlug", message));
        }
        self.refuse_soon_after_denial(tx, slug).await?;
        let request = JoinRequest {
            id: JoinRequestId::generate(),
            user_id: self.user,
            name: self.name.clone(),
            email,
            slug: slug.clone(),
            target_id: *target,
            message,
            status: JoinRequestStatus::Pending,
            created_at: now(),
            decided_at: None,
            decided_by: None,
        };
        let insert =
            Entity::insert(models::active(request.clone())).on_conflict(OnConflict::new().do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            let message = "there is already an open request: wait for the answer, or cancel that request";
            return Err(ValidationError::of(ValidationCode::AlreadyRequested, "organizationSlug", message));
        }
        Ok(request)
    }

    async fn refuse_soon_after_denial(&self, tx: &Tx, slug: &str) -> Result<(), Error> {
        let denied = Entity::find()
            .filter(Column::UserId.eq(self.user))
            .filter(Column::Slug.eq(slug))
            .filter(Column::Status.eq(JoinRequestStatus::Denied))
            .filter(Column::DecidedAt.gt(micros(now() - self.organization_settings().join_cool_down)));
        if tx.query_opt::<JoinRequest>(denied.build(tx.backend())).await?.is_none() {
            return Ok(());
        }
        let days = self.organization_settings().join_cool_down.num_days();
        let message = format!("`{slug}` denied the last request: request again {days} days after the denial");
        Err(ValidationError::of(ValidationCode::CoolDown, "organizationSlug", message))
    }

    /// The account's own requests, latest first.
    pub async fn join_requests(&self) -> Result<Vec<JoinRequest>, Error> {
        let tx = self.begin(TxMode::Read).await?;
        let sql = "SELECT * FROM join_requests WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await
    }

    /// Cancels one of the account's own requests.
    pub async fn join_request_cancel(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let tx = self.begin(TxMode::Write).await?;
        let find = Entity::find().filter(Column::Id.eq(id)).filter(Column::UserId.eq(self.user));
        let found: Option<JoinRequest> = tx.query_opt(find.build(tx.backend())).await?;
        let found = found.ok_or(Error::NotFound)?;
        let place = JoinTarget { slug: found.slug.clone(), target: found.target_id };
        let action = AuditAction::JoinRequestCancel;
        // Checked before anything is locked: only a request that can be cancelled blocks the organization.
        if found.status != JoinRequestStatus::Pending {
            return self.refuse_request(tx, &place, action, Some(id), is_over(id)).await;
        }
        let target = found.target_id.unwrap_or_else(unknown_organization);
        self.act_in(&tx, target).await;
        hash_chain::lock(&tx, target).await?;
        let after = JoinRequest { status: JoinRequestStatus::Cancelled, decided_at: Some(now()), ..found.clone() };
        if let Err(error) = end(&tx, &after).await {
            return self.refuse_request(tx, &place, action, Some(id), error).await;
        }
        self.audit_request(&tx, event_of(&place, action, id), Some(&found), &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Adds the event to the organization's log, if there is an organization; otherwise does equivalent work.
    async fn audit_request(
        &self,
        tx: &Tx,
        told: Option<AccountEntry>,
        before: Option<&JoinRequest>,
        after: &JoinRequest,
    ) -> Result<(), Error> {
        let Some(told) = told else { return self.record_unknown_slug(tx).await };
        self.act_in(tx, told.organization).await;
        self.audit(tx, told, Actor::Person(self.user), before, after).await
    }

    /// Ends a transaction in which a request was refused. The refusal is counted, and the first one in a quarter of an
    /// hour is added to the organization's log, if there is an organization.
    async fn refuse_request<T>(
        &self,
        tx: Tx,
        place: &JoinTarget,
        action: AuditAction,
        id: Option<JoinRequestId>,
        error: Error,
    ) -> Result<T, Error> {
        let Some(reason) = super::owner::refusal_reason(&error) else { return Err(error) };
        let attempt = RefusedAttempt { user: self.user, place: place.number(), action: action.name(), reason };
        let counted = attempt.count(&tx, WINDOW).await?;
        if counted.is_first() {
            match place.target {
                Some(organization) => {
                    let target = id.map_or((TargetKind::Organization, organization.uuid()), request);
                    let told = AccountEntry { organization, action, target };
                    self.act_in(&tx, organization).await;
                    let refused: AuditEntry<'_> = counted.event(self.refused(&told, reason));
                    hash_chain::append(&tx, refused).await?;
                }
                None => self.record_unknown_slug(&tx).await?,
            }
        }
        tx.commit().await?;
        Err(error)
    }

    /// Sends the same statements as adding an event, for an organization that does not exist, so that the response
    /// time does not reveal this. Nothing is written.
    async fn record_unknown_slug(&self, tx: &Tx) -> Result<(), Error> {
        struct RowCount {
            #[expect(dead_code, reason = "the query is only sent for the time that it takes")]
            events: i32,
        }
        crate::row::from_row!(RowCount { events });
        let nowhere = unknown_organization();
        self.act_in(tx, nowhere).await;
        hash_chain::lock(tx, nowhere).await?;
        let _: Option<RowCount> = tx.query_opt(hash_chain::event_count(nowhere, tx.backend())).await?;
        let sql = "INSERT INTO audit_events SELECT * FROM audit_events WHERE organization_id = $1";
        tx.execute_deferred(Statement::from_sql_and_values(tx.backend(), sql, [nowhere.into()])).await
    }
}

impl JoinTarget {
    /// Key under which refusals there are counted: the organization's id or, if there is none, a UUID derived from the
    /// slug.
    fn number(&self) -> Uuid {
        let made = || {
            let digest = Sha256::digest(self.slug.as_bytes());
            let half: [u8; 16] = std::array::from_fn(|place| digest[place]);
            Uuid::from_bytes(half)
        };
        self.target.map_or_else(made, TypedId::uuid)
    }
}

/// Placeholder for the organization of an unknown slug: no organization has this id.
fn unknown_organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::nil())
}

/// Closes a request that is still open.
async fn end(tx: &Tx, after: &JoinRequest) -> Result<(), Error> {
    let sql =
        "UPDATE join_requests SET status = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND status = 'PENDING'";
    let values = [after.id.into(), after.status.into(), after.decided_at.into(), after.decided_by.into()];
    if tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await? == 1 {
        return Ok(());
    }
    Err(is_over(after.id))
}

fn is_over(id: JoinRequestId) -> Error {
    ValidationError::of(ValidationCode::WrongState, "joinRequestId", format!("`{}` is not open any more", id.to_text()))
}

fn request(id: JoinRequestId) -> (TargetKind, Uuid) {
    (TargetKind::JoinRequest, id.uuid())
}

fn event_of(place: &JoinTarget, action: AuditAction, id: JoinRequestId) -> Option<AccountEntry> {
    place.target.map(|organization| AccountEntry { organization, action, target: request(id) })
}
