//! One operation's hold on the database.
//!
//! Owns: the transaction of an operation, opened lazily, with the tenant's settings in it, and the sending of statements.
//! May use: sea-orm. Invariant: on PostgreSQL no data statement is sent on a connection whose transaction does not carry
//! this session's tenant.

pub(crate) mod change_event;
mod db;
mod enter_state;
pub(crate) mod enter_statements;
mod reading;
mod rights;
mod tenant;
mod written_tables;

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{DbBackend, Statement};
use tokio::sync::{Mutex, OnceCell, OwnedMutexGuard};

pub(crate) use self::{
    enter_state::{EnterState, RlsMode},
    rights::{OwnMembership, Rights},
    tenant::TenantSettings,
};
use crate::{
    auth::Principal,
    db::{
        Db,
        figure_cache::{ChangeToken, FigureCache},
        pool::{Pool, Transaction, TxMode, postgres::QueuedStatement, replicas::Lsn},
        statement_recorder::{Listeners, Purpose},
        unscoped_test_build,
    },
    error::Error,
    id::OrganizationId,
    models::{ColumnSet, DecodePositional, Organization},
    organization_settings::OrganizationSettings,
    row::{FromRow, Row},
    session::{change_event::EventEffect, enter_statements::Reentry, written_tables::WrittenTables},
};

/// A transaction and who listens to it.
pub struct Tx {
    inner: Transaction,
    listeners: Listeners,
    purpose: Purpose,
    /// Goes after the connection.
    alone: Option<ExclusiveGuard>,
    sent: WrittenTables,
}

/// As long as it lives, an operation's readers hold no connection and wait.
pub struct ExclusiveGuard(#[expect(dead_code, reason = "it is held, not looked at")] OwnedMutexGuard<Option<Arc<Tx>>>);

impl std::fmt::Debug for ExclusiveGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Alone")
    }
}

impl Tx {
    pub(crate) async fn begin(
        pool: &Pool,
        intent: TxMode,
        listeners: Listeners,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        Ok(Self { inner: pool.begin(intent).await?, listeners, purpose, alone: None, sent: WrittenTables::default() })
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.backend()
    }

    fn record(&self, statement: &Statement) {
        self.sent.statement(&statement.sql);
        self.listeners.sent(&statement.sql, self.purpose);
    }

    /// Keeps an operation's readers waiting until this transaction has ended.
    pub(crate) fn holding(self, alone: Option<ExclusiveGuard>) -> Self {
        Self { alone, ..self }
    }

    /// From here on, statements count as `purpose`.
    pub(crate) fn with_purpose(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    pub(crate) async fn query_as<R: FromRow>(&self, statement: Statement) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        rows.iter().map(|row| R::from_row(row).map_err(Error::from)).collect()
    }

    /// The rows of a select of models, with these columns of them.
    pub(crate) async fn query_models<R: DecodePositional>(
        &self,
        statement: Statement,
        columns: ColumnSet,
    ) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        // Room for all of them at once: they are large, and collecting results does not say how many there will be.
        let mut read = Vec::with_capacity(rows.len());
        for row in &rows {
            read.push(R::decode_positional(row, columns)?);
        }
        Ok(read)
    }

    async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        let statement = unscoped_test_build::sent_statement(statement);
        self.record(&statement);
        let sql = self.listeners.recorder.as_ref().map(|recorder| (recorder, statement.sql.clone()));
        let rows = self.inner.query(statement).await?;
        if let Some((recorder, sql)) = sql {
            recorder.record_rows(&sql, rows.len());
        }
        Ok(rows)
    }

    pub(crate) async fn query_opt<R: FromRow>(&self, statement: Statement) -> Result<Option<R>, Error> {
        let statement = unscoped_test_build::sent_statement(statement);
        self.record(&statement);
        let row = self.inner.query_opt(statement).await?;
        row.map(|row| R::from_row(&row).map_err(Error::from)).transpose()
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        let statement = unscoped_test_build::sent_statement(statement);
        self.record(&statement);
        self.inner.execute(statement).await
    }

    /// A change of which nothing is asked: it is sent with what comes next, or with the commit, and its failure is theirs.
    pub(crate) async fn execute_deferred(&self, statement: Statement) -> Result<(), Error> {
        let statement = unscoped_test_build::sent_statement(statement);
        self.record(&statement);
        self.inner.execute_deferred(statement).await
    }

    /// An event of the audit log, sent like [`Tx::along`].
    pub(crate) async fn append(&self, event: Statement, tells_of: EventEffect) -> Result<(), Error> {
        self.sent.event(tells_of);
        self.listeners.sent(&event.sql, self.purpose);
        self.inner.execute_deferred(event).await
    }

    /// Tells PostgreSQL's row-level security who was verified, before the person's user is known. Nothing on SQLite.
    pub(crate) async fn set_principal(&self, principal: &Principal) {
        let email = principal.email().map_or("", |email| email.normalized());
        self.set(&[("app.issuer", principal.issuer()), ("app.subject", principal.subject()), ("app.email", email)])
            .await;
    }

    /// Has PostgreSQL let a person in once more, before the next statement. Where it does not, that finds nothing.
    async fn enter(&self, pass: &Reentry) {
        let statement = pass.statement();
        self.listeners.sent(&statement.sql, Purpose::Context);
        let expected = pass.expected().clone();
        let is_in = move |rows: &[Row]| {
            let found: Option<String> = rows.first().map_or(Ok(None), |row| row.get_by_name("rights"))?;
            expected.accept(found.map(Rights::from))
        };
        self.inner.enqueue_first(QueuedStatement::checked(statement, is_in)).await;
    }

    /// Compares a member's rights with those that the operation began with; for a database that does not do it by itself.
    async fn check(&self, seated: &OwnMembership) -> Result<(), Error> {
        let statement = seated.statement(self.backend());
        self.listeners.sent(&statement.sql, Purpose::Context);
        seated.accept(&self.inner.query(statement).await?)
    }

    /// Asks what is none of an operation's data.
    async fn ask<R: FromRow>(&self, statement: Statement) -> Result<Option<R>, Error> {
        let statement = unscoped_test_build::sent_statement(statement);
        self.listeners.sent(&statement.sql, Purpose::Context);
        let row = self.inner.query_opt(statement).await?;
        row.map(|row| R::from_row(&row).map_err(Error::from)).transpose()
    }

    /// The same with the next statement; the answer goes to whoever waits for it.
    async fn prefetch_with<R: FromRow + Send + Sync + 'static>(&self, statement: Statement, answer: Arc<OnceCell<R>>) {
        let statement = unscoped_test_build::sent_statement(statement);
        self.listeners.sent(&statement.sql, Purpose::Context);
        let told = move |rows: &[Row]| {
            if let Some(row) = rows.first() {
                // It may be known by now: then it was asked later, and stays.
                let _ = answer.set(R::from_row(row)?);
            }
            Ok(())
        };
        self.inner.enqueue_first(QueuedStatement::checked(statement, told)).await;
    }

    /// Tells PostgreSQL's row-level security the tenant and the visible DSOs. Nothing on SQLite.
    pub(crate) async fn set_tenant(&self, tenant: &TenantSettings) {
        self.set(&[
            ("app.user_id", &tenant.user),
            ("app.organization_id", &tenant.organization),
            ("app.dso_ids", &tenant.dsos),
        ])
        .await;
    }

    pub(crate) async fn set(&self, settings: &[(&str, &str)]) {
        if self.backend() != DbBackend::Postgres {
            return;
        }
        let calls: Vec<_> = settings
            .iter()
            .enumerate()
            .map(|(n, (name, _))| format!("set_config('{name}', ${}, true)", n + 1))
            .collect();
        let sql = format!("SELECT {}", calls.join(", "));
        let values: Vec<sea_orm::Value> = settings.iter().map(|(_, value)| (*value).into()).collect();
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        self.listeners.sent(&statement.sql, Purpose::Context);
        self.inner.enqueue_first(QueuedStatement::any(statement)).await;
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        let Self { inner, alone, sent, .. } = self;
        sent.check()?;
        inner.commit().await?;
        drop(alone);
        Ok(())
    }
}

/// One operation's reading side: a transaction that opens at the first statement and is shared by all readers.
///
/// It remembers the organization's row as entering found it, and which event told last of a change, until something is changed.
pub(crate) struct Session {
    pool: Pool,
    word: RlsMode,
    since: Option<Lsn>,
    listeners: Listeners,
    reading: Arc<Mutex<Option<Arc<Tx>>>>,
    organization: std::sync::Mutex<Option<Organization>>,
    changes: std::sync::Mutex<Arc<OnceCell<ChangeToken>>>,
    /// Of whom the next transaction asks that before anybody wants to know it.
    foreseen: std::sync::Mutex<Option<OrganizationId>>,
    has_changed: AtomicBool,
}

impl Session {
    pub(crate) fn new(pool: Pool, entrance: EnterState, listeners: Listeners) -> Self {
        let EnterState { tx: open, word, since } = entrance;
        let reading = Arc::new(Mutex::new(open.map(Arc::new)));
        Self {
            pool,
            word,
            since,
            listeners,
            reading,
            organization: std::sync::Mutex::default(),
            changes: std::sync::Mutex::default(),
            foreseen: std::sync::Mutex::default(),
            has_changed: AtomicBool::new(false),
        }
    }

    /// The organization's row, of the moment at which it was entered.
    pub(crate) fn cache_organization(&self, organization: Organization) {
        *self.organization.lock().unwrap_or_else(PoisonError::into_inner) = Some(organization);
    }

    /// The organization's row, if nothing can have changed it since.
    pub(crate) fn organization(&self) -> Option<Organization> {
        self.organization.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The organization's last change will be wanted: on PostgreSQL the question goes with the first statement.
    pub(crate) fn prefetch_change_token(&self, organization: OrganizationId) {
        if self.backend() == DbBackend::Postgres {
            *self.foreseen.lock().unwrap_or_else(PoisonError::into_inner) = Some(organization);
        }
    }

    fn pending_prefetch(&self) -> Option<OrganizationId> {
        self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The organization's last change before whatever is read from here on.
    pub(crate) async fn change_token(&self, organization: OrganizationId) -> Result<ChangeToken, Error> {
        // Whoever is first asks by themselves, and once.
        let _asked = self.pending_prefetch();
        let tx = self.read().await?;
        let changes = self.cached_change_token();
        let ask = async || tx.ask(change_event::last_change(organization, tx.backend())).await?.ok_or(Error::NotFound);
        changes.get_or_try_init(ask).await.copied()
    }

    fn cached_change_token(&self) -> Arc<OnceCell<ChangeToken>> {
        Arc::clone(&self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Something may be changed from here on.
    fn invalidate(&self) {
        self.has_changed.store(true, Ordering::Relaxed);
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.organization.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.pool.backend()
    }

    pub(crate) fn db(&self, organization_settings: &Arc<OrganizationSettings>, figure_cache: &FigureCache) -> Db {
        Db::with_pool(
            self.pool.clone(),
            Arc::clone(organization_settings),
            self.listeners.clone(),
            figure_cache.clone(),
        )
    }

    /// The transaction for reading.
    pub(crate) async fn read(&self) -> Result<Arc<Tx>, Error> {
        let mut reading = self.reading.lock().await;
        let tx = match reading.as_ref() {
            Some(tx) => Arc::clone(tx),
            None => Arc::clone(reading.insert(Arc::new(self.begin(TxMode::Read).await?))),
        };
        if let Some(organization) = self.pending_prefetch() {
            tx.prefetch_with(change_event::last_change(organization, tx.backend()), self.cached_change_token()).await;
        }
        Ok(tx)
    }

    /// Gives the readers' connection back and keeps them from taking another: for a transaction beside theirs. An
    /// operation never holds two connections, or a full pool would wait for itself.
    pub(crate) async fn exclusive(&self) -> ExclusiveGuard {
        self.invalidate();
        let mut reading = Arc::clone(&self.reading).lock_owned().await;
        reading.take();
        ExclusiveGuard(reading)
    }

    /// A transaction for writing, after which readers see what it wrote.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        self.invalidate();
        // Given back first: an operation never holds two connections, or a full pool would wait for itself.
        self.reading.lock().await.take();
        self.begin(TxMode::Write).await
    }

    /// The next transaction of this operation accepts the rights that it finds: the caller has just changed their own.
    pub(crate) fn note_own_rights_changed(&self) {
        match &self.word {
            RlsMode::Pass(pass) => pass.expected().forget_expected(),
            RlsMode::Member(seated) => seated.expected().forget_expected(),
            RlsMode::Tenant(_) => {}
        }
    }

    /// A transaction that works for this session's tenant, under the rights that the operation began with.
    ///
    /// # Errors
    /// With this transaction's first answer, or here: [`Error::NotFound`] where the caller is no member any more, [`Error::Retry`] where
    /// their rights have changed.
    async fn begin(&self, intent: TxMode) -> Result<Tx, Error> {
        let inner = match (intent, &self.since) {
            // What it has changed itself came after that.
            (TxMode::Read, Some(since)) if !self.has_changed.load(Ordering::Relaxed) => {
                self.pool.begin_at_lsn(since).await?
            }
            (TxMode::Read | TxMode::Write, _) => self.pool.begin(intent).await?,
        };
        let tx = Tx {
            inner,
            listeners: self.listeners.clone(),
            purpose: Purpose::Data,
            alone: None,
            sent: WrittenTables::default(),
        };
        match &self.word {
            RlsMode::Pass(pass) => tx.enter(pass).await,
            RlsMode::Member(seated) => tx.check(seated).await?,
            RlsMode::Tenant(tenant) => tx.set_tenant(tenant).await,
        }
        Ok(tx)
    }

    /// The same, as more or less than this session's own tenant.
    pub(crate) async fn write_as(&self, tenant: &TenantSettings) -> Result<Tx, Error> {
        self.invalidate();
        // Given back first: an operation never holds two connections, or a full pool would wait for itself.
        self.reading.lock().await.take();
        let tx = Tx::begin(&self.pool, TxMode::Write, self.listeners.clone(), Purpose::Data).await?;
        tx.set_tenant(tenant).await;
        Ok(tx)
    }
}
