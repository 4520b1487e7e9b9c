//! The rows and the only door to them.
//!
//! Owns: the tables' models, typed ids, roles, the access policy, the tenant scope and every SQL statement of the project.
//! May use: sea-orm, which no other crate of the gateway sees.
//! Invariant: no statement on a tenant's rows can be built without an [`OrgContext`], and only [`Db::enter`] makes one,
//! from a membership that it has just read.

mod aggregate;
mod audit;
mod audit_export;
mod audit_log;
mod change_feed;
mod commands;
mod db;
mod email;
mod error;
mod figure_cache;
mod hash_chain;
mod id;
mod idempotency;
mod identity_relink;
pub mod import;
mod life;
mod models;
mod org_context;
mod organization_list;
mod organization_settings;
mod overview;
mod pagination;
pub mod policy;
mod pool;
mod principal;
mod queries;
mod refused_attempts;
mod request_metadata;
mod role;
mod rollup;
mod row;
mod scope;
mod session;
mod statement_count;
mod statement_recorder;
pub mod text;
mod time;
mod unscoped_test_build;

pub use aggregate::{
    ActivityDimension, ActivityTime, Aggregatable, Aggregation, CaseDimension, CaseTime, DoctorDimension, DoctorNumber,
    DoctorTime, Extent, Group, KeyValue, MAX_GROUPS, NoMeasure, NumberStats, TimeBuckets,
};
pub use audit::{AuditAction, TargetKind};
pub use audit_export::AuditExport;
pub use audit_log::{AuditLogReader, ChainHeadHash, ExpectedHead, Verdict};
pub use change_feed::{ChangeFeed, ChangedRow, FeedBatch};
pub use commands::{
    ActivityDraft, ActivityPatch, Author, CaseDraft, CasePatch, DashboardDraft, DashboardOrigin, DashboardPatch,
    DoctorDraft, DoctorPatch, DsoAdmin, DsoDraft, DsoPatch, Editor, Manager, OnboardingRecord, OrgAdmin, Patch,
    PiiCheck, StoredQuery, TermPatch, WidgetDraft, WidgetPatch, WidgetPosition,
};
pub use db::{
    AccessHint, ConnectOptions, Db, EnterResult, Health, LoginCheck, LoginReport, NoOrganization, Person, RolePower,
    Selector, WriteStatus,
};
pub use email::{EmailAddress, InvalidEmail};
pub use error::{Error, Retry, ValidationCode, ValidationError};
pub use figure_cache::{CacheLookup, CachedFigure, FigureCacheStats};
pub use hash_chain::{ChainBreak, ChainFault};
pub use id::{
    ActivityId, AttendeeId, AuditEventId, CaseId, CourseId, DashboardId, DoctorId, DsoGrantId, DsoId, InvitationId,
    JoinRequestId, MailId, MemberId, OnboardingPeriodId, OrganizationId, TermId, TypedId, UserId, WidgetId,
};
pub use idempotency::IdempotencyClaim;
pub use identity_relink::RelinkedIdentity;
pub use life::{
    Account, GrantAdmin, GrantDraft, InitialAccess, InvitationDraft, InvitationPreview, InvitationRef, JoinPolicy,
    JoinRequestDraft, Mail, MailContent, OnboardingChecklist, OrganizationDraft, OrganizationPatch, Owner,
    PendingInvitation, RestorableOrganization, SettingsPatch, TokenKey,
};
pub use models::ColumnSet;
pub use models::activity::{ActivityKind, Model as Activity};
pub use models::attendee::Model as Attendee;
pub use models::audit_event::{ActorKind, AuditOutcome, Model as AuditEvent};
pub use models::case::{CaseStatus, Model as Case};
pub use models::course::Model as Course;
pub use models::dashboard::{Model as Dashboard, Visibility};
pub use models::dashboard_widget::{Model as Widget, WidgetKind};
pub use models::doctor::{Model as Doctor, Risk};
pub use models::dso::Model as Dso;
pub use models::dso_grant::Model as DsoGrant;
pub use models::invitation::{InvitationStatus, Model as Invitation};
pub use models::invitation_grant::Model as InvitationGrant;
pub use models::join_request::{JoinRequestStatus, Model as JoinRequest};
pub use models::membership::{MemberStatus, Model as Member};
pub use models::onboarding_period::Model as OnboardingPeriod;
pub use models::organization::{Model as Organization, OrganizationStatus};
pub use models::term::Model as Term;
pub use models::user::Model as User;
pub use org_context::{MemberPermissions, Membership, OrgContext};
pub use organization_list::ListedOrganization;
pub use organization_settings::OrganizationSettings;
pub use overview::{ActivityCount, ComparisonPeriod, ContactCount, CourseCount};
pub use pagination::{CursorPosition, Direction, ListQuery, Page, PageDirection, PageRequest, SortValue};
pub use pool::{
    pool_stats::{PoolStats, PoolTarget},
    replicas::{ReplicaDeclined, ReplicaStats},
    timeouts::Timeouts,
};
pub use principal::{Principal, VerifiedEmail};
pub use queries::{
    Activities, ActivityFilter, ActivityOrder, ActivityParent, ArchiveState, AttendeeOrder, AttendeeParent, Attendees,
    AuditEventFilter, AuditEventOrder, AuditEvents, CaseFilter, CaseOrder, CaseParent, Cases, CourseOrder,
    CourseParent, Courses, DashboardOrder, Dashboards, DefaultOrder, DoctorFilter, DoctorOrder, DoctorParent, Doctors,
    DsoFilter, DsoOrder, Dsos, GrantOrder, GrantParent, Grants, InvitationFilter, InvitationOrder, Invitations,
    JoinRequestFilter, JoinRequestOrder, JoinRequests, MemberFilter, MemberOrder, Members, NoFilter, NoParent,
    OnboardingParent, OnboardingPeriods, Resource, ResourceTypes, TermParent, Terms, Users, WidgetParent, Widgets,
};
pub use request_metadata::RequestMetadata;
pub use role::{DsoRole, OrgRole};
pub use rollup::{Drift, DsoSnapshot as DsoStanding, RollUps, SnapshotAt as DsoStood, TimeRange};
pub use scope::Scope;
pub use session::ExclusiveGuard;
pub use statement_count::StatementCount;
pub use statement_recorder::{Purpose, Recorded, Recorder};
pub use text::{InvalidText, SearchText, TextKind};
pub use time::{InvalidTime, micros, parse_time};
