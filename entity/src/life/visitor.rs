//! A verified person whom we know, apart from any organization.
//!
//! Owns: [`Visitor`], what such a person may do, and the way into an organization. May use: transactions. Invariant: it
//! acts as its own person only; a tenant's rows are touched only behind that tenant's lock, and only as the verbs here
//! say.

use std::sync::Arc;

use sea_orm::Statement;

use crate::{
    Db, Error, OrganizationId, Origin, Principal, Rules, Scope, UserId, VerifiedEmail,
    recorder::Purpose,
    session::{Intent, Tenant, Tx},
};

/// A verified person.
#[derive(Debug)]
pub struct Visitor {
    pub(super) db: Db,
    principal: Principal,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) origin: Origin,
    /// The organization that was entered in the same operation: its connection is given back first.
    scope: Option<Arc<Scope>>,
}

/// How a visitor names the invitation that they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationOf {
    /// By the token in the mail.
    Token(String),
    /// By its id, as `pending_invitations` lists it.
    Id(crate::InvitationId),
}

impl Visitor {
    pub(crate) fn new(db: Db, principal: Principal, user: UserId, name: String, origin: Origin) -> Self {
        Self { db, principal, user, name, origin, scope: None }
    }

    /// The same person, who has entered an organization.
    pub(crate) fn within(self, scope: &Arc<Scope>) -> Self {
        Self { scope: Some(Arc::clone(scope)), ..self }
    }

    pub(super) fn rules(&self) -> &Rules {
        self.db.rules()
    }

    /// Their verified address.
    pub(super) fn email(&self) -> Option<&VerifiedEmail> {
        self.principal.email()
    }

    /// A transaction as this person.
    pub(super) async fn begin(&self, intent: Intent) -> Result<Tx, Error> {
        let alone = match &self.scope {
            Some(scope) => Some(scope.alone().await),
            None => None,
        };
        let tx = self.db.begin(intent, Purpose::Data).await?.keeping(alone);
        tx.set_person(&self.principal).await?;
        Ok(tx)
    }

    /// Turns a transaction to one organization, all of whose rows it may touch from here on.
    pub(super) async fn turn_to(&self, tx: &Tx, organization: OrganizationId) -> Result<(), Error> {
        tx.set_tenant(&Tenant::whole(organization, Some(self.user))).await
    }

    /// Saves in which organization they work unless a request says otherwise.
    pub async fn default_organization_set(&self, organization: OrganizationId) -> Result<(), Error> {
        let tx = self.begin(Intent::Write).await?;
        let sql = "\
            UPDATE users SET default_organization_id = $1, updated_at = $3 \
            WHERE id = $2 AND EXISTS ( \
                SELECT 1 FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL \
                WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status = 'ACTIVE')";
        let values = [organization.into(), self.user.into(), crate::time::now().into()];
        let saved = tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?.rows_affected();
        if saved == 0 {
            return Err(Error::NotFound);
        }
        tx.commit().await
    }
}
