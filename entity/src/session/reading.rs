//! Reading the rows of a large answer.
//!
//! Owns: how many rows are read before other tasks of the thread run. May use: the transaction. Invariant: no answer, however
//! large, keeps an async worker for longer than one batch.

use sea_orm::{DbErr, Statement};

use super::Tx;
use crate::{error::Error, row::Row};

/// Rows of one batch: well below a millisecond.
const BATCH_SIZE: usize = 512;

impl Tx {
    /// What `read` makes of each row of the answer.
    pub(crate) async fn read_each<R>(
        &self,
        statement: Statement,
        read: impl Fn(&Row) -> Result<R, DbErr>,
    ) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        let mut done = Vec::with_capacity(rows.len());
        for row in rows {
            if done.len() % BATCH_SIZE == BATCH_SIZE - 1 {
                tokio::task::yield_now().await;
            }
            done.push(read(&row)?);
        }
        Ok(done)
    }
}
