//! The tables, one a file, in sea-orm's classic form.
//!
//! Owns: the models. May use: ids, roles. Invariant: the entities stay in here; outside, a row is plain data on which
//! no query can be built. (The dense form would give rows loads and saves of their own, past the scope.)

mod computed;
mod positional;
mod projection;

pub(crate) mod activity;
pub(crate) mod attendee;
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

pub(crate) use computed::{ComputedColumns, active};
pub(crate) use positional::{ColumnReader, DecodePositional, decode_positional, stored_columns};
pub use projection::ColumnSet;
