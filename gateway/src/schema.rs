//! The schema: one file a noun, with its type, queries, mutations and inputs.
//!
//! Owns: the GraphQL types. May use: the guard, the request's loaders, the scope's capabilities. Invariant: every field of
//! every object type is guarded; rows come from the loaders and the scope only.
//!
//! Nullability has one rule: what the type's baseline covers and needs no further statement is non-null; what stands
//! behind a stricter guard, or is read by a statement of its own, is nullable, so that one failing part of an answer
//! never takes its neighbours along.

mod activity;
mod aggregate;
mod attendee;
mod audit_event;
mod case;
mod changes;
mod connection;
mod course;
mod cursor;
mod dashboard;
mod doctor;
mod dso;
mod dso_grant;
mod enums;
mod explain;
mod input;
mod invitation;
mod join_request;
mod member;
mod node;
mod onboarding_period;
mod organization;
mod overview;
mod payload;
mod rate_limit;
mod raw_input;
mod replayed_result;
mod scalars;
mod terminology;
mod user;
mod viewer;

use std::sync::Arc;

use async_graphql::{MergedObject, SDLExportOptions, ValidationMode};
use entity::{db::Db, models::AuditAction};

pub use changes::Subscription;
pub(crate) use connection::PageArgs;
pub(crate) use cursor::Cursors;
pub use enums::OrderDirection;
pub use input::{Cursor, Time};
pub(crate) use replayed_result::{record, replay};
pub(crate) use scalars::{INPUT_SCALARS, InputScalar};

use crate::{
    guard::{Guarded, Registry},
    limits::LimitRegistry,
    request::Field,
};

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQueries,
    rate_limit::RateLimitQueries,
    organization::OrganizationQueries,
    node::NodeQueries,
    dso::DsoQueries,
    doctor::DoctorQueries,
    doctor::DoctorAggregates,
    activity::ActivityQueries,
    activity::ActivityAggregates,
    case::CaseAggregates,
    member::MemberQueries,
    explain::ExplainQueries,
    invitation::InvitationQueries,
    dashboard::DashboardQueries,
);

/// What can be changed. Each change and its audit event are one transaction.
#[derive(MergedObject, Default)]
pub struct Mutation(
    dso::DsoMutations,
    doctor::DoctorMutations,
    onboarding_period::OnboardingMutations,
    activity::ActivityMutations,
    case::CaseMutations,
    viewer::ViewerMutations,
    organization::OrganizationMutations,
    member::MemberMutations,
    dso_grant::DsoGrantMutations,
    invitation::InvitationMutations,
    invitation::InvitationAnswers,
    join_request::JoinRequestMutations,
    dashboard::DashboardMutations,
    dashboard::WidgetMutations,
    terminology::TerminologyMutations,
);

/// The executable schema.
pub(crate) type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

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
    viewer::OnboardingStep,
    viewer::ViewerMutations,
    viewer::ViewerDefaultOrganizationSetPayload,
    rate_limit::RateLimitQueries,
    rate_limit::RateLimit,
    organization::OrganizationQueries,
    organization::Organization,
    organization::OrganizationMutations,
    organization::DeletedOrganization,
    organization::OrganizationCreatePayload,
    organization::OrganizationRenamePayload,
    organization::OrganizationSettingsUpdatePayload,
    organization::OrganizationDeletePayload,
    organization::OrganizationRestorePayload,
    organization::OrganizationLeavePayload,
    organization::OrganizationOwnershipTransferPayload,
    overview::Overview,
    overview::CountChange,
    overview::FigureChange,
    overview::RiskCount,
    overview::PeriodCount,
    overview::KindCount,
    overview::ActorCount,
    overview::StatusCount,
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
    dso_grant::DsoGrantMutations,
    dso_grant::DsoGrantPayload,
    dso_grant::DsoGrantRevokePayload,
    dso_grant::DsoGrantBulkPayload,
    dso_grant::DsoGrantRevokeBulkPayload,
    doctor::DoctorQueries,
    doctor::DoctorAggregates,
    doctor::DoctorGroup,
    doctor::DoctorGroupConnection,
    doctor::DoctorGroupEdge,
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
    activity::ActivityAggregates,
    activity::ActivityGroup,
    activity::ActivityGroupConnection,
    activity::ActivityGroupEdge,
    case::CaseAggregates,
    case::CaseGroup,
    case::CaseGroupConnection,
    case::CaseGroupEdge,
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
    changes::Subscription,
    changes::Changes,
    changes::ChangedRow,
    course::Course,
    course::CourseConnection,
    course::CourseEdge,
    attendee::Attendee,
    attendee::AttendeeConnection,
    attendee::AttendeeEdge,
    terminology::Terminology,
    terminology::TerminologyMutations,
    terminology::TerminologyUpdatePayload,
    member::MemberQueries,
    member::Member,
    member::MemberConnection,
    member::MemberEdge,
    member::MemberMutations,
    member::MemberRoleUpdatePayload,
    member::MemberRemovePayload,
    member::MemberSuspendPayload,
    member::MemberResumePayload,
    invitation::InvitationQueries,
    invitation::InvitationMutations,
    invitation::InvitationAnswers,
    invitation::Invitation,
    invitation::InvitationConnection,
    invitation::InvitationEdge,
    invitation::InvitationPreview,
    invitation::PendingInvitation,
    invitation::InvitationCreatePayload,
    invitation::InvitationResendPayload,
    invitation::InvitationRevokePayload,
    invitation::InvitationAcceptPayload,
    invitation::InvitationDeclinePayload,
    join_request::JoinRequestMutations,
    join_request::JoinRequest,
    join_request::JoinRequestConnection,
    join_request::JoinRequestEdge,
    join_request::ViewerJoinRequest,
    join_request::JoinRequestCreatePayload,
    join_request::JoinRequestCancelPayload,
    join_request::JoinRequestApprovePayload,
    join_request::JoinRequestDenyPayload,
    user::User,
    audit_event::AuditEvent,
    audit_event::AuditEventConnection,
    audit_event::AuditEventEdge,
    explain::ExplainQueries,
    explain::AccessExplanation,
    explain::ViewerPermission,
    dashboard::DashboardQueries,
    dashboard::DashboardMutations,
    dashboard::WidgetMutations,
    dashboard::Dashboard,
    dashboard::DashboardConnection,
    dashboard::DashboardEdge,
    dashboard::Widget,
    dashboard::WidgetResult,
    dashboard::WidgetRow,
    dashboard::WidgetKey,
    dashboard::DashboardCreatePayload,
    dashboard::DashboardUpdatePayload,
    dashboard::DashboardDeletePayload,
    dashboard::DashboardDuplicatePayload,
    dashboard::DashboardArrangePayload,
    dashboard::WidgetAddPayload,
    dashboard::WidgetUpdatePayload,
    dashboard::WidgetRemovePayload,
    connection::PageInfo,
    payload::UserError,
];

/// All fields and their guards.
#[must_use]
pub fn registry() -> Registry {
    Registry::new(GUARDED)
}

/// What a schema's resolvers share: the registry, the limits and the key of the cursors; nothing of a tenant.
pub(crate) struct Shared {
    pub(crate) registry: Registry,
    pub(crate) bounds: Arc<LimitRegistry>,
    pub(crate) cursors: Cursors,
    /// For the one field that is asked without a credential; a tenant's rows it opens to nobody.
    pub(crate) db: Db,
}

/// What is asked of a schema.
#[derive(Clone, Copy)]
pub(crate) enum ResultRecording {
    /// What it is, among other things.
    Introspection,
    /// Fields only.
    Fields,
}

impl Shared {
    /// The schema, for documents that were validated before.
    pub(crate) fn schema(&self, answers: ResultRecording) -> Schema {
        let schema = Schema::build(Query::default(), Mutation::default(), Subscription);
        // As much validation as running relies on.
        let schema = schema.validation_mode(ValidationMode::Fast).disable_suggestions();
        let schema = match answers {
            ResultRecording::Introspection => schema,
            // Federation only spares the library to look through all types, at each root field, whether there is any. Its two fields are
            // in no valid document.
            ResultRecording::Fields => schema.enable_federation(),
        };
        schema
            .data(self.registry.clone())
            .data(Arc::clone(&self.bounds))
            .data(self.cursors.clone())
            .data(self.db.clone())
            .finish()
    }
}

/// The schema without a database: nothing can be run by it.
fn schema_without_services() -> Schema {
    Schema::build(Query::default(), Mutation::default(), Subscription).finish()
}

/// What the audit log calls a mutation: `dsoGrantBulk` is many times `DSO_GRANT`.
pub(crate) fn action_of(mutation: &str) -> Option<AuditAction> {
    let one = mutation.strip_suffix("Bulk").unwrap_or(mutation);
    let mut name = String::with_capacity(one.len() + 4);
    for letter in one.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    AuditAction::from_name(&name)
}

/// The schema's text without a database: what `gateway schema` prints and `schema.graphql` holds.
#[must_use]
pub fn text() -> String {
    sdl(&schema_without_services())
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
    fn every_mutation_is_an_action_of_the_audit_log() {
        let registry = registry();
        let mutations = registry.fields().filter_map(|field| field.coordinate.strip_prefix("Mutation."));
        let nameless: Vec<_> = mutations.filter(|mutation| action_of(mutation).is_none()).collect();
        // It decides nothing about access, and it is the person's own.
        assert_eq!(nameless, ["viewerDefaultOrganizationSet"]);
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
