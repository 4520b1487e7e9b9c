//! Asking to be let in, without an invitation.
//!
//! Owns: requests and the answers to them. May use: transactions, the way in. Invariant: whoever asks is never told
//! whether there is an organization of that slug; a request ends once.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryTrait, Statement,
    sea_query::OnConflict,
};

use super::{
    Visitor, Welcome,
    invitation::may_give,
    joining::{Joining, join},
    locked::{Locked, Noted},
    slug,
    visitor::Told,
};
use crate::{
    Admin, AuditAction, Error, JoinRequest, JoinRequestId, JoinRequestStatus, OrgRole, OrganizationId, Problem,
    ProblemCode, TargetKind, TypedId,
    chain::{self, Actor},
    pool::Intent,
    session::Tx,
    table::join_request::{Column, Entity},
    time::{micros, now},
    write::{Checks, NOTE},
};

/// A request to be let in.
#[derive(Clone, Debug)]
pub struct JoinRequestDraft {
    /// The organization's slug.
    pub slug: String,
    /// What they say about themselves.
    pub message: Option<String>,
}

impl Visitor {
    /// Asks to be let into the organization of a slug. Whether there is one is not told.
    pub async fn join_request_create(&self, draft: JoinRequestDraft) -> Result<JoinRequest, Error> {
        struct Known {
            id: OrganizationId,
            is_member: bool,
        }
        crate::row::from_row!(Known { id, is_member });
        let mut checks = Checks::default();
        let slug = checks.take(slug::normal(&draft.slug));
        let message = checks.optional("message", draft.message, NOTE);
        checks.done()?;
        let slug = slug.unwrap_or_default();
        let at = now();
        let tx = self.begin(Intent::Write).await?;
        tx.set(&[("app.slug", &slug)]).await;
        let sql = "SELECT o.id, EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = o.id AND m.user_id = $2 \
                   AND m.status = 'ACTIVE') AS is_member \
                   FROM organizations o WHERE o.slug = $1 AND o.deleted_at IS NULL AND o.status = 'ACTIVE'";
        let values = [slug.as_str().into(), self.user.into()];
        let known: Option<Known> = tx.one(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.set(&[("app.slug", "")]).await;
        let target = known.as_ref().map(|known| known.id);
        let email = match self.verified() {
            Ok(email) => email.as_written().to_owned(),
            Err(error) => return self.refused_request(tx, target, error).await,
        };
        if known.as_ref().is_some_and(|known| known.is_member) {
            let message = format!("one is a member of `{slug}` already");
            let error = Problem::of(ProblemCode::AlreadyMember, "organizationSlug", message);
            return self.refused_request(tx, target, error).await;
        }
        if let Err(error) = self.refuse_soon_after_denial(&tx, &slug).await {
            return self.refused_request(tx, target, error).await;
        }
        let request = JoinRequest {
            id: JoinRequestId::generate(),
            user_id: self.user,
            name: self.name.clone(),
            email,
            slug: slug.clone(),
            target_id: target,
            message,
            status: JoinRequestStatus::Pending,
            created_at: at,
            decided_at: None,
            decided_by: None,
        };
        let insert = Entity::insert(request.clone().into_active_model().reset_all())
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            let message = "one has asked already: wait for the answer, or cancel that request";
            let error = Problem::of(ProblemCode::AlreadyRequested, "organizationSlug", message);
            return self.refused_request(tx, target, error).await;
        }
        self.note_request(&tx, AuditAction::JoinRequestCreate, None, &request).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// Tells the organization, if there is one, of a request that was refused.
    async fn refused_request<T>(&self, tx: Tx, target: Option<OrganizationId>, error: Error) -> Result<T, Error> {
        drop(tx);
        if let Some(organization) = target {
            let target = (TargetKind::Organization, organization.uuid());
            let told = Told { organization, action: AuditAction::JoinRequestCreate, target };
            self.note_refusal(told, &error).await?;
        }
        Err(error)
    }

    async fn refuse_soon_after_denial(&self, tx: &Tx, slug: &str) -> Result<(), Error> {
        let denied = Entity::find()
            .filter(Column::UserId.eq(self.user))
            .filter(Column::Slug.eq(slug))
            .filter(Column::Status.eq(JoinRequestStatus::Denied))
            .filter(Column::DecidedAt.gt(micros(now() - self.rules().join_cool_down)));
        if tx.one::<JoinRequest>(denied.build(tx.backend())).await?.is_none() {
            return Ok(());
        }
        let days = self.rules().join_cool_down.num_days();
        let message = format!("`{slug}` has said no: ask again {days} days after the answer");
        Err(Problem::of(ProblemCode::CoolDown, "organizationSlug", message))
    }

    /// The requests that the visitor has made, latest first.
    pub async fn join_requests(&self) -> Result<Vec<JoinRequest>, Error> {
        let tx = self.begin(Intent::Read).await?;
        let sql = "SELECT * FROM join_requests WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
        tx.all(Statement::from_sql_and_values(tx.backend(), sql, [self.user.into()])).await
    }

    /// Asks no more.
    pub async fn join_request_cancel(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let tx = self.begin(Intent::Write).await?;
        let find = Entity::find().filter(Column::Id.eq(id)).filter(Column::UserId.eq(self.user));
        let found: Option<JoinRequest> = tx.one(find.build(tx.backend())).await?;
        let found = found.ok_or(Error::NotFound)?;
        if let Some(target) = found.target_id {
            self.turn_to(&tx, target).await;
            chain::lock(&tx, target).await?;
        }
        let after = JoinRequest { status: JoinRequestStatus::Cancelled, decided_at: Some(now()), ..found.clone() };
        if let Err(error) = end(&tx, &after).await {
            drop(tx);
            if let Some(organization) = found.target_id {
                self.note_refusal(told(organization, AuditAction::JoinRequestCancel, id), &error).await?;
            }
            return Err(error);
        }
        self.note_request(&tx, AuditAction::JoinRequestCancel, Some(&found), &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Tells the organization of the request, if there is one.
    async fn note_request(
        &self,
        tx: &Tx,
        action: AuditAction,
        before: Option<&JoinRequest>,
        after: &JoinRequest,
    ) -> Result<(), Error> {
        let Some(target) = after.target_id else { return Ok(()) };
        self.turn_to(tx, target).await;
        self.note(tx, told(target, action, after.id), Actor::Person(self.user), before, after).await
    }
}

impl Admin<'_> {
    /// Lets in who has asked.
    pub async fn join_request_approve(&self, id: JoinRequestId, welcome: Welcome) -> Result<JoinRequest, Error> {
        let outcome = self.approve(id, welcome).await;
        self.scope.told(AuditAction::JoinRequestApprove, (TargetKind::JoinRequest, id.uuid()), outcome).await
    }

    async fn approve(&self, id: JoinRequestId, welcome: Welcome) -> Result<JoinRequest, Error> {
        let mut checks = Checks::default();
        checks.grants(self.scope, &welcome.grants);
        checks.role_to_give(welcome.role);
        checks.done()?;
        let locked = Locked::begin(self.scope, OrgRole::Admin).await?;
        may_give(locked.actor.role, welcome.role)?;
        let before = locked.request(id).await?;
        let after = locked.decided(&before, JoinRequestStatus::Approved);
        end(&locked.tx, &after).await?;
        let email = before.email.to_lowercase();
        let seats = self.scope.rules().seats;
        let joining =
            Joining { user: before.user_id, email: &email, by: locked.actor.id, field: "joinRequestId", seats };
        join(&locked.tx, &locked.organization, &joining, &welcome).await?;
        locked.note(noted(AuditAction::JoinRequestApprove, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Does not let in who has asked.
    pub async fn join_request_deny(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let outcome = self.deny(id).await;
        self.scope.told(AuditAction::JoinRequestDeny, (TargetKind::JoinRequest, id.uuid()), outcome).await
    }

    async fn deny(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let locked = Locked::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.request(id).await?;
        let after = locked.decided(&before, JoinRequestStatus::Denied);
        end(&locked.tx, &after).await?;
        locked.note(noted(AuditAction::JoinRequestDeny, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }
}

impl Locked<'_> {
    async fn request(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let find = Entity::find().filter(Column::Id.eq(id)).filter(Column::TargetId.eq(self.organization.id));
        self.tx.one(find.build(self.tx.backend())).await?.ok_or(Error::NotFound)
    }

    fn decided(&self, before: &JoinRequest, status: JoinRequestStatus) -> JoinRequest {
        JoinRequest { status, decided_at: Some(now()), decided_by: Some(self.actor.id), ..before.clone() }
    }
}

/// Writes the end of a request that is still open.
async fn end(tx: &Tx, after: &JoinRequest) -> Result<(), Error> {
    let sql =
        "UPDATE join_requests SET status = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND status = 'PENDING'";
    let values = [after.id.into(), after.status.into(), after.decided_at.into(), after.decided_by.into()];
    if tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await? == 1 {
        return Ok(());
    }
    let message = format!("`{}` is not open any more", after.id.to_text());
    Err(Problem::of(ProblemCode::WrongState, "joinRequestId", message))
}

fn told(organization: OrganizationId, action: AuditAction, id: JoinRequestId) -> Told {
    Told { organization, action, target: (TargetKind::JoinRequest, id.uuid()) }
}

fn noted(action: AuditAction, id: JoinRequestId) -> Noted {
    Noted { action, target: (TargetKind::JoinRequest, id.uuid()), dso: None }
}
