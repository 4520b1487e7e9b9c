//! A verified and known person, independent of any organization.
//!
//! Owns: [`Account`], the actions of such a person, and entering an organization. May use: transactions. Invariant: it
//! acts as its own person only. A tenant's rows are accessed only under that tenant's lock, and only by the commands
//! here.

use std::sync::Arc;

use sea_orm::Statement;
use serde::Serialize;
use uuid::Uuid;

use crate::audit::diff::difference;
use crate::{
    audit::{
        RequestMetadata,
        hash_chain::{self, Actor, AuditEntry},
        refused_attempts,
    },
    auth::{Principal, VerifiedEmail},
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{OrganizationId, UserId},
    models::{AuditAction, AuditOutcome, TargetKind},
    organization_settings::OrganizationSettings,
    scope::Scope,
    session::{TenantSettings, Tx},
};

/// A verified person.
#[derive(Debug)]
pub struct Account {
    pub(super) db: Db,
    principal: Principal,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) origin: RequestMetadata,
    /// The organization that was entered in the same operation: its connection is released first.
    scope: Option<Arc<Scope>>,
}

/// The organization's audit log entry about an account.
pub(super) struct AccountEntry {
    pub(super) organization: OrganizationId,
    pub(super) action: AuditAction,
    pub(super) target: (TargetKind, Uuid),
}

/// How an account identifies an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationRef {
    /// By the token in the mail.
    Token(String),
    /// By its id, as `pending_invitations` lists it.
    Id(crate::id::InvitationId),
}

impl Account {
    pub(crate) fn new(db: Db, principal: Principal, user: UserId, name: String, origin: RequestMetadata) -> Self {
        Self { db, principal, user, name, origin, scope: None }
    }

    /// The same person, after entering an organization.
    pub(crate) fn beside_scope(self, scope: &Arc<Scope>) -> Self {
        Self { scope: Some(Arc::clone(scope)), ..self }
    }

    pub(super) fn organization_settings(&self) -> &OrganizationSettings {
        self.db.organization_settings()
    }

    /// Their verified address.
    pub(super) fn email(&self) -> Option<&VerifiedEmail> {
        self.principal.email()
    }

    /// A transaction as this person.
    pub(super) async fn begin(&self, intent: TxMode) -> Result<Tx, Error> {
        let alone = match &self.scope {
            Some(scope) => Some(scope.exclusive().await),
            None => None,
        };
        let tx = self.db.begin(intent, Purpose::Data).await?.holding(alone);
        tx.set_principal(&self.principal).await;
        Ok(tx)
    }

    /// Sets the organization of a transaction, which may access all of that organization's rows from now on.
    pub(super) async fn act_in(&self, tx: &Tx, organization: OrganizationId) {
        tx.set_tenant(&TenantSettings::whole_organization(organization, Some(self.user))).await;
    }

    /// Adds an event to the organization's log, in the transaction of the change that it records.
    pub(super) async fn audit<R: Serialize>(
        &self,
        tx: &Tx,
        told: AccountEntry,
        actor: Actor,
        before: Option<&R>,
        after: &R,
    ) -> Result<(), Error> {
        let (before, after) = difference(before, after)?;
        let done = self.audit_entry(&told, AuditOutcome::Done, actor);
        hash_chain::append(tx, AuditEntry { before, after: Some(after), ..done }).await
    }

    /// Audits this refusal after the attempt has been rolled back: at most once in a quarter of an hour for the same
    /// organization, action and reason.
    pub(super) async fn audit_refusal(&self, told: AccountEntry, error: &Error) -> Result<(), Error> {
        let Some(reason) = super::owner::refusal_reason(error) else { return Ok(()) };
        let tx = self.begin(TxMode::Write).await?;
        self.act_in(&tx, told.organization).await;
        refused_attempts::note(&tx, self.refused(&told, reason)).await?;
        tx.commit().await
    }

    /// The event of a refused attempt.
    pub(super) fn refused<'a>(&'a self, told: &AccountEntry, reason: &'a str) -> AuditEntry<'a> {
        let refused = self.audit_entry(told, AuditOutcome::Refused, Actor::Person(self.user));
        AuditEntry { reason: Some(reason), ..refused }
    }

    fn audit_entry(&self, told: &AccountEntry, outcome: AuditOutcome, actor: Actor) -> AuditEntry<'_> {
        AuditEntry {
            organization: told.organization,
            action: told.action,
            outcome,
            reason: None,
            actor,
            target: told.target,
            dso: None,
            origin: &self.origin,
            before: None,
            after: None,
        }
    }

    /// Saves the organization that they work in unless a request specifies another.
    pub async fn default_organization_set(&self, organization: OrganizationId) -> Result<(), Error> {
        let tx = self.begin(TxMode::Write).await?;
        let sql = "\
            UPDATE users SET default_organization_id = $1, updated_at = $3 \
            WHERE id = $2 AND EXISTS ( \
                SELECT 1 FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL \
                WHERE m.organization_id = $1 AND m.user_id = $2 AND m.status = 'ACTIVE')";
        let values = [organization.into(), self.user.into(), crate::time::now().into()];
        let saved = tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        if saved == 0 {
            return Err(Error::NotFound);
        }
        tx.commit().await
    }
}
