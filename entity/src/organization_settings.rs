//! The operator's limits for organizations.
//!
//! Owns: the limits and periods. Invariant: the defaults are those of the product. Periods that are a promise to
//! others (how long a slug is reserved, how long a deletion can be undone) are not configurable.

use chrono::Duration;

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationSettings {
    /// Maximum number of organizations that one person may own.
    pub organizations_per_person: u32,
    /// Maximum number of active members of an organization that has no limit of its own; none means unlimited.
    pub seats: Option<u32>,
    /// Default lifetime of an invitation.
    pub invitation_lifetime: Duration,
    /// Maximum number of invitations from one organization to one address within a day.
    pub mails_per_recipient: u32,
    /// Maximum number of invitations from one organization within a day.
    pub mails_per_organization: u32,
    /// Maximum number of invitations from one organization within a day while it is young.
    pub mails_per_young_organization: u32,
    /// How long an organization counts as young.
    pub young: Duration,
    /// Maximum number of join requests of one person within a day, whatever their outcome.
    pub join_requests_per_day: u32,
    /// Maximum number of taken slugs that one person can discover within a day.
    pub taken_slugs_per_day: u32,
    /// How long after a denial a person cannot request to join again.
    pub join_cool_down: Duration,
}

impl Default for OrganizationSettings {
    fn default() -> Self {
        Self {
            organizations_per_person: 10,
            seats: None,
            invitation_lifetime: Duration::days(7),
            mails_per_recipient: 5,
            mails_per_organization: 200,
            mails_per_young_organization: 20,
            young: Duration::days(7),
            join_requests_per_day: 10,
            taken_slugs_per_day: 20,
            join_cool_down: Duration::days(30),
        }
    }
}

/// Maximum lifetime of an invitation.
pub(crate) const MAX_INVITATION_LIFETIME: Duration = Duration::days(30);

/// How long a released slug cannot be taken by another organization.
pub(crate) const SLUG_RESERVATION: Duration = Duration::days(90);

/// How long a deleted organization can be restored.
pub(crate) const RESTORE_PERIOD: Duration = Duration::days(30);
