//! Transferring the ownership of an organization.

use super::{Owner, members::is_any_of, org_lock::LockedOrganization};
use crate::{
    auth::OrgRole,
    error::{Error, ValidationCode, ValidationError},
    id::{MemberId, TypedId},
    models::{AuditAction, Member, MemberStatus, TargetKind},
};

impl Owner<'_> {
    /// Makes an active member an owner and the caller an admin, in one transaction; returns the new owner.
    pub async fn ownership_transfer(&self, id: MemberId) -> Result<Member, Error> {
        let outcome = self.transfer(id).await;
        let target = (TargetKind::Member, id.uuid());
        self.scope.audit_entry_for(AuditAction::OrganizationOwnershipTransfer, target, outcome).await
    }

    async fn transfer(&self, id: MemberId) -> Result<Member, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.member(id).await?;
        if before.id == locked.actor.id {
            return Err(ValidationError::of(
                ValidationCode::Oneself,
                "memberId",
                "`memberId` is the caller, who is already an owner",
            ));
        }
        is_any_of(&before, &[MemberStatus::Active])?;
        let after = locked.save(Member { role: OrgRole::Owner, ..before.clone() }).await?;
        locked.save(Member { role: OrgRole::Admin, ..locked.actor.clone() }).await?;
        locked.audit_and_commit(AuditAction::OrganizationOwnershipTransfer, &before, &after).await?;
        Ok(after)
    }
}
