//! PostgreSQL's second wall by itself: row-level security, and the gateway's own filters without it.

mod catalog;
mod connection_role;
mod constraints;
mod logins;
mod reentry;
mod rls_rows;
mod single_layer;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait,
};
use tests::{World, world::Side};
use uuid::Uuid;

/// Texts by a query whose one column is `name`.
pub(crate) async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

/// A number by a query whose one column is `n`.
async fn number(connection: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    row.unwrap_or_else(|error| panic!("{sql}\n{error}")).unwrap().try_get("", "n").unwrap()
}

/// The gateway's tables: all but the migrations' own.
async fn all_tables(connection: &impl ConnectionTrait) -> Vec<String> {
    let sql = "SELECT relname::text AS name FROM pg_class WHERE relkind IN ('r', 'p') \
               AND relnamespace = 'public'::regnamespace AND relname <> 'seaql_migrations' ORDER BY 1";
    texts(connection, sql).await
}

/// Tables with such a column.
async fn tables_with(connection: &impl ConnectionTrait, column: &str, is_not_null: bool) -> Vec<String> {
    let sql = format!(
        "SELECT c.relname::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace \
         AND a.attname = '{column}' AND NOT a.attisdropped AND (a.attnotnull OR NOT {is_not_null}) ORDER BY 1"
    );
    texts(connection, &sql).await
}

/// Tables of the tenants.
async fn tenant_tables(connection: &impl ConnectionTrait) -> Vec<String> {
    let tables = tables_with(connection, "organization_id", false).await;
    assert!(tables.len() >= 14 && tables.iter().any(|table| table == "doctors"), "{tables:?}");
    tables
}

/// A transaction of the gateway's role; with nothing said.
async fn role(connection: &DatabaseConnection) -> DatabaseTransaction {
    let tx = connection.begin().await.unwrap();
    tx.execute_unprepared("SET LOCAL ROLE cs12_app").await.unwrap();
    assert_eq!(texts(&tx, "SELECT current_user::text AS name").await, ["cs12_app"]);
    tx
}

/// A transaction of the gateway's role for somebody of A, who sees these DSOs.
async fn role_in_a(connection: &DatabaseConnection, person: &str, dsos: &str) -> DatabaseTransaction {
    let tx = role(connection).await;
    let user = World::uuid(&format!("user {person}"));
    set(&tx, "app.user_id", &user.to_string()).await;
    set(&tx, "app.organization_id", &a().to_string()).await;
    set(&tx, "app.dso_ids", dsos).await;
    tx
}

async fn set(tx: &DatabaseTransaction, name: &str, value: &str) {
    tx.execute_unprepared(&format!("SELECT set_config('{name}', '{value}', true)")).await.unwrap();
}

fn a() -> Uuid {
    World::organization(Side::A)
}

fn b() -> Uuid {
    World::organization(Side::B)
}

/// Sends a statement in a transaction inside; gives back the number of rows or PostgreSQL's code of the refusal.
async fn attempt(tx: &DatabaseTransaction, sql: &str) -> Result<u64, String> {
    let inner = tx.begin().await.unwrap();
    let done = inner.execute_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    inner.rollback().await.unwrap();
    done.map(|done| done.rows_affected()).map_err(|error| code(&error))
}

fn code(error: &DbErr) -> String {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        panic!("not PostgreSQL's: {error}");
    };
    error.as_database_error().and_then(|error| error.code().map(Into::into)).unwrap_or_else(|| panic!("{error}"))
}
