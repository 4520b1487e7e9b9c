//! Commands that change a tenant's rows.
//!
//! Owns: the capabilities ([`OrgAdmin`], [`DsoAdmin`], [`Manager`]) that provide the write methods, and the only way
//! to commit. May use: the scope, the tables. Invariant: without the permission check there is no object to call a
//! write method on, and a change cannot be committed without its audit event.

mod account;
mod activity;
mod add_member;
mod audit_export;
mod case;
mod dashboard;
mod doctor;
mod dso;
mod grants;
mod idempotency;
mod identity_relink;
mod invitation_responses;
mod invitations;
mod join_requests;
mod members;
mod onboarding;
mod onboarding_checklist;
mod org_lock;
mod organization;
mod outbox;
mod owner;
mod ownership;
mod settings;
mod sign_up;
mod slug;
mod terminology;
mod transaction;
mod validation;

pub use account::{Account, InvitationRef};
pub use activity::{ActivityDraft, ActivityPatch};
pub use add_member::InitialAccess;
pub use audit_export::AuditExport;
pub use case::{CaseDraft, CasePatch};
pub use dashboard::{
    Author, DashboardDraft, DashboardOrigin, DashboardPatch, Editor, PiiCheck, StoredQuery, WidgetDraft, WidgetPatch,
    WidgetPosition,
};
pub use doctor::{DoctorDraft, DoctorPatch};
pub use dso::{DsoDraft, DsoPatch};
pub use grants::{GrantAdmin, GrantDraft};
pub use idempotency::IdempotencyClaim;
pub use identity_relink::RelinkedIdentity;
pub use invitation_responses::{InvitationPreview, PendingInvitation};
pub use invitations::InvitationDraft;
pub use join_requests::JoinRequestDraft;
pub use onboarding::OnboardingRecord;
pub use onboarding_checklist::OnboardingChecklist;
pub use organization::{OrganizationDraft, OrganizationPatch, RestorableOrganization};
pub use outbox::{Mail, MailContent, TokenKey};
pub use owner::Owner;
pub use settings::{JoinPolicy, SettingsPatch};
pub use terminology::TermPatch;
pub(crate) use transaction::check_version;
pub use validation::Patch;
pub(crate) use validation::Validator;

use crate::{
    auth::{
        DsoRole, OrgRole,
        policy::{Guard, PolicyTarget},
    },
    error::Error,
    id::DsoId,
    scope::Scope,
};

/// The right to administer the organization.
#[derive(Debug)]
pub struct OrgAdmin<'a> {
    pub(crate) scope: &'a Scope,
}

/// The right to administer one DSO.
#[derive(Debug)]
pub struct DsoAdmin<'a> {
    scope: &'a Scope,
    dso: DsoId,
}

/// The right to change a DSO's doctors and the rows that belong to them.
#[derive(Debug)]
pub struct Manager<'a> {
    scope: &'a Scope,
    dso: DsoId,
}

impl Scope {
    /// Returns an [`OrgAdmin`] if the caller is an owner or admin of the organization.
    pub fn admin(&self) -> Result<OrgAdmin<'_>, Error> {
        self.require(Guard::Org(OrgRole::Admin), PolicyTarget::Nothing)?;
        Ok(OrgAdmin { scope: self })
    }

    /// Returns a [`DsoAdmin`] if the caller administers the DSO.
    pub fn dso_admin(&self, dso: DsoId) -> Result<DsoAdmin<'_>, Error> {
        self.require(Guard::Dso(DsoRole::Admin), PolicyTarget::Dso(dso))?;
        Ok(DsoAdmin { scope: self, dso })
    }

    /// Returns a [`Manager`] for the DSO in which a row was found; without a DSO there was no such row.
    pub fn manager_of(&self, found: Option<DsoId>) -> Result<Manager<'_>, Error> {
        self.manager(found.ok_or(Error::NotFound)?)
    }

    /// Returns a [`Manager`] if the caller manages the DSO.
    pub fn manager(&self, dso: DsoId) -> Result<Manager<'_>, Error> {
        self.require(Guard::Dso(DsoRole::Manager), PolicyTarget::Dso(dso))?;
        Ok(Manager { scope: self, dso })
    }
}
