//! Changes to the roll-ups that follow from a change of a row.
//!
//! Owns: for each kind of row that can be changed, the counts that change. May use: the transaction that changes it.
//! Invariant: a kind of row without a rule here cannot be written: `commit` of the write transaction requires it.

use sea_orm::{Statement, Value};

use super::{
    activities::{self, ActivityKey, Increments},
    buckets::day_number,
    snapshot::{DsoSnapshot, NAMES},
};
use crate::{
    error::Error,
    id::{DoctorId, DsoId, OrganizationId},
    models::{Activity, Case, CaseStatus, Doctor, Dso, OnboardingPeriod},
    session::Tx,
    time::now,
};

/// Changes collected before they are written.
#[derive(Default)]
pub(crate) struct RollupDelta {
    activities: Increments,
    standings: Vec<(DsoId, DsoSnapshot)>,
    /// A doctor whose rows move from one DSO to another, or are archived, or are restored.
    doctor: Option<(DoctorId, Option<DsoId>, Option<DsoId>)>,
    /// A doctor, and the increment of their progress.
    progress: Option<(DoctorId, i32)>,
}

/// A row whose changes affect the roll-ups, or explicitly do not.
pub(crate) trait RollupSource {
    /// The delta when a row changes from one state to another.
    fn delta(before: Option<&Self>, after: &Self) -> RollupDelta;
}

impl RollupSource for Activity {
    fn delta(before: Option<&Self>, after: &Self) -> RollupDelta {
        let mut moved = RollupDelta::default();
        for (activity, sign) in before.into_iter().map(|before| (before, -1)).chain([(after, 1)]) {
            if activity.deleted_at.is_none() {
                activities::add(&mut moved.activities, activity.dso_id, &ActivityKey::of(activity), sign);
            }
        }
        moved
    }
}

impl RollupSource for Case {
    fn delta(before: Option<&Self>, after: &Self) -> RollupDelta {
        let mut moved = RollupDelta::default();
        moved.standings.extend(before.map(|case| (case.dso_id, -DsoSnapshot::of_cases(case.status, 1))));
        moved.standings.push((after.dso_id, DsoSnapshot::of_cases(after.status, 1)));
        moved
    }
}

impl RollupSource for Doctor {
    fn delta(before: Option<&Self>, after: &Self) -> RollupDelta {
        let mut moved = RollupDelta::default();
        moved.standings.extend(before.map(|doctor| (doctor.dso_id, -DsoSnapshot::of_doctor(doctor))));
        moved.standings.push((after.dso_id, DsoSnapshot::of_doctor(after)));
        let living = |doctor: &Self| doctor.deleted_at.is_none().then_some(doctor.dso_id);
        if let Some(before) = before
            && living(before) != living(after)
        {
            moved.doctor = Some((after.id, living(before), living(after)));
        }
        moved
    }
}

impl RollupSource for OnboardingPeriod {
    fn delta(before: Option<&Self>, after: &Self) -> RollupDelta {
        let grown = after.percent - before.map_or(0, |before| before.percent);
        RollupDelta { progress: Some((after.doctor_id, grown)), ..RollupDelta::default() }
    }
}

/// A row that no roll-up counts.
pub(crate) trait NotRolledUp {}

impl<T: NotRolledUp> RollupSource for T {
    fn delta(_: Option<&Self>, _: &Self) -> RollupDelta {
        RollupDelta::default()
    }
}

impl RollupSource for Dso {
    /// An archived DSO is invisible to all callers, together with its counts.
    fn delta(_: Option<&Self>, _: &Self) -> RollupDelta {
        RollupDelta::default()
    }
}

impl RollupDelta {
    /// Writes the delta. The caller holds the organization's lock.
    pub(crate) async fn write(mut self, tx: &Tx, organization: OrganizationId) -> Result<(), Error> {
        if let Some((doctor, grown)) = self.progress.filter(|(_, grown)| *grown != 0) {
            self.standings.extend(add_to_history(tx, organization, doctor, grown).await?);
        }
        if let Some((doctor, from, to)) = self.doctor {
            let counted = activities::count(tx, organization, doctor).await?;
            let counted =
                counted.into_iter().map(activities::CountedRow::activity_key).collect::<Result<Vec<_>, _>>()?;
            let cases = cases_of(tx, organization, doctor).await?;
            for (dso, sign) in from.map(|dso| (dso, -1)).into_iter().chain(to.map(|dso| (dso, 1))) {
                for (done, activities) in &counted {
                    activities::add(&mut self.activities, dso, done, sign * activities);
                }
                self.standings.push((dso, if sign < 0 { -cases } else { cases }));
            }
        }
        activities::write(tx, organization, self.activities).await?;
        let mut dsos: Vec<_> = self.standings.iter().map(|(dso, _)| *dso).collect();
        dsos.sort_unstable();
        dsos.dedup();
        for dso in dsos {
            let of_dso = self.standings.iter().filter(|(other, _)| *other == dso);
            let standing = of_dso.fold(DsoSnapshot::default(), |sum, (_, standing)| sum + *standing);
            if !standing.is_zero() {
                add_today(tx, organization, dso, standing).await?;
            }
        }
        Ok(())
    }
}

/// Adds to a DSO's snapshot of today: the latest row plus the change, written as today's row.
pub(super) async fn add_today(
    tx: &Tx,
    organization: OrganizationId,
    dso: DsoId,
    standing: DsoSnapshot,
) -> Result<(), Error> {
    let sums: Vec<_> =
        NAMES.iter().enumerate().map(|(place, name)| format!("coalesce(latest.{name}, 0) + ${}", place + 4)).collect();
    let set: Vec<_> = NAMES.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let names = NAMES.join(", ");
    // If the clock was set back, this does not write before the latest row.
    let sql = format!(
        "INSERT INTO standing_rollups (organization_id, dso_id, day, {names}) \
         SELECT $1, $2, CASE WHEN latest.day > $3 THEN latest.day ELSE $3 END, {} \
         FROM (SELECT 1 AS one) AS today LEFT JOIN (SELECT * FROM standing_rollups \
         WHERE organization_id = $1 AND dso_id = $2 ORDER BY day DESC LIMIT 1) AS latest ON today.one = 1 \
         WHERE today.one = 1 ON CONFLICT (organization_id, dso_id, day) DO UPDATE SET {}",
        sums.join(", "),
        set.join(", ")
    );
    let today = day_number(now().date_naive());
    let mut values: Vec<Value> = vec![organization.into(), dso.into(), today.into()];
    values.extend(standing.0.iter().map(|amount| Value::from(i32::try_from(*amount).unwrap_or(i32::MAX))));
    tx.execute_deferred(Statement::from_sql_and_values(tx.backend(), sql, values)).await
}

/// Increments a doctor's progress; returns the resulting change for their DSO.
async fn add_to_history(
    tx: &Tx,
    organization: OrganizationId,
    doctor: DoctorId,
    grown: i32,
) -> Result<Vec<(DsoId, DsoSnapshot)>, Error> {
    let sql = "UPDATE doctors SET progress = progress + $3 WHERE organization_id = $1 AND id = $2 RETURNING *";
    let values = [organization.into(), doctor.into(), grown.into()];
    let after: Option<Doctor> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    let after = after.ok_or(Error::NotFound)?;
    let before = Doctor { progress: after.progress - grown, ..after.clone() };
    Ok(Doctor::delta(Some(&before), &after).standings)
}

async fn cases_of(tx: &Tx, organization: OrganizationId, doctor: DoctorId) -> Result<DsoSnapshot, Error> {
    struct Counted {
        status: CaseStatus,
        cases: i64,
    }
    crate::row::from_row!(Counted { status, cases });
    let sql =
        "SELECT status, count(*) AS cases FROM cases WHERE organization_id = $1 AND doctor_id = $2 GROUP BY status";
    let values = [organization.into(), doctor.into()];
    let counted: Vec<Counted> = tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    Ok(counted.iter().fold(DsoSnapshot::default(), |sum, found| sum + DsoSnapshot::of_cases(found.status, found.cases)))
}
