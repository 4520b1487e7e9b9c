//! Changing DSOs.

use uuid::Uuid;

use super::{
    DsoAdmin, OrgAdmin,
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::Validator,
};
use crate::{
    error::Error,
    id::{DsoId, TypedId},
    models::{AuditAction, Dso, TargetKind},
    queries::{ArchiveState, DsoFilter, Dsos},
    text::TextKind,
    time::now,
};

/// A DSO to be created.
#[derive(Clone, Debug)]
pub struct DsoDraft {
    /// The name.
    pub name: String,
}

/// A change of a DSO.
#[derive(Clone, Debug, Default)]
pub struct DsoPatch {
    /// A new name.
    pub name: Option<String>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

impl OrgAdmin<'_> {
    /// Creates a DSO.
    pub async fn dso_create(&self, draft: DsoDraft) -> Result<Dso, Error> {
        let mut checks = Validator::default();
        let name = checks.required("name", &draft.name, TextKind::NAME);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let dso = Dso {
            organization_id: self.scope.context().organization(),
            id: DsoId::generate(),
            name,
            created_at: now(),
            updated_at: now(),
            deleted_at: None,
            version: 1,
            // Computed at write time.
            name_key: String::new(),
        };
        writer.insert(dso.clone()).await?;
        writer.commit(audit_entry(AuditAction::DsoCreate, dso.id), None, &dso).await?;
        Ok(dso)
    }

    /// Archives a DSO: the DSO and everything below it are hidden from all lists until it is restored.
    pub async fn dso_archive(&self, id: DsoId, expected_version: Option<i32>) -> Result<Dso, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = writer.find_active::<Dsos>(id).await?;
        check_version(expected_version, before.version)?;
        let after = Dso { deleted_at: Some(now()), ..next(&before) };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DsoArchive, id), Some(&before), &after).await?;
        Ok(after)
    }

    /// Restores an archived DSO.
    pub async fn dso_restore(&self, id: DsoId, expected_version: Option<i32>) -> Result<Dso, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let archived = DsoFilter { shelf: ArchiveState::Archived, ..DsoFilter::default() };
        let before = writer.find_filtered::<Dsos>(id, &archived).await?;
        check_version(expected_version, before.version)?;
        let after = Dso { deleted_at: None, ..next(&before) };
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DsoRestore, id), Some(&before), &after).await?;
        Ok(after)
    }
}

impl DsoAdmin<'_> {
    /// Changes the DSO. A patch without effect writes no new version and no event.
    pub async fn dso_update(&self, patch: DsoPatch) -> Result<Dso, Error> {
        let mut checks = Validator::default();
        let name = patch.name.map(|name| checks.required("name", &name, TextKind::NAME));
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = writer.find_active::<Dsos>(self.dso).await?;
        check_version(patch.expected_version, before.version)?;
        let mut after = before.clone();
        if let Some(name) = name {
            after.name = name;
        }
        if after == before {
            return Ok(before);
        }
        let after = next(&after);
        writer.save(after.clone()).await?;
        writer.commit(audit_entry(AuditAction::DsoUpdate, self.dso), Some(&before), &after).await?;
        Ok(after)
    }
}

fn next(before: &Dso) -> Dso {
    Dso { version: before.version + 1, updated_at: now(), ..before.clone() }
}

fn audit_entry(action: AuditAction, dso: DsoId) -> WriteEntry {
    let target: Uuid = dso.uuid();
    WriteEntry { action, target: (TargetKind::Dso, target), dso: Some(dso) }
}
