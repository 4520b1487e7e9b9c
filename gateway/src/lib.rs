//! The GraphQL gateway of CS12.
//!
//! One folder for each step of a request's way: `http` takes it in, `authn` finds out who asks, `tenancy` which
//! organization they ask for, `graphql` runs the document, whose resolvers in `schema` stand behind the `guard` and read
//! through the `loaders`. Beyond them lies the `entity` crate: the only door to rows. Beside them, `mail` carries what is to
//! be told to people outside, `changes` reads what subscribers wait for, and `sight` tells the operator what happens.
//!
//! Invariant: this crate does not depend on sea-orm, so an unscoped query cannot be written here.

pub mod admission;
pub mod audit_export;
pub mod authn;
mod changes;
pub mod cli;
mod compute;
pub mod config;
mod csv_file;
pub mod demo;
pub mod errors;
pub mod graphql;
pub mod guard;
pub mod http;
pub mod legacy_import;
pub mod limits;
mod loaders;
pub mod mail;
pub mod metrics;
pub mod reloadable;
pub mod request;
mod row_encoding;
pub mod schema;
pub mod telemetry;
pub mod tenancy;
