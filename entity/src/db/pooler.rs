//! Whether an address leads to a pooler.
//!
//! Owns: that one question. May use: connections of its own, apart from any pool. Invariant: PostgreSQL itself is never taken for a pooler.
//!
//! A gateway keeps prepared statements, its role and an advisory lock in a session. A pooler that lends out sessions for one transaction at
//! a time loses them, now and then and without a word.

use tokio_postgres::{Client, SimpleQueryMessage};

use super::ConnectOptions;
use crate::{db::pool::postgres::Address, error::Error};

/// How often two connections are compared. One comparison is enough while no other client uses the pooler.
const ATTEMPTS: usize = 3;

impl ConnectOptions {
    /// Whether `url` leads to a pooler that changes the server's session from transaction to transaction. One that keeps a session for as
    /// long as its client is no different from PostgreSQL itself, and neither is SQLite.
    pub async fn is_pooled(&self) -> Result<bool, Error> {
        if self.url.starts_with("sqlite:") {
            return Ok(false);
        }
        let address = Address::new(&self.url)?;
        let late = |cause| Error::Unavailable(std::sync::Arc::new(cause));
        tokio::time::timeout(self.acquire_timeout, compare_sessions(&address)).await.map_err(late)?
    }
}

/// Two clients that are both connected have two sessions, and keep them.
async fn compare_sessions(address: &Address) -> Result<bool, Error> {
    let (one, another) = (address.connect().await?, address.connect().await?);
    let (first, second) = (session(&one).await?, session(&another).await?);
    if first == second {
        return Ok(true);
    }
    for _ in 1..ATTEMPTS {
        if session(&one).await? != first || session(&another).await? != second {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The server's process behind a connection; as text, since a pooler may not take a prepared statement.
async fn session(client: &Client) -> Result<Option<String>, Error> {
    let messages = client.simple_query("SELECT pg_backend_pid()").await?;
    Ok(messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}
