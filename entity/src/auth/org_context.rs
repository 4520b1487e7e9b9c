//! Permissions of a verified membership, which give access to the tenant.
//!
//! Owns: [`MemberPermissions`] (roles) and [`OrgContext`] (permissions in one organization). May use: ids and roles.
//! Invariant: the fields are private and the only constructor is crate-private, called by `Db::enter` with the values
//! read from the membership. No header, claim or argument can create one.

use std::collections::BTreeMap;

use crate::{
    auth::{DsoRole, OrgRole},
    id::{DsoId, MemberId, OrganizationId, UserId},
};

/// A member's roles, as the policy uses them.
#[derive(Clone, Debug)]
pub struct MemberPermissions {
    user: UserId,
    org_role: OrgRole,
    granted: BTreeMap<DsoId, DsoRole>,
}

impl MemberPermissions {
    pub(crate) fn new(user: UserId, org_role: OrgRole, granted: BTreeMap<DsoId, DsoRole>) -> Self {
        Self { user, org_role, granted }
    }

    /// Hypothetical permissions, for querying the policy: they open no scope.
    #[must_use]
    pub fn hypothetical(user: UserId, org_role: OrgRole, granted: Option<(DsoId, DsoRole)>) -> Self {
        Self::new(user, org_role, granted.into_iter().collect())
    }

    /// The person.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The role in the organization.
    #[must_use]
    pub fn org_role(&self) -> OrgRole {
        self.org_role
    }

    /// The granted roles, regardless of the role in the organization.
    pub(crate) fn granted(&self) -> &BTreeMap<DsoId, DsoRole> {
        &self.granted
    }

    /// The role on a DSO of this organization; none means that the DSO does not exist for the member.
    ///
    /// Owners and admins have ADMIN on every DSO. The caller must have found the DSO through this organization's scope.
    #[must_use]
    pub fn dso_role(&self, dso: DsoId) -> Option<DsoRole> {
        if self.org_role.sees_all_dsos() { Some(DsoRole::Admin) } else { self.granted.get(&dso).copied() }
    }
}

/// Whose access rights apply to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessMode {
    /// The member's own: read and write.
    All,
    /// Those of another person who runs as the member: read only, and without the member's private rows.
    Reading,
}

/// A verified member of one organization, read from the database in the current request.
#[derive(Clone, Debug)]
pub struct OrgContext {
    organization: OrganizationId,
    member: MemberId,
    standing: MemberPermissions,
    visible: Vec<DsoId>,
    reach: AccessMode,
}

impl OrgContext {
    pub(crate) fn new(
        organization: OrganizationId,
        member: MemberId,
        standing: MemberPermissions,
        visible: Vec<DsoId>,
        reach: AccessMode,
    ) -> Self {
        Self { organization, member, standing, visible, reach }
    }

    pub(crate) fn reach(&self) -> AccessMode {
        self.reach
    }

    /// The person for row-level security. None while another person runs as the member: then no policy shows private
    /// rows of a person.
    pub(crate) fn person(&self) -> Option<UserId> {
        match self.reach {
            AccessMode::All => Some(self.standing.user),
            AccessMode::Reading => None,
        }
    }

    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The caller's membership.
    #[must_use]
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// The caller's roles.
    #[must_use]
    pub fn permissions(&self) -> &MemberPermissions {
        &self.standing
    }

    /// The DSOs that the caller may see, without archived ones.
    #[must_use]
    pub fn visible_dsos(&self) -> &[DsoId] {
        &self.visible
    }
}

/// One of the caller's own memberships, for the organization switcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organization's id.
    pub organization: OrganizationId,
    /// The organization's name.
    pub name: String,
    /// The organization's slug.
    pub slug: String,
    /// The caller's role there.
    pub role: OrgRole,
}
