//! Invitations, which so far only the import writes.
//!
//! Owns: the rows of `invitations` and `invitation_grants`. May use: the transaction. Invariant: an imported invitation has
//! no token, so that nobody can accept it before it is sent anew.

use sea_orm::Set;

use super::{
    Intake, InvitationRow, InvitationStatus, Tally,
    row::{Stamp, sealed::Stamped},
};
use crate::{Error, principal::normal_email};

#[expect(unreachable_pub, reason = "what the derive makes is public, and the model must be as visible")]
mod letter {
    //! Table `invitations`.

    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    use crate::{MemberId, OrganizationId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: OrganizationId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub email_normal: String,
        pub role: String,
        pub status: String,
        pub token_hash: Option<String>,
        pub invited_by: Option<MemberId>,
        pub created_at: DateTime<Utc>,
        pub expires_at: DateTime<Utc>,
        pub accepted_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[expect(unreachable_pub, reason = "what the derive makes is public, and the model must be as visible")]
mod grant {
    //! Table `invitation_grants`.

    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    use crate::{DsoId, DsoRole, OrganizationId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation_grants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: OrganizationId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invitation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub dso_id: DsoId,
        pub role: DsoRole,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

struct Letter(InvitationRow);

struct Promise(InvitationRow);

impl Stamped for Letter {
    type Active = letter::ActiveModel;

    fn stamped(self, stamp: Stamp) -> Self::Active {
        let row = self.0;
        let (status, accepted_at) = match row.status {
            InvitationStatus::Pending => ("PENDING", None),
            InvitationStatus::Accepted(at) => ("ACCEPTED", Some(at)),
            InvitationStatus::Revoked => ("REVOKED", None),
            InvitationStatus::Expired => ("EXPIRED", None),
        };
        letter::ActiveModel {
            organization_id: Set(stamp.organization),
            id: Set(row.id),
            email_normal: Set(normal_email(&row.email)),
            email: Set(row.email.trim().to_owned()),
            role: Set(crate::OrgRole::Member.name().to_owned()),
            status: Set(status.to_owned()),
            token_hash: Set(None),
            invited_by: Set(row.invited_by),
            created_at: Set(row.created_at.unwrap_or(stamp.at)),
            expires_at: Set(row.expires_at),
            accepted_at: Set(accepted_at),
        }
    }
}

impl Stamped for Promise {
    type Active = grant::ActiveModel;

    fn stamped(self, stamp: Stamp) -> Self::Active {
        grant::ActiveModel {
            organization_id: Set(stamp.organization),
            invitation_id: Set(self.0.id),
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
