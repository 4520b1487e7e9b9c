//! Writing a legacy export into one organization.
//!
//! Owns: the only SQL of the import. May use: the transaction, the tables. Invariant: everything that one [`Import`] and
//! the [`ImportTransaction`] made from it write is one transaction, which [`ImportTransaction::finish`] commits and everything else undoes; a
//! row that is already there is never touched.

mod access;
mod insert;
mod invitation;
mod people;
mod row;
mod target;

pub use insert::ImportCount;
pub use people::{PersonRow, Resolved};
pub use row::{
    ActivityRow, AttendeeRow, CaseRow, CourseRow, DoctorRow, DsoRow, GrantRow, ImportRow, InvitationRow,
    InvitationStatus, MemberRow, OnboardingRow, TermRow,
};
pub use target::{ImportError, ImportTarget, TargetState};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{MemberId, OrganizationId, TypedId, UserId},
    session::Tx,
    time::micros,
};

/// The root of all ids that the import makes itself, so that a second run makes the same ones.
const NAMESPACE: Uuid = Uuid::from_u128(0x6373_3132_6c65_5761_8379_696d_706f_7274);

/// The first half of an import: the people, who belong to no tenant.
#[must_use = "dropping an import undoes it"]
pub struct Import {
    tx: Tx,
    at: DateTime<Utc>,
    people: u64,
}

/// The second half of an import: one organization's rows.
#[must_use = "dropping an intake undoes the import"]
pub struct ImportTransaction {
    tx: Tx,
    at: DateTime<Utc>,
    organization: OrganizationId,
    found: TargetState,
    written: u64,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import").field("at", &self.at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ImportTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").field("organization", &self.organization).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Db {
    /// Begins an import, which ends with [`ImportTransaction::finish`] or leaves no trace.
    ///
    /// `at` is the time of all rows for which the export has none. On SQLite, writers wait until the import has ended.
    pub async fn import(&self, at: DateTime<Utc>) -> Result<Import, Error> {
        Ok(Import { tx: self.begin(TxMode::Write, Purpose::Data).await?, at: micros(at), people: 0 })
    }
}

/// The id that the import gives to a thing without one: the same in every run.
///
/// `owner` is the row that the thing hangs on, `name` what makes it the only one there.
#[must_use]
pub fn derived_id<I: TypedId>(owner: Uuid, name: &str) -> I {
    I::from_uuid(Uuid::new_v5(
        &Uuid::new_v5(&NAMESPACE, I::PREFIX.as_bytes()),
        [owner.as_bytes(), name.as_bytes()].concat().as_slice(),
    ))
}

/// The membership that the import makes for a person.
fn member_id(organization: OrganizationId, user: UserId) -> MemberId {
    derived_id(organization.uuid(), &user.uuid().to_string())
}
