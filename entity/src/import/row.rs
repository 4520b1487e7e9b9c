//! Clean rows of an export, without their tenant.
//!
//! Owns: what can be taken in, as plain data. May use: the tables, to become their rows. Invariant: the organization is
//! stamped on by the verb and cannot come with the data.

mod doctor;
mod dso;

pub use doctor::{ActivityRow, CaseRow, DoctorRow, OnboardingRow};
pub use dso::{AttendeeRow, CourseRow, DsoRow, GrantRow, InvitationRow, InvitationStatus, MemberRow, TermRow};

use chrono::{DateTime, Utc};

use crate::id::OrganizationId;

/// What the verb adds to a row.
#[derive(Clone, Copy, Debug)]
pub struct TenantColumns {
    pub(super) organization: OrganizationId,
    pub(super) at: DateTime<Utc>,
}

pub(super) mod sealed {
    use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait};

    use super::TenantColumns;

    /// A row that becomes a table's row.
    pub trait WithTenant: Send + 'static {
        /// The table.
        type Active: ActiveModelTrait<Entity: EntityTrait> + ActiveModelBehavior + Send;
        /// The table's row.
        fn with_tenant(self, stamp: TenantColumns) -> Self::Active;
    }
}

/// A clean row that [`ImportTransaction::insert`](super::ImportTransaction::insert) writes.
pub trait ImportRow: sealed::WithTenant {}

impl<R: sealed::WithTenant> ImportRow for R {}
