//! The tenant of a transaction.
//!
//! Owns: [`Tenant`], the settings by which row-level security knows for whom a transaction works. May use: ids and roles. Invariant: it is
//! made of a verified context, or names a whole organization for work that no member does.

use crate::{auth::OrgContext, id::UserId};

/// The settings that a tenant's transaction carries, as text.
#[derive(Clone)]
pub(crate) struct TenantSettings {
    pub(super) user: String,
    pub(super) organization: String,
    pub(super) dsos: String,
}

impl TenantSettings {
    pub(crate) fn of(context: &OrgContext) -> Self {
        use crate::id::TypedId;
        let standing = context.permissions();
        let dsos = if standing.org_role().sees_all_dsos() {
            // Archived DSOs too: they can be restored.
            "*".to_owned()
        } else {
            context.visible_dsos().iter().map(|dso| dso.uuid().to_string()).collect::<Vec<_>>().join(",")
        };
        let user = context.person().map_or_else(String::new, |user| user.uuid().to_string());
        Self { user, organization: context.organization().uuid().to_string(), dsos }
    }

    /// An import's: everything of one organization, nobody's user.
    pub(crate) fn whole_organization(organization: crate::id::OrganizationId, user: Option<UserId>) -> Self {
        use crate::id::TypedId;
        Self {
            user: user.map_or_else(String::new, |user| user.uuid().to_string()),
            organization: organization.uuid().to_string(),
            dsos: "*".to_owned(),
        }
    }
}
