//! Plans at a million activities: no statement reads a table of all tenants from end to end.
//!
//! Owns: a world that is one of many organizations, all statements that its readers send, and PostgreSQL's plans for
//! them. May use: the recorder, PostgreSQL past the gateway. Invariant: every table with `organization_id` that is read
//! has so many rows that a scan of it would be the planner's mistake, not its choice; so it is asked for its choice.
//!
//! Not with `enable_seqscan = off`: then any index that begins with the organization serves, even to read all of it for
//! one row, and a scan in the plan would only say that there is none. The planner's own choice says that one is good.
//! It is the plan that the gateway gets: of the application's role, under its policies, and generic.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use tests::{
    Actor, Database, Gateway, Kind, World, queries,
    tenants::{Size, Tenant},
    world::Side,
};

use crate::{matrix::pages, paging::lists};

/// Of one organization: 6,500 activities.
const SIZE: Size = Size { dsos: 20, members: 40, grants: 2, doctors: 25, activities: 13, cases: 4, courses: 3 };
/// So many organizations have as much, under the very same ids.
const ORGANIZATIONS: u32 = 160;
/// Fewer rows than these are a few pages, which are read at once.
const ENOUGH: i64 = 500;

/// Who asks: without limits, with grants, and where everything is somebody else's.
const READERS: [Actor; 3] = [Actor::Owner, Actor::Manager, Actor::BothInA];

#[tokio::test]
async fn no_query_reads_a_table_of_all_tenants_from_end_to_end_at_a_million_activities() {
    let database = Database::world(Kind::Postgres).await;
    let connection = database.connect().await;
    grow(&database, &connection).await;
    let statements = recorded(&Gateway::over(&database).await).await;
    assert!(statements.len() >= 100, "only {} statements were recorded", statements.len());

    let tables = rows_by_table(&connection).await;
    connection.execute_unprepared(AS_THE_APPLICATION).await.unwrap();
    let (mut wrong, mut read) = (Vec::new(), BTreeSet::new());
    for (sql, asked_by) in &statements {
        let plan = match plan(&connection, sql).await {
            Ok(plan) => plan,
            Err(error) => {
                wrong.push(format!("asked by {asked_by}, without a plan: {error}\n{sql}"));
                continue;
            }
        };
        read.extend(tables.keys().filter(|table| sql.contains(table.as_str())));
        let scanned = |line: &&String| {
            line.split_once("Seq Scan on ")
                .is_some_and(|(_, rest)| rest.split_whitespace().next().is_some_and(|table| tables.contains_key(table)))
        };
        if plan.iter().any(|line| scanned(&line)) {
            wrong.push(format!("asked by {asked_by}:\n{sql}\n{}", plan.join("\n")));
        }
    }
    for table in read.iter().filter(|table| tables[**table] < ENOUGH) {
        wrong.push(format!(
            "`{table}` has {} rows, too few for a plan that says something: seed more of them",
            tables[*table]
        ));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} statements read a whole table; add an index in a migration of its own, or ask differently:\n{}",
        wrong.len(),
        statements.len(),
        wrong.join("\n\n")
    );
}

/// What a connection of the gateway begins with, and an admin's settings.
const AS_THE_APPLICATION: &str = "SET ROLE cs12_app; SET plan_cache_mode = force_generic_plan; \
    SELECT set_config('app.user_id', gen_random_uuid()::text, false), \
    set_config('app.organization_id', gen_random_uuid()::text, false), set_config('app.dso_ids', '*', false)";

/// Makes the world one of many organizations. The others are copies of a larger one and of the world's own, table by table
/// as the catalog names them, so that a new table has rows here, too.
async fn grow(database: &Database, connection: &DatabaseConnection) {
    Tenant(0).seed(connection, SIZE).await;
    database.roll_up().await;
    let sources = format!("'{}', '{}'", Tenant(0).id(), World::organization(Side::A));
    let organizations = format!(
        "SET session_replication_role = replica; SET synchronous_commit = off; \
         CREATE TEMP TABLE copies AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, {ORGANIZATIONS}) n; \
         INSERT INTO organizations (id, name, slug, created_at, updated_at) \
         SELECT id, 'Copy ' || n, 'copy-' || n, now(), now() FROM copies"
    );
    connection.execute_unprepared(&organizations).await.expect("make the organizations");
    let columns = "SELECT c.relname::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns \
                   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                   WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace \
                   GROUP BY c.relname HAVING bool_or(a.attname = 'organization_id') ORDER BY 1";
    for row in all(connection, columns).await {
        let (table, columns): (String, String) =
            (row.try_get("", "name").unwrap(), row.try_get("", "columns").unwrap());
        let values = columns.replace("organization_id", "copies.id");
        let values =
            values.split(", ").map(|name| if name == "copies.id" { name.to_owned() } else { format!("t.{name}") });
        let copy = format!(
            "INSERT INTO {table} ({columns}) SELECT {} FROM {table} t CROSS JOIN copies \
             WHERE t.organization_id IN ({sources}) ON CONFLICT DO NOTHING",
            values.collect::<Vec<_>>().join(", ")
        );
        connection.execute_unprepared(&copy).await.unwrap_or_else(|error| panic!("{copy}\n{error}"));
    }
    let done = "SET session_replication_role = DEFAULT; VACUUM ANALYZE";
    for command in done.split("; ") {
        connection.execute_unprepared(command).await.expect("gather statistics");
    }
}

/// Tables of tenants and their rows.
async fn rows_by_table(connection: &DatabaseConnection) -> BTreeMap<String, i64> {
    let sql = "SELECT c.relname::text AS name, c.reltuples::bigint AS rows FROM pg_class c \
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' \
               WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace";
    let rows = all(connection, sql).await;
    let tables: BTreeMap<String, i64> =
        rows.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "rows").unwrap())).collect();
    assert!(tables["activities"] >= 1_000_000, "{tables:?}");
    tables
}

/// Every select that the readers send, and what was asked for it: the broad queries, the page's, and every list in every
/// order, from its start and from a place in it.
async fn recorded(gateway: &Gateway) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut note = |name: &str| {
        for one in gateway.recorder.take().into_iter().filter(|one| !one.sql.contains("set_config")) {
            if one.sql.starts_with("SELECT") || one.sql.starts_with("WITH") {
                found.entry(one.sql).or_insert_with(|| name.to_owned());
            }
        }
    };
    for actor in READERS {
        for query in queries::all() {
            gateway.ask(actor, &query.text, query.variables).await;
            note(&query.name);
        }
        for (name, text, variables) in pages::asked(actor) {
            gateway.ask(actor, &text, variables).await;
            note(&name);
        }
        for (before, field, order, after, pointer) in lists::in_every_order() {
            let list = |window: &str| {
                let page = "totalCount nodes { __typename } pageInfo { startCursor endCursor }";
                format!("{{ {before} {field}({order} {window}) {{ {page} }} {after} }}")
            };
            let first = gateway.ask(actor, &list("first: 1"), json!({})).await;
            let cursor =
                |end: &str| first.json.pointer(&format!("/data{pointer}/pageInfo/{end}")).and_then(|it| it.as_str());
            for (end, window) in [("endCursor", "first: 2, after"), ("startCursor", "last: 2, before")] {
                if let Some(cursor) = cursor(end) {
                    gateway.ask(actor, &list(&format!("{window}: \"{cursor}\"")), json!({})).await;
                }
            }
            note(&format!("{before} {field} {order}"));
        }
    }
    found
}

/// The plan that a prepared statement has, whatever its parameters; or why there is none.
async fn plan(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, sea_orm::DbErr> {
    connection.execute_unprepared(&format!("PREPARE asked AS {}", typed(sql))).await?;
    let number = "SELECT cardinality(parameter_types) AS number FROM pg_prepared_statements WHERE name = 'asked'";
    let number: i32 = all(connection, number).await[0].try_get("", "number").unwrap();
    let nulls = vec!["NULL"; usize::try_from(number).unwrap()].join(", ");
    let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    let rows = all(connection, &format!("EXPLAIN EXECUTE asked{arguments}")).await;
    connection.execute_unprepared("DEALLOCATE asked").await.unwrap();
    Ok(rows.iter().map(|row| row.try_get("", "QUERY PLAN").unwrap()).collect())
}

/// The recorder holds no values, so PostgreSQL has to find out their types, and it takes a bare outcome of a case for text.
/// They are all numbers.
fn typed(sql: &str) -> String {
    let words = sql.split(' ').scan("", |before, word| {
        let is_outcome = matches!(*before, "THEN" | "ELSE") && word.starts_with('$');
        *before = word;
        let number = word.trim_end_matches(')');
        Some(if is_outcome { format!("CAST({number} AS integer){}", &word[number.len()..]) } else { word.to_owned() })
    });
    words.collect::<Vec<_>>().join(" ")
}

async fn all(connection: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    rows.unwrap_or_else(|error| panic!("{sql}\n{error}"))
}
