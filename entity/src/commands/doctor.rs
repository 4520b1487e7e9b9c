//! Changing doctors.

use chrono::{DateTime, Utc};

use super::{
    Manager,
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::{Patch, Validator},
};
use crate::{
    error::Error,
    id::{DoctorId, DsoId, TypedId},
    models::{AuditAction, Doctor, Risk, TargetKind},
    queries::{ArchiveState, DoctorFilter, Doctors},
    text::TextKind,
    time::{micros, now},
};

/// A doctor to be added to the manager's DSO.
#[derive(Clone, Debug, Default)]
pub struct DoctorDraft {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The practice.
    pub practice: Option<String>,
    /// The current onboarding period, 1 to 12.
    pub onboarding_period: Option<i32>,
    /// The risk that they leave.
    pub risk: Option<Risk>,
    /// When they joined.
    pub joined_at: Option<DateTime<Utc>>,
    /// Notes of the agents.
    pub notes: Option<String>,
}

/// A change of a doctor.
#[derive(Clone, Debug, Default)]
pub struct DoctorPatch {
    /// A new name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Patch<String>,
    /// The phone number.
    pub phone: Patch<String>,
    /// The practice.
    pub practice: Patch<String>,
    /// The current onboarding period, 1 to 12.
    pub onboarding_period: Patch<i32>,
    /// The risk that they leave.
    pub risk: Patch<Risk>,
    /// When they joined.
    pub joined_at: Patch<DateTime<Utc>>,
    /// Notes of the agents.
    pub notes: Patch<String>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

impl Manager<'_> {
    /// Adds a doctor to the DSO.
    pub async fn doctor_create(&self, draft: DoctorDraft) -> Result<DoctorId, Error> {
        let mut checks = Validator::default();
        let name = checks.required("name", &draft.name, TextKind::NAME);
        let email = checks.optional_email("email", draft.email);
        let phone = checks.optional("phone", draft.phone, TextKind::PHONE);
        let practice = checks.optional("practice", draft.practice, TextKind::NAME);
        let notes = checks.optional("notes", draft.notes, TextKind::NOTE);
        checks.range("onboardingPeriod", draft.onboarding_period, 1, 12);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let doctor = Doctor {
            organization_id: self.scope.context().organization(),
            id: DoctorId::generate(),
            dso_id: self.dso,
            name,
            email_normal: email.as_ref().map(|email| email.normalized().to_owned()),
            email: email.map(|email| email.as_entered().to_owned()),
            phone,
            practice,
            onboarding_period: draft.onboarding_period,
            risk: draft.risk,
            joined_at: draft.joined_at.map(micros),
            notes,
            last_contact_at: None,
            progress: 0,
            created_at: now(),
            updated_at: now(),
            deleted_at: None,
            version: 1,
            // Computed at write time.
            name_key: String::new(),
            search_text: String::new(),
        };
        writer.insert(doctor.clone()).await?;
        writer.commit(audit_entry(AuditAction::DoctorCreate, &doctor), None, &doctor).await?;
        Ok(doctor.id)
    }

    /// Changes a doctor of the DSO. A patch without effect writes no new version and no event.
    pub async fn doctor_update(&self, id: DoctorId, patch: DoctorPatch) -> Result<DoctorId, Error> {
        let mut checks = Validator::default();
        let name = patch.name.map(|name| checks.required("name", &name, TextKind::NAME));
        let email = checks.patch_email("email", patch.email);
        let phone = checks.patch("phone", patch.phone, TextKind::PHONE);
        let practice = checks.patch("practice", patch.practice, TextKind::NAME);
        let notes = checks.patch("notes", patch.notes, TextKind::NOTE);
        if let Patch::Set(period) = patch.onboarding_period {
            checks.range("onboardingPeriod", Some(period), 1, 12);
        }
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.doctor(&writer, id, ArchiveState::Active).await?;
        check_version(patch.expected_version, before.version)?;
        let mut after = before.clone();
        if let Some(name) = name {
            after.name = name;
        }
        match email {
            Patch::Keep => {}
            Patch::Clear => (after.email, after.email_normal) = (None, None),
            Patch::Set(email) => {
                after.email = Some(email.as_entered().to_owned());
                after.email_normal = Some(email.normalized().to_owned());
            }
        }
        phone.apply(&mut after.phone);
        practice.apply(&mut after.practice);
        patch.onboarding_period.apply(&mut after.onboarding_period);
        patch.risk.apply(&mut after.risk);
        patch.joined_at.apply(&mut after.joined_at);
        after.joined_at = after.joined_at.map(micros);
        notes.apply(&mut after.notes);
        if after == before {
            return Ok(id);
        }
        let after = next(&after);
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DoctorUpdate, &after), Some(&before), &after).await?;
        Ok(id)
    }

    /// Archives a doctor: the doctor and the rows that belong to the doctor are hidden from all lists until the doctor
    /// is restored.
    pub async fn doctor_archive(&self, id: DoctorId, expected_version: Option<i32>) -> Result<Doctor, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.doctor(&writer, id, ArchiveState::Active).await?;
        check_version(expected_version, before.version)?;
        let after = Doctor { deleted_at: Some(now()), ..next(&before) };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DoctorArchive, &after), Some(&before), &after).await?;
        Ok(after)
    }

    /// Restores an archived doctor.
    pub async fn doctor_restore(&self, id: DoctorId, expected_version: Option<i32>) -> Result<Doctor, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.doctor(&writer, id, ArchiveState::Archived).await?;
        check_version(expected_version, before.version)?;
        let after = Doctor { deleted_at: None, ..next(&before) };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DoctorRestore, &after), Some(&before), &after).await?;
        Ok(after)
    }

    /// Moves a doctor, with all rows that belong to the doctor, to another DSO that the caller manages too.
    ///
    /// A move to the current DSO changes nothing: no version and no event.
    ///
    /// The foreign keys of the doctor's rows cascade, so the database itself moves the history.
    pub async fn doctor_move(
        &self,
        id: DoctorId,
        to: &Manager<'_>,
        expected_version: Option<i32>,
    ) -> Result<DoctorId, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.doctor(&writer, id, ArchiveState::Active).await?;
        check_version(expected_version, before.version)?;
        if before.dso_id == to.dso {
            return Ok(id);
        }
        let after = Doctor { dso_id: to.dso, ..next(&before) };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DoctorMove, &after), Some(&before), &after).await?;
        Ok(id)
    }

    /// A doctor of this DSO: the capability was checked for this DSO only.
    pub(super) async fn doctor(
        &self,
        writer: &WriteTransaction<'_>,
        id: DoctorId,
        shelf: ArchiveState,
    ) -> Result<Doctor, Error> {
        let filter = DoctorFilter { dsos: Some(vec![self.dso]), shelf, ..DoctorFilter::default() };
        writer.find_filtered::<Doctors>(id, &filter).await
    }
}

fn next(before: &Doctor) -> Doctor {
    Doctor { version: before.version + 1, updated_at: now(), ..before.clone() }
}

fn audit_entry(action: AuditAction, doctor: &Doctor) -> WriteEntry {
    let dso: DsoId = doctor.dso_id;
    WriteEntry { action, target: (TargetKind::Doctor, doctor.id.uuid()), dso: Some(dso) }
}
