//! The figures of an overview per DSO.
//!
//! Owns: the methods that read them, one statement each (two for activities whose range does not begin and end at
//! midnight, UTC). May use: the roll-ups, the tenant filters of the resources. Invariant: a caller's figures of a DSO
//! are computed from rows that the same caller can list. A DSO that they do not see gives no figures, whether it
//! exists or not.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    Condition, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryTrait, Statement,
    sea_query::{CaseStatement, Expr, Func},
};

use crate::time::ComparisonPeriod;
use crate::{
    analytics::{
        SnapshotAt,
        rollup::{Facet, FacetCount, GroupBy, GroupByDso, GroupByKey, activities_in, snapshots_at},
    },
    error::Error,
    id::{DsoId, MemberId},
    models::{self, ActivityKind},
    queries::{
        ActivityFilter, Courses, DoctorFilter, Doctors,
        pagination::{exists_any, render},
        sealed::Table as _,
    },
    scope::Scope,
    time::TimeRange,
};

/// Number of activities of a DSO, of one kind or by one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityCount<K> {
    /// DSO of the doctors.
    pub dso_id: DsoId,
    /// Index of the range, from 0.
    pub place: i32,
    /// The contact channel or the member.
    pub key: K,
    /// Number of activities.
    pub activities: i64,
}

/// Contact figures of a DSO's doctors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactCount {
    /// The DSO.
    pub dso_id: DsoId,
    /// The latest contact with any of its doctors, within the range or before.
    pub last: Option<DateTime<Utc>>,
    /// Doctors without contact at the end of the range.
    pub without: i64,
    /// Doctors without contact at the beginning of the range.
    pub without_before: i64,
}
crate::row::from_row!(ContactCount { dso_id, last, without, without_before });

/// Course figures of a DSO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseCount {
    /// The DSO.
    pub dso_id: DsoId,
    /// The range (0) or the range before it (1).
    pub place: i32,
    /// Courses held.
    pub courses: i64,
    /// Number of attendees listed.
    pub listed: i64,
    /// Number of listed attendees who came.
    pub attended: i64,
}
crate::row::from_row!(CourseCount { dso_id, place, courses, listed, attended });

impl Scope {
    /// Snapshots of DSOs at the given times.
    pub async fn snapshots(
        &self,
        dsos: &[DsoId],
        times: &[DateTime<Utc>],
    ) -> Result<HashMap<(DsoId, DateTime<Utc>), SnapshotAt>, Error> {
        snapshots_at(&*self.read().await?, self.context(), dsos, times).await
    }

    /// The activities with doctors of DSOs by kind, in ranges that do not overlap.
    pub async fn activities_by_kind(
        &self,
        dsos: &[DsoId],
        ranges: &[TimeRange],
    ) -> Result<Vec<ActivityCount<ActivityKind>>, Error> {
        self.activities_by(Facet::Kind, FacetCount::kind, dsos, ranges).await
    }

    /// The activities with doctors of DSOs by actor, where the actor is known, in ranges that do not overlap.
    pub async fn activities_by_actor(
        &self,
        dsos: &[DsoId],
        ranges: &[TimeRange],
    ) -> Result<Vec<ActivityCount<Option<MemberId>>>, Error> {
        self.activities_by(Facet::Actor, |count| Ok(count.actor()), dsos, ranges).await
    }

    async fn activities_by<K>(
        &self,
        facet: Facet,
        key: fn(&FacetCount) -> Result<K, Error>,
        dsos: &[DsoId],
        ranges: &[TimeRange],
    ) -> Result<Vec<ActivityCount<K>>, Error> {
        let filter = ActivityFilter { dsos: Some(dsos.to_vec()), ..ActivityFilter::default() };
        let telling = GroupBy { facet, dso: GroupByDso::Apart, key: GroupByKey::Apart, most: None };
        let counts = activities_in(&*self.read().await?, self.context(), telling, &filter, ranges).await?;
        let told = |count: &FacetCount| {
            let Some(dso_id) = count.dso_id else { return Ok(None) };
            let key = key(count)?;
            Ok(Some(ActivityCount { dso_id, place: count.place, key, activities: count.activities }))
        };
        counts.iter().filter_map(|count| told(count).transpose()).collect()
    }

    /// Contact figures of the doctors of DSOs: those who are not archived and had joined by the end, or by the
    /// beginning.
    pub async fn contact_counts(&self, dsos: &[DsoId], span: ComparisonPeriod) -> Result<Vec<ContactCount>, Error> {
        use models::doctor::{Column, Entity};
        let tx = self.read().await?;
        let filter = DoctorFilter { dsos: Some(dsos.to_vec()), ..DoctorFilter::default() };
        let mut select = Entity::find().filter(Doctors::filter(self.context(), &filter, tx.backend())).into_query();
        let joined = Func::coalesce([Expr::col((Entity, Column::JoinedAt)), Expr::col((Entity, Column::CreatedAt))]);
        select.clear_selects().column((Entity, Column::DsoId));
        for (at, name) in [(span.range.until, ""), (span.range.from, "_before")] {
            // If the last contact lies before the time, it is the result; only other doctors take a lookup, one index
            // seek each.
            let (first, second) = if tx.backend() == DbBackend::Postgres { ("$1", "$2") } else { ("?", "?") };
            let last = Expr::cust_with_values(
                format!(
                    "CASE WHEN \"doctors\".\"last_contact_at\" < {first} THEN \"doctors\".\"last_contact_at\" ELSE \
                     (SELECT max(a.occurred_at) FROM activities a \
                     WHERE a.organization_id = \"doctors\".\"organization_id\" AND a.doctor_id = \"doctors\".\"id\" \
                     AND a.deleted_at IS NULL AND a.occurred_at < {second}) END"
                ),
                [at, at],
            );
            select.expr_as(last, format!("last{name}"));
            let is_there = CaseStatement::new().case(Expr::expr(joined.clone()).lt(at), 1).finally(0);
            select.expr_as(is_there, format!("there{name}"));
        }
        let (inner, mut values) = render(tx.backend(), &select);
        let days = Duration::days(span.inactive_days.into());
        values.extend([(span.range.until - days).into(), (span.range.from - days).into()]);
        let (now, before) = (values.len() - 1, values.len());
        let sql = format!(
            "SELECT dso_id, max(CASE WHEN there = 1 THEN last END) AS last, \
             CAST(sum(CASE WHEN there = 1 AND (last IS NULL OR last < ${now}) THEN 1 ELSE 0 END) AS bigint) AS without, \
             CAST(sum(CASE WHEN there_before = 1 AND (last_before IS NULL OR last_before < ${before}) THEN 1 ELSE 0 END) \
             AS bigint) AS without_before FROM ({inner}) AS contacts GROUP BY dso_id"
        );
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await
    }

    /// Course figures of DSOs in two ranges that do not overlap.
    pub async fn course_counts(&self, dsos: &[DsoId], ranges: [TimeRange; 2]) -> Result<Vec<CourseCount>, Error> {
        use models::course::{Column, Entity};
        let tx = self.read().await?;
        let ids: Vec<_> = dsos.iter().map(|dso| crate::id::TypedId::uuid(*dso)).collect();
        let within = |range: &TimeRange| {
            let at = || Expr::col((Entity, Column::HeldAt));
            at().gte(range.from).and(at().lt(range.until))
        };
        let narrowed = Courses::tenant_filter(self.context(), tx.backend())
            .add(exists_any(tx.backend(), Expr::col((Entity, Column::DsoId)), &ids))
            .add(Condition::any().add(within(&ranges[0])).add(within(&ranges[1])));
        let listed = |and: &'static str| {
            Expr::cust(format!(
                "(SELECT count(*) FROM attendees a WHERE a.organization_id = \"courses\".\"organization_id\" \
                 AND a.course_id = \"courses\".\"id\"{and})"
            ))
        };
        let mut select = Entity::find().filter(narrowed).into_query();
        select
            .clear_selects()
            .column((Entity, Column::DsoId))
            .expr_as(CaseStatement::new().case(within(&ranges[0]), 0).finally(1), "place")
            .expr_as(listed(""), "listed")
            .expr_as(listed(" AND a.attended"), "attended");
        let (inner, values) = render(tx.backend(), &select);
        let sql = format!(
            "SELECT dso_id, CAST(place AS integer) AS place, count(*) AS courses, CAST(sum(listed) AS bigint) AS listed, \
             CAST(sum(attended) AS bigint) AS attended FROM ({inner}) AS held GROUP BY dso_id, place"
        );
        tx.query_as(Statement::from_sql_and_values(tx.backend(), sql, values)).await
    }
}
