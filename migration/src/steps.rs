//! The schema's history, in order.
//!
//! Owns the list. Invariant: a file is added at the end and never changed or moved once released.

use crate::step::Step;

mod m0001_people;
mod m0002_organizations;
mod m0003_dsos;
mod m0004_doctors;
mod m0005_onboarding;
mod m0006_activities;
mod m0007_cases;
mod m0008_courses;
mod m0009_invitations;
mod m0010_terminology;
mod m0011_audit;
mod m0012_idempotency;
mod m0013_audit_chain;
mod m0014_slugs;
mod m0015_membership_life;
mod m0016_invitation_life;
mod m0017_join_requests;
mod m0018_outbox;
mod m0019_rollups;
mod m0020_dashboards;
mod m0021_context;
mod m0022_context_changes;
mod m0023_context_again;
mod m0024_drop_context_triggers;
mod m0025_context_rights;
mod m0026_replica_probe;
mod m0027_audit_changes;
mod m0028_idempotency_outcomes;
mod m0029_refused_attempts;
mod m0030_join_request_policy;
mod m0031_name_keys;
mod m0032_name_key_indexes;
mod m0033_standings_known_from;
mod m0034_relink;

/// Every step, first to last.
pub(crate) fn all() -> [Step; 34] {
    [
        m0001_people::STEP,
        m0002_organizations::STEP,
        m0003_dsos::STEP,
        m0004_doctors::STEP,
        m0005_onboarding::STEP,
        m0006_activities::STEP,
        m0007_cases::STEP,
        m0008_courses::STEP,
        m0009_invitations::STEP,
        m0010_terminology::STEP,
        m0011_audit::STEP,
        m0012_idempotency::STEP,
        m0013_audit_chain::STEP,
        m0014_slugs::STEP,
        m0015_membership_life::STEP,
        m0016_invitation_life::STEP,
        m0017_join_requests::STEP,
        m0018_outbox::STEP,
        m0019_rollups::STEP,
        m0020_dashboards::STEP,
        m0021_context::STEP,
        m0022_context_changes::STEP,
        m0023_context_again::STEP,
        m0024_drop_context_triggers::STEP,
        m0025_context_rights::STEP,
        m0026_replica_probe::STEP,
        m0027_audit_changes::STEP,
        m0028_idempotency_outcomes::STEP,
        m0029_refused_attempts::STEP,
        m0030_join_request_policy::STEP,
        m0031_name_keys::STEP,
        m0032_name_key_indexes::STEP,
        m0033_standings_known_from::STEP,
        m0034_relink::STEP,
    ]
}
