//! An organization in whose life nobody else interferes.
//!
//! Owns: the lock, and what every change of members looks at behind it. May use: the transaction. Invariant: what it
//! tells was read after the lock was taken and stays true until `commit`.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Statement};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    AuditAction, AuditOutcome, DsoId, Error, Member, MemberId, MemberStatus, OrgRole, Organization, OrganizationId,
    OrganizationStatus, Problem, ProblemCode, Scope, Standing, TargetKind, TypedId,
    audit::difference,
    chain::{self, Actor, Happening},
    policy::{About, Caller, Decision, Guard, decide, decide_on},
    session::Tx,
    table::{self, membership},
    time::now,
};

/// The organization under lock, and the member who acts.
pub(super) struct Locked<'a> {
    pub(super) scope: &'a Scope,
    pub(super) tx: Tx,
    pub(super) organization: Organization,
    pub(super) actor: Member,
    changes_actor: AtomicBool,
}

/// What the audit log is told.
pub(super) struct Noted {
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
    pub(super) dso: Option<DsoId>,
}

impl<'a> Locked<'a> {
    /// Locks the organization, if the caller still is a member with at least this role.
    pub(super) async fn begin(scope: &'a Scope, least: OrgRole) -> Result<Self, Error> {
        let tx = scope.write_whole().await?;
        let context = scope.context();
        chain::lock(&tx, context.organization()).await?;
        let organization = living(&tx, context.organization()).await?.ok_or(Error::NotFound)?;
        let actor = member(&tx, context.organization(), context.member()).await?;
        let actor = actor.filter(|actor| actor.status == MemberStatus::Active).ok_or(Error::NotFound)?;
        let standing = Standing::supposed(actor.user_id, actor.role, None);
        allow(decide(Caller::Member(&standing), Guard::Org(least), About::Nothing))?;
        Ok(Self { scope, tx, organization, actor, changes_actor: AtomicBool::new(false) })
    }

    /// A member of whatever status.
    pub(super) async fn member(&self, id: MemberId) -> Result<Member, Error> {
        member(&self.tx, self.organization.id, id).await?.ok_or(Error::NotFound)
    }

    /// This member's role or grants are changed.
    pub(super) fn changes_rights_of(&self, member: MemberId) {
        if member == self.actor.id {
            self.changes_actor.store(true, Ordering::Relaxed);
        }
    }

    /// Refuses to act on roles that are not below the actor's.
    pub(super) fn act_on(&self, other: OrgRole) -> Result<(), Error> {
        allow(decide_on(self.actor.role, other))
    }

    /// Refuses what would leave the organization without an active owner.
    pub(super) async fn keep_an_owner(&self, leaving: &Member, field: &'static str) -> Result<(), Error> {
        if leaving.role != OrgRole::Owner || leaving.status != MemberStatus::Active {
            return Ok(());
        }
        let others = membership::Entity::find()
            .filter(membership::Column::OrganizationId.eq(self.organization.id))
            .filter(membership::Column::Role.eq(OrgRole::Owner))
            .filter(membership::Column::Status.eq(MemberStatus::Active))
            .filter(membership::Column::Id.ne(leaving.id));
        let other: Option<Member> = self.tx.one(others.build(self.tx.backend())).await?;
        match other {
            Some(_) => Ok(()),
            None => Err(Problem::of(
                ProblemCode::LastOwner,
                field,
                "the organization would have no active owner: transfer the ownership first",
            )),
        }
    }

    /// Writes a member's new state, the version counted up.
    pub(super) async fn save(&self, after: Member) -> Result<Member, Error> {
        let after = Member { version: after.version + 1, updated_at: now(), ..after };
        let mut active = table::active(after.clone());
        active.not_set(membership::Column::OrganizationId);
        active.not_set(membership::Column::Id);
        let update = membership::Entity::update_many()
            .set(active)
            .filter(membership::Column::OrganizationId.eq(after.organization_id))
            .filter(membership::Column::Id.eq(after.id));
        self.tx.along(update.build(self.tx.backend())).await?;
        self.changes_rights_of(after.id);
        Ok(after)
    }

    /// Takes all of a member's roles on DSOs, archived ones too.
    pub(super) async fn drop_grants(&self, member: MemberId) -> Result<(), Error> {
        let delete = table::dso_grant::Entity::delete_many()
            .filter(table::dso_grant::Column::OrganizationId.eq(self.organization.id))
            .filter(table::dso_grant::Column::MemberId.eq(member));
        self.tx.along(delete.build(self.tx.backend())).await
    }

    /// Adds an event of what the actor did.
    pub(super) async fn note<R: Serialize>(&self, noted: Noted, before: Option<&R>, after: &R) -> Result<(), Error> {
        let (before, after) = difference(before, after)?;
        let actor = Actor::Member(self.actor.id, self.actor.user_id);
        let happening = Happening {
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
        chain::append(&self.tx, happening).await
    }

    /// Notes what was done to a member, and commits.
    pub(super) async fn end(self, action: AuditAction, before: &Member, after: &Member) -> Result<(), Error> {
        let noted = Noted { action, target: (TargetKind::Member, after.id.uuid()), dso: None };
        self.note(noted, Some(before), after).await?;
        self.commit().await
    }

    /// Ends it without a note.
    pub(super) async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await?;
        if self.changes_actor.into_inner() {
            self.scope.changed_own_rights();
        }
        Ok(())
    }
}

/// A decision of the policy as an outcome.
pub(super) fn allow(decision: Decision) -> Result<(), Error> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Deny(reason) => Err(Error::Forbidden(reason)),
    }
}

/// An organization that is neither deleted nor suspended.
pub(super) async fn living(tx: &Tx, id: OrganizationId) -> Result<Option<Organization>, Error> {
    let find = table::organization::Entity::find()
        .filter(table::organization::Column::Id.eq(id))
        .filter(table::organization::Column::DeletedAt.is_null())
        .filter(table::organization::Column::Status.eq(OrganizationStatus::Active));
    tx.one(find.build(tx.backend())).await
}

/// A member of whatever status.
pub(super) async fn member(tx: &Tx, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    let find = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(organization))
        .filter(membership::Column::Id.eq(id));
    tx.one(find.build(tx.backend())).await
}

/// Refuses another active member beyond the seats.
pub(super) async fn take_seat(tx: &Tx, organization: &Organization, seats: Option<u32>) -> Result<(), Error> {
    struct Taken {
        seats: i64,
    }
    crate::row::from_row!(Taken { seats });
    let limit = organization.seat_limit.map(i64::from).or(seats.map(i64::from));
    let Some(limit) = limit else { return Ok(()) };
    let sql = "SELECT count(*) AS seats FROM memberships WHERE organization_id = $1 AND status = 'ACTIVE'";
    let taken: Option<Taken> =
        tx.one(Statement::from_sql_and_values(tx.backend(), sql, [organization.id.into()])).await?;
    if taken.is_some_and(|taken| taken.seats < limit) {
        return Ok(());
    }
    Err(Error::Invalid(vec![Problem {
        code: ProblemCode::SeatLimit,
        message: format!("the organization has {limit} seats, and all are taken"),
        field: vec!["input"],
    }]))
}
