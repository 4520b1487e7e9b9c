//! The dashboard's figures. Seaography has no aggregates, so this is a custom query with a hand-written statement.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement, prelude::Uuid};

use crate::Identity;

/// `$1` is the organization, `$2` the DSOs that are visible to the user, `$3` the time from which on activities are
/// counted.
const FIGURES: &str = "
with d as (
  select dso_id, avg(progress)::float8 p,
    count(*) filter (where risk_level = 'low') low,
    count(*) filter (where risk_level = 'medium') medium,
    count(*) filter (where risk_level = 'high') high
  from app.doctors where organization_id = $1 and dso_id = any($2) group by 1),
a as (
  select dso_id,
    count(*) filter (where kind = 'phone') phone,
    count(*) filter (where kind = 'email') email,
    count(*) filter (where kind = 'text') text_
  from app.activities
  where organization_id = $1 and dso_id = any($2) and occurred_at >= $3::text::timestamptz group by 1)
select v.id, v.name, coalesce(low, 0) low, coalesce(medium, 0) medium, coalesce(high, 0) high, coalesce(p, 0) p,
  coalesce(phone, 0) phone, coalesce(email, 0) email, coalesce(text_, 0) text_
from app.dsos v left join d on d.dso_id = v.id left join a on a.dso_id = v.id
where v.organization_id = $1 and v.id = any($2) order by v.name";

#[derive(Clone, seaography::CustomOutputType)]
pub struct DsoStats {
    id: String,
    name: String,
    low: i64,
    medium: i64,
    high: i64,
    avg_progress: f64,
    phone: i64,
    email: i64,
    text: i64,
}

impl DsoStats {
    fn of(row: &QueryResult) -> async_graphql::Result<Self> {
        Ok(Self {
            id: row.try_get::<Uuid>("", "id")?.to_string(),
            name: row.try_get("", "name")?,
            low: row.try_get("", "low")?,
            medium: row.try_get("", "medium")?,
            high: row.try_get("", "high")?,
            avg_progress: row.try_get("", "p")?,
            phone: row.try_get("", "phone")?,
            email: row.try_get("", "email")?,
            text: row.try_get("", "text_")?,
        })
    }
}

pub struct Operations;

#[seaography::CustomFields]
impl Operations {
    async fn dashboard(ctx: &async_graphql::Context<'_>, since: String) -> async_graphql::Result<Vec<DsoStats>> {
        let database = ctx.data::<DatabaseConnection>()?;
        let identity = ctx.data::<Identity>()?;
        let values = [identity.organization.into(), (*identity.dsos).clone().into(), since.into()];
        let rows = database.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, FIGURES, values)).await?;
        rows.iter().map(DsoStats::of).collect()
    }
}
