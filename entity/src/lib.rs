//! The rows and the only door to them.
//!
//! Owns: the tables' models, typed ids, roles, the access policy, the tenant scope and every SQL statement of the project.
//! May use: sea-orm, which no other crate of the gateway sees.
//! Invariant: no statement on a tenant's rows can be built without an [`OrgContext`], and only [`Db::enter`] makes one,
//! from a membership that it has just read.

mod aggregate;
mod audit;
mod audit_export;
mod chain;
mod db;
mod email;
mod error;
mod feed;
mod id;
mod idempotency;
mod identity;
pub mod import;
mod kept;
mod life;
mod narrowing;
mod noun;
mod operator;
mod org_context;
mod origin;
mod overview;
mod page;
pub mod policy;
mod pool;
mod principal;
mod recorder;
mod refusal;
mod role;
mod rollup;
mod row;
mod rules;
mod scope;
mod session;
mod statement_count;
mod table;
pub mod text;
mod time;
mod trail;
mod write;

pub use aggregate::{
    ActivityDimension, ActivityTime, Aggregation, Buckets, CaseDimension, CaseTime, DoctorDimension, DoctorNumber,
    DoctorTime, Extremes, Group, KeyValue, MOST_GROUPS, NoNumber, NumberStats, Summed,
};
pub use audit::{AuditAction, TargetKind};
pub use audit_export::AuditExport;
pub use chain::{Broken, ChainFault};
pub use db::{
    Ahead, Closed, ConnectOptions, Db, Entry, Health, LoginCheck, LoginFound, Person, RolePower, Selector, Writes,
};
pub use email::{EmailAddress, EmailFlaw};
pub use error::{Error, Problem, ProblemCode, Retry};
pub use feed::{ChangeFeed, ChangedRow, News};
pub use id::{
    ActivityId, AttendeeId, AuditEventId, CaseId, CourseId, DashboardId, DoctorId, DsoGrantId, DsoId, InvitationId,
    JoinRequestId, MailId, MemberId, OnboardingPeriodId, OrganizationId, TermId, TypedId, UserId, WidgetId,
};
pub use idempotency::Claim;
pub use identity::Relinked;
pub use kept::{Figure, Kept, KeptFigures};
pub use life::{
    Deleted, GrantDraft, Granting, InvitationDraft, InvitationOf, InvitationPreview, JoinPolicy, JoinRequestDraft,
    Mail, MailContent, OrganizationDraft, OrganizationPatch, Owner, PendingInvitation, Progress, SettingsPatch,
    TokenKey, Visitor, Welcome,
};
pub use noun::{
    Activities, ActivityFilter, ActivityOrder, ActivityUnder, AttendeeOrder, AttendeeUnder, Attendees,
    AuditEventFilter, AuditEventOrder, AuditEvents, CaseFilter, CaseOrder, CaseUnder, Cases, CourseOrder, CourseUnder,
    Courses, DashboardOrder, Dashboards, DoctorFilter, DoctorOrder, DoctorUnder, Doctors, DsoFilter, DsoOrder, Dsos,
    GrantOrder, GrantUnder, Grants, InvitationFilter, InvitationOrder, Invitations, JoinRequestFilter,
    JoinRequestOrder, JoinRequests, MemberFilter, MemberOrder, Members, NoFilter, Noun, OnboardingPeriods,
    OnboardingUnder, OneOrder, Rows, Shelf, TermUnder, Terms, Unparented, Users, WidgetUnder, Widgets,
};
pub use operator::ListedOrganization;
pub use org_context::{Membership, OrgContext, Standing};
pub use origin::Origin;
pub use overview::{ActivityCount, ContactCount, CourseCount, Span};
pub use page::{Direction, Key, Listing, Mark, Page, Take, Window};
pub use pool::{
    figures::{PoolFigures, PoolTo},
    replicas::{Declined, ReplicaFigures},
    timeouts::Timeouts,
};
pub use principal::{Principal, VerifiedEmail};
pub use recorder::{Purpose, Recorded, Recorder};
pub use role::{DsoRole, OrgRole};
pub use rollup::{Drift, RollUps, Standing as DsoStanding, Stood as DsoStood, TimeRange};
pub use rules::Rules;
pub use scope::Scope;
pub use session::Alone;
pub use statement_count::StatementCount;
pub use table::Columns;
pub use table::activity::{ActivityKind, Model as Activity};
pub use table::attendee::Model as Attendee;
pub use table::audit_event::{ActorKind, AuditOutcome, Model as AuditEvent};
pub use table::case::{CaseStatus, Model as Case};
pub use table::course::Model as Course;
pub use table::dashboard::{Model as Dashboard, Visibility};
pub use table::dashboard_widget::{Model as Widget, WidgetKind};
pub use table::doctor::{Model as Doctor, Risk};
pub use table::dso::Model as Dso;
pub use table::dso_grant::Model as DsoGrant;
pub use table::invitation::{InvitationStatus, Model as Invitation};
pub use table::invitation_grant::Model as InvitationGrant;
pub use table::join_request::{JoinRequestStatus, Model as JoinRequest};
pub use table::membership::{MemberStatus, Model as Member};
pub use table::onboarding_period::Model as OnboardingPeriod;
pub use table::organization::{Model as Organization, OrganizationStatus};
pub use table::term::Model as Term;
pub use table::user::Model as User;
pub use text::{SearchText, TextFlaw, TextKind};
pub use time::{TimeFlaw, micros, parse_time};
pub use trail::{AuditTrail, Expected, Seal, Verdict};
pub use write::{
    ActivityDraft, ActivityPatch, Admin, Author, CaseDraft, CasePatch, Change, Confidential, DashboardDraft,
    DashboardPatch, DoctorDraft, DoctorPatch, DsoAdmin, DsoDraft, DsoPatch, Editor, Making, Manager, OnboardingRecord,
    Place, TermPatch, WidgetDraft, WidgetPatch, WrittenQuery,
};
