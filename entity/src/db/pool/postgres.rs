//! PostgreSQL's connections.
//!
//! Owns: opening them, what is prepared on each, and how one comes back. May use: tokio-postgres, deadpool. Invariant: a connection
//! on which a BEGIN was sent gets its ROLLBACK before anybody else's statement, whatever became of the request, and soon if there is none.
//!
//! Not sqlx: it waits for each answer before it sends the next statement. Here a transaction's BEGIN, its entering and its first
//! statement are on the way at once, and a ROLLBACK goes with the next BEGIN or is not waited for; the driver keeps them in their order.
//! (Measured: of a small query's time three fifths were such waits.)

mod begin_batch;
mod deferred_rollback;
mod statement_queue;
mod tls;
mod transaction;
mod value;

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use deadpool::managed::{
    self, Manager, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType,
};
use futures_util::TryStreamExt as _;
use lru::LruCache;
use sea_orm::Statement;
use tokio_postgres::{Client, types::Type};

use self::deferred_rollback::{Connection, PendingRollback};
use self::value::{Parameter, UnsupportedValue};
use super::{
    TxMode,
    pool_stats::PoolStats,
    timeouts::{TimeoutScope, Timeouts},
};
use crate::{
    error::{Error, ServerName},
    row::Row,
};

pub(crate) use self::{statement_queue::QueuedStatement, tls::Address, transaction::Transaction};

/// How many statements of its own a connection keeps prepared: more than there are.
const STATEMENT_CACHE: NonZeroUsize = NonZeroUsize::new(512).unwrap();

/// What a connection begins with, beside its timeouts. The second: a prepared statement is planned once. Ours have one shape for any number of ids,
/// in an array, of which PostgreSQL thinks it should look at each anew: that took longer than to find 40 rows.
const SESSION_INIT: &str = "SET ROLE cs12_app; SET plan_cache_mode = force_generic_plan; \
    SET default_transaction_isolation = 'read committed'";

/// What a transaction sees is never left to `default_transaction_isolation`: what is locked and counted here is right under READ COMMITTED, and
/// under SERIALIZABLE unrelated transactions would fail.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// The same where the transaction before is still to be ended.
const END_AND_BEGIN: &str = "ROLLBACK; BEGIN ISOLATION LEVEL READ COMMITTED";

/// The same, beside its timeouts, where the server behind a connection changes from transaction to transaction.
const BEGIN_POOLED: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL ROLE cs12_app; SET LOCAL plan_cache_mode = force_generic_plan";

/// What is at the other end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// PostgreSQL itself: what a session is told, it keeps.
    Server,
    /// A pooler that lends out its sessions for a transaction at a time, as PgBouncer does: nothing is kept between two of
    /// them, prepared statements neither.
    Pooler,
}

/// Connections to one PostgreSQL. Clones share them.
#[derive(Clone)]
pub(crate) struct Pool(managed::Pool<ConnectionManager>);

/// Opens connections.
struct ConnectionManager {
    address: Address,
    peer: Peer,
    /// What is sent first: on each connection to a server, and with each transaction through a pooler.
    first: String,
    name: ServerName,
    /// How long a request waits for a connection.
    patience: Duration,
}

/// A connection, and what was prepared on it.
struct PooledClient {
    line: Connection,
    server: ServerName,
    prepared: Mutex<LruCache<String, tokio_postgres::Statement>>,
}

/// A statement that is ready to be sent.
enum BoundStatement<'a> {
    Prepared(tokio_postgres::Statement, Vec<Parameter>),
    /// With the types of its parameters, where nothing is kept prepared.
    Whole(&'a str, Vec<Parameter>),
}

/// What a statement came to.
struct QueryResult {
    rows: Vec<Row>,
    /// How many rows were changed, or found.
    count: u64,
}

impl Address {
    /// A connection of its own, apart from any pool. It ends when the client is dropped.
    pub(crate) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        tokio::spawn(async move {
            // Whoever asks next is told; here nobody waits.
            if let Err(cause) = connection.await {
                tracing::debug!(%cause, "a connection to PostgreSQL broke");
            }
        });
        Ok(client)
    }
}

impl Manager for ConnectionManager {
    type Type = PooledClient;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<PooledClient, tokio_postgres::Error> {
        // Boxed, or every statement's future, which may be the one that connects, would be larger by this: 12 kB.
        let client = Box::pin(self.address.connect()).await?;
        if self.peer == Peer::Server {
            client.batch_execute(&self.first).await?;
        }
        let prepared = Mutex::new(LruCache::new(STATEMENT_CACHE));
        Ok(PooledClient { line: Connection::new(client), server: self.name.clone(), prepared })
    }

    /// What has gone since shows when it is used: [`Transaction`] then takes another.
    async fn recycle(&self, connected: &mut PooledClient, _: &Metrics) -> RecycleResult<tokio_postgres::Error> {
        if connected.line.client().is_closed() { Err(RecycleError::message("the server has gone")) } else { Ok(()) }
    }
}

impl Pool {
    /// At most so many connections; a request waits so long for one. `role` is what a log line calls the server: `the writer`.
    pub(crate) fn new(
        role: &str,
        address: Address,
        peer: Peer,
        most: u32,
        patience: Duration,
        timeouts: Timeouts,
    ) -> Result<Self, Error> {
        let first = match peer {
            Peer::Server => format!("{SESSION_INIT}; {}", timeouts.sql(TimeoutScope::Session)),
            Peer::Pooler => format!("{BEGIN_POOLED}; {}", timeouts.sql(TimeoutScope::Transaction)),
        };
        let name = ServerName::new(&format!("{role} {}", address.place()));
        let pool = managed::Pool::builder(ConnectionManager { address, peer, first, name, patience })
            .max_size(usize::try_from(most).unwrap_or(usize::MAX))
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            // Those that were used last know most statements.
            .queue_mode(QueueMode::Lifo)
            .runtime(deadpool::Runtime::Tokio1)
            .build();
        Ok(Self(pool.map_err(|cause| Error::Internal(std::sync::Arc::new(cause)))?))
    }

    /// Lets nobody have a connection any more, and takes leave of the server on those that nobody uses.
    pub(crate) fn close(&self) {
        self.0.close();
    }

    /// What its connections are doing.
    pub(super) fn stats(&self) -> PoolStats {
        PoolStats::of(&self.0.status())
    }

    /// What a log line calls the server.
    pub(crate) fn name(&self) -> &ServerName {
        &self.0.manager().name
    }

    /// Whether the server answers on a connection of its own within this time, however busy the pool is.
    pub(super) async fn answers_within(&self, time: Duration) -> bool {
        let asked = async { self.0.manager().address.connect().await?.batch_execute("SELECT 1").await };
        tokio::time::timeout(time, asked).await.is_ok_and(|answer: Result<(), tokio_postgres::Error>| answer.is_ok())
    }

    /// Closes the connections that no transaction has. Sessions that were opened under other settings end with them.
    pub(super) fn renew(&self) {
        self.0.retain(|_, _| false);
    }

    /// A transaction, which begins with its first statement.
    pub(crate) fn begin(&self, intent: TxMode) -> Transaction {
        Transaction::new(self.clone(), intent)
    }

    /// One statement by itself, and its rows.
    pub(crate) async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self.peer() {
            Peer::Server => loop {
                let (connection, was_idle) = self.connection().await?;
                match connection.query_one_round(&statement).await {
                    Err(cause) if was_idle && cause.is_of_a_lost_connection() => {
                        drop(Object::take(connection));
                        self.renew();
                    }
                    Err(cause) => {
                        if cause.ends_its_connection() {
                            drop(Object::take(connection));
                        }
                        return Err(cause);
                    }
                    Ok(answer) => return Ok(answer.rows),
                }
            },
            // Whose the session is that answers is settled in a transaction only.
            Peer::Pooler => self.begin(TxMode::Read).all(statement).await,
        }
    }

    fn peer(&self) -> Peer {
        self.0.manager().peer
    }

    /// What a transaction begins with, on a connection of which this is known.
    fn begin_with(&self, debt: PendingRollback) -> &str {
        match (self.peer(), debt) {
            (Peer::Server, PendingRollback::None) => BEGIN,
            (Peer::Server, PendingRollback::Rollback) => END_AND_BEGIN,
            // Nothing is owed there.
            (Peer::Pooler, PendingRollback::None | PendingRollback::Rollback) => &self.0.manager().first,
        }
    }

    /// A connection, and whether it has lain idle: then the server may have gone meanwhile, and with it all the others.
    async fn connection(&self) -> Result<(Object<ConnectionManager>, bool), Error> {
        let object = self.0.get().await.map_err(|cause| self.pool_error(cause))?;
        let was_idle = Object::metrics(&object).recycle_count > 0;
        Ok((object, was_idle))
    }
}

impl Pool {
    fn pool_error(&self, cause: PoolError<tokio_postgres::Error>) -> Error {
        let ConnectionManager { name, patience, .. } = self.0.manager();
        match cause {
            PoolError::Backend(cause) => Error::not_connected(name, &cause),
            PoolError::Timeout(TimeoutType::Wait) => {
                Error::no_connection(name, format_args!("all are in use, and none became free within {patience:?}"))
            }
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => {
                Error::no_connection(name, format_args!("the server did not accept one within {patience:?}"))
            }
            PoolError::Closed => Error::no_connection(name, "this process is closing its connections"),
            other => Error::no_connection(name, other),
        }
    }
}

impl PooledClient {
    fn failed(&self, cause: &tokio_postgres::Error) -> Error {
        Error::of_server(cause, &self.server)
    }

    /// One statement by itself.
    async fn query_one_round(&self, statement: &Statement) -> Result<QueryResult, Error> {
        self.line.flush();
        self.send(self.prepare_statement(statement, Peer::Server).await?).await
    }

    /// Makes a statement ready. What is not known to this connection yet is prepared, which takes an answer.
    async fn prepare_statement<'a>(&self, statement: &'a Statement, peer: Peer) -> Result<BoundStatement<'a>, Error> {
        let parameters = parameters(statement)?;
        Ok(match peer {
            Peer::Server => BoundStatement::Prepared(self.prepare(&statement.sql, &parameters).await?, parameters),
            Peer::Pooler => BoundStatement::Whole(&statement.sql, parameters),
        })
    }

    /// Sends a statement when it is first looked at, and reads its answer.
    async fn send(&self, outgoing: BoundStatement<'_>) -> Result<QueryResult, Error> {
        let rows = match outgoing {
            BoundStatement::Prepared(prepared, parameters) => self.line.client().query_raw(&prepared, parameters).await,
            BoundStatement::Whole(sql, parameters) => {
                let types: Vec<_> = parameters.iter().map(|parameter| parameter.ty.clone()).collect();
                self.line.client().query_typed_raw(sql, parameters.into_iter().zip(types)).await
            }
        };
        let answer = async { read(rows?).await };
        answer.await.map_err(|cause| self.failed(&cause))
    }

    /// The statement as this connection knows it: it is planned once.
    async fn prepare(&self, sql: &str, parameters: &[Parameter]) -> Result<tokio_postgres::Statement, Error> {
        let known = self.prepared.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        let is_same = |known: &tokio_postgres::Statement| {
            known.params().iter().eq(parameters.iter().map(|parameter| &parameter.ty))
        };
        if let Some(known) = known.filter(is_same) {
            return Ok(known);
        }
        let types: Vec<Type> = parameters.iter().map(|parameter| parameter.ty.clone()).collect();
        let prepared = self.line.client().prepare_typed(sql, &types).await.map_err(|cause| self.failed(&cause))?;
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner).put(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

fn parameters(statement: &Statement) -> Result<Vec<Parameter>, Error> {
    let values = statement.values.iter().flat_map(|values| &values.0);
    let parameters: Result<_, UnsupportedValue> = values.cloned().map(Parameter::new).collect();
    parameters.map_err(|cause| Error::Internal(std::sync::Arc::new(cause)))
}

async fn read(rows: tokio_postgres::RowStream) -> Result<QueryResult, tokio_postgres::Error> {
    let mut rows = std::pin::pin!(rows);
    let mut read = Vec::new();
    while let Some(row) = rows.try_next().await? {
        read.push(Row::Postgres(row));
    }
    Ok(QueryResult { rows: read, count: rows.rows_affected().unwrap_or_default() })
}
