//! Organizations, as the operator of the gateway names them.
//!
//! Owns: finding an organization by its slug, its public id or its UUID, and the list of all. May use: transactions.
//! Invariant: it is for the command line alone: no request leads here; it reads who there is, and no row of a tenant but
//! how many members it has.

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
    /// Which organization.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// Whether it may work.
    pub status: OrganizationStatus,
    /// When it was deleted; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
    /// How many active members it has.
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
    /// The organization that an operator names by its slug, its public id (`org_…`) or its UUID; also one that was deleted.
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

    /// All organizations by slug, also those that were deleted.
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
