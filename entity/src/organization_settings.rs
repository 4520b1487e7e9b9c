//! What the operator decides about the life of organizations.
//!
//! Owns: the limits and periods. May use: nothing. Invariant: the defaults are those of the product; periods that are a
//! promise to others (how long a slug is kept, how long a deletion can be undone) are no settings.

use chrono::Duration;

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationSettings {
    /// Organizations of which one person may be an owner.
    pub organizations_per_person: u32,
    /// Active members of an organization that has no limit of its own; none = any number.
    pub seats: Option<u32>,
    /// How long an invitation is good unless it says otherwise.
    pub invitation_lifetime: Duration,
    /// Invitations of one organization to one address within a day.
    pub mails_per_recipient: u32,
    /// Invitations of one organization within a day.
    pub mails_per_organization: u32,
    /// Invitations of one organization within a day, as long as it is young.
    pub mails_per_young_organization: u32,
    /// For how long an organization is young.
    pub young: Duration,
    /// Requests to join, of one person within a day, whatever came of them.
    pub join_requests_per_day: u32,
    /// Slugs that are taken, of which one person learns that within a day.
    pub taken_slugs_per_day: u32,
    /// How long after a denial nobody asks to join again.
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

/// The longest life of an invitation.
pub(crate) const MAX_INVITATION_LIFETIME: Duration = Duration::days(30);

/// For how long nobody else may take a slug that was given up.
pub(crate) const SLUG_RESERVATION: Duration = Duration::days(90);

/// For how long a deleted organization can be brought back.
pub(crate) const RESTORE_PERIOD: Duration = Duration::days(30);
