//! The tables, one a file, in sea-orm's classic form.
//!
//! Owns: the models. May use: ids, roles. Invariant: the entities stay in here; outside, a row is plain data on which
//! no query can be built. (The dense form would give rows loads and saves of their own, past the scope.)

mod computed;
mod positional;
mod projection;

pub(crate) mod activity;
pub(crate) mod attendee;
pub(crate) mod audit_action;
pub(crate) mod audit_event;
pub(crate) mod case;
pub(crate) mod course;
pub(crate) mod dashboard;
pub(crate) mod dashboard_widget;
pub(crate) mod doctor;
pub(crate) mod dso;
pub(crate) mod dso_grant;
pub(crate) mod invitation;
pub(crate) mod invitation_grant;
pub(crate) mod join_request;
pub(crate) mod membership;
pub(crate) mod onboarding_period;
pub(crate) mod organization;
pub(crate) mod term;
pub(crate) mod user;

pub use activity::{ActivityKind, Model as Activity};
pub use attendee::Model as Attendee;
pub use audit_action::{AuditAction, TargetKind};
pub use audit_event::{ActorKind, AuditOutcome, Model as AuditEvent};
pub use case::{CaseStatus, Model as Case};
pub use course::Model as Course;
pub use dashboard::{Model as Dashboard, Visibility};
pub use dashboard_widget::{Model as Widget, WidgetKind};
pub use doctor::{Model as Doctor, Risk};
pub use dso::Model as Dso;
pub use dso_grant::Model as DsoGrant;
pub use invitation::{InvitationStatus, Model as Invitation};
pub use invitation_grant::Model as InvitationGrant;
pub use join_request::{JoinRequestStatus, Model as JoinRequest};
pub use membership::{MemberStatus, Model as Member};
pub use onboarding_period::Model as OnboardingPeriod;
pub use organization::{Model as Organization, OrganizationStatus};
pub use term::Model as Term;
pub use user::Model as User;

pub(crate) use computed::{ComputedColumns, active};
pub(crate) use positional::{ColumnReader, DecodePositional, decode_positional, stored_columns};
pub use projection::ColumnSet;
