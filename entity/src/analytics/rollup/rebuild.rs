//! Rebuilding the roll-ups from the rows, and verifying them.
//!
//! Owns: both operations for one organization, found by its slug, or for all organizations. May use: the transaction.
//! Invariant: it reads the rows under the organization's lock, so that nothing is counted twice or missed. A DSO's
//! snapshots of earlier days cannot be derived from the rows and are preserved.

use std::collections::BTreeMap;

use sea_orm::{Statement, Value};
use serde_json::json;

use super::{
    activities,
    buckets::{Unit, day_number},
    delta::add_today,
    name_keys::{self, NameKeyJob},
    snapshot::{DsoSnapshot, NAMES, SnapshotRow, Summed},
};
use crate::{
    audit::{
        RequestMetadata,
        hash_chain::{self, AuditEntry},
    },
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::{DsoId, OrganizationId, TypedId},
    models::AuditAction,
    session::{TenantSettings, Tx},
    time::now,
};

/// Difference between the roll-ups and the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Number of activity counts that differ from the rows.
    pub activities: u64,
    /// Number of DSOs whose snapshot differs from the rows.
    pub standings: u64,
    /// Number of doctors whose progress differs from their periods.
    pub progress: u64,
    /// Number of rows whose name keys or search texts do not match their names.
    pub names: u64,
}

/// The roll-ups of one organization.
#[derive(Clone, Debug)]
pub struct RollUps {
    db: Db,
    organization: OrganizationId,
}

impl Db {
    /// The roll-ups of the organization with this name, if there is one.
    pub async fn roll_ups(&self, name: &str) -> Result<Option<RollUps>, Error> {
        let found = self.organization_named(name).await?;
        Ok(found.map(|organization| RollUps { db: self.clone(), organization }))
    }

    /// The roll-ups of all organizations.
    pub async fn all_roll_ups(&self) -> Result<Vec<RollUps>, Error> {
        let tx = self.begin(TxMode::Read, Purpose::Data).await?;
        tx.set(&[("app.worker", "rollups")]).await;
        let sql = "SELECT id FROM organizations ORDER BY id";
        let found: Vec<Id> = tx.query_as(Statement::from_string(tx.backend(), sql)).await?;
        Ok(found.into_iter().map(|found| RollUps { db: self.clone(), organization: found.id }).collect())
    }
}

struct Id {
    id: OrganizationId,
}
crate::row::from_row!(Id { id });

impl RollUps {
    /// Compares the roll-ups with the rows.
    pub async fn verify(&self) -> Result<Drift, Error> {
        let tx = self.begin().await?;
        let names = name_keys::count_or_fill(&tx, self.organization, NameKeyJob::Count).await?;
        Ok(Drift { names, ..compare(&tx, self.organization).await? })
    }

    /// Corrects the roll-ups to match the rows; returns the number of corrections.
    pub async fn rebuild(&self) -> Result<Drift, Error> {
        let tx = self.begin().await?;
        let names = name_keys::count_or_fill(&tx, self.organization, NameKeyJob::Mend).await?;
        let mended = Drift { names, ..rebuild(&tx, self.organization).await? };
        // Also if nothing was wrong: it makes all processes reload their cached figures.
        self.commit(tx, mended).await
    }

    /// Recomputes only the columns by which named rows are ordered and found; returns the number of outdated rows.
    pub async fn rebuild_names(&self) -> Result<u64, Error> {
        let tx = self.begin().await?;
        let names = name_keys::count_or_fill(&tx, self.organization, NameKeyJob::Mend).await?;
        if names > 0 {
            self.commit(tx, Drift { names, ..Drift::default() }).await?;
        }
        Ok(names)
    }

    async fn commit(&self, tx: Tx, mended: Drift) -> Result<Drift, Error> {
        let Drift { activities, standings, progress, names } = mended;
        let mended_rows =
            json!({ "activities": activities, "standings": standings, "progress": progress, "names": names });
        let origin = RequestMetadata::new("roll-ups");
        let happening = AuditEntry::system(self.organization, AuditAction::RollUpsRebuild, &origin, mended_rows);
        hash_chain::append(&tx, happening).await?;
        tx.commit().await?;
        Ok(mended)
    }

    async fn begin(&self) -> Result<Tx, Error> {
        let tx = self.db.begin(TxMode::Write, Purpose::Data).await?;
        tx.set_tenant(&TenantSettings::whole_organization(self.organization, None)).await;
        hash_chain::lock(&tx, self.organization).await?;
        Ok(tx)
    }
}

async fn compare(tx: &Tx, organization: OrganizationId) -> Result<Drift, Error> {
    struct Rows {
        rows: i64,
    }
    crate::row::from_row!(Rows { rows });
    let rows = async |sql: String| {
        let found: Option<Rows> = tx.query_opt(about(tx, organization, sql)).await?;
        Ok::<_, Error>(found.map_or(0, |found| found.rows.unsigned_abs()))
    };
    let activities = rows(format!("SELECT count(*) AS rows FROM ({}) AS missing", activities::missing(tx.backend())));
    let progress =
        format!("SELECT count(*) AS rows FROM doctors WHERE organization_id = $1 AND progress <> {PROGRESS}");
    Ok(Drift {
        activities: activities.await?,
        standings: differences(tx, organization).await?.len() as u64,
        progress: rows(progress).await?,
        names: 0,
    })
}

/// A doctor's progress according to their periods.
const PROGRESS: &str = "(SELECT CAST(coalesce(sum(p.percent), 0) AS integer) FROM onboarding_periods p \
                        WHERE p.organization_id = doctors.organization_id AND p.doctor_id = doctors.id)";

/// Corrects an organization's roll-ups to match its rows, and returns the number of corrections. The caller holds its
/// lock, or the organization is not visible to others yet. Correct values are not rewritten, and the activities are
/// read once.
pub(crate) async fn rebuild(tx: &Tx, organization: OrganizationId) -> Result<Drift, Error> {
    let execute = async |sql: String| Ok::<_, Error>(tx.execute(about(tx, organization, sql)).await?);
    let progress = execute(format!(
        "UPDATE doctors SET progress = {PROGRESS} WHERE organization_id = $1 AND progress <> {PROGRESS}"
    ))
    .await?;
    let activities = execute(format!(
        "INSERT INTO activity_rollups (organization_id, dso_id, facet, unit, starts_on, key, activities) \
         SELECT $1, missing.* FROM ({}) AS missing WHERE true \
         ON CONFLICT (organization_id, dso_id, facet, unit, starts_on, key) \
         DO UPDATE SET activities = activity_rollups.activities + excluded.activities",
        activities::missing(tx.backend())
    ))
    .await?;
    execute("DELETE FROM activity_rollups WHERE organization_id = $1 AND activities = 0".to_owned()).await?;
    let begun = begin_histories(tx, organization).await?;
    let differences = differences(tx, organization).await?;
    let standings = (begun + differences.len()) as u64;
    for (dso, difference) in differences {
        add_today(tx, organization, dso, difference).await?;
    }
    Ok(Drift { activities, standings, progress, names: 0 })
}

fn about(tx: &Tx, organization: OrganizationId, sql: String) -> Statement {
    Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])
}

/// The change that corrects each DSO's snapshot.
async fn differences(tx: &Tx, organization: OrganizationId) -> Result<BTreeMap<DsoId, DsoSnapshot>, Error> {
    let mut standings: BTreeMap<DsoId, DsoSnapshot> = BTreeMap::new();
    for Summed { dso, standing, .. } in expected_snapshots(tx, organization, RecordedSince::Ever).await? {
        *standings.entry(dso).or_default() += standing;
    }
    let sql = format!(
        "SELECT s.dso_id, s.day AS asked, CAST(NULL AS integer) AS known_from, {} FROM standing_rollups s WHERE s.organization_id = $1 \
         AND s.day = (SELECT max(l.day) FROM standing_rollups l WHERE l.organization_id = $1 AND l.dso_id = s.dso_id)",
        NAMES.map(|name| format!("s.{name}")).join(", ")
    );
    for kept in tx.query_as::<SnapshotRow>(about(tx, organization, sql)).await? {
        *standings.entry(kept.dso).or_default() += -kept.standing;
    }
    standings.retain(|_, standing| !standing.is_zero());
    Ok(standings)
}

/// Which DSOs' rows are summed up, and whether they are grouped by time.
#[derive(Clone, Copy)]
enum RecordedSince {
    /// Every DSO, without grouping by time.
    Ever,
    /// DSOs without a history, grouped by the day on which doctors joined and cases were opened.
    Day,
}

/// Sums over each DSO's doctors that are not archived, and their cases. The database adds: there may be millions of
/// rows, but only few days.
async fn expected_snapshots(tx: &Tx, organization: OrganizationId, since: RecordedSince) -> Result<Vec<Summed>, Error> {
    let day = |time: &str| match since {
        RecordedSince::Ever => "0".to_owned(),
        RecordedSince::Day => activities::starts_on(tx.backend(), Unit::Day, time),
    };
    let among = |dso: &str| match since {
        RecordedSince::Ever => String::new(),
        RecordedSince::Day => {
            format!(" AND {dso} NOT IN (SELECT s.dso_id FROM standing_rollups s WHERE s.organization_id = $1)")
        }
    };
    let amounts = |of: fn(usize) -> String| {
        let each = NAMES.iter().enumerate().map(|(amount, name)| format!("{} AS {name}", of(amount)));
        each.collect::<Vec<_>>().join(", ")
    };
    let sql = format!(
        "SELECT dso_id, since, {} FROM (\
         SELECT d.dso_id, {} AS since, {} FROM doctors d WHERE d.organization_id = $1 AND d.deleted_at IS NULL{} UNION ALL \
         SELECT c.dso_id, {} AS since, {} FROM cases c JOIN doctors d ON d.organization_id = c.organization_id \
         AND d.id = c.doctor_id AND d.deleted_at IS NULL WHERE c.organization_id = $1{}) AS each_row \
         GROUP BY dso_id, since ORDER BY dso_id, since",
        NAMES.map(|name| format!("CAST(sum({name}) AS bigint) AS {name}")).join(", "),
        day("coalesce(d.joined_at, d.created_at)"),
        amounts(DsoSnapshot::doctor_sql),
        among("d.dso_id"),
        day("c.opened_at"),
        amounts(DsoSnapshot::case_sql),
        among("c.dso_id"),
    );
    tx.query_as(about(tx, organization, sql)).await
}

/// Creates a history for each DSO that has none: its current doctors and cases, from the day on which they joined or
/// were opened. Returns the number of DSOs that got one.
async fn begin_histories(tx: &Tx, organization: OrganizationId) -> Result<usize, Error> {
    let today = day_number(now().date_naive());
    let mut histories: BTreeMap<DsoId, BTreeMap<i32, DsoSnapshot>> = BTreeMap::new();
    for Summed { dso, since, standing } in expected_snapshots(tx, organization, RecordedSince::Day).await? {
        *histories.entry(dso).or_default().entry(since.min(today)).or_default() += standing;
    }
    let begun = histories.len();
    for (dso, history) in histories {
        let mut standing = DsoSnapshot::default();
        // The state of the doctors on earlier days was never recorded.
        if history.keys().next().is_some_and(|first| *first < today) {
            set_known_from(tx, organization, dso, today).await?;
        }
        for (day, more) in history {
            standing += more;
            insert(tx, organization, dso, day, standing).await?;
        }
    }
    Ok(begun)
}

async fn set_known_from(tx: &Tx, organization: OrganizationId, dso: DsoId, day: i32) -> Result<(), Error> {
    let sql = "UPDATE dsos SET standings_known_from = $3 WHERE organization_id = $1 AND id = $2";
    let values = [organization.into(), Value::from(dso.uuid()), day.into()];
    tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await.map(|_| ())
}

async fn insert(
    tx: &Tx,
    organization: OrganizationId,
    dso: DsoId,
    day: i32,
    standing: DsoSnapshot,
) -> Result<(), Error> {
    let places: Vec<_> = (4..4 + NAMES.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO standing_rollups (organization_id, dso_id, day, {}) VALUES ($1, $2, $3, {})",
        NAMES.join(", "),
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![organization.into(), Value::from(dso.uuid()), day.into()];
    values.extend(standing.0.iter().map(|amount| Value::from(i32::try_from(*amount).unwrap_or(i32::MAX))));
    tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await.map(|_| ())
}
