//! One operation's hold on the database.
//!
//! Owns: the transaction of an operation, opened lazily, with the tenant's settings in it, and the sending of statements.
//! May use: sea-orm. Invariant: on PostgreSQL no data statement is sent on a connection whose transaction does not carry
//! this session's tenant.

mod entrance;
pub(crate) mod pass;
mod reading;
mod rights;
mod sent;
mod tenant;

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{DbBackend, Statement};
use tokio::sync::{Mutex, OnceCell, OwnedMutexGuard};

pub(crate) use self::{
    entrance::{Entrance, Word},
    rights::{Rights, Seated},
    tenant::Tenant,
};
use crate::{
    Db, Error, Organization, OrganizationId, Principal, Rules,
    chain::{self, TellsOf},
    kept::{Changes, Keeping},
    narrowing,
    pool::{Intent, Pool, Transaction, postgres::Before, replicas::Lsn},
    recorder::{Listeners, Purpose},
    row::{FromRow, Row},
    session::{pass::Pass, sent::Sent},
    table::{ByPlace, Columns},
};

/// A transaction and who listens to it.
pub struct Tx {
    inner: Transaction,
    listeners: Listeners,
    purpose: Purpose,
    /// Goes after the connection.
    alone: Option<Alone>,
    sent: Sent,
}

/// As long as it lives, an operation's readers hold no connection and wait.
pub struct Alone(#[expect(dead_code, reason = "it is held, not looked at")] OwnedMutexGuard<Option<Arc<Tx>>>);

impl std::fmt::Debug for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Alone")
    }
}

impl Tx {
    pub(crate) async fn begin(
        pool: &Pool,
        intent: Intent,
        listeners: Listeners,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        Ok(Self { inner: pool.begin(intent).await?, listeners, purpose, alone: None, sent: Sent::default() })
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.inner.backend()
    }

    fn record(&self, statement: &Statement) {
        self.sent.statement(&statement.sql);
        self.listeners.sent(&statement.sql, self.purpose);
    }

    /// Keeps an operation's readers waiting until this transaction has ended.
    pub(crate) fn keeping(self, alone: Option<Alone>) -> Self {
        Self { alone, ..self }
    }

    /// From here on, statements count as `purpose`.
    pub(crate) fn now_for(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    pub(crate) async fn all<R: FromRow>(&self, statement: Statement) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        rows.iter().map(|row| R::from_row(row).map_err(Error::from)).collect()
    }

    /// The rows of a select of models, with these columns of them.
    pub(crate) async fn rows<R: ByPlace>(&self, statement: Statement, columns: Columns) -> Result<Vec<R>, Error> {
        let rows = self.query(statement).await?;
        // Room for all of them at once: they are large, and collecting results does not say how many there will be.
        let mut read = Vec::with_capacity(rows.len());
        for row in &rows {
            read.push(R::by_place(row, columns)?);
        }
        Ok(read)
    }

    async fn query(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        let sql = self.listeners.recorder.as_ref().map(|recorder| (recorder, statement.sql.clone()));
        let rows = self.inner.all(statement).await?;
        if let Some((recorder, sql)) = sql {
            recorder.answered(&sql, rows.len());
        }
        Ok(rows)
    }

    pub(crate) async fn one<R: FromRow>(&self, statement: Statement) -> Result<Option<R>, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        let row = self.inner.one(statement).await?;
        row.map(|row| R::from_row(&row).map_err(Error::from)).transpose()
    }

    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        self.inner.execute(statement).await
    }

    /// A change of which nothing is asked: it is sent with what comes next, or with the commit, and its failure is theirs.
    pub(crate) async fn along(&self, statement: Statement) -> Result<(), Error> {
        let statement = narrowing::sent(statement);
        self.record(&statement);
        self.inner.along(statement).await
    }

    /// An event of the audit log, sent like [`Tx::along`].
    pub(crate) async fn append(&self, event: Statement, tells_of: TellsOf) -> Result<(), Error> {
        self.sent.event(tells_of);
        self.listeners.sent(&event.sql, self.purpose);
        self.inner.along(event).await
    }

    /// Tells PostgreSQL's row-level security who was verified, before the person's user is known. Nothing on SQLite.
    pub(crate) async fn set_person(&self, principal: &Principal) {
        let email = principal.email().map_or("", |email| email.normal());
        self.set(&[("app.issuer", principal.issuer()), ("app.subject", principal.subject()), ("app.email", email)])
            .await;
    }

    /// Has PostgreSQL let a person in once more, before the next statement. Where it does not, that finds nothing.
    async fn enter(&self, pass: &Pass) {
        let statement = pass.statement();
        self.listeners.sent(&statement.sql, Purpose::Context);
        let expected = pass.expected().clone();
        let is_in = move |rows: &[Row]| {
            let found: Option<String> = rows.first().map_or(Ok(None), |row| row.named("rights"))?;
            expected.accept(found.map(Rights::from))
        };
        self.inner.before(Before::checked(statement, is_in)).await;
    }

    /// Compares a member's rights with those that the operation began with; for a database that does not do it by itself.
    async fn check(&self, seated: &Seated) -> Result<(), Error> {
        let statement = seated.statement(self.backend());
        self.listeners.sent(&statement.sql, Purpose::Context);
        seated.accept(&self.inner.all(statement).await?)
    }

    /// Asks what is none of an operation's data.
    async fn ask<R: FromRow>(&self, statement: Statement) -> Result<Option<R>, Error> {
        let statement = narrowing::sent(statement);
        self.listeners.sent(&statement.sql, Purpose::Context);
        let row = self.inner.one(statement).await?;
        row.map(|row| R::from_row(&row).map_err(Error::from)).transpose()
    }

    /// The same with the next statement; the answer goes to whoever waits for it.
    async fn ask_along<R: FromRow + Send + Sync + 'static>(&self, statement: Statement, answer: Arc<OnceCell<R>>) {
        let statement = narrowing::sent(statement);
        self.listeners.sent(&statement.sql, Purpose::Context);
        let told = move |rows: &[Row]| {
            if let Some(row) = rows.first() {
                // It may be known by now: then it was asked later, and stays.
                let _ = answer.set(R::from_row(row)?);
            }
            Ok(())
        };
        self.inner.before(Before::checked(statement, told)).await;
    }

    /// Tells PostgreSQL's row-level security the tenant and the visible DSOs. Nothing on SQLite.
    pub(crate) async fn set_tenant(&self, tenant: &Tenant) {
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
        self.inner.before(Before::any(statement)).await;
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
    word: Word,
    since: Option<Lsn>,
    listeners: Listeners,
    reading: Arc<Mutex<Option<Arc<Tx>>>>,
    organization: std::sync::Mutex<Option<Organization>>,
    changes: std::sync::Mutex<Arc<OnceCell<Changes>>>,
    /// Of whom the next transaction asks that before anybody wants to know it.
    foreseen: std::sync::Mutex<Option<OrganizationId>>,
    has_changed: AtomicBool,
}

impl Session {
    pub(crate) fn new(pool: Pool, entrance: Entrance, listeners: Listeners) -> Self {
        let Entrance { tx: open, word, since } = entrance;
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
    pub(crate) fn knows(&self, organization: Organization) {
        *self.organization.lock().unwrap_or_else(PoisonError::into_inner) = Some(organization);
    }

    /// The organization's row, if nothing can have changed it since.
    pub(crate) fn organization(&self) -> Option<Organization> {
        self.organization.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The organization's last change will be wanted: on PostgreSQL the question goes with the first statement.
    pub(crate) fn foresees_changes(&self, organization: OrganizationId) {
        if self.backend() == DbBackend::Postgres {
            *self.foreseen.lock().unwrap_or_else(PoisonError::into_inner) = Some(organization);
        }
    }

    fn foreseen(&self) -> Option<OrganizationId> {
        self.foreseen.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The organization's last change before whatever is read from here on.
    pub(crate) async fn changes(&self, organization: OrganizationId) -> Result<Changes, Error> {
        // Whoever is first asks by themselves, and once.
        let _asked = self.foreseen();
        let tx = self.read().await?;
        let changes = self.known_changes();
        let ask = async || tx.ask(chain::last_change(organization, tx.backend())).await?.ok_or(Error::NotFound);
        changes.get_or_try_init(ask).await.copied()
    }

    fn known_changes(&self) -> Arc<OnceCell<Changes>> {
        Arc::clone(&self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Something may be changed from here on.
    fn unlearn(&self) {
        self.has_changed.store(true, Ordering::Relaxed);
        *self.changes.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.organization.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.pool.backend()
    }

    pub(crate) fn db(&self, rules: &Arc<Rules>, keeping: &Keeping) -> Db {
        Db::over(self.pool.clone(), Arc::clone(rules), self.listeners.clone(), keeping.clone())
    }

    /// The transaction for reading.
    pub(crate) async fn read(&self) -> Result<Arc<Tx>, Error> {
        let mut reading = self.reading.lock().await;
        let tx = match reading.as_ref() {
            Some(tx) => Arc::clone(tx),
            None => Arc::clone(reading.insert(Arc::new(self.begin(Intent::Read).await?))),
        };
        if let Some(organization) = self.foreseen() {
            tx.ask_along(chain::last_change(organization, tx.backend()), self.known_changes()).await;
        }
        Ok(tx)
    }

    /// Gives the readers' connection back and keeps them from taking another: for a transaction beside theirs. An
    /// operation never holds two connections, or a full pool would wait for itself.
    pub(crate) async fn alone(&self) -> Alone {
        self.unlearn();
        let mut reading = Arc::clone(&self.reading).lock_owned().await;
        reading.take();
        Alone(reading)
    }

    /// A transaction for writing, after which readers see what it wrote.
    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        self.unlearn();
        // Given back first: an operation never holds two connections, or a full pool would wait for itself.
        self.reading.lock().await.take();
        self.begin(Intent::Write).await
    }

    /// The next transaction of this operation accepts the rights that it finds: the caller has just changed their own.
    pub(crate) fn changed_own_rights(&self) {
        match &self.word {
            Word::Pass(pass) => pass.expected().release(),
            Word::Member(seated) => seated.expected().release(),
            Word::Tenant(_) => {}
        }
    }

    /// A transaction that works for this session's tenant, under the rights that the operation began with.
    ///
    /// # Errors
    /// With this transaction's first answer, or here: [`Error::NotFound`] where the caller is no member any more, [`Error::Retry`] where
    /// their rights have changed.
    async fn begin(&self, intent: Intent) -> Result<Tx, Error> {
        let inner = match (intent, &self.since) {
            // What it has changed itself came after that.
            (Intent::Read, Some(since)) if !self.has_changed.load(Ordering::Relaxed) => {
                self.pool.begin_since(since).await?
            }
            (Intent::Read | Intent::Write, _) => self.pool.begin(intent).await?,
        };
        let tx =
            Tx { inner, listeners: self.listeners.clone(), purpose: Purpose::Data, alone: None, sent: Sent::default() };
        match &self.word {
            Word::Pass(pass) => tx.enter(pass).await,
            Word::Member(seated) => tx.check(seated).await?,
            Word::Tenant(tenant) => tx.set_tenant(tenant).await,
        }
        Ok(tx)
    }

    /// The same, as more or less than this session's own tenant.
    pub(crate) async fn write_as(&self, tenant: &Tenant) -> Result<Tx, Error> {
        self.unlearn();
        // Given back first: an operation never holds two connections, or a full pool would wait for itself.
        self.reading.lock().await.take();
        let tx = Tx::begin(&self.pool, Intent::Write, self.listeners.clone(), Purpose::Data).await?;
        tx.set_tenant(tenant).await;
        Ok(tx)
    }
}
