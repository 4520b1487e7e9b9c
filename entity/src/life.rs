//! The life of an organization: who comes, who goes, and who decides.
//!
//! Owns: everything that changes who may see what. May use: the policy, transactions, the tables. Invariant: a change
//! holds the organization's lock and looks at everything anew behind it, the actor's own role too, so that no race ends
//! in a wrong state; it is committed with its audit event, and whoever is refused is written down as well.
//!
//! Members change their organization through a [`Scope`]; a verified person who is no member, or not yet, is a
//! [`Visitor`].

mod account;
mod add_member;
mod grants;
mod invitation_responses;
mod invitations;
mod join_requests;
mod members;
mod onboarding_checklist;
mod org_lock;
mod organization;
mod outbox;
mod ownership;
mod settings;
mod sign_up;
mod slug;

pub use account::{Account, InvitationRef};
pub use add_member::InitialAccess;
pub use grants::{GrantAdmin, GrantDraft};
pub use invitation_responses::{InvitationPreview, PendingInvitation};
pub use invitations::InvitationDraft;
pub use join_requests::JoinRequestDraft;
pub use onboarding_checklist::OnboardingChecklist;
pub use organization::{OrganizationDraft, OrganizationPatch, RestorableOrganization};
pub use outbox::{Mail, MailContent, TokenKey};
pub use settings::{JoinPolicy, SettingsPatch};

use uuid::Uuid;

use crate::{
    AuditAction, AuditOutcome, Error, OrgRole, Scope, TargetKind,
    hash_chain::{Actor, AuditEntry},
    policy::{Guard, PolicyTarget},
    refused_attempts,
};

/// The right to decide about the organization itself and about the roles in it.
#[derive(Debug)]
pub struct Owner<'a> {
    scope: &'a Scope,
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
    async fn audit_entry_for<T>(
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
fn refusal_reason(error: &Error) -> Option<&'static str> {
    use crate::ValidationCode::{BadUserInput, StaleVersion};
    match error {
        Error::NotFound => Some("NOT_FOUND"),
        Error::Forbidden(_) => Some("FORBIDDEN"),
        Error::Invalid(problems) => problems
            .iter()
            .map(|problem| problem.code)
            .find(|code| ![BadUserInput, StaleVersion].contains(code))
            .map(crate::ValidationCode::name),
        Error::Duplicate | Error::Retry(_) | Error::Unavailable(_) | Error::Internal(_) => None,
    }
}
