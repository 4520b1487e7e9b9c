//! Changing a tenant's rows.
//!
//! Owns: the capabilities ([`Admin`], [`DsoAdmin`], [`Manager`]) on which the writing verbs hang, and the one way to
//! commit. May use: the scope, the tables. Invariant: without the check there is no object to call a verb on, and a
//! change cannot be committed without its audit event.

mod activity;
mod case;
mod dashboard;
mod doctor;
mod dso;
mod onboarding;
mod terminology;
mod transaction;
mod validation;

pub use activity::{ActivityDraft, ActivityPatch};
pub use case::{CaseDraft, CasePatch};
pub use dashboard::{
    Author, DashboardDraft, DashboardOrigin, DashboardPatch, Editor, PiiCheck, StoredQuery, WidgetDraft, WidgetPatch,
    WidgetPosition,
};
pub use doctor::{DoctorDraft, DoctorPatch};
pub use dso::{DsoDraft, DsoPatch};
pub use onboarding::OnboardingRecord;
pub use terminology::TermPatch;
pub(crate) use transaction::check_version;
pub use validation::Patch;
pub(crate) use validation::Validator;

use crate::{
    DsoId, DsoRole, Error, OrgRole, Scope,
    policy::{Guard, PolicyTarget},
};

/// The right to run the organization.
#[derive(Debug)]
pub struct OrgAdmin<'a> {
    pub(crate) scope: &'a Scope,
}

/// The right to run one DSO.
#[derive(Debug)]
pub struct DsoAdmin<'a> {
    scope: &'a Scope,
    dso: DsoId,
}

/// The right to change a DSO's doctors and what hangs on them.
#[derive(Debug)]
pub struct Manager<'a> {
    scope: &'a Scope,
    dso: DsoId,
}

impl Scope {
    /// Hands out [`Admin`] to owners and admins.
    pub fn admin(&self) -> Result<OrgAdmin<'_>, Error> {
        self.require(Guard::Org(OrgRole::Admin), PolicyTarget::Nothing)?;
        Ok(OrgAdmin { scope: self })
    }

    /// Hands out [`DsoAdmin`] to who administers the DSO.
    pub fn dso_admin(&self, dso: DsoId) -> Result<DsoAdmin<'_>, Error> {
        self.require(Guard::Dso(DsoRole::Admin), PolicyTarget::Dso(dso))?;
        Ok(DsoAdmin { scope: self, dso })
    }

    /// Hands out [`Manager`] for the DSO in which a row was found; without a DSO there was no row.
    pub fn manager_of(&self, found: Option<DsoId>) -> Result<Manager<'_>, Error> {
        self.manager(found.ok_or(Error::NotFound)?)
    }

    /// Hands out [`Manager`] to who manages the DSO.
    pub fn manager(&self, dso: DsoId) -> Result<Manager<'_>, Error> {
        self.require(Guard::Dso(DsoRole::Manager), PolicyTarget::Dso(dso))?;
        Ok(Manager { scope: self, dso })
    }
}
