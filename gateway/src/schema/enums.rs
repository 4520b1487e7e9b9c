//! The closed words of the schema.
//!
//! Owns: enums, each the mirror of one of the store's. May use: the store's enums. Invariant: a word that the store has
//! and the schema has not does not compile.

use crate::guard::{DsoRole, OrgRole};
use async_graphql::Enum;

use crate::row_encoding::plain_words;

/// Whether a membership counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::MemberStatus")]
pub enum MemberStatus {
    /// It counts.
    Active,
    /// It is stopped for now.
    Suspended,
    /// The person has left; what they did stays theirs.
    Removed,
}

/// How likely a doctor is to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::Risk")]
pub enum Risk {
    /// Not likely.
    Low,
    /// Worth a look.
    Medium,
    /// Likely.
    High,
    /// About to.
    Critical,
}

/// The means of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::ActivityKind")]
pub enum ActivityKind {
    /// A call.
    Phone,
    /// A mail.
    Email,
    /// A text message.
    Text,
    /// In person or by video.
    Meeting,
    /// Something written down without a contact.
    Note,
}

/// How far a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::CaseStatus")]
pub enum CaseStatus {
    /// Handed in.
    Submitted,
    /// Being worked on.
    InProgress,
    /// Done.
    Completed,
    /// Given up.
    Cancelled,
}

/// Who can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::ActorKind")]
pub enum ActorKind {
    /// A member.
    Person,
    /// The product itself, such as an import.
    System,
}

/// What was done, in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::AuditAction")]
pub enum AuditAction {
    /// A DSO was made.
    DsoCreate,
    /// A DSO was changed.
    DsoUpdate,
    /// A DSO was archived.
    DsoArchive,
    /// A DSO was brought back.
    DsoRestore,
    /// A doctor was added.
    DoctorCreate,
    /// A doctor was changed.
    DoctorUpdate,
    /// A doctor was archived.
    DoctorArchive,
    /// A doctor was brought back.
    DoctorRestore,
    /// A doctor went to another DSO.
    DoctorMove,
    /// Onboarding progress was recorded.
    OnboardingPeriodRecord,
    /// An activity was logged.
    ActivityLog,
    /// An activity was changed.
    ActivityUpdate,
    /// An activity was deleted.
    ActivityDelete,
    /// A case was opened.
    CaseOpen,
    /// A case was changed.
    CaseUpdate,
    /// A dashboard was made.
    DashboardCreate,
    /// A dashboard was changed.
    DashboardUpdate,
    /// A dashboard was deleted.
    DashboardDelete,
    /// A dashboard was copied.
    DashboardDuplicate,
    /// The widgets of a dashboard were put elsewhere.
    DashboardArrange,
    /// A dashboard got a widget.
    WidgetAdd,
    /// A widget of a dashboard was changed.
    WidgetUpdate,
    /// A dashboard lost a widget.
    WidgetRemove,
    /// A DSO's own words were changed.
    TerminologyUpdate,
    /// A person came for the first time and got an organization of their own.
    SignUp,
    /// An organization was made.
    OrganizationCreate,
    /// An organization was given another name or slug.
    OrganizationRename,
    /// What an organization decides about itself was changed.
    OrganizationSettingsUpdate,
    /// An organization was deleted.
    OrganizationDelete,
    /// A deleted organization was brought back.
    OrganizationRestore,
    /// A member left.
    OrganizationLeave,
    /// The ownership went to another member.
    OrganizationOwnershipTransfer,
    /// A member got another role.
    MemberRoleUpdate,
    /// A member was removed.
    MemberRemove,
    /// A member was stopped for now.
    MemberSuspend,
    /// A suspended member may go on.
    MemberResume,
    /// A member got a role on a DSO.
    DsoGrant,
    /// A member lost their role on a DSO.
    DsoGrantRevoke,
    /// Somebody was invited.
    InvitationCreate,
    /// An invitation was sent again, with a new token.
    InvitationResend,
    /// An invitation was taken back.
    InvitationRevoke,
    /// An invitation was accepted.
    InvitationAccept,
    /// An invitation was declined.
    InvitationDecline,
    /// Somebody asked to be let in.
    JoinRequestCreate,
    /// Somebody who asked was let in.
    JoinRequestApprove,
    /// Somebody who asked was not let in.
    JoinRequestDeny,
    /// Somebody who asked asks no more.
    JoinRequestCancel,
    /// An admin looked at what a member sees.
    RunAs,
    /// A legacy export was imported.
    LegacyImport,
    /// The counts that are kept were made anew from the rows.
    RollUpsRebuild,
    /// The whole audit log was downloaded.
    AuditLogExport,
    /// The operator tied a member to another sign-in of their identity provider.
    IdentityRelink,
}

/// To what it was done, in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::TargetKind")]
pub enum AuditTarget {
    /// The organization.
    Organization,
    /// A DSO.
    Dso,
    /// A doctor.
    Doctor,
    /// An onboarding period.
    OnboardingPeriod,
    /// An activity.
    Activity,
    /// A case.
    Case,
    /// A member.
    Member,
    /// A member's role on a DSO.
    DsoGrant,
    /// An invitation.
    Invitation,
    /// A request to be let in.
    JoinRequest,
    /// A dashboard, with its widgets.
    Dashboard,
}

/// Whether living or archived rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "Shelf", remote = "entity::queries::ArchiveState")]
pub enum ArchiveState {
    /// Rows that live.
    #[graphql(name = "LIVING")]
    Active,
    /// Rows that were archived.
    Archived,
}

/// Which way a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::Direction")]
pub enum OrderDirection {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

/// The kinds of problem in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::error::ValidationCode")]
pub enum UserErrorCode {
    /// A value that is not acceptable.
    BadUserInput,
    /// The row has changed since it was read.
    StaleVersion,
    /// The row is not in a state that allows this.
    WrongState,
    /// The organization would be left without an active owner.
    LastOwner,
    /// The person is a member already.
    AlreadyMember,
    /// There is an open invitation to this address already.
    AlreadyInvited,
    /// One has asked already, and the answer is open.
    AlreadyRequested,
    /// The invitation is over: answered, taken back, expired, or there never was one.
    InvitationOver,
    /// The invitation is for another address than the caller's verified one.
    EmailMismatch,
    /// The caller's address is not verified.
    EmailUnverified,
    /// The organization has no seat left.
    SeatLimit,
    /// The slug is in use, was until lately, or is reserved.
    SlugTaken,
    /// The person has as many organizations as they may have.
    OrganizationLimit,
    /// Too many of these lately.
    RateLimited,
    /// It was denied, and it is too early to ask again.
    CoolDown,
    /// The confirmation is not what was asked for.
    NotConfirmed,
    /// One cannot do this to oneself.
    Oneself,
    /// There is no such person, DSO or organization for the caller.
    NotFound,
}

/// What became of an invitation. Every state but the first is an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::InvitationStatus")]
pub enum InvitationStatus {
    /// It waits for an answer.
    Pending,
    /// Its addressee joined.
    Accepted,
    /// Its addressee does not want to join.
    Declined,
    /// The organization took it back.
    Revoked,
    /// Its time ran out.
    Expired,
}

/// What became of a request to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::JoinRequestStatus")]
pub enum JoinRequestStatus {
    /// It waits for an answer.
    Pending,
    /// The person was let in.
    Approved,
    /// The person was not let in.
    Denied,
    /// The person asks no more.
    Cancelled,
    /// The person came in by another way meanwhile, or the organization is gone.
    Closed,
}

/// How something in the audit log ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::AuditOutcome")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was tried, and nothing was changed.
    Refused,
}

/// Who sees a dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::Visibility")]
pub enum DashboardVisibility {
    /// Its author, and nobody else whatever their role.
    #[default]
    Private,
    /// Every member of the organization; of the figures each sees their own.
    Shared,
}

/// As what a widget shows its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::models::WidgetKind")]
pub enum WidgetKind {
    /// One figure: an overview's, or one without groups.
    Number,
    /// Bars, one a group.
    Bar,
    /// A line over intervals of time: its query has a `bucket`.
    Line,
    /// Shares of a whole, one a group; its query has no `bucket`.
    Pie,
    /// Rows with columns: groups, or a list of doctors.
    Table,
    /// A list of doctors.
    List,
}

plain_words!(
    OrgRole,
    DsoRole,
    MemberStatus,
    Risk,
    ActivityKind,
    CaseStatus,
    ActorKind,
    AuditAction,
    AuditTarget,
    UserErrorCode,
    InvitationStatus,
    JoinRequestStatus,
    AuditOutcome,
    DashboardVisibility,
    WidgetKind,
);
