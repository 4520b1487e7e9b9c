//! The rows and the only access path to them.
//!
//! Owns: the tables' models, typed ids, roles, the access policy, the tenant scope and every SQL statement of the
//! project. May use: sea-orm, which no other crate of the gateway uses. Invariant: no statement on a tenant's rows can
//! be built without an [`auth::OrgContext`], and only [`db::Db::enter`] creates one, from a membership that it has just read.

pub mod analytics;
pub mod audit;
pub mod auth;
pub mod change_feed;
pub mod commands;
pub mod db;
pub mod email;
pub mod error;
pub mod id;
pub mod import;
pub mod membership;
pub mod models;
pub mod organization_list;
pub mod organization_settings;
pub mod queries;
mod row;
pub mod scope;
pub mod session;
pub mod text;
pub mod time;
