//! Organizations for the operator of the gateway.
//!
//! Owns: finding an organization by its slug, its public id or its UUID, and the list of all. May use: transactions.
//! Invariant: only the command line uses it; no request reaches this code. It reads the organizations, and of a
//! tenant's rows only the number of its members.

use chrono::{DateTime, Utc};
use sea_orm::Statement;

use crate::membership::id_of;
use crate::{
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
    id::OrganizationId,
    models::OrganizationStatus,
    session::TenantSettings,
};

/// An organization in the operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrganization {
    /// Id of the organization.
    pub id: OrganizationId,
    /// The name in URLs.
    pub slug: String,
    /// The status.
    pub status: OrganizationStatus,
    /// When it was deleted; none if it is not deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Number of active members.
    pub members: u64,
}

struct Row {
    id: OrganizationId,
    slug: String,
    status: OrganizationStatus,
    deleted_at: Option<DateTime<Utc>>,
}
crate::row::from_row!(Row { id, slug, status, deleted_at });

impl Db {
    /// The organization with this slug, public id (`org_…`) or UUID; deleted ones are included.
    pub async fn organization_named(&self, name: &str) -> Result<Option<OrganizationId>, Error> {
        struct OrganizationRow {
            id: OrganizationId,
        }
        crate::row::from_row!(OrganizationRow { id });
        let tx = self.begin(TxMode::Read, Purpose::Data).await?;
        let (sql, value) = if let Some(id) = id_of(name) {
            tx.set_tenant(&TenantSettings::whole_organization(id, None)).await;
            ("SELECT id FROM organizations WHERE id = $1", id.into())
        } else {
            tx.set(&[("app.slug", name)]).await;
            ("SELECT id FROM organizations WHERE slug = $1", name.into())
        };
        let found: Option<OrganizationRow> =
            tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [value])).await?;
        Ok(found.map(|found| found.id))
    }

    /// All organizations by slug, including deleted ones.
    pub async fn organizations(&self) -> Result<Vec<ListedOrganization>, Error> {
        struct MemberCount {
            members: i64,
        }
        crate::row::from_row!(MemberCount { members });
        let tx = self.begin(TxMode::Read, Purpose::Data).await?;
        tx.set(&[("app.worker", "rollups")]).await;
        let sql = "SELECT id, slug, status, deleted_at FROM organizations ORDER BY slug";
        let rows: Vec<Row> = tx.query_as(Statement::from_string(tx.backend(), sql)).await?;
        let mut listed = Vec::with_capacity(rows.len());
        for Row { id, slug, status, deleted_at } in rows {
            tx.set_tenant(&TenantSettings::whole_organization(id, None)).await;
            let sql = "SELECT count(*) AS members FROM memberships WHERE organization_id = $1 AND status = 'ACTIVE'";
            let count: Option<MemberCount> =
                tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [id.into()])).await?;
            let members = count.map_or(0, |count| count.members.unsigned_abs());
            listed.push(ListedOrganization { id, slug, status, deleted_at, members });
        }
        Ok(listed)
    }
}
