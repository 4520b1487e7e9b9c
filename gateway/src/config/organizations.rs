//! `[organizations]` and `[invitations]`: what the operator decides about the life of organizations.
//!
//! Owns: their checks. May use: `section`, the store's rules. Invariant: with the default file, the rules are the store's
//! own defaults.

use chrono::Duration;
use entity::organization_settings::OrganizationSettings;

use super::Secret;
use super::reader::Section;

pub(super) fn read_organizations(mut section: Section<'_>, rules: &mut OrganizationSettings) {
    rules.organizations_per_person = section.number("per_person", 1..=1000);
    rules.seats = Some(section.number("seats", 0..=1_000_000)).filter(|seats| *seats > 0);
    rules.join_cool_down = days(&mut section, "join_cool_down_days", 0, 365);
    rules.join_requests_per_day = section.number("join_requests_per_day", 1..=1000);
    rules.taken_slugs_per_day = section.number("taken_slugs_per_day", 1..=1000);
    section.finish();
}

/// Gives the key of the tokens, if there is one.
pub(super) fn read_invitations(mut section: Section<'_>, rules: &mut OrganizationSettings) -> Option<Secret> {
    rules.invitation_lifetime = days(&mut section, "lifetime_days", 1, 30);
    rules.mails_per_recipient = section.number("per_recipient_per_day", 1..=1000);
    rules.mails_per_organization = section.number("per_organization_per_day", 1..=100_000);
    rules.mails_per_young_organization = section.number("per_young_organization_per_day", 1..=100_000);
    rules.young = days(&mut section, "young_days", 0, 365);
    let secret = section.secret("secret", Secret::MIN_BYTES);
    section.finish();
    secret
}

fn days(section: &mut Section<'_>, key: &'static str, least: u32, most: u32) -> Duration {
    Duration::days(i64::from(section.number(key, least..=most)))
}
