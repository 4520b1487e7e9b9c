//! From a verified principal to the scope of one organization.
//!
//! Owns: reading memberships, selecting the organization, and impersonation. May use: sessions, the scope, commands. Invariant: only this
//! module makes an `OrgContext`, from a membership that the current request has read.

mod app_enter;
mod enter;
mod last_seen;
mod run_as;
mod selection;

pub use enter::{AccessHint, EnterResult};
pub(crate) use selection::id_of;
pub use selection::{NoOrganization, Person, Selector};
