//! Organization lifecycle: who joins, who leaves, and who has which rights.
//!
//! Owns: everything that changes access rights. May use: the policy, transactions, the tables. Invariant: a change
//! holds the organization's lock and re-reads everything under it, including the actor's own role, so that no race
//! leads to a wrong state. It is committed with its audit event, and refusals are audited as well.
//!
//! Members change their organization through a [`Scope`]; a verified person who is not (or not yet) a member acts
//! through an [`Account`].

use uuid::Uuid;

use crate::{
    audit::{
        hash_chain::{Actor, AuditEntry},
        refused_attempts,
    },
    auth::{
        OrgRole,
        policy::{Guard, PolicyTarget},
    },
    error::Error,
    models::{AuditAction, AuditOutcome, TargetKind},
    scope::Scope,
};

/// The right to change the organization itself and the roles in it.
#[derive(Debug)]
pub struct Owner<'a> {
    pub(super) scope: &'a Scope,
}

impl Scope {
    /// Returns an [`Owner`] if the caller is an owner.
    pub fn owner(&self) -> Result<Owner<'_>, Error> {
        self.require(Guard::Org(OrgRole::Owner), PolicyTarget::Nothing)?;
        Ok(Owner { scope: self })
    }

    /// Audits a refused attempt: at most once in a quarter of an hour for the same action and reason.
    pub async fn audit_refusal(
        &self,
        action: AuditAction,
        target: (TargetKind, Uuid),
        reason: &str,
    ) -> Result<(), Error> {
        let context = self.context();
        let tx = self.begin_org_write().await?;
        let happening = AuditEntry {
            organization: context.organization(),
            action,
            outcome: AuditOutcome::Refused,
            reason: Some(reason),
            actor: Actor::Member(context.member(), context.permissions().user()),
            target,
            dso: None,
            origin: self.origin(),
            before: None,
            after: None,
        };
        refused_attempts::note(&tx, happening).await?;
        tx.commit().await
    }

    /// Returns the outcome of a command; a refusal is audited first.
    pub(super) async fn audit_entry_for<T>(
        &self,
        action: AuditAction,
        target: (TargetKind, Uuid),
        outcome: Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(reason) = outcome.as_ref().err().and_then(refusal_reason) {
            self.audit_refusal(action, target, reason).await?;
        }
        outcome
    }
}

/// The code of a refusal; none for faults, and for invalid inputs, which do not count as attempts.
pub(super) fn refusal_reason(error: &Error) -> Option<&'static str> {
    use crate::error::ValidationCode::{BadUserInput, StaleVersion};
    match error {
        Error::NotFound => Some("NOT_FOUND"),
        Error::Forbidden(_) => Some("FORBIDDEN"),
        Error::Invalid(problems) => problems
            .iter()
            .map(|problem| problem.code)
            .find(|code| ![BadUserInput, StaleVersion].contains(code))
            .map(crate::error::ValidationCode::name),
        Error::Duplicate | Error::Retry(_) | Error::Unavailable(_) | Error::Internal(_) => None,
    }
}
