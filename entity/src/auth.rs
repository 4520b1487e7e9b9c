//! Who the caller is, and what they may do.
//!
//! Owns: verified principals, roles, the permissions of a member and the access policy. May use: ids. Invariant: everything here is pure:
//! a decision needs no database.

pub(crate) mod org_context;
pub mod policy;
pub(crate) mod principal;
pub(crate) mod role;

pub use org_context::{MemberPermissions, Membership, OrgContext};
pub use principal::{Principal, VerifiedEmail};
pub use role::{DsoRole, OrgRole};
