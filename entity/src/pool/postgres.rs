//! PostgreSQL's connections.
//!
//! Owns: opening them, and how one comes back. May use: sqlx, deadpool. Invariant: a connection on which a BEGIN was sent gets
//! its ROLLBACK before anybody else's statement, whatever became of the request.
//!
//! Not sea-orm's pool: it asks the server for a sign of life each time that a connection comes back, in a task of its own, and
//! forgets a BEGIN that is given up on its way. Here a ROLLBACK is sent and not waited for: whoever has the connection next
//! reads its answer first. (Of the five waits for PostgreSQL in a small query, that is one.)

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};

use deadpool::managed::{self, Manager, Metrics, Object, PoolError, QueueMode, RecycleResult, TimeoutType};
use sea_orm::{
    ConnAcquireErr, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    sqlx::{
        self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Postgres,
        postgres::{PgConnectOptions, PgRow},
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

/// How many statements of its own a connection keeps prepared: more than there are.
const STATEMENTS: usize = 512;

/// What a connection begins with. The second: a prepared statement is planned once. Ours have one shape for any number of ids,
/// in an array, of which PostgreSQL thinks it should look at each anew: that took longer than to find 40 rows.
const AT_FIRST: &str = "SET ROLE cs12_app; SET plan_cache_mode = force_generic_plan";

const BEGIN: &str = "BEGIN";

/// The same where the server behind a connection changes from transaction to transaction.
const BEGIN_POOLED: &str = "BEGIN; SET LOCAL ROLE cs12_app; SET LOCAL plan_cache_mode = force_generic_plan";

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
pub(crate) struct Pool(managed::Pool<Opens>);

/// Opens connections.
struct Opens(PgConnectOptions, Peer);

impl Manager for Opens {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.0.connect().await?;
        if self.1 == Peer::Server {
            connection.execute(AT_FIRST).await?;
        }
        Ok(connection)
    }

    /// Whether it still lives shows when it is used: [`Pool::first`].
    async fn recycle(&self, _: &mut PgConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl Pool {
    /// At most so many connections; a request waits so long for one.
    pub(crate) fn new(url: &str, peer: Peer, most: u32, patience: Duration) -> Result<Self, DbErr> {
        let options: PgConnectOptions = url.parse().map_err(lost)?;
        let options = options.disable_statement_logging();
        let options = match peer {
            Peer::Server => options.statement_cache_capacity(STATEMENTS),
            // PgBouncer knows nothing of this setting and refuses who names it; it only concerns how floats are written.
            Peer::Pooler => options.statement_cache_capacity(0).extra_float_digits(None),
        };
        let pool = managed::Pool::builder(Opens(options, peer))
            .max_size(usize::try_from(most).unwrap_or(usize::MAX))
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            // Those that were used last know most statements.
            .queue_mode(QueueMode::Lifo)
            .runtime(deadpool::Runtime::Tokio1)
            .build();
        Ok(Self(pool.map_err(|cause| DbErr::Custom(cause.to_string()))?))
    }

    /// Lets nobody have a connection any more, and takes leave of the server on those that nobody uses.
    pub(crate) async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for connection in idle {
            // It is gone either way.
            drop(connection.close().await);
        }
    }

    fn peer(&self) -> Peer {
        self.0.manager().1
    }

    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        let begin = match self.peer() {
            Peer::Server => BEGIN,
            Peer::Pooler => BEGIN_POOLED,
        };
        let (held, _) = self.first(Statement::from_string(DbBackend::Postgres, begin), Stage::Open).await?;
        Ok(Transaction(Mutex::new(held)))
    }

    /// One statement by itself, and its rows.
    pub(crate) async fn ask(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.peer() {
            Peer::Server => Ok(self.first(statement, Stage::Closed).await?.1),
            // Whose the session is that answers is settled in a transaction only.
            Peer::Pooler => self.begin().await?.all(statement).await,
        }
    }

    /// The first statement on a connection. On one that was idle it may turn out that the server has gone meanwhile, and then
    /// so have all the others: it is sent again on a new one.
    async fn first(&self, statement: Statement, then: Stage) -> Result<(Held, Vec<QueryResult>), DbErr> {
        loop {
            let object = self.0.get().await.map_err(not_had)?;
            let was_idle = Object::metrics(&object).recycle_count > 0;
            let mut held = Held { object: Some(object), stage: Stage::Closed, peer: self.peer() };
            match held.all(statement.clone(), then).await {
                Err(_) if was_idle && held.object.is_none() => drop(self.0.retain(|_, _| false)),
                answer => return Ok((held, answer?)),
            }
        }
    }
}

/// An open transaction. Dropped without a commit, it is rolled back.
pub(crate) struct Transaction(Mutex<Held>);

impl Transaction {
    pub(crate) async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.lock().await.all(statement, Stage::Open).await
    }

    pub(crate) async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut held = self.0.lock().await;
        let query = prepared(statement, held.peer);
        let answer = query.fetch_optional(held.start()?).await;
        Ok(held.settle(answer, Stage::Open)?.map(QueryResult::from))
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut held = self.0.lock().await;
        let query = prepared(statement, held.peer);
        let answer = query.execute(held.start()?).await;
        Ok(held.settle(answer, Stage::Open)?.into())
    }

    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        let mut held = self.0.into_inner();
        let connection = held.start()?;
        let answer = connection.execute("COMMIT").await;
        held.settle(answer, Stage::Closed)?;
        Ok(())
    }
}

/// A connection out of the pool, and what is known of it.
struct Held {
    /// None once the server is gone.
    object: Option<Object<Opens>>,
    stage: Stage,
    peer: Peer,
}

/// How far a connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No transaction is open.
    Closed,
    /// One is open, and nothing is on its way.
    Open,
    /// A statement or its answer is on the way; what will be then is not known.
    Asking,
}

impl Held {
    /// For the next statement. From here on a transaction may be open, also if nobody waits for the answer.
    fn start(&mut self) -> Result<&mut PgConnection, DbErr> {
        self.stage = Stage::Asking;
        match &mut self.object {
            Some(object) => Ok(&mut *object),
            None => Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
        }
    }

    fn settle<T>(&mut self, answer: Result<T, sqlx::Error>, then: Stage) -> Result<T, DbErr> {
        match answer {
            Ok(answer) => {
                self.stage = then;
                Ok(answer)
            }
            Err(cause) => {
                // An error comes before the server's word that it is ready for more, which is on its way still.
                self.stage = Stage::Asking;
                if is_gone(&cause) {
                    self.object.take().map(Object::take);
                }
                Err(DbErr::Query(RuntimeErr::SqlxError(Arc::new(cause))))
            }
        }
    }

    async fn all(&mut self, statement: Statement, then: Stage) -> Result<Vec<QueryResult>, DbErr> {
        let peer = self.peer;
        let connection = self.start()?;
        let answer = match statement.values {
            Some(_) => prepared(statement, peer).fetch_all(connection).await,
            None => sqlx::raw_sql(AssertSqlSafe(statement.sql)).fetch_all(connection).await,
        };
        let rows: Vec<PgRow> = self.settle(answer, then)?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(mut object) = self.object.take() else { return };
        match (self.stage, tokio::runtime::Handle::try_current()) {
            (Stage::Closed, _) => {}
            // One look sends it: nothing else is on its way. Whoever has the connection next reads the answer.
            (Stage::Open, Ok(_)) => {
                let rollback = pin!(object.execute("ROLLBACK"));
                let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
            }
            (Stage::Asking, Ok(runtime)) => {
                runtime.spawn(async move {
                    if object.execute("ROLLBACK").await.is_err() {
                        drop(Object::take(object));
                    }
                });
            }
            // Nobody is left to send anything; the server rolls back what is cut off.
            (Stage::Open | Stage::Asking, Err(_)) => drop(Object::take(object)),
        }
    }
}

fn prepared(statement: Statement, peer: Peer) -> sqlx::query::Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or(sea_orm::Values(vec![]));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values)).persistent(peer == Peer::Server)
}

/// Whether nothing more can be asked on a connection: its socket is broken, or the server has closed it.
/// See <https://www.postgresql.org/docs/current/errcodes-appendix.html>, classes 08 and 57P.
fn is_gone(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Database(told) => {
            told.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        sqlx::Error::RowNotFound | sqlx::Error::Encode(_) | sqlx::Error::Decode(_) => false,
        _ => true,
    }
}

pub(crate) fn lost(cause: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(cause)))
}

fn not_had(cause: PoolError<sqlx::Error>) -> DbErr {
    match cause {
        PoolError::Timeout(TimeoutType::Wait | TimeoutType::Create | TimeoutType::Recycle) => {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
        }
        PoolError::Closed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        PoolError::Backend(cause) => lost(cause),
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => DbErr::Custom(cause.to_string()),
    }
}
