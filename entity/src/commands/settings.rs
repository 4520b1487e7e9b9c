//! Settings of an organization other than its name and slug.
//!
//! Owns: whether it accepts join requests. May use: the organization's lock. Invariant: to outsiders, an organization
//! that is closed to requests responds like one that does not exist.

use sea_orm::Statement;
use serde::Serialize;

use super::org_lock::{LockedEntry, LockedOrganization};
use crate::{
    auth::OrgRole,
    commands::{OrgAdmin, check_version},
    error::Error,
    id::{OrganizationId, TypedId},
    models::{AuditAction, Organization, TargetKind},
    scope::Scope,
    session::Tx,
    time::now,
};

/// Whether an organization accepts join requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JoinPolicy {
    /// Any person with a verified address may request to join.
    Open,
    /// No person may request to join: members join by invitation.
    Closed,
}

/// Settings to change; omitted ones stay.
#[derive(Clone, Debug, Default)]
pub struct SettingsPatch {
    /// Whether it accepts join requests.
    pub join_requests: Option<JoinPolicy>,
    /// Expected version of the row; the change is rejected if the row has another version.
    pub expected_version: Option<i32>,
}

/// The settings, as written to the audit log.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
struct Settings {
    join_requests: JoinPolicy,
}

impl Scope {
    /// Whether the organization accepts join requests.
    pub async fn join_policy(&self) -> Result<JoinPolicy, Error> {
        let tx = self.read().await?;
        read(&tx, self.context().organization()).await
    }
}

impl OrgAdmin<'_> {
    /// Changes the organization's settings.
    pub async fn organization_settings_update(&self, patch: SettingsPatch) -> Result<Organization, Error> {
        let outcome = self.change_settings(patch).await;
        let target = (TargetKind::Organization, self.scope.context().organization().uuid());
        self.scope.audit_entry_for(AuditAction::OrganizationSettingsUpdate, target, outcome).await
    }

    async fn change_settings(&self, patch: SettingsPatch) -> Result<Organization, Error> {
        let locked = LockedOrganization::begin(self.scope, OrgRole::Admin).await?;
        let organization = locked.organization.clone();
        check_version(patch.expected_version, organization.version)?;
        let before = Settings { join_requests: read(&locked.tx, organization.id).await? };
        let after = Settings { join_requests: patch.join_requests.unwrap_or(before.join_requests) };
        if after == before {
            locked.commit().await?;
            return Ok(organization);
        }
        let changed = Organization { version: organization.version + 1, updated_at: now(), ..organization };
        let sql = "UPDATE organizations SET join_requests = $2, version = $3, updated_at = $4 WHERE id = $1";
        let word = match after.join_requests {
            JoinPolicy::Open => "OPEN",
            JoinPolicy::Closed => "CLOSED",
        };
        let values = [changed.id.into(), word.into(), changed.version.into(), changed.updated_at.into()];
        locked.tx.execute(Statement::from_sql_and_values(locked.tx.backend(), sql, values)).await?;
        let target = (TargetKind::Organization, changed.id.uuid());
        let noted = LockedEntry { action: AuditAction::OrganizationSettingsUpdate, target, dso: None };
        locked.note(noted, Some(&before), &after).await?;
        locked.commit().await?;
        Ok(changed)
    }
}

async fn read(tx: &Tx, organization: OrganizationId) -> Result<JoinPolicy, Error> {
    struct SettingsRow {
        is_open: bool,
    }
    crate::row::from_row!(SettingsRow { is_open });
    let sql = "SELECT join_requests = 'OPEN' AS is_open FROM organizations WHERE id = $1";
    let found: Option<SettingsRow> =
        tx.query_opt(Statement::from_sql_and_values(tx.backend(), sql, [organization.into()])).await?;
    let found = found.ok_or(Error::NotFound)?;
    Ok(if found.is_open { JoinPolicy::Open } else { JoinPolicy::Closed })
}
