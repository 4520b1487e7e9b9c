//! Requests that come twice.
//!
//! Owns: claiming an idempotency key and keeping the answer under it. May use: the scope's session. Invariant: a key
//! means one request of one member of one organization for a day; of two that arrive together, one is first.

use chrono::Duration;
use sea_orm::Statement;

use crate::{Error, Scope, session::Tx, time::now};

/// How long an answer is kept.
const KEPT: Duration = Duration::hours(24);

/// What is known under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: the request is the first, and goes on.
    First,
    /// It was answered with this.
    Answered(String),
    /// It has begun and no answer was kept: it is under way, or its gateway died.
    Unanswered,
    /// Another request had this key.
    Taken,
}

struct Kept {
    request_hash: String,
    response: Option<String>,
}
crate::row::from_row!(Kept { request_hash, response });

impl Scope {
    /// Claims a key for a request, known by its hash.
    pub async fn claim(&self, key: &str, request: &str) -> Result<Claim, Error> {
        let tx = self.write().await?;
        let expire = "DELETE FROM idempotency_keys WHERE organization_id = $1 AND member_id = $2 AND created_at < $3";
        self.execute(&tx, expire, [(now() - KEPT).into()]).await?;
        let insert = "INSERT INTO idempotency_keys (organization_id, member_id, key, request_hash, created_at) \
                      VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        if self.execute(&tx, insert, [key.into(), request.into(), now().into()]).await? > 0 {
            tx.commit().await?;
            return Ok(Claim::First);
        }
        let select = "SELECT request_hash, response FROM idempotency_keys \
                      WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        let kept: Option<Kept> = tx.one(self.statement(&tx, select, [key.into()])).await?;
        Ok(match kept {
            None => Claim::Unanswered,
            Some(kept) if kept.request_hash != request => Claim::Taken,
            Some(kept) => kept.response.map_or(Claim::Unanswered, Claim::Answered),
        })
    }

    /// Keeps the answer of a claimed request.
    pub async fn keep(&self, key: &str, answer: &str) -> Result<(), Error> {
        let tx = self.write().await?;
        let update =
            "UPDATE idempotency_keys SET response = $4 WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        self.execute(&tx, update, [key.into(), answer.into()]).await?;
        tx.commit().await
    }

    /// Gives a claimed key back: nothing was done under it.
    pub async fn release(&self, key: &str) -> Result<(), Error> {
        let tx = self.write().await?;
        let delete = "DELETE FROM idempotency_keys WHERE organization_id = $1 AND member_id = $2 AND key = $3";
        self.execute(&tx, delete, [key.into()]).await?;
        tx.commit().await
    }

    async fn execute<const N: usize>(&self, tx: &Tx, sql: &str, values: [sea_orm::Value; N]) -> Result<u64, Error> {
        tx.execute(self.statement(tx, sql, values)).await
    }

    /// A statement whose first two parameters are the organization and the member.
    fn statement<const N: usize>(&self, tx: &Tx, sql: &str, values: [sea_orm::Value; N]) -> Statement {
        let whose = [self.context().organization().into(), self.context().member().into()];
        Statement::from_sql_and_values(tx.backend(), sql, whose.into_iter().chain(values))
    }
}
