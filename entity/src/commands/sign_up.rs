//! The first request of a person.
//!
//! Owns: creating a person and, unless they are invited, an organization of their own. May use: transactions.
//! Invariant: a person is created once, however many requests arrive together. Signing in makes no person a member of
//! another organization.

use sea_orm::{EntityTrait, QueryTrait, Statement, sea_query::OnConflict};

use super::Account;
use crate::{
    audit::RequestMetadata,
    auth::{Principal, VerifiedEmail},
    db::{Db, pool::TxMode},
    error::Error,
    id::{TypedId, UserId},
    models::{self, AuditAction, User},
    text::TextKind,
    time::now,
};

impl Db {
    /// Creates a person with a verified address that is not known yet, with their login. If another request was first,
    /// nothing is done: the caller reads again.
    ///
    /// A person with pending invitations gets no organization: they accept an invitation, or create an organization
    /// themselves.
    pub(crate) async fn sign_up(
        &self,
        principal: &Principal,
        email: &VerifiedEmail,
        origin: &RequestMetadata,
    ) -> Result<(), Error> {
        let at = now();
        let local = email.as_entered().split('@').next().unwrap_or_default();
        let name = principal.name().and_then(|name| TextKind::NAME.normalize(name)).unwrap_or_else(|| local.to_owned());
        let user = User {
            id: UserId::generate(),
            email: email.as_entered().to_owned(),
            email_normal: email.normalized().to_owned(),
            name: name.clone(),
            default_organization_id: None,
            created_at: at,
            updated_at: at,
        };
        let visitor = Account::new(self.clone(), principal.clone(), user.id, name.clone(), origin.clone());
        let tx = visitor.begin(TxMode::Write).await?;
        let insert = models::user::Entity::insert(models::active(user.clone()))
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        if tx.execute(insert.build(tx.backend())).await? == 0 {
            return Ok(());
        }
        let sql = "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)";
        let values = [principal.issuer().into(), principal.subject().into(), user.id.into(), at.into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        if visitor.invitations(&tx, email).await?.is_empty() {
            let own = format!("{name}'s organization");
            visitor.create_with_free_slug(&tx, AuditAction::SignUp, &own).await?;
        }
        tx.commit().await
    }
}
