//! Recording onboarding progress.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition};

use super::{
    Manager,
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::Validator,
};
use crate::{
    error::Error,
    id::{DoctorId, OnboardingPeriodId, TypedId},
    models::{AuditAction, OnboardingPeriod, TargetKind, onboarding_period::Column},
    queries::{ArchiveState, OnboardingPeriods, sealed::Table},
    time::{micros, now},
};

/// A doctor's progress in one period, to be created or replaced.
#[derive(Clone, Debug)]
pub struct OnboardingRecord {
    /// The doctor.
    pub doctor: DoctorId,
    /// The period, 1 to 12.
    pub period: i32,
    /// The progress in percent, 0 to 100.
    pub percent: i32,
    /// Time of the record; now, if not given.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

impl Manager<'_> {
    /// Records progress of a doctor of the DSO.
    pub async fn onboarding_period_record(&self, record: OnboardingRecord) -> Result<OnboardingPeriodId, Error> {
        let mut checks = Validator::default();
        checks.range("period", Some(record.period), 1, 12);
        checks.range("percent", Some(record.percent), 0, 100);
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        // Locks the doctor, so that two first records of the same period do not conflict.
        let doctor = self.doctor(&writer, record.doctor, ArchiveState::Active).await?;
        let before = existing(&writer, doctor.id, record.period).await?;
        let context = self.scope.context();
        let after = OnboardingPeriod {
            organization_id: context.organization(),
            id: before.as_ref().map_or_else(OnboardingPeriodId::generate, |before| before.id),
            dso_id: doctor.dso_id,
            doctor_id: doctor.id,
            period: record.period,
            percent: record.percent,
            recorded_at: record.recorded_at.map_or_else(now, micros),
            recorded_by: Some(context.member()),
            version: before.as_ref().map_or(1, |before| before.version + 1),
        };
        match &before {
            Some(before) => {
                check_version(record.expected_version, before.version)?;
                writer.save(after.clone()).await?;
            }
            None => writer.insert(after.clone()).await?,
        }
        let audit = WriteEntry {
            action: AuditAction::OnboardingPeriodRecord,
            target: (TargetKind::OnboardingPeriod, after.id.uuid()),
            dso: Some(after.dso_id),
        };
        writer.commit(audit, before.as_ref(), &after).await?;
        Ok(after.id)
    }
}

async fn existing(
    writer: &WriteTransaction<'_>,
    doctor: DoctorId,
    period: i32,
) -> Result<Option<OnboardingPeriod>, Error> {
    let narrowed = OnboardingPeriods::tenant_filter(writer.scope().context(), writer.backend());
    let condition = Condition::all().add(narrowed).add(Column::DoctorId.eq(doctor)).add(Column::Period.eq(period));
    writer.first_row::<OnboardingPeriods>(condition).await
}
