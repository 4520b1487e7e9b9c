//! The whole database as text, to detect changes.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// All rows of all tables, by table, each row as the database prints it.
pub async fn dump(connection: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let backend = connection.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut all = BTreeMap::new();
    for row in connection.query_all_raw(Statement::from_string(backend, tables)).await.expect("list the tables") {
        let table: String = row.try_get("", "name").expect("a table's name");
        all.insert(table.clone(), rows(connection, &table).await);
    }
    all
}

async fn rows(connection: &DatabaseConnection, table: &str) -> Vec<String> {
    let backend = connection.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        format!("SELECT t::text AS line FROM \"{table}\" t ORDER BY 1")
    } else {
        let pragma = Statement::from_string(backend, format!("SELECT name FROM pragma_table_info('{table}')"));
        let columns = connection.query_all_raw(pragma).await.expect("list the columns");
        let quoted: Vec<String> = columns
            .iter()
            .map(|row| format!("quote(\"{}\")", row.try_get::<String>("", "name").expect("a column's name")))
            .collect();
        format!("SELECT {} AS line FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || "))
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.expect("dump a table");
    rows.iter().map(|row| row.try_get::<String>("", "line").expect("a row as text")).collect()
}
