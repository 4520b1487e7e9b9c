//! Snapshot of a DSO's doctors and cases.
//!
//! Owns: the amounts, and the contribution of a doctor or a case to them. May use: the rows. Invariant: the amounts
//! are in the order of `NAMES`, which are the columns of `standing_rollups`.

use std::ops::{Add, AddAssign, Neg};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum, TryGetable};

use crate::{
    id::DsoId,
    models::{CaseStatus, Doctor, Risk},
    row::{DecodeColumn, FromRow, Row},
};

/// The columns of the amounts.
pub(super) const NAMES: [&str; 25] = [
    "doctors",
    "progress",
    "on_track",
    "risk_none",
    "risk_low",
    "risk_medium",
    "risk_high",
    "risk_critical",
    "period_none",
    "period_1",
    "period_2",
    "period_3",
    "period_4",
    "period_5",
    "period_6",
    "period_7",
    "period_8",
    "period_9",
    "period_10",
    "period_11",
    "period_12",
    "cases_submitted",
    "cases_in_progress",
    "cases_completed",
    "cases_cancelled",
];

const DOCTORS: usize = 0;
const PROGRESS: usize = 1;
const ON_TRACK: usize = 2;
const RISK: usize = 3;
const PERIOD: usize = 8;
const CASES: usize = 21;

/// Numbers of doctors and cases by their properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DsoSnapshot(pub(super) [i64; NAMES.len()]);

/// Whether a doctor is on track: their progress is at least that of completing all periods before the current one.
///
/// A doctor in no period is not on track.
pub(crate) fn on_track(period: Option<i32>, progress: i32) -> bool {
    period.is_some_and(|period| progress >= 100 * (period - 1))
}

impl DsoSnapshot {
    /// A doctor's contribution; zero if archived.
    pub(super) fn of_doctor(doctor: &Doctor) -> Self {
        let mut amounts = [0; NAMES.len()];
        if doctor.deleted_at.is_none() {
            amounts[DOCTORS] = 1;
            amounts[PROGRESS] = doctor.progress.into();
            amounts[ON_TRACK] = on_track(doctor.onboarding_period, doctor.progress).into();
            amounts[RISK + risk_index(doctor.risk)] = 1;
            amounts[PERIOD + period_index(doctor.onboarding_period)] = 1;
        }
        Self(amounts)
    }

    /// The contribution of this many cases with a status.
    pub(super) fn of_cases(status: CaseStatus, cases: i64) -> Self {
        let mut amounts = [0; NAMES.len()];
        amounts[CASES + status as usize] = cases;
        Self(amounts)
    }

    /// The contribution to each amount of an active doctor, a row of `doctors` under the alias `d`. Must match
    /// [`Self::of_doctor`]; in SQL, so that the database can add up millions of rows.
    pub(super) fn doctor_sql(amount: usize) -> String {
        let one_if = |condition: String| format!("CASE WHEN {condition} THEN 1 ELSE 0 END");
        match amount {
            DOCTORS => "1".to_owned(),
            PROGRESS => "d.progress".to_owned(),
            // For a doctor in no period the comparison with null is not true.
            ON_TRACK => one_if("d.progress >= 100 * (d.onboarding_period - 1)".to_owned()),
            RISK => one_if("d.risk IS NULL".to_owned()),
            PERIOD => one_if("coalesce(d.onboarding_period, 0) NOT BETWEEN 1 AND 12".to_owned()),
            amount if amount < PERIOD => {
                let risks = [Risk::Low, Risk::Medium, Risk::High, Risk::Critical];
                one_if(format!("d.risk = '{}'", risks[amount - RISK - 1].to_value()))
            }
            amount if amount < CASES => one_if(format!("d.onboarding_period = {}", amount - PERIOD)),
            _ => "0".to_owned(),
        }
    }

    /// The contribution to each amount of a case, a row of `cases` under the alias `c`.
    pub(super) fn case_sql(amount: usize) -> String {
        let statuses = [CaseStatus::Submitted, CaseStatus::InProgress, CaseStatus::Completed, CaseStatus::Cancelled];
        match amount.checked_sub(CASES) {
            Some(place) => format!("CASE WHEN c.status = '{}' THEN 1 ELSE 0 END", statuses[place].to_value()),
            None => "0".to_owned(),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Number of doctors.
    #[must_use]
    pub fn doctors(&self) -> i64 {
        self.0[DOCTORS]
    }

    /// The sum over all doctors of the percentages of their twelve periods.
    #[must_use]
    pub fn progress(&self) -> i64 {
        self.0[PROGRESS]
    }

    /// Number of doctors on track.
    #[must_use]
    pub fn on_track(&self) -> i64 {
        self.0[ON_TRACK]
    }

    /// Number of doctors with a risk, or without a rating.
    #[must_use]
    pub fn at_risk(&self, risk: Option<Risk>) -> i64 {
        self.0[RISK + risk_index(risk)]
    }

    /// Number of doctors in a period, or in none.
    #[must_use]
    pub fn in_period(&self, period: Option<i32>) -> i64 {
        self.0[PERIOD + period_index(period)]
    }

    /// Number of cases with a status.
    #[must_use]
    pub fn cases(&self, status: CaseStatus) -> i64 {
        self.0[CASES + status as usize]
    }
}

fn risk_index(risk: Option<Risk>) -> usize {
    risk.map_or(0, |risk| risk as usize + 1)
}

fn period_index(period: Option<i32>) -> usize {
    period.and_then(|period| usize::try_from(period).ok()).filter(|period| *period <= 12).unwrap_or(0)
}

impl Add for DsoSnapshot {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for DsoSnapshot {
    fn add_assign(&mut self, other: Self) {
        for (amount, more) in self.0.iter_mut().zip(other.0) {
            *amount += more;
        }
    }
}

impl Neg for DsoSnapshot {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.map(i64::wrapping_neg))
    }
}

/// Snapshot of DSOs at a time, and the start of the recorded history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SnapshotAt {
    /// The snapshot.
    pub standing: DsoSnapshot,
    /// Start of the recorded history: only snapshots after this time were recorded; none if all were.
    pub known_from: Option<DateTime<Utc>>,
}

impl Add for SnapshotAt {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        // For several DSOs together, the history is complete only from the latest start.
        Self { standing: self.standing + other.standing, known_from: self.known_from.max(other.known_from) }
    }
}

/// A row of the roll-up, as read.
pub(crate) struct SnapshotRow {
    pub(crate) dso: DsoId,
    /// The day it was requested for.
    pub(crate) asked: i32,
    pub(crate) standing: DsoSnapshot,
    /// The first day that was recorded, if the days before it were reconstructed.
    pub(crate) known_from: Option<i32>,
}

impl FromRow for SnapshotRow {
    fn from_row(row: &Row) -> Result<Self, sea_orm::DbErr> {
        let (dso, asked, known_from) =
            (row.get_by_name("dso_id")?, row.get_by_name("asked")?, row.get_by_name("known_from")?);
        Ok(Self { dso, asked, standing: amounts::<i32>(row)?, known_from })
    }
}

/// Sum over a DSO's rows: those from one day, or all of them.
pub(super) struct Summed {
    pub(super) dso: DsoId,
    pub(super) since: i32,
    pub(super) standing: DsoSnapshot,
}

impl FromRow for Summed {
    fn from_row(row: &Row) -> Result<Self, sea_orm::DbErr> {
        let (dso, since) = (row.get_by_name("dso_id")?, row.get_by_name("since")?);
        Ok(Self { dso, since, standing: amounts::<i64>(row)? })
    }
}

fn amounts<T: DecodeColumn + TryGetable + Into<i64>>(row: &Row) -> Result<DsoSnapshot, sea_orm::DbErr> {
    let mut amounts = [0; NAMES.len()];
    for (amount, name) in amounts.iter_mut().zip(NAMES) {
        *amount = row.get_by_name::<T>(name)?.into();
    }
    Ok(DsoSnapshot(amounts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_stand_where_their_amounts_are_looked_for() {
        assert_eq!(NAMES[RISK + risk_index(Some(Risk::Critical))], "risk_critical");
        assert_eq!(NAMES[PERIOD + period_index(Some(12))], "period_12");
        assert_eq!(NAMES[CASES + CaseStatus::Cancelled as usize], "cases_cancelled");
    }

    #[test]
    fn on_track_requires_all_earlier_periods_complete() {
        assert!(on_track(Some(1), 0) && on_track(Some(3), 200) && on_track(Some(3), 230));
        assert!(!on_track(Some(3), 199) && !on_track(None, 1200));
    }
}
