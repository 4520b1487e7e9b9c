//! How an operation was let in.
//!
//! Owns: [`Entrance`] and [`Word`]. May use: the tenant, the pass, the rights. Invariant: every further transaction of an operation begins
//! with its word, so none works for another tenant than the first.

use super::{OwnMembership, TenantSettings, Tx, enter_statements::Reentry};
use crate::db::pool::replicas::Lsn;

/// By what the database knows for whom a transaction works.
pub(crate) enum RlsMode {
    /// PostgreSQL finds out by itself who this is and what they see, in each transaction.
    Pass(Reentry),
    /// The member's rights are read in each transaction: SQLite has no row-level security to be told of.
    Member(OwnMembership),
    /// PostgreSQL is told: the transaction works for a tenant whose member is not the one that was verified.
    Tenant(TenantSettings),
}

/// How an operation was let in.
pub(crate) struct EnterState {
    /// The transaction that works for its tenant already.
    pub(crate) tx: Option<Tx>,
    /// What each further transaction begins with.
    pub(crate) word: RlsMode,
    /// How far the writer was: what is read may be read on a replica that has come so far. Without, the writer is read.
    pub(crate) since: Option<Lsn>,
}
