//! The life of an organization: who comes, who goes, and who decides.
//!
//! Owns: everything that changes who may see what. May use: the policy, transactions, the tables. Invariant: a change
//! holds the organization's lock and looks at everything anew behind it, the actor's own role too, so that no race ends
//! in a wrong state; it is committed with its audit event, and whoever is refused is written down as well.
//!
//! Members change their organization through a [`Scope`]; a verified person who is no member, or not yet, is a
//! [`Visitor`].

mod answer;
mod arrival;
mod grants;
mod invitation;
mod joining;
mod locked;
mod members;
mod organization;
mod outbox;
mod ownership;
mod progress;
mod request;
mod settings;
mod slug;
mod visitor;

pub use answer::{InvitationPreview, PendingInvitation};
pub use grants::{GrantDraft, Granting};
pub use invitation::InvitationDraft;
pub use joining::Welcome;
pub use organization::{Deleted, OrganizationDraft, OrganizationPatch};
pub use outbox::{Mail, MailContent, TokenKey};
pub use progress::Progress;
pub use request::JoinRequestDraft;
pub use settings::{JoinPolicy, SettingsPatch};
pub use visitor::{InvitationOf, Visitor};

use uuid::Uuid;

use crate::{
    AuditAction, AuditOutcome, Error, OrgRole, Scope, TargetKind,
    chain::{Actor, Happening},
    policy::{About, Guard},
    refusal,
};

/// The right to decide about the organization itself and about the roles in it.
#[derive(Debug)]
pub struct Owner<'a> {
    scope: &'a Scope,
}

impl Scope {
    /// Hands out [`Owner`] to owners.
    pub fn owner(&self) -> Result<Owner<'_>, Error> {
        self.require(Guard::Org(OrgRole::Owner), About::Nothing)?;
        Ok(Owner { scope: self })
    }

    /// Writes down that something was tried and refused: once in a quarter of an hour for the same action and reason.
    pub async fn note_refusal(
        &self,
        action: AuditAction,
        target: (TargetKind, Uuid),
        reason: &str,
    ) -> Result<(), Error> {
        let context = self.context();
        let tx = self.write_whole().await?;
        let happening = Happening {
            organization: context.organization(),
            action,
            outcome: AuditOutcome::Refused,
            reason: Some(reason),
            actor: Actor::Member(context.member(), context.standing().user()),
            target,
            dso: None,
            origin: self.origin(),
            before: None,
            after: None,
        };
        refusal::note(&tx, happening).await?;
        tx.commit().await
    }

    /// The outcome of a verb, a refusal being written down first.
    async fn told<T>(
        &self,
        action: AuditAction,
        target: (TargetKind, Uuid),
        outcome: Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(reason) = outcome.as_ref().err().and_then(reason_of) {
            self.note_refusal(action, target, reason).await?;
        }
        outcome
    }
}

/// The code of a refusal; none for faults, and for inputs that are no attempt at anything.
fn reason_of(error: &Error) -> Option<&'static str> {
    use crate::ProblemCode::{BadUserInput, StaleVersion};
    match error {
        Error::NotFound => Some("NOT_FOUND"),
        Error::Forbidden(_) => Some("FORBIDDEN"),
        Error::Invalid(problems) => problems
            .iter()
            .map(|problem| problem.code)
            .find(|code| ![BadUserInput, StaleVersion].contains(code))
            .map(crate::ProblemCode::name),
        Error::Duplicate | Error::Retry(_) | Error::Unavailable(_) | Error::Internal(_) => None,
    }
}
