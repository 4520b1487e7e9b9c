//! Commands on members by admins and owners, and by members on themselves.

use super::{
    Owner,
    org_lock::{LockedOrganization, take_seat},
};
use crate::{
    auth::OrgRole,
    commands::OrgAdmin,
    error::{Error, ValidationCode, ValidationError},
    id::{MemberId, OrganizationId, TypedId},
    models::{AuditAction, Member, MemberStatus, TargetKind},
    scope::Scope,
};

impl OrgAdmin<'_> {
    /// Removes a member: they lose access from the next request on, and their past actions remain attributed to them.
    pub async fn member_remove(&self, id: MemberId) -> Result<Member, Error> {
        let outcome = self.remove(id).await;
        self.scope.audit_entry_for(AuditAction::MemberRemove, (TargetKind::Member, id.uuid()), outcome).await
    }

    async fn remove(&self, id: MemberId) -> Result<Member, Error> {
        let (locked, before) = self.other(id, "leave with `organizationLeave`").await?;
        is_any_of(&before, &[MemberStatus::Active, MemberStatus::Suspended])?;
        locked.require_other_owner(&before, "memberId").await?;
        locked.revoke_all_grants(id).await?;
        let after = locked.save(Member { status: MemberStatus::Removed, ..before.clone() }).await?;
        locked.audit_and_commit(AuditAction::MemberRemove, &before, &after).await?;
        Ok(after)
    }

    /// Suspends a member. Their grants stay.
    pub async fn member_suspend(&self, id: MemberId) -> Result<Member, Error> {
        let outcome = self.suspend(id).await;
        self.scope.audit_entry_for(AuditAction::MemberSuspend, (TargetKind::Member, id.uuid()), outcome).await
    }

    async fn suspend(&self, id: MemberId) -> Result<Member, Error> {
        let (locked, before) = self.other(id, "ask another admin").await?;
        is_any_of(&before, &[MemberStatus::Active])?;
        locked.require_other_owner(&before, "memberId").await?;
        let after = locked.save(Member { status: MemberStatus::Suspended, ..before.clone() }).await?;
        locked.audit_and_commit(AuditAction::MemberSuspend, &before, &after).await?;
        Ok(after)
    }

    /// Reactivates a suspended member.
    pub async fn member_resume(&self, id: MemberId) -> Result<Member, Error> {
        let outcome = self.resume(id).await;
        self.scope.audit_entry_for(AuditAction::MemberResume, (TargetKind::Member, id.uuid()), outcome).await
    }

    async fn resume(&self, id: MemberId) -> Result<Member, Error> {
        let (locked, before) = self.other(id, "ask another admin").await?;
        is_any_of(&before, &[MemberStatus::Suspended])?;
        take_seat(&locked.tx, &locked.organization, self.scope.organization_settings().seats).await?;
        let after = locked.save(Member { status: MemberStatus::Active, ..before.clone() }).await?;
        locked.audit_and_commit(AuditAction::MemberResume, &before, &after).await?;
        Ok(after)
    }

    /// Locks the organization and returns a member other than the actor whose role is below the actor's.
    async fn other(&self, id: MemberId, instead: &str) -> Result<(LockedOrganization<'_>, Member), Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        let other = locked.member(id).await?;
        if other.id == locked.actor.id {
            return Err(ValidationError::of(
                ValidationCode::Oneself,
                "memberId",
                format!("`memberId` is oneself: {instead}"),
            ));
        }
        locked.require_outranks(other.role)?;
        Ok((locked, other))
    }
}

impl Owner<'_> {
    /// Changes a member's role in the organization. The same role again is no change.
    pub async fn member_role_update(
        &self,
        id: MemberId,
        role: OrgRole,
        expected_version: Option<i32>,
    ) -> Result<Member, Error> {
        let outcome = self.set_role(id, role, expected_version).await;
        self.scope.audit_entry_for(AuditAction::MemberRoleUpdate, (TargetKind::Member, id.uuid()), outcome).await
    }

    async fn set_role(&self, id: MemberId, role: OrgRole, expected_version: Option<i32>) -> Result<Member, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.member(id).await?;
        crate::commands::check_version(expected_version, before.version)?;
        is_any_of(&before, &[MemberStatus::Active, MemberStatus::Suspended])?;
        if before.role == role {
            locked.commit().await?;
            return Ok(before);
        }
        locked.require_other_owner(&before, "role").await?;
        let after = locked.save(Member { role, ..before.clone() }).await?;
        locked.audit_and_commit(AuditAction::MemberRoleUpdate, &before, &after).await?;
        Ok(after)
    }
}

impl Scope {
    /// Leaves the organization, if it is the expected one. Rejoining takes a new invitation, and does not restore old
    /// grants.
    pub async fn organization_leave(&self, meant: OrganizationId) -> Result<Member, Error> {
        let outcome = if meant == self.context().organization() { self.leave().await } else { Err(Error::NotFound) };
        let target = (TargetKind::Member, self.context().member().uuid());
        self.audit_entry_for(AuditAction::OrganizationLeave, target, outcome).await
    }

    async fn leave(&self) -> Result<Member, Error> {
        let locked = LockedOrganization::begin(self, OrgRole::Member).await?;
        let before = locked.actor.clone();
        locked.require_other_owner(&before, "confirm").await?;
        locked.revoke_all_grants(before.id).await?;
        let after = locked.save(Member { status: MemberStatus::Removed, ..before.clone() }).await?;
        locked.audit_and_commit(AuditAction::OrganizationLeave, &before, &after).await?;
        Ok(after)
    }
}

/// Refuses a change that the member's status does not allow.
pub(super) fn is_any_of(member: &Member, allowed: &[MemberStatus]) -> Result<(), Error> {
    if allowed.contains(&member.status) {
        return Ok(());
    }
    let status = match member.status {
        MemberStatus::Active => "active",
        MemberStatus::Suspended => "suspended",
        MemberStatus::Removed => "no member any more",
    };
    Err(ValidationError::of(ValidationCode::WrongState, "memberId", format!("`{}` is {status}", member.id.to_text())))
}
