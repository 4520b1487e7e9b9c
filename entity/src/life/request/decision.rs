//! Answering requests to join.
//!
//! Invariant: a request is answered by an admin of the organization that it names, once.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use super::end;
use crate::{
    Admin, AuditAction, Error, JoinRequest, JoinRequestId, JoinRequestStatus, OrgRole, TargetKind, TypedId,
    life::{
        Welcome,
        invitation::may_give,
        joining::{Joining, join},
        locked::{Locked, Noted},
    },
    table::join_request::{Column, Entity},
    time::now,
    write::Checks,
};

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

fn noted(action: AuditAction, id: JoinRequestId) -> Noted {
    Noted { action, target: (TargetKind::JoinRequest, id.uuid()), dso: None }
}
