//! Invitations of the export.
//!
//! Owns: the rows of `invitations` and `invitation_grants`. May use: the transaction. Invariant: an imported invitation has
//! no token, so that nobody can accept it before it is sent anew.

use sea_orm::Set;

use super::{
    Intake, InvitationRow, InvitationStatus as Imported, Tally,
    row::{Stamp, sealed::Stamped},
};
use crate::{Error, InvitationId, InvitationStatus, OrgRole, TypedId, table};

struct Letter(InvitationRow);

struct Promise(InvitationRow);

impl Stamped for Letter {
    type Active = table::invitation::ActiveModel;

    fn stamped(self, stamp: Stamp) -> Self::Active {
        let row = self.0;
        let (status, accepted_at) = match row.status {
            Imported::Pending => (InvitationStatus::Pending, None),
            Imported::Accepted(at) => (InvitationStatus::Accepted, Some(at)),
            Imported::Revoked => (InvitationStatus::Revoked, None),
            Imported::Expired => (InvitationStatus::Expired, None),
        };
        table::invitation::ActiveModel {
            organization_id: Set(stamp.organization),
            id: Set(InvitationId::from_uuid(row.id)),
            email_normal: Set(row.email.normal().to_owned()),
            email: Set(row.email.as_written().to_owned()),
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

impl Stamped for Promise {
    type Active = table::invitation_grant::ActiveModel;

    fn stamped(self, stamp: Stamp) -> Self::Active {
        table::invitation_grant::ActiveModel {
            organization_id: Set(stamp.organization),
            invitation_id: Set(InvitationId::from_uuid(self.0.id)),
            dso_id: Set(self.0.dso),
            role: Set(self.0.role),
        }
    }
}

impl Intake {
    /// Writes invitations, each with the DSO that it promises.
    pub async fn take_invitations(&mut self, rows: Vec<InvitationRow>) -> Result<Tally, Error> {
        let promises = rows.iter().cloned().map(Promise).collect();
        let tally = self.take(rows.into_iter().map(Letter).collect()).await?;
        self.take::<Promise>(promises).await?;
        Ok(tally)
    }
}
