//! Invitations of the export.
//!
//! Owns: the rows of `invitations` and `invitation_grants`. May use: the transaction. Invariant: an imported invitation has
//! no token, so that nobody can accept it before it is sent anew.

use sea_orm::Set;

use super::{
    ImportCount, ImportTransaction, InvitationRow, InvitationStatus as Imported,
    row::{TenantColumns, sealed::WithTenant},
};
use crate::{
    auth::OrgRole,
    error::Error,
    id::{InvitationId, TypedId},
    models::{self, InvitationStatus},
};

struct InvitationInsert(InvitationRow);

struct InvitationGrantInsert(InvitationRow);

impl WithTenant for InvitationInsert {
    type Active = models::invitation::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = self.0;
        let (status, accepted_at) = match row.status {
            Imported::Pending => (InvitationStatus::Pending, None),
            Imported::Accepted(at) => (InvitationStatus::Accepted, Some(at)),
            Imported::Revoked => (InvitationStatus::Revoked, None),
            Imported::Expired => (InvitationStatus::Expired, None),
        };
        models::invitation::ActiveModel {
            organization_id: Set(stamp.organization),
            id: Set(InvitationId::from_uuid(row.id)),
            email_normal: Set(row.email.normalized().to_owned()),
            email: Set(row.email.as_entered().to_owned()),
            role: Set(OrgRole::Member),
            status: Set(status),
            token_hash: Set(None),
            invited_by: Set(row.invited_by),
            created_at: Set(row.created_at.unwrap_or(stamp.at)),
            expires_at: Set(row.expires_at),
            accepted_at: Set(accepted_at),
            generation: Set(1),
            ended_at: Set(accepted_at),
            sent_at: Set(None),
        }
    }
}

impl WithTenant for InvitationGrantInsert {
    type Active = models::invitation_grant::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        models::invitation_grant::ActiveModel {
            organization_id: Set(stamp.organization),
            invitation_id: Set(InvitationId::from_uuid(self.0.id)),
            dso_id: Set(self.0.dso),
            role: Set(self.0.role),
        }
    }
}

impl ImportTransaction {
    /// Writes invitations, each with the DSO that it promises.
    pub async fn insert_invitations(&mut self, rows: Vec<InvitationRow>) -> Result<ImportCount, Error> {
        let promises = rows.iter().cloned().map(InvitationGrantInsert).collect();
        let tally = self.insert(rows.into_iter().map(InvitationInsert).collect()).await?;
        self.insert::<InvitationGrantInsert>(promises).await?;
        Ok(tally)
    }
}
