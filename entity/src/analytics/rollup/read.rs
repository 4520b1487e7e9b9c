//! Reading the roll-ups as a scope.
//!
//! Owns: the statements on them. May use: a context, which restricts them in the same way as the rows. Invariant: the
//! figures of a range equal those computed from its rows: whole days come from the roll-ups, partial days at the ends
//! come from the rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum, Condition, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryTrait, Statement, Value,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::activities::Facet;
use super::buckets::{Buckets, day_number, end_of_day};
use super::snapshot::{DsoSnapshot, NAMES, SnapshotAt, SnapshotRow};
use crate::time::TimeRange;
use crate::{
    auth::OrgContext,
    db::unscoped_test_build,
    error::Error,
    id::{DsoId, MemberId, TypedId},
    models::{
        ActivityKind,
        activity::{Column, Entity},
    },
    queries::{
        Activities, ActivityFilter,
        pagination::{eq_any_text, id_list},
        sealed::Table as _,
    },
    session::Tx,
};

/// Whether counts are grouped by DSO. Without grouping, the database adds them up: for ten years by month, over fifty
/// DSOs, that leaves one fiftieth of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupByDso {
    Apart,
    Together,
}

impl GroupByDso {
    /// The column to group by.
    fn column(self, backend: DbBackend, apart: &'static str) -> &'static str {
        match (self, backend) {
            (Self::Apart, _) => apart,
            (Self::Together, DbBackend::Postgres) => "CAST(NULL AS uuid)",
            (Self::Together, _) => "NULL",
        }
    }
}

/// Grouping of counts, and the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupBy {
    pub(crate) facet: Facet,
    pub(crate) dso: GroupByDso,
    pub(crate) key: GroupByKey,
    /// Maximum number of counts for whole days, and for partial days; none means unlimited.
    pub(crate) most: Option<usize>,
}

impl GroupBy {
    fn limit(self) -> String {
        self.most.map_or_else(String::new, |most| format!(" LIMIT {most}"))
    }
}

/// Whether counts are grouped by kind or actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupByKey {
    Apart,
    Together,
}

impl GroupByKey {
    fn column(self, apart: &str) -> String {
        match self {
            Self::Apart => apart.to_owned(),
            Self::Together => "''".to_owned(),
        }
    }
}

/// Number of activities of one kind, or by one member, in one of the requested ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacetCount {
    /// Index of the range, from 0.
    pub(crate) place: i32,
    /// DSO of the doctors; none if the counts are not grouped by DSO.
    pub(crate) dso_id: Option<DsoId>,
    /// Name of the kind, or the actor's id in hexadecimal digits; empty if the actor is unknown.
    pub(crate) key: String,
    /// Number of activities.
    pub(crate) activities: i64,
}
crate::row::from_row!(FacetCount { place, dso_id, key, activities });

impl FacetCount {
    /// The contact channel, if counted by kind.
    pub(crate) fn kind(&self) -> Result<ActivityKind, Error> {
        ActivityKind::try_from_value(&self.key).map_err(Error::from)
    }

    /// The actor, if counted by actor and known.
    pub(crate) fn actor(&self) -> Option<MemberId> {
        self.key.parse().ok().map(MemberId::from_uuid)
    }
}

/// The elements of a JSON array as rows of one column, `value`, on both databases.
fn elements(backend: DbBackend, parameter: usize, name: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("jsonb_array_elements(CAST(${parameter} AS jsonb)) AS {name}(value)")
    } else {
        format!("json_each(${parameter}) AS {name}")
    }
}

/// Number of partial days, at the ends of ranges, that have to be read from the rows.
pub(crate) fn parts_of_days(ranges: &[TimeRange]) -> usize {
    ranges.iter().map(|range| Buckets::of(*range).edges.len()).sum()
}

/// The activities that match a filter, in ranges that do not overlap. The filter's own times are ignored, and it must
/// not use properties that the facet does not cover. At most two statements.
pub(crate) async fn activities_in(
    tx: &Tx,
    context: &OrgContext,
    telling: GroupBy,
    filter: &ActivityFilter,
    ranges: &[TimeRange],
) -> Result<Vec<FacetCount>, Error> {
    let pieces: Vec<_> = ranges.iter().map(|range| Buckets::of(*range)).collect();
    let mut counts = Vec::new();
    if pieces.iter().any(|pieces| !pieces.whole.is_empty()) {
        counts.extend(whole_days(tx, context, telling, filter, &pieces).await?);
    }
    if pieces.iter().any(|pieces| !pieces.edges.is_empty()) {
        counts.extend(edges(tx, context, telling, filter, &pieces).await?);
    }
    Ok(counts)
}

/// One index seek per DSO and bucket: whatever the planner estimates, it reads no more rows than the buckets contain.
async fn whole_days(
    tx: &Tx,
    context: &OrgContext,
    telling: GroupBy,
    filter: &ActivityFilter,
    pieces: &[Buckets],
) -> Result<Vec<FacetCount>, Error> {
    let backend = tx.backend();
    let list: Vec<_> = pieces
        .iter()
        .enumerate()
        .flat_map(|(place, pieces)| pieces.whole.iter().map(move |piece| (place, piece)))
        .map(|(place, piece)| (place, piece.unit.name(), day_number(piece.starts), day_number(piece.ends)))
        .collect();
    let list = serde_json::to_string(&list).map_err(|error| Error::Internal(std::sync::Arc::new(error)))?;
    let mut values: Vec<Value> = vec![list.into(), context.organization().into(), telling.facet.name().into()];
    values.push(id_list(backend, &visible_requested_dsos(backend, context, filter.dsos.as_deref())));
    let keys = keys(filter, &mut values);
    let piece = format!(
        "r.organization_id = $2 AND r.dso_id = d.id AND r.facet = $3 AND r.unit = pieces.value ->> 1 \
         AND r.starts_on >= CAST(pieces.value ->> 2 AS integer) AND r.starts_on < CAST(pieces.value ->> 3 AS integer){keys}"
    );
    let pieces = elements(backend, 1, "pieces");
    let dso = telling.dso.column(backend, "d.id");
    let (key, limit) = (telling.key.column("r.key"), telling.limit());
    let sql = if backend == DbBackend::Postgres {
        format!(
            "SELECT CAST(pieces.value ->> 0 AS integer) AS place, {dso} AS dso_id, {key} AS key, \
             CAST(sum(r.activities) AS bigint) AS activities FROM unnest($4::uuid[]) AS d(id) CROSS JOIN {pieces} \
             CROSS JOIN LATERAL (SELECT r.key, sum(r.activities) AS activities FROM activity_rollups r WHERE {piece} \
             GROUP BY r.key OFFSET 0) AS r GROUP BY 1, 2, 3 HAVING sum(r.activities) <> 0{limit}"
        )
    } else {
        format!(
            "SELECT CAST(pieces.value ->> 0 AS integer) AS place, {dso} AS dso_id, {key} AS key, \
             sum(r.activities) AS activities \
             FROM (SELECT unhex(value) AS id FROM json_each($4)) AS d CROSS JOIN {pieces} CROSS JOIN activity_rollups r \
             WHERE {piece} GROUP BY 1, 2, 3 HAVING sum(r.activities) <> 0{limit}"
        )
    };
    tx.query_as(Statement::from_sql_and_values(backend, sql, values)).await
}

/// Condition on the keys of a filter: kinds, or actors.
fn keys(filter: &ActivityFilter, values: &mut Vec<Value>) -> String {
    let mut names: Option<Vec<String>> = None;
    if let Some(kinds) = &filter.kinds {
        names = Some(kinds.iter().map(ActiveEnum::to_value).collect());
    }
    if let Some(actors) = &filter.actors {
        names = Some(actors.iter().map(|actor| actor.uuid().simple().to_string()).collect());
    }
    let Some(names) = names else { return String::new() };
    let places: Vec<_> = (values.len() + 1..=values.len() + names.len()).map(|place| format!("${place}")).collect();
    values.extend(names.into_iter().map(Value::from));
    let places = if places.is_empty() { "NULL".to_owned() } else { places.join(", ") };
    format!(" AND r.key IN ({places})")
}

/// The days, UTC, from the first to the last activity that matches a filter. The filter's own times are ignored.
pub(crate) async fn days_of_activities(
    tx: &Tx,
    context: &OrgContext,
    facet: Facet,
    filter: &ActivityFilter,
) -> Result<Option<TimeRange>, Error> {
    struct Found {
        first: Option<i32>,
        last: Option<i32>,
    }
    crate::row::from_row!(Found { first, last });
    let dsos = id_list(tx.backend(), &visible_requested_dsos(tx.backend(), context, filter.dsos.as_deref()));
    let mut values: Vec<Value> = vec![context.organization().into(), facet.name().into(), dsos];
    let keys = keys(filter, &mut values);
    let sql = format!(
        "SELECT min(r.starts_on) AS first, max(r.starts_on) AS last FROM activity_rollups r \
         WHERE r.organization_id = $1 AND r.facet = $2 AND r.unit = 'DAY' AND r.activities > 0 AND {}{keys}",
        eq_any_text(tx.backend(), "r.dso_id", 3)
    );
    let found: Option<Found> = tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
    let range = found.and_then(|found| {
        Some(TimeRange { from: midnight(found.first?)?, until: midnight(found.last?.checked_add(1)?)? })
    });
    Ok(range)
}

/// The start of a day, UTC.
fn midnight(day: i32) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(i64::from(day) * 86_400, 0)
}

/// The requested DSOs that the caller sees; all visible ones if none are requested.
fn visible_requested_dsos(backend: DbBackend, context: &OrgContext, asked: Option<&[DsoId]>) -> Vec<Uuid> {
    let visible = context.visible_dsos();
    let mut seen: Vec<_> = match asked {
        Some(asked) if !unscoped_test_build::is_dso_filter(backend) => asked.iter().map(|dso| dso.uuid()).collect(),
        None => visible.iter().map(|dso| dso.uuid()).collect(),
        Some(asked) => asked.iter().filter(|dso| visible.binary_search(dso).is_ok()).map(|dso| dso.uuid()).collect(),
    };
    // Otherwise the rows of a DSO that is requested twice would be counted twice.
    seen.sort_unstable();
    seen.dedup();
    seen
}

/// The partial days at the ends of the ranges, from the rows.
async fn edges(
    tx: &Tx,
    context: &OrgContext,
    telling: GroupBy,
    filter: &ActivityFilter,
    pieces: &[Buckets],
) -> Result<Vec<FacetCount>, Error> {
    let within = |edge: &TimeRange| {
        let at = || Expr::col((Entity, Column::OccurredAt));
        at().gte(edge.from).and(at().lt(edge.until))
    };
    let mut any = Condition::any();
    let mut place = CaseStatement::new();
    for (number, pieces) in pieces.iter().enumerate() {
        for edge in &pieces.edges {
            any = any.add(within(edge));
            place = place.case(within(edge), Expr::val(i32::try_from(number).unwrap_or(i32::MAX)));
        }
    }
    let filter = ActivityFilter { from: None, until: None, ..filter.clone() };
    let condition = Activities::filter(context, &filter, tx.backend()).add(any);
    let mut select = Entity::find().filter(condition).into_query();
    select
        .clear_selects()
        .expr_as(Expr::expr(place).cast_as("integer"), "place")
        .column((Entity, Column::DsoId))
        .column((Entity, Column::Kind))
        .column((Entity, Column::ActorMemberId));
    let (inner, values) = crate::queries::pagination::render(tx.backend(), &select);
    let dso = telling.dso.column(tx.backend(), "a.dso_id");
    let (key, limit) = (telling.key.column(telling.facet.key(tx.backend())), telling.limit());
    let sql = format!(
        "SELECT a.place, {dso} AS dso_id, {key} AS key, count(*) AS activities FROM ({inner}) AS a GROUP BY 1, 2, 3{limit}"
    );
    tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await
}

/// Snapshots of DSOs at the given times, each as of the end of its day, UTC. A DSO that did not exist yet is left out.
pub(crate) async fn snapshots_at(
    tx: &Tx,
    context: &OrgContext,
    dsos: &[DsoId],
    times: &[DateTime<Utc>],
) -> Result<HashMap<(DsoId, DateTime<Utc>), SnapshotAt>, Error> {
    let backend = tx.backend();
    let days: Vec<_> = times.iter().map(|time| end_of_day(*time)).collect();
    let list = serde_json::to_string(&days).map_err(|error| Error::Internal(std::sync::Arc::new(error)))?;
    let values = [
        list.into(),
        context.organization().into(),
        id_list(backend, &visible_requested_dsos(backend, context, Some(dsos))),
    ];
    let columns = NAMES.map(|name| format!("r.{name}")).join(", ");
    let asked = "CAST(days.value AS integer)";
    let days = elements(backend, 1, "days");
    let latest = format!(
        "SELECT max(l.day) FROM standing_rollups l WHERE l.organization_id = $2 AND l.dso_id = d.id AND l.day <= {asked}"
    );
    let sql = format!(
        "SELECT r.dso_id, {asked} AS asked, d.standings_known_from AS known_from, {columns} FROM {days} CROSS JOIN dsos d \
         INNER JOIN standing_rollups r ON r.organization_id = $2 AND r.dso_id = d.id AND r.day = ({latest}) \
         WHERE d.organization_id = $2 AND {}",
        eq_any_text(backend, "d.id", 3)
    );
    let rows: Vec<SnapshotRow> = tx.query_as(Statement::from_sql_and_values(backend, sql, values)).await?;
    let stood =
        |row: &SnapshotRow| SnapshotAt { standing: row.standing, known_from: row.known_from.and_then(midnight) };
    let found: HashMap<_, _> = rows.iter().map(|row| ((row.dso, row.asked), stood(row))).collect();
    let each = dsos.iter().flat_map(|dso| times.iter().map(move |time| (*dso, *time)));
    Ok(each.filter_map(|(dso, time)| Some(((dso, time), *found.get(&(dso, end_of_day(time)))?))).collect())
}

/// The latest snapshots of the requested DSOs, or of all visible ones.
pub(crate) async fn latest_snapshots(
    tx: &Tx,
    context: &OrgContext,
    asked: Option<&[DsoId]>,
) -> Result<Vec<(DsoId, DsoSnapshot)>, Error> {
    let dsos: Vec<_> = visible_requested_dsos(tx.backend(), context, asked).into_iter().map(DsoId::from_uuid).collect();
    let last = DateTime::<Utc>::from_timestamp(253_402_300_799, 0).unwrap_or_default();
    let found = snapshots_at(tx, context, &dsos, &[last]).await?;
    Ok(found.into_iter().map(|((dso, _), stood)| (dso, stood.standing)).collect())
}
