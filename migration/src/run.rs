//! The three commands: up, down, status.
//!
//! Owns the lock and the transaction of each step. Invariant: a step is applied or undone entirely, by one
//! run at a time; two that start together share the work and neither fails.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{Migration, MigrationStatus, MigrationTrait, MigratorTrait};

use crate::connect::{Missing, Target, open, target};
use crate::error::{MigrateError, reason};
use crate::steps;

/// The advisory lock of the migrations: any number, as long as every version uses this one.
const LOCK: &str = "select pg_advisory_xact_lock(1203120012)";

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        steps::all().into_iter().map(|step| Box::new(step) as Box<dyn MigrationTrait>).collect()
    }
}

/// One step and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStatus {
    /// The step's name, as `m0004_doctors`.
    pub name: String,
    /// Whether the database has it.
    pub state: StepState,
}

/// Whether a database has a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It has.
    Applied,
    /// `up` would apply it.
    Pending,
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

/// The names of all steps that this version knows, first to last.
pub fn names() -> impl Iterator<Item = &'static str> {
    steps::all().into_iter().map(|step| step.name)
}

/// Applies the next `steps` pending steps, or all of them for `None`; returns the names of those it applied,
/// in order. A missing SQLite file is made, in WAL mode.
pub async fn up(database_url: &str, steps: Option<u32>) -> Result<Vec<String>, MigrateError> {
    walk(database_url, steps, Direction::Up).await
}

/// Undoes the last `steps` applied steps, **or all of them for `None`, with all their data**; returns the names
/// of those it undid, the last applied first.
pub async fn down(database_url: &str, steps: Option<u32>) -> Result<Vec<String>, MigrateError> {
    walk(database_url, steps, Direction::Down).await
}

/// Whether the url is that of a SQLite file that is not there yet, or has not a byte.
pub fn is_new_file(database_url: &str) -> Result<bool, MigrateError> {
    match target(database_url)? {
        Target::Sqlite { file, .. } => Ok(file.metadata().map_or(!file.exists(), |found| found.len() == 0)),
        Target::Postgres { .. } => Ok(false),
    }
}

/// Every step that this version knows, in order, and whether the database has it. Writes nothing: a SQLite
/// file that is not there yet is reported as having no step.
pub async fn status(database_url: &str) -> Result<Vec<StepStatus>, MigrateError> {
    let target = target(database_url)?;
    if let Target::Sqlite { file, .. } = &target
        && !file.exists()
    {
        let pending = |migration: Migration| named(&migration, StepState::Pending);
        return Ok(Migrator::get_migration_files().into_iter().map(pending).collect());
    }
    let user = match &target {
        Target::Postgres { options, .. } => Some(options.get_username().to_owned()),
        Target::Sqlite { .. } => None,
    };
    let connection = open(target, Missing::Refuse).await?;
    let steps = Migrator::get_migration_with_status_read_only(&connection).await;
    let is_hidden = match &steps {
        // A list that the login may not read looks like none.
        Ok(steps) if user.is_some() && steps.iter().all(|step| step.status() == MigrationStatus::Pending) => {
            has_list(&connection).await
        }
        _ => false,
    };
    let steps = steps.map_err(|error| state_error(&error));
    close(connection).await;
    if let (true, Some(user)) = (is_hidden, user) {
        return Err(MigrateError::Unreadable { user });
    }
    let applied = |migration: Migration| match migration.status() {
        MigrationStatus::Applied => named(&migration, StepState::Applied),
        MigrationStatus::Pending => named(&migration, StepState::Pending),
    };
    Ok(steps?.into_iter().map(applied).collect())
}

/// Whether PostgreSQL has a list of applied steps that has entries, as far as everybody may know.
async fn has_list(connection: &DatabaseConnection) -> bool {
    let sql = "SELECT 1 FROM pg_class WHERE relname = 'seaql_migrations' AND relkind = 'r' \
               AND NOT has_table_privilege(oid, 'SELECT')";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.is_ok_and(|row| row.is_some())
}

fn named(migration: &Migration, state: StepState) -> StepStatus {
    let name = migration.name().to_owned();
    StepStatus { name, state }
}

async fn walk(database_url: &str, steps: Option<u32>, direction: Direction) -> Result<Vec<String>, MigrateError> {
    let missing = match direction {
        Direction::Up => Missing::Create,
        Direction::Down => Missing::Refuse,
    };
    let connection = open(target(database_url)?, missing).await?;
    let mut done = Vec::new();
    let result = loop {
        if steps.is_some_and(|steps| done.len() as u64 >= u64::from(steps)) {
            break Ok(());
        }
        match one_step(&connection, direction).await {
            Ok(Some(name)) => done.push(name),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    close(connection).await;
    result.map(|()| done)
}

/// One step in one transaction, under the lock, so that what is pending cannot change between look and deed.
async fn one_step(connection: &DatabaseConnection, direction: Direction) -> Result<Option<String>, MigrateError> {
    let transaction = locked(connection).await.map_err(|error| state_error(&error))?;
    let known = Migrator::get_migration_with_status(&transaction).await;
    let known = known.map_err(|error| state_error(&error))?;
    let next = match direction {
        Direction::Up => known.iter().find(|step| step.status() == MigrationStatus::Pending),
        Direction::Down => known.iter().rfind(|step| step.status() == MigrationStatus::Applied),
    };
    let Some(name) = next.map(|step| step.name().to_owned()) else {
        return Ok(None);
    };
    let applied = match direction {
        Direction::Up => Migrator::up(&transaction, Some(1)).await,
        Direction::Down => Migrator::down(&transaction, Some(1)).await,
    };
    let committed = match applied {
        Ok(()) => transaction.commit().await,
        Err(error) => Err(error),
    };
    match committed {
        Ok(()) => Ok(Some(name)),
        Err(error) => Err(MigrateError::Step { step: name, reason: reason(&error) }),
    }
}

async fn locked(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    // IMMEDIATE takes SQLite's write lock now and waits for it; a deferred one would fail halfway.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            let transaction = connection.begin().await?;
            transaction.execute_unprepared(LOCK).await?;
            Ok(transaction)
        }
        _ => connection.begin_with_options(options).await,
    }
}

/// What is done is committed by now: a connection that does not close cleanly loses nothing.
async fn close(connection: DatabaseConnection) {
    drop(connection.close().await);
}

fn state_error(error: &DbErr) -> MigrateError {
    match error {
        // The one reason for which sea-orm-migration makes this variant when it reads the list.
        DbErr::Custom(_) => MigrateError::UnknownSteps,
        _ => MigrateError::State { reason: reason(error) },
    }
}
