//! An organization under an exclusive lock.
//!
//! Owns: the lock, and the checks that every change of members performs under it. May use: the transaction. Invariant:
//! the values that it returns were read after the lock was taken and stay valid until `commit`.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};
use serde::Serialize;
use uuid::Uuid;

use crate::audit::diff::difference;
use crate::{
    audit::hash_chain::{self, Actor, AuditEntry},
    auth::{
        MemberPermissions, OrgRole,
        policy::{Decision, Guard, PolicyTarget, Subject, decide, decide_rank},
    },
    error::{Error, ValidationCode, ValidationError},
    id::{DsoId, MemberId, OrganizationId, TypedId},
    models::{
        self, AuditAction, AuditOutcome, Member, MemberStatus, Organization, OrganizationStatus, TargetKind, membership,
    },
    scope::Scope,
    session::Tx,
    time::now,
};

/// The locked organization, and the acting member.
pub(super) struct LockedOrganization<'a> {
    pub(super) scope: &'a Scope,
    pub(super) tx: Tx,
    pub(super) organization: Organization,
    pub(super) actor: Member,
    changes_actor: AtomicBool,
}

/// An audit log entry.
pub(super) struct LockedEntry {
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
    pub(super) dso: Option<DsoId>,
}

impl<'a> LockedOrganization<'a> {
    /// Locks the organization, if the caller is still a member with at least this role.
    pub(super) async fn begin(scope: &'a Scope, least: OrgRole) -> Result<Self, Error> {
        let tx = scope.begin_org_write().await?;
        let context = scope.context();
        hash_chain::lock(&tx, context.organization()).await?;
        let organization = find_active(&tx, context.organization()).await?.ok_or(Error::NotFound)?;
        let actor = member(&tx, context.organization(), context.member()).await?;
        let actor = actor.filter(|actor| actor.status == MemberStatus::Active).ok_or(Error::NotFound)?;
        let standing = MemberPermissions::hypothetical(actor.user_id, actor.role, None);
        allow(decide(Subject::Member(&standing), Guard::Org(least), PolicyTarget::Nothing))?;
        Ok(Self { scope, tx, organization, actor, changes_actor: AtomicBool::new(false) })
    }

    /// A member of any status.
    pub(super) async fn member(&self, id: MemberId) -> Result<Member, Error> {
        member(&self.tx, self.organization.id, id).await?.ok_or(Error::NotFound)
    }

    /// Records that this member's role or grants are changed.
    pub(super) fn note_rights_change(&self, member: MemberId) {
        if member == self.actor.id {
            self.changes_actor.store(true, Ordering::Relaxed);
        }
    }

    /// Refuses to act on roles that are not below the actor's.
    pub(super) fn require_outranks(&self, other: OrgRole) -> Result<(), Error> {
        allow(decide_rank(self.actor.role, other))
    }

    /// Refuses a change that would leave the organization without an active owner.
    pub(super) async fn require_other_owner(&self, leaving: &Member, field: &'static str) -> Result<(), Error> {
        if leaving.role != OrgRole::Owner || leaving.status != MemberStatus::Active {
            return Ok(());
        }
        let others = membership::Entity::find()
            .filter(membership::Column::OrganizationId.eq(self.organization.id))
            .filter(membership::Column::Role.eq(OrgRole::Owner))
            .filter(membership::Column::Status.eq(MemberStatus::Active))
            .filter(membership::Column::Id.ne(leaving.id));
        let other: Option<Member> = self.tx.query_opt(others.build(self.tx.backend())).await?;
        match other {
            Some(_) => Ok(()),
            None => Err(ValidationError::of(
                ValidationCode::LastOwner,
                field,
                "the organization would have no active owner: transfer the ownership first",
            )),
        }
    }

    /// Writes a member's new state, with an incremented version.
    pub(super) async fn save(&self, after: Member) -> Result<Member, Error> {
        let after = Member { version: after.version + 1, updated_at: now(), ..after };
        let mut active = models::active(after.clone());
        active.not_set(membership::Column::OrganizationId);
        active.not_set(membership::Column::Id);
        let update = membership::Entity::update_many()
            .set(active)
            .filter(membership::Column::OrganizationId.eq(after.organization_id))
            .filter(membership::Column::Id.eq(after.id));
        self.tx.execute_deferred(update.build(self.tx.backend())).await?;
        self.note_rights_change(after.id);
        Ok(after)
    }

    /// Revokes all of a member's roles on DSOs, including archived DSOs.
    pub(super) async fn revoke_all_grants(&self, member: MemberId) -> Result<(), Error> {
        let delete = models::dso_grant::Entity::delete_many()
            .filter(models::dso_grant::Column::OrganizationId.eq(self.organization.id))
            .filter(models::dso_grant::Column::MemberId.eq(member));
        self.tx.execute_deferred(delete.build(self.tx.backend())).await
    }

    /// Adds an event about the actor's action.
    pub(super) async fn note<R: Serialize>(
        &self,
        noted: LockedEntry,
        before: Option<&R>,
        after: &R,
    ) -> Result<(), Error> {
        let (before, after) = difference(before, after)?;
        let actor = Actor::Member(self.actor.id, self.actor.user_id);
        let happening = AuditEntry {
            organization: self.organization.id,
            action: noted.action,
            outcome: AuditOutcome::Done,
            reason: None,
            actor,
            target: noted.target,
            dso: noted.dso,
            origin: self.scope.origin(),
            before,
            after: Some(after),
        };
        hash_chain::append(&self.tx, happening).await
    }

    /// Audits the change to a member, and commits.
    pub(super) async fn audit_and_commit(
        self,
        action: AuditAction,
        before: &Member,
        after: &Member,
    ) -> Result<(), Error> {
        let noted = LockedEntry { action, target: (TargetKind::Member, after.id.uuid()), dso: None };
        self.note(noted, Some(before), after).await?;
        self.commit().await
    }

    /// Commits without an event.
    pub(super) async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await?;
        if self.changes_actor.into_inner() {
            self.scope.note_own_rights_changed();
        }
        Ok(())
    }
}

/// Converts a policy decision to a result.
pub(super) fn allow(decision: Decision) -> Result<(), Error> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Deny(reason) => Err(Error::Forbidden(reason)),
    }
}

/// An organization that is neither deleted nor suspended.
pub(super) async fn find_active(tx: &Tx, id: OrganizationId) -> Result<Option<Organization>, Error> {
    let find = models::organization::Entity::find()
        .filter(models::organization::Column::Id.eq(id))
        .filter(models::organization::Column::DeletedAt.is_null())
        .filter(models::organization::Column::Status.eq(OrganizationStatus::Active));
    tx.query_opt(find.build(tx.backend())).await
}

/// A member of any status.
pub(super) async fn member(tx: &Tx, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    let find = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(organization))
        .filter(membership::Column::Id.eq(id));
    tx.query_opt(find.build(tx.backend())).await
}

/// Refuses another active member if all seats are taken.
pub(super) async fn take_seat(tx: &Tx, organization: &Organization, seats: Option<u32>) -> Result<(), Error> {
    struct SeatCount {
        seats: i64,
    }
    crate::row::from_row!(SeatCount { seats });
    let limit = organization.seat_limit.map(i64::from).or(seats.map(i64::from));
    let Some(limit) = limit else { return Ok(()) };
    let sql = "SELECT count(*) AS seats FROM memberships WHERE organization_id = $1 AND status = 'ACTIVE'";
    let taken: Option<SeatCount> =
        tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [organization.id.into()])).await?;
    if taken.is_some_and(|taken| taken.seats < limit) {
        return Ok(());
    }
    Err(Error::Invalid(vec![ValidationError {
        code: ValidationCode::SeatLimit,
        message: format!("the organization has {limit} seats, and all are taken"),
        field: vec!["input"],
    }]))
}
