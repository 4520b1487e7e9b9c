//! Making the roll-ups anew from the rows, and comparing them.
//!
//! Owns: that for one organization, found by its slug, or for all that have none. May use: the transaction. Invariant: it
//! reads the rows behind the organization's lock, so that nothing is counted twice or missed; how a DSO stood on earlier
//! days cannot be told from the rows and is kept.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QueryTrait, Statement, Value};

use super::{
    activities,
    change::add_today,
    pieces::day_number,
    standing::{NAMES, Standing, StandingRow},
};
use crate::{
    CaseStatus, Db, Doctor, DsoId, Error, OrganizationId, TypedId, chain,
    recorder::Purpose,
    session::{Intent, Tenant, Tx},
    table,
    time::now,
};

/// How far the roll-ups are from the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Counts of activities that are not what the rows say.
    pub activities: u64,
    /// DSOs that do not stand as the rows say.
    pub standings: u64,
    /// Doctors whose progress is not what their periods say.
    pub progress: u64,
}

/// The roll-ups of one organization.
#[derive(Clone, Debug)]
pub struct RollUps {
    db: Db,
    organization: OrganizationId,
}

impl Db {
    /// The roll-ups of the organization of a slug, if there is one.
    pub async fn roll_ups(&self, slug: &str) -> Result<Option<RollUps>, Error> {
        let tx = self.begin(Intent::Read, Purpose::Data).await?;
        tx.set(&[("app.slug", slug)]).await?;
        let sql = "SELECT id FROM organizations WHERE slug = $1";
        let found: Option<Id> = tx.one(Statement::from_sql_and_values(tx.backend(), sql, [slug.into()])).await?;
        Ok(found.map(|found| RollUps { db: self.clone(), organization: found.id }))
    }

    /// The roll-ups of all organizations.
    pub async fn all_roll_ups(&self) -> Result<Vec<RollUps>, Error> {
        let tx = self.begin(Intent::Read, Purpose::Data).await?;
        tx.set(&[("app.worker", "rollups")]).await?;
        let sql = "SELECT id FROM organizations ORDER BY id";
        let found: Vec<Id> = tx.all(Statement::from_string(tx.backend(), sql)).await?;
        Ok(found.into_iter().map(|found| RollUps { db: self.clone(), organization: found.id }).collect())
    }
}

#[derive(FromQueryResult)]
struct Id {
    id: OrganizationId,
}

impl RollUps {
    /// How far they are from the rows.
    pub async fn verify(&self) -> Result<Drift, Error> {
        let tx = self.begin().await?;
        compare(&tx, self.organization).await
    }

    /// Makes them what the rows say; how far they were from it.
    pub async fn rebuild(&self) -> Result<Drift, Error> {
        let tx = self.begin().await?;
        let drift = compare(&tx, self.organization).await?;
        rebuild(&tx, self.organization).await?;
        tx.commit().await?;
        Ok(drift)
    }

    async fn begin(&self) -> Result<Tx, Error> {
        let tx = self.db.begin(Intent::Write, Purpose::Data).await?;
        tx.set_tenant(&Tenant::whole(self.organization, None)).await?;
        chain::lock(&tx, self.organization).await?;
        Ok(tx)
    }
}

async fn compare(tx: &Tx, organization: OrganizationId) -> Result<Drift, Error> {
    let rows = async |sql: String| {
        let statement = Statement::from_sql_and_values(tx.backend(), sql, [organization.into()]);
        let found: Option<Rows> = tx.one(statement).await?;
        Ok::<_, Error>(found.map_or(0, |found| found.rows.unsigned_abs()))
    };
    let counted = activities::counted(tx.backend());
    let kept = "SELECT dso_id, facet, unit, starts_on, key, activities FROM activity_rollups \
                WHERE organization_id = $1 AND activities <> 0";
    // What is kept wrongly differs in both directions; counted once each, it is what has to be mended.
    let missing = rows(format!("SELECT count(*) AS rows FROM ({counted} EXCEPT {kept}) AS missing")).await?;
    let wrong =
        rows(format!("SELECT count(*) AS rows FROM ({kept} EXCEPT SELECT * FROM ({counted}) AS counted) AS wrong"))
            .await?;
    let activities = missing + wrong;
    let standings = differences(tx, organization).await?.len() as u64;
    let progress =
        format!("SELECT count(*) AS rows FROM doctors WHERE organization_id = $1 AND progress <> {PROGRESS}");
    Ok(Drift { activities, standings, progress: rows(progress).await? })
}

#[derive(FromQueryResult)]
struct Rows {
    rows: i64,
}

/// What a doctor's periods say.
const PROGRESS: &str = "(SELECT CAST(coalesce(sum(p.percent), 0) AS integer) FROM onboarding_periods p \
                        WHERE p.organization_id = doctors.organization_id AND p.doctor_id = doctors.id)";

/// Makes an organization's roll-ups what its rows say. Its lock is held, or nobody else can see it yet.
pub(crate) async fn rebuild(tx: &Tx, organization: OrganizationId) -> Result<(), Error> {
    for sql in [
        format!("UPDATE doctors SET progress = {PROGRESS} WHERE organization_id = $1 AND progress <> {PROGRESS}"),
        "DELETE FROM activity_rollups WHERE organization_id = $1".to_owned(),
        format!(
            "INSERT INTO activity_rollups \
             (organization_id, dso_id, facet, unit, starts_on, key, activities) \
             SELECT $1, counted.* FROM ({}) AS counted",
            activities::counted(tx.backend())
        ),
    ] {
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await?;
    }
    begin_histories(tx, organization).await?;
    for (dso, difference) in differences(tx, organization).await? {
        add_today(tx, organization, dso, difference).await?;
    }
    Ok(())
}

/// What is missing from how each DSO stands.
async fn differences(tx: &Tx, organization: OrganizationId) -> Result<BTreeMap<DsoId, Standing>, Error> {
    let mut standings: BTreeMap<DsoId, Standing> = BTreeMap::new();
    for doctor in living(tx, organization).await? {
        *standings.entry(doctor.dso_id).or_default() += Standing::of_doctor(&doctor);
    }
    for (dso, cases) in cases(tx, organization).await? {
        *standings.entry(dso).or_default() += cases;
    }
    let sql = format!(
        "SELECT s.dso_id, s.day AS asked, {} FROM standing_rollups s WHERE s.organization_id = $1 \
         AND s.day = (SELECT max(l.day) FROM standing_rollups l WHERE l.organization_id = $1 AND l.dso_id = s.dso_id)",
        NAMES.map(|name| format!("s.{name}")).join(", ")
    );
    let kept = Statement::from_sql_and_values(tx.backend(), sql, [organization.into()]);
    for kept in tx.all::<StandingRow>(kept).await? {
        *standings.entry(kept.dso).or_default() += -kept.standing;
    }
    standings.retain(|_, standing| !standing.is_nothing());
    Ok(standings)
}

async fn living(tx: &Tx, organization: OrganizationId) -> Result<Vec<Doctor>, Error> {
    use sea_orm::ColumnTrait;
    use table::doctor::{Column, Entity};
    let living = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::DeletedAt.is_null());
    tx.all(living.build(tx.backend())).await
}

async fn cases(tx: &Tx, organization: OrganizationId) -> Result<Vec<(DsoId, Standing)>, Error> {
    #[derive(FromQueryResult)]
    struct Counted {
        dso_id: DsoId,
        status: CaseStatus,
        cases: i64,
    }
    let sql = "SELECT c.dso_id, c.status, count(*) AS cases FROM cases c JOIN doctors d \
               ON d.organization_id = c.organization_id AND d.id = c.doctor_id AND d.deleted_at IS NULL \
               WHERE c.organization_id = $1 GROUP BY c.dso_id, c.status";
    let counted: Vec<Counted> =
        tx.all(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await?;
    Ok(counted.into_iter().map(|found| (found.dso_id, Standing::of_cases(found.status, found.cases))).collect())
}

#[derive(FromQueryResult)]
struct Opened {
    dso_id: DsoId,
    day: String,
    status: CaseStatus,
    cases: i64,
}

/// The cases of living doctors by the day on which they were opened.
async fn opened(tx: &Tx, organization: OrganizationId) -> Result<Vec<Opened>, Error> {
    let day = activities::day_of(tx.backend(), "c.opened_at");
    let sql = format!(
        "SELECT c.dso_id, {day} AS day, c.status, count(*) AS cases FROM cases c JOIN doctors d \
         ON d.organization_id = c.organization_id AND d.id = c.doctor_id AND d.deleted_at IS NULL \
         WHERE c.organization_id = $1 GROUP BY c.dso_id, {day}, c.status"
    );
    tx.all(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await
}

/// Gives each DSO without a history one: its doctors and cases as they are now, from the day on which they joined or were
/// opened.
async fn begin_histories(tx: &Tx, organization: OrganizationId) -> Result<(), Error> {
    #[derive(FromQueryResult)]
    struct Known {
        dso_id: DsoId,
    }
    let sql = "SELECT DISTINCT dso_id FROM standing_rollups WHERE organization_id = $1";
    let known: Vec<Known> = tx.all(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await?;
    let known: BTreeSet<_> = known.into_iter().map(|known| known.dso_id).collect();
    let today = day_number(now().date_naive());
    let mut histories: BTreeMap<DsoId, BTreeMap<i32, Standing>> = BTreeMap::new();
    for doctor in living(tx, organization).await?.iter().filter(|doctor| !known.contains(&doctor.dso_id)) {
        let since = day_number(doctor.joined_at.unwrap_or(doctor.created_at).date_naive()).min(today);
        *histories.entry(doctor.dso_id).or_default().entry(since).or_default() += Standing::of_doctor(doctor);
    }
    for opened in opened(tx, organization).await?.into_iter().filter(|opened| !known.contains(&opened.dso_id)) {
        let broken = |error: chrono::ParseError| Error::Internal(std::sync::Arc::new(error));
        let since = day_number(opened.day.parse().map_err(broken)?).min(today);
        *histories.entry(opened.dso_id).or_default().entry(since).or_default() +=
            Standing::of_cases(opened.status, opened.cases);
    }
    for (dso, history) in histories {
        let mut standing = Standing::default();
        for (day, more) in history {
            standing += more;
            insert(tx, organization, dso, day, standing).await?;
        }
    }
    Ok(())
}

async fn insert(tx: &Tx, organization: OrganizationId, dso: DsoId, day: i32, standing: Standing) -> Result<(), Error> {
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
