//! A rollout: the next version's schema comes before the next version, and this one serves meanwhile.
//!
//! The rule is in `migration/README.md`; what the last release relies upon is in `migration/tests/schema-contract.txt`.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

use super::tenants_are_apart;

async fn lines(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// As the contract has it: `table.column type nullability`, then `function(arguments) result`.
const SHAPE: [&str; 2] = [
    "SELECT concat(table_name, '.', column_name, ' ', data_type, \
            CASE WHEN is_nullable = 'YES' THEN ' null' WHEN column_default IS NULL THEN ' not null' \
                 ELSE ' not null default' END) \
     FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name",
    "SELECT concat(proname, '(', pg_get_function_identity_arguments(p.oid), ') ', pg_get_function_result(p.oid)) \
     FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype ORDER BY 1",
];

async fn shape(connection: &DatabaseConnection) -> Vec<String> {
    let mut shape = Vec::new();
    for sql in SHAPE {
        shape.extend(lines(connection, sql).await);
    }
    shape
}

/// A column's name and what is said of it.
fn entries(lines: &[String]) -> BTreeMap<&str, &str> {
    lines.iter().filter_map(|line| line.split_once(' ')).collect()
}

/// What the version that wrote the contract could not work with, each with what to do.
fn breaches(contract: &[String], schema: &[String]) -> Vec<String> {
    let (promised, found) = (entries(contract), entries(schema));
    let is_known = |name: &str| {
        let table = name.split('.').next().unwrap_or_default();
        promised.keys().any(|known| known.split('.').next() == Some(table) && known.contains('.'))
    };
    let kept = promised.iter().filter_map(|(name, said)| match found.get(name) {
        None => Some(format!("`{name}` is gone: add what replaces it now, and drop it one release later")),
        // A default that came later takes nothing away.
        Some(now) if now.trim_end_matches(" default") != said.trim_end_matches(" default") => {
            Some(format!("`{name}` was `{said}` and is `{now}`: add another column, fill both, drop one release later"))
        }
        Some(_) => None,
    });
    let is_demanding = |(name, said): &(&&str, &&str)| {
        !promised.contains_key(*name) && name.contains('.') && is_known(name) && said.ends_with(" not null")
    };
    let new = found.iter().filter(is_demanding).map(|(name, _)| {
        format!("`{name}` is new and needs a value that the last release does not give: let it be null, or give it a default")
    });
    kept.chain(new).collect()
}

fn contract() -> Vec<String> {
    let text = include_str!("../../../migration/tests/schema-contract.txt");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// After a release: `WRITE_SCHEMA_CONTRACT=1 cargo test -p tests --test suites rollout::what_the_last_release` writes it anew.
#[tokio::test]
async fn what_the_last_release_relies_upon_is_still_there() {
    let database = Database::empty(Kind::Postgres).await;
    let schema = shape(&database.connect().await).await;
    if std::env::var_os("WRITE_SCHEMA_CONTRACT").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../migration/tests/schema-contract.txt");
        let text = include_str!("../../../migration/tests/schema-contract.txt");
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        std::fs::write(file, format!("{}\n\n{}\n", head.join("\n"), schema.join("\n"))).unwrap();
        return;
    }
    let breaches = breaches(&contract(), &schema);
    assert!(breaches.is_empty(), "the last release could not serve on this schema:\n{}", breaches.join("\n"));
}

/// SQLite's columns are the same by name and by what may be missing; their types are the steps' words.
#[tokio::test]
async fn what_the_last_release_relies_upon_is_on_sqlite_too() {
    let database = Database::empty(Kind::Sqlite).await;
    let sql = "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN ' null' ELSE ' not null' END \
               FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let found = lines(&database.connect().await, sql).await;
    for line in contract().iter().filter(|line| !line.contains('(')) {
        let name = line.split(' ').next().unwrap();
        let nullability = if line.ends_with(" null") && !line.ends_with(" not null") { "null" } else { "not null" };
        // What PostgreSQL alone has (the migrations' own list, times of rows that only it keeps) is not asked of SQLite.
        if found.iter().any(|column| column.starts_with(&format!("{}.", name.split('.').next().unwrap()))) {
            assert!(
                found.contains(&format!("{name} {nullability}")),
                "`{name}` is not on SQLite, or not `{nullability}`"
            );
        }
    }
}

#[test]
fn a_schema_that_breaks_the_last_release_is_told() {
    let lines = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let contract = lines(&["a.id uuid not null", "a.name text null", "a.n integer not null", "f(uuid) uuid"]);
    for (schema, says) in [
        (vec!["a.id uuid not null", "a.name text null", "a.n integer not null", "f(uuid) uuid"], None),
        (
            vec![
                "a.id uuid not null",
                "a.name text null",
                "a.n integer not null default",
                "f(uuid) uuid",
                "b.x text not null",
            ],
            None,
        ),
        (vec!["a.id uuid not null", "a.name text null", "a.n integer not null", "f(uuid) uuid", "a.x text null"], None),
        (
            vec!["a.id uuid not null", "a.title text null", "a.n integer not null", "f(uuid) uuid"],
            Some("`a.name` is gone"),
        ),
        (
            vec!["a.id uuid not null", "a.name text not null", "a.n integer not null", "f(uuid) uuid"],
            Some("was `text null`"),
        ),
        (
            vec!["a.id uuid not null", "a.name text null", "a.n bigint not null", "f(uuid) uuid"],
            Some("and is `bigint not null`"),
        ),
        (vec!["a.id uuid not null", "a.name text null", "a.n integer not null", "f(uuid) text"], Some("`f(uuid)` was")),
        (
            vec!["a.id uuid not null", "a.name text null", "a.n integer not null", "f(uuid) uuid", "a.x text not null"],
            Some("`a.x` is new and needs a value"),
        ),
    ] {
        let told = breaches(&contract, &lines(&schema));
        assert_eq!(told.len(), usize::from(says.is_some()), "{schema:?}: {told:?}");
        assert!(says.is_none_or(|says| told[0].contains(says)), "{told:?}");
    }
}

/// The next version has added to every table: this one reads, changes and stays ready, with the connections that it had before, too.
#[tokio::test]
async fn this_version_serves_on_a_schema_that_has_grown() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let before = Gateway::over(&database).await;
        tenants_are_apart(&before, "nothing").await;
        let connection = database.connect().await;
        let tables = match kind {
            Kind::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Kind::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        let tables = lines(&connection, tables).await;
        assert!(tables.len() > 20, "{tables:?}");
        for table in tables.iter().filter(|table| *table != "seaql_migrations") {
            for column in ["added_text text", "added_number integer NOT NULL DEFAULT 7"] {
                let sql = format!("ALTER TABLE {table} ADD COLUMN {column}");
                connection.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
        }
        let step = "INSERT INTO seaql_migrations VALUES ('m9999_added', 0)";
        connection.execute_raw(Statement::from_string(backend(kind), step)).await.unwrap();

        let after = Gateway::over(&database).await;
        for (gateway, when) in [(&before, "that was there before"), (&after, "that came after")] {
            let why = format!("a new column in each table, by a gateway {when}, on {kind:?}");
            tenants_are_apart(gateway, &why).await;
            for query in tests::queries::by_type() {
                let answer = gateway.ask(Actor::Owner, &query.text, query.variables.clone()).await;
                let is_ours = |code: &&str| matches!(*code, "INTERNAL" | "UNAVAILABLE");
                assert!(!answer.codes().iter().any(is_ours), "{why}: {}: {}", query.name, answer.text);
            }
            let ready = gateway.send(Request::get("/health/ready").body(Body::empty()).unwrap()).await;
            assert_eq!(ready.status, 200, "{why}: {}", ready.text);
            let mutation =
                "mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { code } } }";
            gateway.ask(Actor::Owner, mutation, json!({ "name": when })).await.clean();
        }
        crate::mutations::make_all(&after, &format!("with a new column in each table, on {kind:?}")).await;
    }
}

fn backend(kind: Kind) -> DbBackend {
    match kind {
        Kind::Sqlite => DbBackend::Sqlite,
        Kind::Postgres => DbBackend::Postgres,
    }
}
