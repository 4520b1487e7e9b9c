//! Logging and changing activities.

use chrono::{DateTime, Utc};
use sea_orm::Statement;

use super::{
    Manager,
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::{Patch, Validator},
};
use crate::{
    error::Error,
    id::{ActivityId, DoctorId, TypedId},
    models::{Activity, ActivityKind, AuditAction, TargetKind},
    queries::{Activities, ActivityFilter, ArchiveState},
    text::TextKind,
    time::{micros, now},
};

/// An activity to be logged by the caller.
#[derive(Clone, Debug)]
pub struct ActivityDraft {
    /// The doctor who was contacted.
    pub doctor: DoctorId,
    /// The contact channel.
    pub kind: ActivityKind,
    /// When it happened; now, if not given.
    pub occurred_at: Option<DateTime<Utc>>,
    /// A note about the contact.
    pub note: Option<String>,
}

/// A change of an activity.
#[derive(Clone, Debug, Default)]
pub struct ActivityPatch {
    /// The contact channel.
    pub kind: Option<ActivityKind>,
    /// When it happened.
    pub occurred_at: Option<DateTime<Utc>>,
    /// A note about the contact.
    pub note: Patch<String>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

impl Manager<'_> {
    /// Logs an activity with a doctor of the DSO.
    pub async fn activity_log(&self, draft: ActivityDraft) -> Result<ActivityId, Error> {
        let mut checks = Validator::default();
        let note = checks.optional("note", draft.note, TextKind::NOTE);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let doctor = self.doctor(&writer, draft.doctor, ArchiveState::Active).await?;
        let activity = Activity {
            organization_id: self.scope.context().organization(),
            id: ActivityId::generate(),
            dso_id: doctor.dso_id,
            doctor_id: doctor.id,
            actor_member_id: Some(self.scope.context().member()),
            kind: draft.kind,
            occurred_at: draft.occurred_at.map_or_else(now, micros),
            note,
            created_at: now(),
            updated_at: now(),
            deleted_at: None,
            version: 1,
        };
        writer.insert(activity.clone()).await?;
        refresh_last_contact(&writer, activity.doctor_id).await?;
        writer.commit(audit_entry(AuditAction::ActivityLog, &activity), None, &activity).await?;
        Ok(activity.id)
    }

    /// Changes an activity with a doctor of the DSO. A patch without effect writes no new version and no event.
    pub async fn activity_update(&self, id: ActivityId, patch: ActivityPatch) -> Result<ActivityId, Error> {
        let mut checks = Validator::default();
        let note = checks.patch("note", patch.note, TextKind::NOTE);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.activity(&writer, id).await?;
        check_version(patch.expected_version, before.version)?;
        let mut after = before.clone();
        after.kind = patch.kind.unwrap_or(before.kind);
        after.occurred_at = patch.occurred_at.map_or(before.occurred_at, micros);
        note.apply(&mut after.note);
        if after == before {
            return Ok(id);
        }
        let after = next(&after);
        writer.save(after.clone()).await?;
        refresh_last_contact(&writer, after.doctor_id).await?;
        writer.commit(audit_entry(AuditAction::ActivityUpdate, &after), Some(&before), &after).await?;
        Ok(id)
    }

    /// Deletes an activity: it is removed from all lists, and its row remains for the audit log.
    pub async fn activity_delete(&self, id: ActivityId, expected_version: Option<i32>) -> Result<DoctorId, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let before = self.activity(&writer, id).await?;
        check_version(expected_version, before.version)?;
        let after = Activity { deleted_at: Some(now()), ..next(&before) };
        writer.save(after.clone()).await?;
        refresh_last_contact(&writer, after.doctor_id).await?;
        writer.commit(audit_entry(AuditAction::ActivityDelete, &after), Some(&before), &after).await?;
        Ok(after.doctor_id)
    }

    async fn activity(&self, writer: &WriteTransaction<'_>, id: ActivityId) -> Result<Activity, Error> {
        let filter = ActivityFilter { dsos: Some(vec![self.dso]), ..ActivityFilter::default() };
        writer.find_filtered::<Activities>(id, &filter).await
    }
}

/// The doctor's last contact is stored in their row, so that lists can be ordered by it. It is recomputed from the
/// activities at each change, in the same transaction.
async fn refresh_last_contact(writer: &WriteTransaction<'_>, doctor: DoctorId) -> Result<(), Error> {
    let sql = "UPDATE doctors SET last_contact_at = (SELECT max(a.occurred_at) FROM activities a \
               WHERE a.organization_id = doctors.organization_id AND a.doctor_id = doctors.id AND a.deleted_at IS NULL) \
               WHERE organization_id = $1 AND id = $2";
    let values = [writer.scope().context().organization().into(), doctor.into()];
    writer.execute(Statement::from_sql_and_values(writer.backend(), sql, values)).await
}

fn next(before: &Activity) -> Activity {
    Activity { version: before.version + 1, updated_at: now(), ..before.clone() }
}

fn audit_entry(action: AuditAction, activity: &Activity) -> WriteEntry {
    WriteEntry { action, target: (TargetKind::Activity, activity.id.uuid()), dso: Some(activity.dso_id) }
}
