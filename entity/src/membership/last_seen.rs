//! When a member was here last.
//!
//! Owns: writing `memberships.last_seen_at`. May use: transactions. Invariant: it happens beside the request, which neither waits for it
//! nor fails with it; reading needs no database that takes writes.

use std::time::{Duration, Instant};

use sea_orm::Statement;
use tokio::time::timeout;

use super::selection::MembershipCandidate;
use crate::{
    db::{
        Db, StatementCount,
        pool::TxMode,
        statement_recorder::{Listeners, Purpose},
    },
    error::Error,
    id::{MemberId, OrganizationId, UserId},
    session::TenantSettings,
    time::now,
};

/// How often it is written: often enough for people, seldom enough for the database.
const REFRESH_AFTER: chrono::Duration = chrono::Duration::hours(1);

/// How long a write may take, with waiting for a connection.
const MAX_WRITE_TIME: Duration = Duration::from_secs(2);

impl Db {
    /// Has it written down that a member is here, if that was not done within the hour.
    pub(super) fn record_last_seen(&self, user: UserId, seen: &MembershipCandidate) {
        if seen.last_seen_at.is_some_and(|at| at >= now() - REFRESH_AFTER) {
            return;
        }
        let Some(slot) = self.last_seen.slot() else { return };
        let (member, organization) = (seen.member, seen.organization.id);
        if !self.last_seen.is_due(member, Instant::now()) {
            return;
        }
        // The operation's count of statements is not charged.
        let listeners = Listeners { count: StatementCount::default(), ..self.listeners.clone() };
        let db = Self { listeners, ..self.clone() };
        tokio::spawn(async move {
            let _slot = slot;
            let why = match timeout(MAX_WRITE_TIME, db.write_last_seen(user, organization, member)).await {
                Ok(Ok(())) => return,
                Ok(Err(cause)) => format!("{cause:?}"),
                Err(_) => format!("it took longer than {MAX_WRITE_TIME:?}"),
            };
            db.last_seen.failed(member, Instant::now());
            tracing::debug!(why, "that a member was seen was not written");
        });
    }

    async fn write_last_seen(&self, user: UserId, organization: OrganizationId, member: MemberId) -> Result<(), Error> {
        let tx = self.begin(TxMode::Write, Purpose::Context).await?;
        tx.set_tenant(&TenantSettings::whole_organization(organization, Some(user))).await;
        let sql = "UPDATE memberships SET last_seen_at = $3 WHERE organization_id = $1 AND id = $2";
        let values = [organization.into(), member.into(), now().into()];
        tx.execute(Statement::from_sql_and_values(tx.backend(), sql, values)).await?;
        tx.commit().await
    }
}
