//! One operation's hold on the database.
//!
//! Owns: the transaction of an operation, opened lazily, with the tenant's settings in it, and the sending of statements.
//! May use: sea-orm. Invariant: on PostgreSQL no data statement is sent on a connection whose transaction does not carry
//! this session's tenant.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, ExecResult, FromQueryResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{Db, Error, OrgContext, Principal, Recorder, Rules, UserId, narrowing, recorder::Purpose, table::ByPlace};

/// A transaction and who listens to it.
pub struct Tx {
    inner: DatabaseTransaction,
    recorder: Option<Recorder>,
    purpose: Purpose,
    /// Goes after the connection.
    alone: Option<Alone>,
}

/// As long as it lives, an operation's readers hold no connection and wait.
pub struct Alone(#[expect(dead_code, reason = "it is held, not looked at")] OwnedMutexGuard<Option<Arc<Tx>>>);

impl std::fmt::Debug for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Alone")
    }
}

/// What a new transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Read,
    Write,
}

impl Tx {
    pub(crate) async fn begin(
        connection: &DatabaseConnection,
        intent: Intent,
        recorder: Option<Recorder>,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        // A deferred SQLite transaction that turns into a writer is refused at once when another writes; an immediate
        // one waits its turn.
        let mode = match intent {
            Intent::Read => SqliteTransactionMode::Deferred,
            Intent::Write => SqliteTransactionMode::Immediate,
        };
        let options = match connection.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(mode), ..Default::default() },
            _ => TransactionOptions::default(),
        };
        // In a task of its own, which is waited for whatever becomes of the request. Seen with sqlx 0.9.0: a BEGIN that is given
        // up while its answer is on the way is forgotten, and its connection goes back to the pool with an open transaction.
        let connection = connection.clone();
        let begun = tokio::spawn(async move { connection.begin_with_options(options).await }).await;
        let inner = begun.map_err(|lost| Error::Internal(Arc::new(lost)))??;
        Ok(Self { inner, recorder, purpose, alone: None })
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    fn record(&self, statement: &Statement) {
        if let Some(recorder) = &self.recorder {
            recorder.push(&statement.sql, self.purpose);
        }
    }

    /// Keeps an operation's readers waiting until this transaction has ended.
    pub(crate) fn keeping(self, alone: Option<Alone>) -> Self {
        Self { alone, ..self }
    }

    /// From here on, statements count as `purpose`.
    pub(crate) fn now_for(&mut self, purpose: Purpose) {
        self.purpose = purpose;
    }

    pub(crate) async fn all<R: FromQueryResult>(&self, statement: Statement) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        rows.iter().map(|row| R::from_query_result(row, "").map_err(Error::from)).collect()
    }

    /// The rows of a select of whole models.
    pub(crate) async fn rows<R: ByPlace>(&self, statement: Statement) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        rows.iter().map(|row| R::by_place(row).map_err(Error::from)).collect()
    }

    async fn query(&self, statement: Statement) -> Result<Vec<QueryResult>, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        let sql = self.recorder.as_ref().map(|recorder| (recorder, statement.sql.clone()));
        let rows = self.inner.query_all_raw(statement).await?;
        if let Some((recorder, sql)) = sql {
            recorder.answered(&sql, rows.len());
        }
        Ok(rows)
    }

    pub(crate) async fn one<R: FromQueryResult>(&self, statement: Statement) -> Result<Option<R>, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        let row = self.inner.query_one_raw(statement).await?;
        row.map(|row| R::from_query_result(&row, "").map_err(Error::from)).transpose()
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<ExecResult, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        Ok(self.inner.execute_raw(statement).await?)
    }

    /// Tells PostgreSQL's row-level security who was verified, before the person's user is known. Nothing on SQLite.
    pub(crate) async fn set_person(&self, principal: &Principal) -> Result<(), Error> {
        let email = principal.email().map_or("", |email| email.normal());
        self.set(&[("app.issuer", principal.issuer()), ("app.subject", principal.subject()), ("app.email", email)])
            .await
    }

    /// Tells PostgreSQL's row-level security the tenant and the visible DSOs. Nothing on SQLite.
    pub(crate) async fn set_tenant(&self, tenant: &Tenant) -> Result<(), Error> {
        self.set(&[
            ("app.user_id", &tenant.user),
            ("app.organization_id", &tenant.organization),
            ("app.dso_ids", &tenant.dsos),
        ])
        .await
    }

    pub(crate) async fn set(&self, settings: &[(&str, &str)]) -> Result<(), Error> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let calls: Vec<_> = settings
            .iter()
            .enumerate()
            .map(|(n, (name, _))| format!("set_config('{name}', ${}, true)", n + 1))
            .collect();
        let sql = format!("SELECT {}", calls.join(", "));
        let values: Vec<sea_orm::Value> = settings.iter().map(|(_, value)| (*value).into()).collect();
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        if let Some(recorder) = &self.recorder {
            recorder.push(&statement.sql, Purpose::Context);
        }
        self.inner.execute_raw(statement).await?;
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        let Self { inner, alone, .. } = self;
        inner.commit().await?;
        drop(alone);
        Ok(())
    }
}

/// The settings that a tenant's transaction carries, as text.
#[derive(Clone)]
pub(crate) struct Tenant {
    user: String,
    organization: String,
    dsos: String,
}

impl Tenant {
    pub(crate) fn of(context: &OrgContext) -> Self {
        use crate::{OrgRole, TypedId};
        let standing = context.standing();
        let dsos = match standing.org_role() {
            // Archived DSOs too: they can be restored.
            OrgRole::Owner | OrgRole::Admin => "*".to_owned(),
            OrgRole::Member => {
                context.visible_dsos().iter().map(|dso| dso.uuid().to_string()).collect::<Vec<_>>().join(",")
            }
        };
        Self { user: standing.user().uuid().to_string(), organization: context.organization().uuid().to_string(), dsos }
    }

    /// An import's: everything of one organization, nobody's user.
    pub(crate) fn whole(organization: crate::OrganizationId, user: Option<UserId>) -> Self {
        use crate::TypedId;
        Self {
            user: user.map_or_else(String::new, |user| user.uuid().to_string()),
            organization: organization.uuid().to_string(),
            dsos: "*".to_owned(),
        }
    }
}

/// One operation's reading side: a transaction that opens at the first statement and is shared by all readers.
pub(crate) struct Session {
    connection: DatabaseConnection,
    tenant: Tenant,
    recorder: Option<Recorder>,
    reading: Arc<Mutex<Option<Arc<Tx>>>>,
}

impl Session {
    pub(crate) fn new(
        connection: DatabaseConnection,
        tenant: Tenant,
        recorder: Option<Recorder>,
        open: Option<Tx>,
    ) -> Self {
        Self { connection, tenant, recorder, reading: Arc::new(Mutex::new(open.map(Arc::new))) }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    pub(crate) fn db(&self, rules: &Arc<Rules>) -> Db {
        Db::over(self.connection.clone(), Arc::clone(rules), self.recorder.clone())
    }

    /// The transaction for reading.
    pub(crate) async fn read(&self) -> Result<Arc<Tx>, Error> {
        let mut reading = self.reading.lock().await;
        if let Some(tx) = reading.as_ref() {
            return Ok(Arc::clone(tx));
        }
        let tx = Tx::begin(&self.connection, Intent::Read, self.recorder.clone(), Purpose::Data).await?;
        tx.set_tenant(&self.tenant).await?;
        let tx = Arc::new(tx);
        *reading = Some(Arc::clone(&tx));
        Ok(tx)
    }

    /// Gives the readers' connection back and keeps them from taking another: for a transaction beside theirs. An
    /// operation never holds two connections, or a full pool would wait for itself.
    pub(crate) async fn alone(&self) -> Alone {
        let mut reading = Arc::clone(&self.reading).lock_owned().await;
        reading.take();
        Alone(reading)
    }

    /// A transaction for writing, after which readers see what it wrote.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        self.write_as(&self.tenant).await
    }

    /// The same, as more or less than this session's own tenant.
    pub(crate) async fn write_as(&self, tenant: &Tenant) -> Result<Tx, Error> {
        // Given back first: an operation never holds two connections, or a full pool would wait for itself.
        self.reading.lock().await.take();
        let tx = Tx::begin(&self.connection, Intent::Write, self.recorder.clone(), Purpose::Data).await?;
        tx.set_tenant(tenant).await?;
        Ok(tx)
    }
}
