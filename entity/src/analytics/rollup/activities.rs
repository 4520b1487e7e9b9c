//! Number of activities of a DSO, by kind and by actor, per day, month and year.
//!
//! Owns: the rows of `activity_rollups` and writing them. May use: the transaction. Invariant: one change of one
//! activity is one statement, however many counts change.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ActiveEnum, DbBackend, Statement, Value};
use uuid::Uuid;

use super::buckets::{Unit, day_number};
use crate::{
    error::Error,
    id::{DoctorId, DsoId, OrganizationId, TypedId},
    models::Activity,
    session::Tx,
};

/// Maximum number of rows in one statement: six values each.
const BATCH_ROWS: usize = 1_000;

/// The property that activities are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Facet {
    Kind,
    Actor,
}

impl Facet {
    const ALL: [Self; 2] = [Self::Kind, Self::Actor];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kind => "KIND",
            Self::Actor => "ACTOR",
        }
    }

    /// The key of a row of `activities`, under the alias `a`.
    pub(crate) const fn key(self, backend: DbBackend) -> &'static str {
        match (self, backend) {
            (Self::Kind, _) => "a.kind",
            (Self::Actor, DbBackend::Postgres) => "coalesce(replace(CAST(a.actor_member_id AS text), '-', ''), '')",
            (Self::Actor, _) => "lower(coalesce(hex(a.actor_member_id), ''))",
        }
    }
}

/// The counted properties of an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ActivityKey {
    day: NaiveDate,
    /// Keys by kind and by actor.
    keys: [String; 2],
}

impl ActivityKey {
    pub(super) fn of(activity: &Activity) -> Self {
        let actor = activity.actor_member_id.map(|actor| actor.uuid().simple().to_string());
        Self { day: activity.occurred_at.date_naive(), keys: [activity.kind.to_value(), actor.unwrap_or_default()] }
    }
}

/// Increments of the counts, by DSO, facet, unit, first day and key.
pub(super) type Increments = BTreeMap<(Uuid, Facet, &'static str, i32, String), i64>;

/// Adds activities to the counts of their day, month and year.
pub(super) fn add(added: &mut Increments, dso: DsoId, done: &ActivityKey, activities: i64) {
    for (facet, key) in Facet::ALL.into_iter().zip(&done.keys) {
        for unit in Unit::ALL {
            let starts = day_number(unit.start(done.day));
            *added.entry((dso.uuid(), facet, unit.name(), starts, key.clone())).or_insert(0) += activities;
        }
    }
}

/// Writes the increments, in the order of the keys.
pub(super) async fn write(tx: &Tx, organization: OrganizationId, added: Increments) -> Result<(), Error> {
    let rows: Vec<_> = added.into_iter().filter(|(_, activities)| *activities != 0).collect();
    for rows in rows.chunks(BATCH_ROWS) {
        let mut values: Vec<Value> = vec![organization.into()];
        let mut places = Vec::with_capacity(rows.len());
        for ((dso, facet, unit, starts, key), activities) in rows {
            let place: Vec<_> = (1..=6).map(|place| format!("${}", values.len() + place)).collect();
            places.push(format!("($1, {})", place.join(", ")));
            let activities = i32::try_from(*activities).unwrap_or(i32::MAX);
            let row: [Value; 6] = [
                (*dso).into(),
                facet.name().into(),
                (*unit).into(),
                (*starts).into(),
                key.as_str().into(),
                activities.into(),
            ];
            values.extend(row);
        }
        let sql = format!(
            "INSERT INTO activity_rollups (organization_id, dso_id, facet, unit, starts_on, key, activities) VALUES {} \
             ON CONFLICT (organization_id, dso_id, facet, unit, starts_on, key) \
             DO UPDATE SET activities = activity_rollups.activities + excluded.activities",
            places.join(", ")
        );
        tx.execute_deferred(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    }
    Ok(())
}

/// The day (UTC) of a time column, as `2026-11-22`.
pub(super) fn day_of(backend: DbBackend, column: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')")
    } else {
        format!("substr({column}, 1, 10)")
    }
}

/// Number of activities, as counted by the database.
pub(super) struct CountedRow {
    day: String,
    kind: String,
    actor: String,
    activities: i64,
}
crate::row::from_row!(CountedRow { day, kind, actor, activities });

impl CountedRow {
    /// The key that they are counted under, and their number.
    pub(super) fn activity_key(self) -> Result<(ActivityKey, i64), Error> {
        let broken = |error: chrono::ParseError| Error::Internal(std::sync::Arc::new(error));
        Ok((ActivityKey { day: self.day.parse().map_err(broken)?, keys: [self.kind, self.actor] }, self.activities))
    }
}

/// Counts a doctor's activities.
pub(super) async fn count(tx: &Tx, organization: OrganizationId, doctor: DoctorId) -> Result<Vec<CountedRow>, Error> {
    let (day, actor) = (day_of(tx.backend(), "a.occurred_at"), Facet::Actor.key(tx.backend()));
    let sql = format!(
        "SELECT {day} AS day, a.kind, {actor} AS actor, count(*) AS activities FROM activities a \
         WHERE a.organization_id = $1 AND a.deleted_at IS NULL AND a.doctor_id = $2 GROUP BY {day}, a.kind, {actor}"
    );
    tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, [organization.into(), doctor.into()])).await
}

/// All counts of an organization according to the rows, as a select of the columns of `activity_rollups` without the
/// organization. The database counts, since there may be millions of rows.
fn counted(backend: DbBackend) -> String {
    let each = |facet: Facet, unit: Unit| {
        let (key, starts) = (facet.key(backend), starts_on(backend, unit, "a.occurred_at"));
        format!(
            "SELECT a.dso_id, '{}' AS facet, '{}' AS unit, {starts} AS starts_on, {key} AS key, \
             CAST(count(*) AS integer) AS activities \
             FROM activities a JOIN doctors d ON d.organization_id = a.organization_id AND d.id = a.doctor_id \
             AND d.deleted_at IS NULL WHERE a.organization_id = $1 AND a.deleted_at IS NULL \
             GROUP BY a.dso_id, {starts}, {key}",
            facet.name(),
            unit.name()
        )
    };
    let all = Facet::ALL.into_iter().flat_map(|facet| Unit::ALL.map(|unit| each(facet, unit)));
    all.collect::<Vec<_>>().join(" UNION ALL ")
}

/// The difference between an organization's stored counts and its rows: the columns of `activity_rollups` without the
/// organization, with the increment that corrects each wrong count. The activities are read once.
pub(super) fn missing(backend: DbBackend) -> String {
    format!(
        "SELECT dso_id, facet, unit, starts_on, key, CAST(sum(activities) AS integer) AS activities FROM ({} UNION ALL \
         SELECT dso_id, facet, unit, starts_on, key, -activities FROM activity_rollups WHERE organization_id = $1) AS both_sides \
         GROUP BY dso_id, facet, unit, starts_on, key HAVING sum(activities) <> 0",
        counted(backend)
    )
}

/// The first day of the unit that contains a time, counted from 1970, UTC.
pub(super) fn starts_on(backend: DbBackend, unit: Unit, column: &str) -> String {
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
