//! Opening and changing cases.

use chrono::{DateTime, Utc};

use super::{
    Manager,
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::Validator,
};
use crate::{
    error::Error,
    id::{CaseId, DoctorId, TypedId},
    models::{AuditAction, Case, CaseStatus, TargetKind},
    queries::{ArchiveState, Cases},
    text::TextKind,
    time::{micros, now},
};

/// A case to be opened.
#[derive(Clone, Debug)]
pub struct CaseDraft {
    /// The doctor.
    pub doctor: DoctorId,
    /// The title.
    pub title: String,
    /// When it was opened; now, if not given.
    pub opened_at: Option<DateTime<Utc>>,
}

/// A change of a case.
#[derive(Clone, Debug, Default)]
pub struct CasePatch {
    /// The title.
    pub title: Option<String>,
    /// The status.
    pub status: Option<CaseStatus>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

impl Manager<'_> {
    /// Opens a case of a doctor of the DSO.
    pub async fn case_open(&self, draft: CaseDraft) -> Result<CaseId, Error> {
        let mut checks = Validator::default();
        let title = checks.required("title", &draft.title, TextKind::NAME);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let doctor = self.doctor(&writer, draft.doctor, ArchiveState::Active).await?;
        let case = Case {
            organization_id: self.scope.context().organization(),
            id: CaseId::generate(),
            dso_id: doctor.dso_id,
            doctor_id: doctor.id,
            title,
            status: CaseStatus::Submitted,
            opened_at: draft.opened_at.map_or_else(now, micros),
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        writer.insert(case.clone()).await?;
        writer.commit(audit_entry(AuditAction::CaseOpen, &case), None, &case).await?;
        Ok(case.id)
    }

    /// Changes a case of a doctor of the DSO. A patch without effect writes no new version and no event.
    pub async fn case_update(&self, id: CaseId, patch: CasePatch) -> Result<CaseId, Error> {
        let mut checks = Validator::default();
        let title = patch.title.map(|title| checks.required("title", &title, TextKind::NAME));
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = writer.find_active::<Cases>(id).await?;
        if before.dso_id != self.dso {
            return Err(Error::NotFound);
        }
        check_version(patch.expected_version, before.version)?;
        let mut after = before.clone();
        if let Some(title) = title {
            after.title = title;
        }
        after.status = patch.status.unwrap_or(before.status);
        if after == before {
            return Ok(id);
        }
        let after = Case { version: before.version + 1, updated_at: now(), ..after };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::CaseUpdate, &after), Some(&before), &after).await?;
        Ok(id)
    }
}

fn audit_entry(action: AuditAction, case: &Case) -> WriteEntry {
    WriteEntry { action, target: (TargetKind::Case, case.id.uuid()), dso: Some(case.dso_id) }
}
