//! What PostgreSQL lets somebody in by.
//!
//! Owns: the words in which `app_enter` and `app_enter_again` are asked. May use: sea-orm's statements. Invariant: they name a verified
//! person and the organization that they want. What the person may see there, the database finds out by itself; it is told what an operation
//! began with only to refuse where that differs.

use sea_orm::{DbBackend, Statement};

use super::rights::Expected;
use crate::{
    auth::{OrgContext, Principal},
    id::{OrganizationId, TypedId},
};

const ENTER: &str = "SELECT * FROM app_enter($1, $2, $3, $4, $5)";

/// For a caller who was let in a moment ago: their rights as they are now. It lets in only those whose rights are still the same.
const ENTER_AGAIN: &str = "SELECT app_enter_again($1, $2, $3, $4, $5) AS rights";

/// The same, and how far the writer is: what anybody was told to be done is in its log up to here. What is not flushed yet no
/// replica can have; it counts only where somebody may be told of a commit before that. Behind it the time of the server's start, which
/// tells one server from another. Null on a standby: it has no log of its own, and no replica is asked in its place.
const ENTER_WITH_POSITION: &str = "\
    SELECT entered.*, CASE WHEN NOT pg_is_in_recovery() THEN \
        (CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn() \
        ELSE pg_current_wal_flush_lsn() END)::text || ' ' || extract(epoch FROM pg_postmaster_start_time())::text END AS lsn \
    FROM app_enter($1, $2, $3, $4, $5) AS entered";

/// Whether to ask how far the writer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WalPosition {
    Read,
    Skip,
}

/// A verified person, for entering the same organization again in another transaction of their operation.
pub(crate) struct Reentry {
    principal: Principal,
    organization: OrganizationId,
    expected: Expected,
}

impl Reentry {
    pub(crate) fn new(principal: Principal, context: &OrgContext) -> Self {
        Self { principal, organization: context.organization(), expected: Expected::from(context) }
    }

    pub(super) fn expected(&self) -> &Expected {
        &self.expected
    }

    pub(crate) fn statement(&self) -> Statement {
        let values = [
            self.principal.issuer().into(),
            self.principal.subject().into(),
            self.principal.email().map_or("", |email| email.normalized()).into(),
            self.organization.uuid().into(),
            self.expected.now().map(|rights| rights.text().to_owned()).into(),
        ];
        Statement::from_sql_and_values(DbBackend::Postgres, ENTER_AGAIN, values)
    }
}

/// The statement that lets a person into an organization by its name or id, or into their default one.
pub(crate) fn statement(
    principal: &Principal,
    wanted: Option<(&str, Option<OrganizationId>)>,
    place: WalPosition,
) -> Statement {
    let sql = match place {
        WalPosition::Read => ENTER_WITH_POSITION,
        WalPosition::Skip => ENTER,
    };
    let (slug, id) = wanted.unzip();
    let values = [
        principal.issuer().into(),
        principal.subject().into(),
        principal.email().map_or("", |email| email.normalized()).into(),
        slug.into(),
        id.flatten().map(TypedId::uuid).into(),
    ];
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
