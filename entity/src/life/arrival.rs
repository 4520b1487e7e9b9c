//! The first time that somebody comes.
//!
//! Owns: making a person, and what they find: the organization that invited them, or one of their own. May use:
//! transactions. Invariant: a person is made once, however many requests arrive together, and together with what they
//! find.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryTrait, Statement, sea_query::OnConflict};

use super::{InvitationOf, Visitor};
use crate::{
    AuditAction, Db, Error, InvitationId, Origin, Principal, TypedId, User, UserId, VerifiedEmail, pool::Intent,
    session::Tx, table, time::now,
};

impl Db {
    /// Makes a person of somebody whom nobody knows, with the way in by which they came. If another request was first,
    /// nothing is done: the caller reads again.
    pub(crate) async fn sign_up(
        &self,
        principal: &Principal,
        email: &VerifiedEmail,
        origin: &Origin,
    ) -> Result<(), Error> {
        let at = now();
        let local = email.as_written().split('@').next().unwrap_or_default();
        let name = principal.name().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(local);
        let name: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
        let user = User {
            id: UserId::generate(),
            email: email.as_written().to_owned(),
            email_normal: email.normal().to_owned(),
            name: name.clone(),
            default_organization_id: None,
            created_at: at,
            updated_at: at,
        };
        let visitor = Visitor::new(self.clone(), principal.clone(), user.id, name.clone(), origin.clone());
        let tx = visitor.begin(Intent::Write).await?;
        let insert = table::user::Entity::insert(user.clone().into_active_model().reset_all())
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            return Ok(());
        }
        let sql = "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)";
        let values = [principal.issuer().into(), principal.subject().into(), user.id.into(), at.into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        if !visitor.accept_first(&tx, email).await? {
            let own = format!("{name}'s organization");
            visitor.found_somehow(&tx, AuditAction::SignUp, &own).await?;
        }
        tx.commit().await
    }
}

impl Visitor {
    /// Accepts all open invitations that still hold what they promise; whether there was one.
    pub(crate) async fn accept_all(&self, email: &VerifiedEmail) -> Result<bool, Error> {
        let mut accepted = false;
        loop {
            let tx = self.begin(Intent::Write).await?;
            // Each accepted one is open no more; those that hold nothing are passed over, and wait for an answer.
            if !self.accept_first(&tx, email).await? {
                return Ok(accepted);
            }
            tx.commit().await?;
            accepted = true;
        }
    }

    /// Accepts the oldest open invitation that still holds what it promises.
    async fn accept_first(&self, tx: &Tx, email: &VerifiedEmail) -> Result<bool, Error> {
        for id in open(tx, email).await? {
            match self.accept(tx, &InvitationOf::Id(id)).await {
                Ok(_) => return Ok(true),
                Err(refused) => match refused.error {
                    Error::Invalid(_) => {}
                    error => return Err(error),
                },
            }
        }
        Ok(false)
    }
}

/// The open invitations to an address, oldest first.
async fn open(tx: &Tx, email: &VerifiedEmail) -> Result<Vec<InvitationId>, Error> {
    struct Open {
        id: InvitationId,
    }
    crate::row::from_row!(Open { id });
    let sql = "SELECT id FROM invitations WHERE email_normal = $1 AND status = 'PENDING' AND expires_at > $2 \
               ORDER BY created_at, id LIMIT 20";
    let values = [email.normal().into(), now().into()];
    let open: Vec<Open> = tx.all(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    Ok(open.into_iter().map(|open| open.id).collect())
}
