//! Transactions on a database handle.
//!
//! May use: the pool. Invariant: the caller says what the transaction is for, so that its statements are counted there.

use super::Tx;
use crate::{
    db::{Db, pool::TxMode, statement_recorder::Purpose},
    error::Error,
};

impl Db {
    /// Begins a transaction that works for no tenant yet.
    pub(crate) async fn begin(&self, mode: TxMode, purpose: Purpose) -> Result<Tx, Error> {
        Tx::begin(&self.pool, mode, self.listeners.clone(), purpose).await
    }
}
