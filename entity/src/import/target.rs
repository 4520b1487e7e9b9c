//! The organization that an import goes into.
//!
//! Owns: finding it again or making it. May use: the transaction. Invariant: an import enters only an organization that
//! is new, or that its owner owns and that is empty or came by an import.

use sea_orm::{EntityTrait, QueryTrait, Statement, sea_query::OnConflict};
use uuid::Uuid;

use super::{Import, ImportTransaction, derived_id};
use crate::{
    auth::OrgRole,
    error::Error,
    id::{OrganizationId, UserId},
    models::{self, AuditAction, Organization, OrganizationStatus},
    session::TenantSettings,
};

/// Where an import goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportTarget {
    /// What the organization is called, if it is new.
    pub name: String,
    /// Its name in addresses, 3 to 48 characters, by which it is found again.
    pub slug: String,
    /// Who owns it.
    pub owner: UserId,
}

/// Whether the organization was there before the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// It was.
    Before,
    /// The import made it.
    Made,
}

/// Why an organization is not imported into.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ImportError {
    /// It belongs to somebody else.
    #[error("the organization `{0}` belongs to somebody else: choose another name")]
    NotTheOwners(String),
    /// It has data that no import brought.
    #[error("the organization `{0}` has data of its own, which no import brought: choose another name")]
    NotAnImport(String),
    /// It is suspended or deleted.
    #[error("the organization `{0}` is suspended or deleted")]
    Closed(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

struct TargetRow {
    owns: bool,
    imported: bool,
    empty: bool,
}
crate::row::from_row!(TargetRow { owns, imported, empty });

impl Import {
    /// Finds the organization or makes it.
    pub async fn open(self, target: &ImportTarget) -> Result<ImportTransaction, ImportError> {
        // One slug, one id: on PostgreSQL an organization can be looked for only by the id that it would have, or by a
        // membership of the owner.
        let id: OrganizationId = derived_id(Uuid::nil(), &target.slug);
        self.tx.set(&[("app.email", "")]).await;
        self.tx.set_tenant(&TenantSettings::whole_organization(id, Some(target.owner))).await;
        let sql =
            "SELECT * FROM organizations WHERE slug = $1 OR id = $2 ORDER BY CASE WHEN slug = $1 THEN 0 ELSE 1 END";
        let values = [target.slug.clone().into(), id.into()];
        let found: Option<Organization> =
            self.tx.query_opt(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let (organization, found) = match found {
            Some(organization) => {
                self.tx.set_tenant(&TenantSettings::whole_organization(organization.id, Some(target.owner))).await;
                self.check(&organization, target).await?;
                (organization.id, TargetState::Before)
            }
            None => (self.create(id, target).await?, TargetState::Made),
        };
        let Self { tx, at, people } = self;
        let written = people + u64::from(found == TargetState::Made);
        Ok(ImportTransaction { tx, at, organization, found, written })
    }

    async fn check(&self, organization: &Organization, target: &ImportTarget) -> Result<(), ImportError> {
        let sql = "SELECT \
            EXISTS (SELECT 1 FROM memberships WHERE organization_id = $1 AND user_id = $2 AND role = $3 AND status = 'ACTIVE') AS owns, \
            EXISTS (SELECT 1 FROM audit_events WHERE organization_id = $1 AND action = $4) AS imported, \
            NOT EXISTS (SELECT 1 FROM dsos WHERE organization_id = $1) AS empty";
        let values = [
            organization.id.into(),
            target.owner.into(),
            OrgRole::Owner.name().into(),
            AuditAction::LegacyImport.name().into(),
        ];
        let standing: Option<TargetRow> =
            self.tx.query_opt(Statement::from_sql_and_values(self.tx.backend(), sql, values)).await?;
        let standing = standing.unwrap_or(TargetRow { owns: false, imported: false, empty: false });
        let slug = || target.slug.clone();
        if !standing.owns {
            return Err(ImportError::NotTheOwners(slug()));
        }
        if organization.deleted_at.is_some() || organization.status == OrganizationStatus::Suspended {
            return Err(ImportError::Closed(slug()));
        }
        if standing.imported || standing.empty { Ok(()) } else { Err(ImportError::NotAnImport(slug())) }
    }

    async fn create(&self, id: OrganizationId, target: &ImportTarget) -> Result<OrganizationId, ImportError> {
        let organization = Organization {
            id,
            name: target.name.clone(),
            slug: target.slug.clone(),
            status: OrganizationStatus::Active,
            created_at: self.at,
            updated_at: self.at,
            deleted_at: None,
            version: 1,
            seat_limit: None,
        };
        let insert = models::organization::Entity::insert(models::active(organization))
            .on_conflict(OnConflict::new().do_nothing().to_owned());
        let made = self.tx.execute(insert.build(self.tx.backend())).await?;
        // On PostgreSQL somebody else's organization is not seen, but it does hold its slug.
        if made == 0 { Err(ImportError::NotTheOwners(target.slug.clone())) } else { Ok(id) }
    }
}
