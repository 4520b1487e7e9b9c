//! Groups computed from the rows.
//!
//! Owns: the statement. May use: the tenant filter of the resource. Invariant: the innermost select is the resource's
//! own; the outer selects only group.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    Condition, DbBackend, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryTrait, Statement,
    sea_query::{Expr, Value},
};

use super::{
    Aggregatable, Aggregation, Extent, Group, KeyValue, MAX_GROUPS, NumberStats, TimeBuckets, aggregatable::ValueType,
};
use crate::{
    auth::OrgContext,
    error::Error,
    queries::pagination::render,
    row::{DecodeColumn, Row},
    session::Tx,
    time::TimeRange,
};

pub(super) async fn read<N: Aggregatable>(
    tx: &Tx,
    context: &OrgContext,
    aggregation: &Aggregation<N>,
) -> Result<Vec<Group>, Error> {
    let statement = statement(tx.backend(), context, aggregation);
    let layout = Layout::of(aggregation);
    let groups = tx.read_each(statement, |row| layout.group(row)).await?;
    // Without a key there is exactly one group, perhaps of no rows; an empty group is left out.
    Ok(groups.into_iter().filter(|group| group.count > 0).collect())
}

/// The first and the last value of a time among the rows.
pub(super) async fn time_span<N: Aggregatable>(
    tx: &Tx,
    context: &OrgContext,
    filter: &N::Filter,
    time: N::Time,
) -> Result<Option<TimeRange>, Error> {
    let aggregation = Aggregation::<N> {
        filter: filter.clone(),
        by: Vec::new(),
        buckets: None,
        distinct: Vec::new(),
        numbers: Vec::new(),
        medians: Vec::new(),
        times: vec![time],
    };
    let groups = read(tx, context, &aggregation).await?;
    let found = groups.into_iter().next().and_then(|group| group.times.into_iter().next().flatten());
    Ok(found.map(|Extent { first, last }| TimeRange { from: first, until: last + Duration::microseconds(1) }))
}

fn statement<N: Aggregatable>(backend: DbBackend, context: &OrgContext, aggregation: &Aggregation<N>) -> Statement {
    let (inner, values) = inner_select(backend, context, aggregation);
    let keys: Vec<_> = (0..aggregation.by.len()).map(|n| format!("k{n}")).collect();
    let mut by = keys.clone();
    by.extend(aggregation.buckets.as_ref().map(|_| "b".to_owned()));
    let mut columns = String::new();
    for column in &by {
        let _ = write!(columns, "{column}, ");
    }
    columns.push_str("count(*) AS c");
    for n in 0..aggregation.distinct.len() {
        let _ = write!(columns, ", count(DISTINCT d{n}) AS d{n}");
    }
    for n in 0..aggregation.numbers.len() {
        let _ = write!(
            columns,
            ", count(n{n}) AS n{n}_rows, CAST(coalesce(sum(n{n}), 0) AS bigint) AS n{n}_sum, \
             CAST(coalesce(sum(CAST(n{n} AS bigint) * n{n}), 0) AS bigint) AS n{n}_squares, \
             CAST(min(n{n}) AS bigint) AS n{n}_least, CAST(max(n{n}) AS bigint) AS n{n}_largest"
        );
    }
    // The middle value, or the two middle values.
    for n in 0..aggregation.medians.len() {
        let middle = format!("CASE WHEN m{n} IS NOT NULL AND m{n}_at IN ((m{n}_of + 1) / 2, (m{n}_of + 2) / 2) THEN");
        let _ =
            write!(columns, ", CAST(sum({middle} m{n} END) AS bigint) AS m{n}_sum, count({middle} 1 END) AS m{n}_rows");
    }
    for n in 0..aggregation.times.len() {
        let _ = write!(columns, ", min(t{n}) AS t{n}_first, max(t{n}) AS t{n}_last");
    }
    let mut ranked = String::new();
    let within = by.iter().fold(String::new(), |within, column| within + column + ", ");
    for n in 0..aggregation.medians.len() {
        let _ = write!(
            ranked,
            ", row_number() OVER (PARTITION BY {within}m{n} IS NULL ORDER BY m{n}) AS m{n}_at, \
             count(*) OVER (PARTITION BY {within}m{n} IS NULL) AS m{n}_of"
        );
    }
    let rows = if ranked.is_empty() { inner } else { format!("SELECT keyed.*{ranked} FROM ({inner}) AS keyed") };
    let grouped = if by.is_empty() { String::new() } else { format!(" GROUP BY {}", by.join(", ")) };
    let sql = format!("SELECT {columns} FROM ({rows}) AS rows{grouped} LIMIT {}", MAX_GROUPS + 1);
    Statement::from_sql_and_values(backend, sql, values)
}

/// The resource's rows, with the columns in use under short names.
fn inner_select<N: Aggregatable>(
    backend: DbBackend,
    context: &OrgContext,
    aggregation: &Aggregation<N>,
) -> (String, Vec<Value>) {
    let mut condition = N::filter(context, &aggregation.filter, backend);
    if let Some(buckets) = &aggregation.buckets {
        condition = condition.add(bucket_condition::<N>(buckets));
    }
    let mut select = N::Entity::find().filter(condition).into_query();
    select.clear_selects();
    if aggregation.by.is_empty() && aggregation.buckets.is_none() {
        select.expr_as(Expr::cust("1"), "one");
    }
    for (n, dimension) in aggregation.by.iter().enumerate() {
        let (column, holds) = N::dimension_column(*dimension);
        select.expr_as(holds.as_text(backend, column), format!("k{n}"));
    }
    if let Some(buckets) = &aggregation.buckets {
        select.expr_as(placeholder::<N>(backend, buckets), "b");
    }
    for (n, dimension) in aggregation.distinct.iter().enumerate() {
        select.expr_as(N::dimension_column(*dimension).0, format!("d{n}"));
    }
    for (n, number) in aggregation.numbers.iter().enumerate() {
        select.expr_as(N::number_column(*number), format!("n{n}"));
    }
    for (n, number) in aggregation.medians.iter().enumerate() {
        select.expr_as(N::number_column(*number), format!("m{n}"));
    }
    for (n, time) in aggregation.times.iter().enumerate() {
        select.expr_as(N::time_column(*time), format!("t{n}"));
    }
    render(backend, &select)
}

fn bucket_condition<N: Aggregatable>(buckets: &TimeBuckets<N::Time>) -> Condition {
    let time = || N::time_column(buckets.time);
    let bound = |edge: Option<&DateTime<Utc>>| edge.copied().unwrap_or_default();
    Condition::all().add(time().gte(bound(buckets.edges.first()))).add(time().lt(bound(buckets.edges.last())))
}

/// Index of the bucket that contains a row, from 0. The bucket edges were computed from the calendar beforehand, so
/// both databases only compare.
fn placeholder<N: Aggregatable>(backend: DbBackend, buckets: &TimeBuckets<N::Time>) -> Expr {
    let time = N::time_column(buckets.time);
    if backend == DbBackend::Postgres {
        return Expr::cust_with_exprs(
            "CAST(width_bucket($1, $2) - 1 AS bigint)",
            [time, Expr::val(buckets.edges.clone())],
        );
    }
    // In the driver's time format, whose text order is the order of the times.
    let edges: Vec<_> = buckets.edges.iter().map(|edge| format!("\"{}\"", edge.to_rfc3339())).collect();
    Expr::cust_with_exprs(
        "(SELECT count(*) - 1 FROM json_each(?) AS edges WHERE edges.value <= ?)",
        [Expr::val(format!("[{}]", edges.join(","))), time],
    )
}

/// Positions of a group's figures in a row of the statement. The statement writes its columns in this order.
struct Layout {
    keys: Vec<ValueType>,
    has_bucket: bool,
    distinct: usize,
    numbers: usize,
    medians: usize,
    times: usize,
}

impl Layout {
    fn of<N: Aggregatable>(aggregation: &Aggregation<N>) -> Self {
        let Aggregation { filter: _, by, buckets, distinct, numbers, medians, times } = aggregation;
        Self {
            keys: by.iter().map(|dimension| N::dimension_column(*dimension).1).collect(),
            has_bucket: buckets.is_some(),
            distinct: distinct.len(),
            numbers: numbers.len(),
            medians: medians.len(),
            times: times.len(),
        }
    }

    fn group(&self, row: &Row) -> Result<Group, DbErr> {
        let mut places = 0..;
        let mut next = || places.next().unwrap_or(usize::MAX);
        let mut keys = Vec::with_capacity(self.keys.len());
        for holds in &self.keys {
            let key = String::try_decode(row, next())?;
            keys.push(key.map_or(KeyValue::Nothing, |key| holds.read(key)));
        }
        let bucket = if self.has_bucket { usize::try_from(i64::decode(row, next())?).ok() } else { None };
        let count = i64::decode(row, next())?;
        let mut distinct = Vec::with_capacity(self.distinct);
        for _ in 0..self.distinct {
            distinct.push(i64::decode(row, next())?);
        }
        let mut numbers = Vec::with_capacity(self.numbers);
        for _ in 0..self.numbers {
            numbers.push(NumberStats {
                rows: i64::decode(row, next())?,
                sum: i64::decode(row, next())?,
                squares: i64::decode(row, next())?,
                least: i64::try_decode(row, next())?,
                largest: i64::try_decode(row, next())?,
            });
        }
        let mut medians = Vec::with_capacity(self.medians);
        for _ in 0..self.medians {
            let middle = i64::try_decode(row, next())?;
            let rows = i64::decode(row, next())?;
            let mean = |sum| NumberStats { rows, sum, ..NumberStats::default() }.mean();
            medians.push(middle.and_then(mean));
        }
        let mut times = Vec::with_capacity(self.times);
        for _ in 0..self.times {
            let first = DateTime::<Utc>::try_decode(row, next())?;
            let last = DateTime::<Utc>::try_decode(row, next())?;
            times.push(first.zip(last).map(|(first, last)| Extent { first, last }));
        }
        Ok(Group { keys, bucket, count, distinct, numbers, medians, times })
    }
}
