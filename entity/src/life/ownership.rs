//! Handing an organization over.

use super::{Owner, locked::Locked, members::is_one_of};
use crate::{AuditAction, Error, Member, MemberId, MemberStatus, OrgRole, Problem, ProblemCode, TargetKind, TypedId};

impl Owner<'_> {
    /// Makes an active member an owner and the caller an admin, at once; gives the new owner back.
    pub async fn ownership_transfer(&self, id: MemberId) -> Result<Member, Error> {
        let outcome = self.hand_over(id).await;
        let target = (TargetKind::Member, id.uuid());
        self.scope.told(AuditAction::OrganizationOwnershipTransfer, target, outcome).await
    }

    async fn hand_over(&self, id: MemberId) -> Result<Member, Error> {
        let locked = Locked::begin(self.scope, OrgRole::Owner).await?;
        let before = locked.member(id).await?;
        if before.id == locked.actor.id {
            return Err(Problem::of(ProblemCode::Oneself, "memberId", "`memberId` is oneself, who owns it already"));
        }
        is_one_of(&before, &[MemberStatus::Active])?;
        let after = locked.save(Member { role: OrgRole::Owner, ..before.clone() }).await?;
        locked.save(Member { role: OrgRole::Admin, ..locked.actor.clone() }).await?;
        locked.end(AuditAction::OrganizationOwnershipTransfer, &before, &after).await?;
        Ok(after)
    }
}
