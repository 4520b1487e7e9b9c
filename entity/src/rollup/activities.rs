//! How many activities of a kind somebody did for a DSO, by day, month and year.
//!
//! Owns: the rows of `activity_rollups` and writing them. May use: the transaction. Invariant: one change of one activity
//! is one statement, whatever moves.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::pieces::{Unit, day_number};
use crate::{Activity, DoctorId, DsoId, Error, OrganizationId, TypedId, session::Tx};

/// Values in one statement: seven a row.
const ROWS: usize = 1_000;

/// Activities of one kind on one day by one member, or by nobody known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Done {
    dso: Uuid,
    day: NaiveDate,
    kind: String,
    actor: Uuid,
}

impl Done {
    pub(super) fn of(activity: &Activity) -> Self {
        Self {
            dso: activity.dso_id.uuid(),
            day: activity.occurred_at.date_naive(),
            kind: kind_name(activity),
            actor: activity.actor_member_id.map_or(Uuid::nil(), TypedId::uuid),
        }
    }
}

fn kind_name(activity: &Activity) -> String {
    sea_orm::ActiveEnum::to_value(&activity.kind)
}

/// What is to be added to the counts.
pub(super) type Added = BTreeMap<(Uuid, &'static str, i32, String, Uuid), i64>;

/// Adds activities to the counts of their day, month and year.
pub(super) fn add(added: &mut Added, done: &Done, activities: i64) {
    for unit in Unit::ALL {
        let key = (done.dso, unit.name(), day_number(unit.start(done.day)), done.kind.clone(), done.actor);
        *added.entry(key).or_insert(0) += activities;
    }
}

/// Writes what has been added, in the order of the keys.
pub(super) async fn write(tx: &Tx, organization: OrganizationId, added: Added) -> Result<(), Error> {
    let rows: Vec<_> = added.into_iter().filter(|(_, activities)| *activities != 0).collect();
    for rows in rows.chunks(ROWS) {
        let mut values: Vec<Value> = vec![organization.into()];
        let mut places = Vec::with_capacity(rows.len());
        for ((dso, unit, starts, kind, actor), activities) in rows {
            let first = values.len() + 1;
            places.push(format!(
                "($1, ${}, ${}, ${}, ${}, ${}, ${})",
                first,
                first + 1,
                first + 2,
                first + 3,
                first + 4,
                first + 5
            ));
            let activities = i32::try_from(*activities).unwrap_or(i32::MAX);
            let key: [Value; 5] =
                [(*dso).into(), (*unit).into(), (*starts).into(), kind.as_str().into(), (*actor).into()];
            values.extend(key);
            values.push(activities.into());
        }
        let sql = format!(
            "INSERT INTO activity_rollups (organization_id, dso_id, unit, starts_on, kind, actor_member_id, activities) \
             VALUES {} ON CONFLICT (organization_id, dso_id, unit, starts_on, kind, actor_member_id) \
             DO UPDATE SET activities = activity_rollups.activities + excluded.activities",
            places.join(", ")
        );
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    }
    Ok(())
}

/// The day of a time in a column, as `2026-11-22`, UTC.
pub(super) fn day_of(backend: DbBackend, column: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
    } else {
        format!("substr({column}, 1, 10)")
    }
}

/// How many activities, as a database counts them.
#[derive(FromQueryResult)]
pub(super) struct Counted {
    dso_id: Uuid,
    day: String,
    kind: String,
    actor_member_id: Option<Uuid>,
    activities: i64,
}

impl Counted {
    /// As what they are counted, and how many.
    pub(super) fn done(self) -> Result<(Done, i64), Error> {
        let broken = |error: chrono::ParseError| Error::Internal(std::sync::Arc::new(error));
        let done = Done {
            dso: self.dso_id,
            day: self.day.parse().map_err(broken)?,
            kind: self.kind,
            actor: self.actor_member_id.unwrap_or_default(),
        };
        Ok((done, self.activities))
    }
}

/// Counts a doctor's activities.
pub(super) async fn count(tx: &Tx, organization: OrganizationId, doctor: DoctorId) -> Result<Vec<Counted>, Error> {
    let day = day_of(tx.backend(), "a.occurred_at");
    let sql = format!(
        "SELECT a.dso_id, {day} AS day, a.kind, a.actor_member_id, count(*) AS activities FROM activities a \
         WHERE a.organization_id = $1 AND a.deleted_at IS NULL AND a.doctor_id = $2 \
         GROUP BY a.dso_id, {day}, a.kind, a.actor_member_id"
    );
    tx.all(Statement::from_sql_and_values(tx.backend(), sql, [organization.into(), doctor.into()])).await
}

/// All counts of an organization as the rows say, as a select of `activity_rollups`' columns but the organization's:
/// the database counts, since there may be millions.
pub(super) fn counted(backend: DbBackend) -> String {
    let nobody = nobody(backend);
    let unit = |unit: Unit| {
        let starts = starts_on(backend, unit, "a.occurred_at");
        format!(
            "SELECT a.dso_id, '{}' AS unit, {starts} AS starts_on, a.kind, \
             coalesce(a.actor_member_id, {nobody}) AS actor_member_id, CAST(count(*) AS integer) AS activities \
             FROM activities a JOIN doctors d ON d.organization_id = a.organization_id AND d.id = a.doctor_id \
             AND d.deleted_at IS NULL WHERE a.organization_id = $1 AND a.deleted_at IS NULL \
             GROUP BY a.dso_id, {starts}, a.kind, coalesce(a.actor_member_id, {nobody})",
            unit.name()
        )
    };
    Unit::ALL.map(unit).join(" UNION ALL ")
}

/// The nil id, which stands for an actor who is not known.
pub(super) const fn nobody(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "CAST('00000000-0000-0000-0000-000000000000' AS uuid)",
        _ => "zeroblob(16)",
    }
}

/// The first day of the unit that a time is in, counted from 1970, UTC.
fn starts_on(backend: DbBackend, unit: Unit, column: &str) -> String {
    if backend == DbBackend::Postgres {
        return format!("(date_trunc('{}', {column} AT TIME ZONE 'UTC')::date - date '1970-01-01')", unit.name());
    }
    let (kept, rest) = match unit {
        Unit::Day => (10, ""),
        Unit::Month => (7, "-01"),
        Unit::Year => (4, "-01-01"),
    };
    format!("CAST(julianday(substr({column}, 1, {kept}) || '{rest}') - 2440587.5 AS integer)")
}

/// Adds a doctor's activities to one DSO, or takes them from it.
pub(super) fn add_all(added: &mut Added, counted: &[(Done, i64)], dso: DsoId, sign: i64) {
    for (done, activities) in counted {
        let there = Done { dso: dso.uuid(), ..done.clone() };
        add(added, &there, sign * activities);
    }
}
