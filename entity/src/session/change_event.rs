//! Which audit events say that rows were changed.
//!
//! Owns: the rule, in Rust and in SQL. Invariant: both say the same as the index of `m0027_audit_changes`.

use sea_orm::{DbBackend, Statement};

use crate::{
    id::OrganizationId,
    models::{audit_action::AuditAction, audit_event::AuditOutcome},
};

/// Actions that change no row: viewing as another member, and downloads of the log. The index of `m0027_audit_changes`
/// leaves out the same actions; adding one here requires another index.
const ACTIONS_WITHOUT_CHANGE: [AuditAction; 2] = [AuditAction::RunAs, AuditAction::AuditLogExport];

/// Asks which event told last that rows were changed, as `changes`: one look at the end of an index (`m0027_audit_changes`).
///
/// By its hash, which comes again only with all events before it; on PostgreSQL also by the table's oid, which a restore makes again.
/// Refusals and [`ACTIONS_WITHOUT_CHANGE`] are left out, as in the index.
pub(crate) fn last_change(organization: OrganizationId, backend: DbBackend) -> Statement {
    let event = if backend == DbBackend::Postgres { "hash || '/' || tableoid::text" } else { "hash" };
    let sql = format!(
        "SELECT (SELECT {event} FROM audit_events WHERE organization_id = $1 AND outcome = 'DONE' \
         AND action NOT IN ('{}', '{}') AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS changes",
        ACTIONS_WITHOUT_CHANGE[0].name(),
        ACTIONS_WITHOUT_CHANGE[1].name(),
    );
    Statement::from_sql_and_values(backend, sql, [organization.into()])
}

/// Whether rows were changed in the transaction of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventEffect {
    /// Rows were changed.
    Change,
    /// No rows were changed.
    NoChange,
}

/// Must match the condition of [`last_change`].
pub(crate) fn event_effect(action: AuditAction, outcome: AuditOutcome) -> EventEffect {
    let changes = outcome == AuditOutcome::Done && !ACTIONS_WITHOUT_CHANGE.contains(&action);
    if changes { EventEffect::Change } else { EventEffect::NoChange }
}
