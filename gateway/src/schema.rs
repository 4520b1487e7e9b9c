//! The schema: one file a noun, with its type, queries, mutations and inputs.
//!
//! Owns: the GraphQL types. May use: the guard, the request's loaders, the scope's capabilities. Invariant: every field of
//! every object type is guarded; rows come from the loaders and the scope only.
//!
//! Nullability has one rule: what the type's baseline covers and needs no further statement is non-null; what stands
//! behind a stricter guard, or is read by a statement of its own, is nullable, so that one failing part of an answer
//! never takes its neighbours along.

mod activity;
mod attendee;
mod audit_event;
mod case;
mod connection;
mod course;
mod cursor;
mod doctor;
mod dso;
mod dso_grant;
mod enums;
mod explain;
mod member;
mod node;
mod onboarding_period;
mod organization;
mod payload;
mod reference;
mod terminology;
mod user;
mod viewer;

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions};

pub(crate) use connection::PageArgs;
pub use enums::{DsoRole, OrderDirection, OrgRole};
pub(crate) use reference::{Ref, id};

use crate::{
    config::Limits,
    guard::{Field, Guarded, Registry},
};

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQueries,
    organization::OrganizationQueries,
    node::NodeQueries,
    dso::DsoQueries,
    doctor::DoctorQueries,
    activity::ActivityQueries,
    member::MemberQueries,
    explain::ExplainQueries,
);

/// What can be changed. Each change and its audit event are one transaction.
#[derive(MergedObject, Default)]
pub struct Mutation(
    dso::DsoMutations,
    doctor::DoctorMutations,
    onboarding_period::OnboardingMutations,
    activity::ActivityMutations,
    case::CaseMutations,
);

/// The executable schema.
pub(crate) type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

macro_rules! guarded_types {
    ($($ty:ty),+ $(,)?) => {
        /// The registry rows of every guarded type. A type that is missing here is found at boot and by the tests.
        const GUARDED: &[&[Field]] = &[$(<$ty as Guarded>::FIELDS),+];
    };
}

guarded_types![
    viewer::ViewerQueries,
    viewer::Viewer,
    viewer::ViewerMembership,
    organization::OrganizationQueries,
    organization::Organization,
    node::NodeQueries,
    dso::DsoQueries,
    dso::DsoMutations,
    dso::Dso,
    dso::DsoConnection,
    dso::DsoEdge,
    dso::DsoCreatePayload,
    dso::DsoUpdatePayload,
    dso::DsoArchivePayload,
    dso::DsoRestorePayload,
    dso_grant::DsoGrant,
    dso_grant::DsoGrantConnection,
    dso_grant::DsoGrantEdge,
    doctor::DoctorQueries,
    doctor::DoctorMutations,
    doctor::Doctor,
    doctor::DoctorConnection,
    doctor::DoctorEdge,
    doctor::DoctorCreatePayload,
    doctor::DoctorUpdatePayload,
    doctor::DoctorArchivePayload,
    doctor::DoctorRestorePayload,
    doctor::DoctorMovePayload,
    onboarding_period::OnboardingMutations,
    onboarding_period::OnboardingPeriod,
    onboarding_period::OnboardingPeriodRecordPayload,
    activity::ActivityQueries,
    activity::ActivityMutations,
    activity::Activity,
    activity::ActivityConnection,
    activity::ActivityEdge,
    activity::ActivityLogPayload,
    activity::ActivityUpdatePayload,
    activity::ActivityDeletePayload,
    case::CaseMutations,
    case::Case,
    case::CaseConnection,
    case::CaseEdge,
    case::CaseOpenPayload,
    case::CaseUpdatePayload,
    course::Course,
    course::CourseConnection,
    course::CourseEdge,
    attendee::Attendee,
    attendee::AttendeeConnection,
    attendee::AttendeeEdge,
    terminology::Terminology,
    member::MemberQueries,
    member::Member,
    member::MemberConnection,
    member::MemberEdge,
    user::User,
    audit_event::AuditEvent,
    audit_event::AuditEventConnection,
    audit_event::AuditEventEdge,
    explain::ExplainQueries,
    explain::AccessExplanation,
    explain::ViewerPermission,
    connection::PageInfo,
    payload::UserError,
];

/// All fields and their guards.
#[must_use]
pub fn registry() -> Registry {
    Registry::new(GUARDED)
}

/// The schema with what its resolvers share: the registry, the limits and the key of the cursors; nothing of a tenant.
pub(crate) fn build(registry: Registry, limits: Limits, cursor_secret: Option<&[u8]>) -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .data(registry)
        .data(limits)
        .data(cursor::Cursors::new(cursor_secret))
        .disable_suggestions()
        .finish()
}

/// The schema's text without a database: what `gateway schema` prints and `schema.graphql` holds.
#[must_use]
pub fn text() -> String {
    sdl(&Schema::build(Query::default(), Mutation::default(), EmptySubscription).finish())
}

/// The schema's text, as it is checked in.
pub(crate) fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident())
}

#[cfg(test)]
#[expect(clippy::panic, clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_object_type_carries_its_registered_guard() {
        if let Err(error) = registry().check(&text()) {
            panic!("{error}");
        }
    }

    #[test]
    fn a_field_that_is_not_registered_is_found() {
        let sneaked =
            text().replace("type Doctor implements Node {", "type Doctor implements Node {\n  sneaked: String\n");
        let error = registry().check(&sneaked).expect_err("an unguarded field went through");
        assert!(error.to_string().contains("Doctor.sneaked"), "{error}");
    }

    #[test]
    fn a_field_whose_printed_guard_is_not_the_registered_one_is_found() {
        let email = "email: String @guard(scope: DSO, dsoRole: MANAGER)";
        let loosened = text().replacen(email, "email: String @guard(scope: DSO, dsoRole: VIEWER)", 1);
        assert_ne!(loosened, text(), "the schema prints `{email}` no more: mend this test");
        assert!(registry().check(&loosened).is_err());
    }
}
