//! Requests that come twice.
//!
//! Owns: claiming an idempotency key and the record of what was done under it. May use: the scope's session. Invariant: a
//! key means one request of one member of one organization for a day by the database's clock; of two requests that arrive
//! together, one is first.

use sea_orm::{DbBackend, Statement, Value};

use crate::{error::Error, scope::Scope, session::Tx};

/// Expired keys, of any member, that one claim deletes: so many more than it adds.
const EXPIRE_BATCH: u32 = 100;

/// What is known under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdempotencyClaim {
    /// Nothing: the request is the first, and goes on.
    First,
    /// It was done, with this record.
    Done(String),
    /// It has begun and nothing was recorded: it is under way, or its gateway died.
    Unanswered,
    /// Another request had this key.
    Taken,
}

struct StoredResponse {
    request_hash: String,
    outcome: Option<String>,
}
crate::row::from_row!(StoredResponse { request_hash, outcome });

/// Now by the database's clock: gateways whose clocks differ must not run a mutation again.
fn now(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "now()",
        _ => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    }
}

/// When a key was claimed that expires now.
fn expiry(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "now() - interval '24 hours'",
        _ => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-24 hours')",
    }
}

impl Scope {
    /// Claims a key for a request, known by its hash.
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

    /// Deletes this key if it has expired, and some of the organization's others: of members who have left, too.
    async fn expire(&self, tx: &Tx, key: &str) -> Result<(), Error> {
        let expiry = expiry(tx.backend());
        // Two claims at once must not wait for each other's rows.
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

    /// Records what was done under a claimed key.
    pub async fn store(&self, key: &str, record: &str) -> Result<(), Error> {
        let tx = self.write().await?;
        let update =
            "UPDATE idempotency_keys SET outcome = $4 WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        self.execute(&tx, update, [key.into(), record.into()]).await?;
        tx.commit().await
    }

    /// Gives a claimed key back: nothing was done under it.
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
