//! Approving and denying join requests.
//!
//! Invariant: a request is decided once, by an admin of the organization that it names.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use super::end;
use crate::{
    auth::OrgRole,
    commands::{
        InitialAccess, OrgAdmin, Validator,
        add_member::{NewMember, add_member},
        invitations::may_grant,
        org_lock::{LockedEntry, LockedOrganization},
    },
    error::Error,
    id::{JoinRequestId, TypedId},
    models::{
        AuditAction, JoinRequest, JoinRequestStatus, TargetKind,
        join_request::{Column, Entity},
    },
    time::now,
};

impl OrgAdmin<'_> {
    /// Approves a join request: the requester becomes a member.
    pub async fn join_request_approve(&self, id: JoinRequestId, welcome: InitialAccess) -> Result<JoinRequest, Error> {
        let outcome = self.approve(id, welcome).await;
        self.scope.audit_entry_for(AuditAction::JoinRequestApprove, (TargetKind::JoinRequest, id.uuid()), outcome).await
    }

    async fn approve(&self, id: JoinRequestId, welcome: InitialAccess) -> Result<JoinRequest, Error> {
        let mut checks = Validator::default();
        checks.grants(self.scope, &welcome.grants);
        checks.grantable_role(welcome.role);
        checks.finish()?;
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        may_grant(locked.actor.role, welcome.role)?;
        let before = locked.request(id).await?;
        let after = locked.decided(&before, JoinRequestStatus::Approved);
        end(&locked.tx, &after).await?;
        let email = before.email.to_lowercase();
        let seats = self.scope.organization_settings().seats;
        let joining =
            NewMember { user: before.user_id, email: &email, by: locked.actor.id, field: "joinRequestId", seats };
        add_member(&locked.tx, &locked.organization, &joining, &welcome).await?;
        locked.note(audit_entry(AuditAction::JoinRequestApprove, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }

    /// Denies a join request.
    pub async fn join_request_deny(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let outcome = self.deny(id).await;
        self.scope.audit_entry_for(AuditAction::JoinRequestDeny, (TargetKind::JoinRequest, id.uuid()), outcome).await
    }

    async fn deny(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        let before = locked.request(id).await?;
        let after = locked.decided(&before, JoinRequestStatus::Denied);
        end(&locked.tx, &after).await?;
        locked.note(audit_entry(AuditAction::JoinRequestDeny, id), Some(&before), &after).await?;
        locked.commit().await?;
        Ok(after)
    }
}

impl LockedOrganization<'_> {
    async fn request(&self, id: JoinRequestId) -> Result<JoinRequest, Error> {
        let find = Entity::find().filter(Column::Id.eq(id)).filter(Column::TargetId.eq(self.organization.id));
        self.tx.query_opt(find.build(self.tx.backend())).await?.ok_or(Error::NotFound)
    }

    fn decided(&self, before: &JoinRequest, status: JoinRequestStatus) -> JoinRequest {
        JoinRequest { status, decided_at: Some(now()), decided_by: Some(self.actor.id), ..before.clone() }
    }
}

fn audit_entry(action: AuditAction, id: JoinRequestId) -> LockedEntry {
    LockedEntry { action, target: (TargetKind::JoinRequest, id.uuid()), dso: None }
}
