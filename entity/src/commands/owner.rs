//! The life of an organization: who comes, who goes, and who decides.
//!
//! Owns: everything that changes who may see what. May use: the policy, transactions, the tables. Invariant: a change
//! holds the organization's lock and looks at everything anew behind it, the actor's own role too, so that no race ends
//! in a wrong state; it is committed with its audit event, and whoever is refused is written down as well.
//!
//! Members change their organization through a [`Scope`]; a verified person who is no member, or not yet, is a
//! [`Visitor`].

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

/// The right to decide about the organization itself and about the roles in it.
#[derive(Debug)]
pub struct Owner<'a> {
    pub(super) scope: &'a Scope,
}

impl Scope {
    /// Hands out [`Owner`] to owners.
    pub fn owner(&self) -> Result<Owner<'_>, Error> {
        self.require(Guard::Org(OrgRole::Owner), PolicyTarget::Nothing)?;
        Ok(Owner { scope: self })
    }

    /// Writes down that something was tried and refused: once in a quarter of an hour for the same action and reason.
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

    /// The outcome of a verb, a refusal being written down first.
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

/// The code of a refusal; none for faults, and for inputs that are no attempt at anything.
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
