//! Repeated requests.
//!
//! Owns: claiming an idempotency key, and the stored response of the request. May use: the scope's session. Invariant:
//! a key identifies one request of one member of one organization for a day by the database's clock. If two requests
//! with the same key arrive together, one of them is first.

use sea_orm::{DbBackend, Statement, Value};

use crate::{error::Error, scope::Scope, session::Tx};

/// Number of expired keys, of any member, that one claim deletes: more than it adds.
const EXPIRE_BATCH: u32 = 100;

/// State of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdempotencyClaim {
    /// Unused: the request is the first and is executed.
    First,
    /// The request was completed, with this stored response.
    Done(String),
    /// The request began but no response was stored: it is still running, or its gateway died.
    Unanswered,
    /// The key belongs to a different request.
    Taken,
}

struct StoredResponse {
    request_hash: String,
    outcome: Option<String>,
}
crate::row::from_row!(StoredResponse { request_hash, outcome });

/// The current time by the database's clock: gateways whose clocks differ must not execute a mutation twice.
fn now(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "now()",
        _ => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    }
}

/// Claim time of a key that expires now.
fn expiry(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "now() - interval '24 hours'",
        _ => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-24 hours')",
    }
}

impl Scope {
    /// Claims a key for a request, which is identified by its hash.
    pub async fn claim(&self, key: &str, request: &str) -> Result<IdempotencyClaim, Error> {
        let tx = self.write().await?;
        self.expire(&tx, key).await?;
        let insert = format!(
            "INSERT INTO idempotency_keys (organization_id, member_id, key, request_hash, created_at) \
             VALUES ($1, $2, $3, $4, {}) ON CONFLICT DO NOTHING",
            now(tx.backend())
        );
        if self.execute(&tx, &insert, [key.into(), request.into()]).await? > 0 {
            tx.commit().await?;
            return Ok(IdempotencyClaim::First);
        }
        let select = "SELECT request_hash, outcome FROM idempotency_keys \
                      WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        let found: Option<StoredResponse> = tx.query_opt(self.statement(&tx, select, [key.into()])).await?;
        Ok(match found {
            None => IdempotencyClaim::Unanswered,
            Some(found) if found.request_hash != request => IdempotencyClaim::Taken,
            Some(found) => found.outcome.map_or(IdempotencyClaim::Unanswered, IdempotencyClaim::Done),
        })
    }

    /// Deletes this key if it has expired, and some of the organization's other expired keys, including those of
    /// members who have left.
    async fn expire(&self, tx: &Tx, key: &str) -> Result<(), Error> {
        let expiry = expiry(tx.backend());
        // Concurrent claims must not wait for each other's rows.
        let lock = if tx.backend() == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
        let own = format!(
            "DELETE FROM idempotency_keys \
             WHERE organization_id = $1 AND member_id = $2 AND key = $3 AND created_at < {expiry}"
        );
        self.execute(tx, &own, [key.into()]).await?;
        let others = format!(
            "DELETE FROM idempotency_keys WHERE organization_id = $1 AND (member_id, key) IN \
             (SELECT member_id, key FROM idempotency_keys WHERE organization_id = $1 AND created_at < {expiry} \
             ORDER BY created_at LIMIT {EXPIRE_BATCH}{lock})"
        );
        let organization = self.context().organization();
        tx.execute(Statement::from_sql_and_values(tx.backend(), others, [organization.into()])).await?;
        Ok(())
    }

    /// Stores the response of the request that claimed the key.
    pub async fn store(&self, key: &str, record: &str) -> Result<(), Error> {
        let tx = self.write().await?;
        let update =
            "UPDATE idempotency_keys SET outcome = $4 WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        self.execute(&tx, update, [key.into(), record.into()]).await?;
        tx.commit().await
    }

    /// Releases a claimed key: the request had no effect.
    pub async fn release(&self, key: &str) -> Result<(), Error> {
        let tx = self.write().await?;
        let delete = "DELETE FROM idempotency_keys WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        self.execute(&tx, delete, [key.into()]).await?;
        tx.commit().await
    }

    async fn execute<const N: usize>(&self, tx: &Tx, sql: &str, values: [Value; N]) -> Result<u64, Error> {
        tx.execute(self.statement(tx, sql, values)).await
    }

    /// A statement whose first two parameters are the organization and the member.
    fn statement<const N: usize>(&self, tx: &Tx, sql: &str, values: [Value; N]) -> Statement {
        let whose = [self.context().organization().into(), self.context().member().into()];
        Statement::from_sql_and_values(tx.backend(), sql, whose.into_iter().chain(values))
    }
}
