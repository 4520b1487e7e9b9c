//! The closed words of the schema.
//!
//! Owns: enums, each the mirror of one of the store's. May use: the store's enums. Invariant: a word that the store has
//! and the schema has not does not compile.

use async_graphql::Enum;

/// What a member is in the organization; each role can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::OrgRole")]
pub enum OrgRole {
    /// Sees the organization and the DSOs that were granted.
    Member,
    /// Decides who sees what; administers every DSO.
    Admin,
    /// Owns the organization.
    Owner,
}

/// What a member is on one DSO; each role can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::DsoRole")]
pub enum DsoRole {
    /// Reads doctors, onboarding and activities.
    Viewer,
    /// Also reads contact data and notes, and writes doctors and activities.
    Manager,
    /// Also changes the DSO and manages its grants.
    Admin,
}

/// Whether a membership counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::MemberStatus")]
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
#[graphql(remote = "entity::Risk")]
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
#[graphql(remote = "entity::ActivityKind")]
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
#[graphql(remote = "entity::CaseStatus")]
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
#[graphql(remote = "entity::ActorKind")]
pub enum ActorKind {
    /// A member.
    Person,
    /// The product itself, such as an import.
    System,
}

/// What was done, in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::AuditAction")]
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
    /// A legacy export was imported.
    LegacyImport,
}

/// To what it was done, in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::TargetKind")]
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
}

/// Whether living or archived rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::Shelf")]
pub enum Shelf {
    /// Rows that live.
    Living,
    /// Rows that were archived.
    Archived,
}

/// Which way a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::Direction")]
pub enum OrderDirection {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

/// The kinds of problem in an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::ProblemCode")]
pub enum UserErrorCode {
    /// A value that is not acceptable.
    BadUserInput,
    /// The row has changed since it was read.
    StaleVersion,
    /// The row is not in a state that allows this.
    WrongState,
}
