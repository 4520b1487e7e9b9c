//! Doctors and what hangs on them.

use chrono::{DateTime, Utc};

use super::{TenantColumns, sealed::WithTenant};
use crate::{
    email::EmailAddress,
    id::{ActivityId, CaseId, DoctorId, DsoId, MemberId, OnboardingPeriodId},
    models::{self, Activity, ActivityKind, Case, CaseStatus, Doctor, OnboardingPeriod, Risk},
};

/// A doctor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DoctorRow {
    /// Which doctor.
    pub id: DoctorId,
    /// The DSO they belong to.
    pub dso: DsoId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: Option<EmailAddress>,
    /// Their phone number as written.
    pub phone: Option<String>,
    /// Where they work.
    pub practice: Option<String>,
    /// The period they are in, 1 to 12.
    pub onboarding_period: Option<i32>,
    /// How likely they are to leave.
    pub risk: Option<Risk>,
    /// When they joined, to the microsecond.
    pub joined_at: Option<DateTime<Utc>>,
    /// What the agents wrote down.
    pub notes: Option<String>,
}

impl WithTenant for DoctorRow {
    type Active = models::doctor::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Doctor {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            name: self.name,
            email_normal: self.email.as_ref().map(|email| email.normalized().to_owned()),
            email: self.email.map(|email| email.as_entered().to_owned()),
            phone: self.phone,
            practice: self.practice,
            onboarding_period: self.onboarding_period,
            risk: self.risk,
            joined_at: self.joined_at,
            notes: self.notes,
            // Derived when all activities and periods are in.
            last_contact_at: None,
            progress: 0,
            created_at: stamp.at,
            updated_at: stamp.at,
            deleted_at: None,
            version: 1,
            // Computed when it is written.
            name_key: String::new(),
            search_text: String::new(),
        };
        models::active(row)
    }
}

/// A doctor's progress in one period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OnboardingRow {
    /// Which row: derived from the doctor and the period, since the export has no id.
    pub id: OnboardingPeriodId,
    /// The doctor's DSO.
    pub dso: DsoId,
    /// Whose.
    pub doctor: DoctorId,
    /// Which period, 1 to 12.
    pub period: i32,
    /// How far, 0 to 100.
    pub percent: i32,
    /// When it was recorded, to the microsecond.
    pub recorded_at: DateTime<Utc>,
}

impl WithTenant for OnboardingRow {
    type Active = models::onboarding_period::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = OnboardingPeriod {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            doctor_id: self.doctor,
            period: self.period,
            percent: self.percent,
            recorded_at: self.recorded_at,
            recorded_by: None,
            version: 1,
        };
        models::active(row)
    }
}

/// A contact with a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActivityRow {
    /// Which activity.
    pub id: ActivityId,
    /// The doctor's DSO.
    pub dso: DsoId,
    /// With whom.
    pub doctor: DoctorId,
    /// Who did it, where it is known.
    pub actor: Option<MemberId>,
    /// By what means.
    pub kind: ActivityKind,
    /// When it happened, to the microsecond.
    pub occurred_at: DateTime<Utc>,
    /// What was said.
    pub note: Option<String>,
}

impl WithTenant for ActivityRow {
    type Active = models::activity::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Activity {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            doctor_id: self.doctor,
            actor_member_id: self.actor,
            kind: self.kind,
            occurred_at: self.occurred_at,
            note: self.note,
            created_at: stamp.at,
            updated_at: stamp.at,
            deleted_at: None,
            version: 1,
        };
        models::active(row)
    }
}

/// A clinical case of a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseRow {
    /// Which case.
    pub id: CaseId,
    /// The doctor's DSO.
    pub dso: DsoId,
    /// Whose.
    pub doctor: DoctorId,
    /// What it is called.
    pub title: String,
    /// How far it is.
    pub status: CaseStatus,
    /// When it was opened, to the microsecond.
    pub opened_at: DateTime<Utc>,
}

impl WithTenant for CaseRow {
    type Active = models::case::ActiveModel;

    fn with_tenant(self, stamp: TenantColumns) -> Self::Active {
        let row = Case {
            organization_id: stamp.organization,
            id: self.id,
            dso_id: self.dso,
            doctor_id: self.doctor,
            title: self.title,
            status: self.status,
            opened_at: self.opened_at,
            created_at: stamp.at,
            updated_at: stamp.at,
            version: 1,
        };
        models::active(row)
    }
}
