//! Backup and restore, by the commands that the README names, while changes go on.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::{body::Body, http::Request};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, database, dump::dump, postgres::Cluster};

use super::tenants_are_apart;

/// What the backup is taken beside: one DSO after another, each with its event in the audit log.
async fn keep_changing(gateway: &Gateway, until: &AtomicBool) -> usize {
    let mut made = 0;
    let mutation = "mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { code } } }";
    while !until.load(Ordering::Relaxed) || made == 0 {
        gateway.ask(Actor::Owner, mutation, json!({ "name": format!("Made beside {made}") })).await.clean();
        made += 1;
    }
    made
}

async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Whole: each change with its event, and no event without its change.
async fn is_one_moment(connection: &DatabaseConnection) {
    let changes = count(connection, "SELECT count(*) FROM dsos WHERE name LIKE 'Made beside %'").await;
    let events = count(
        connection,
        "SELECT count(*) FROM audit_events e JOIN dsos d ON d.organization_id = e.organization_id AND d.id = e.target_id \
         WHERE e.action = 'DSO_CREATE' AND d.name LIKE 'Made beside %'",
    )
    .await;
    let all = count(connection, "SELECT count(*) FROM audit_events WHERE action = 'DSO_CREATE'").await;
    assert_eq!((events, all), (changes, changes), "the backup has half of a change");
}

/// What serves over it is ready, and everybody sees their own.
async fn serves(url: &str) {
    let gateway = Gateway::opened(entity::db::ConnectOptions::new(url)).await;
    let ready = gateway.send(Request::get("/health/ready").body(Body::empty()).unwrap()).await;
    assert_eq!(ready.status, 200, "{}", ready.text);
    tenants_are_apart(&gateway, "a restore").await;
    let mutation = "mutation { dsoCreate(input: { name: \"After\" }) { dso { id } userErrors { code } } }";
    gateway.ask(Actor::Owner, mutation, json!({})).await.clean();
    gateway.db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_beside_changes_is_of_one_moment_and_serves() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let folder = tempfile::tempdir().unwrap();
    let (beside, quiet) = (folder.path().join("beside.sqlite"), folder.path().join("quiet.sqlite"));
    let connection = database.connect().await;
    let done = AtomicBool::new(false);
    let backup = async {
        connection.execute_unprepared(&format!("VACUUM INTO '{}'", beside.display())).await.unwrap();
        done.store(true, Ordering::Relaxed);
    };
    let (made, ()) = tokio::join!(keep_changing(&gateway, &done), backup);
    assert!(made > 0);
    connection.execute_unprepared(&format!("VACUUM INTO '{}'", quiet.display())).await.unwrap();

    for (file, is_whole) in [(&beside, false), (&quiet, true)] {
        let url = format!("sqlite://{}", file.display());
        let restored = database::connect(&url).await;
        assert_eq!(
            count(&restored, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'").await,
            0
        );
        assert_eq!(count(&restored, "SELECT count(*) FROM pragma_foreign_key_check").await, 0);
        is_one_moment(&restored).await;
        if is_whole {
            assert_eq!(dump(&restored).await, dump(&connection).await, "a row is missing, or is another");
        }
        restored.close().await.unwrap();
        serves(&url).await;
    }
}

/// What the walls are made of: policies, who owns what, who may do what, the functions and the roles.
const WALLS: [&str; 4] = [
    "SELECT concat_ws('|', tablename, policyname, permissive, roles, cmd, qual, with_check) AS name FROM pg_policies ORDER BY 1",
    "SELECT concat_ws('|', relname, relrowsecurity, relforcerowsecurity, relowner::regrole, \
            (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a)) AS name \
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
    "SELECT concat_ws('|', proname, prosecdef, proowner::regrole, proconfig, md5(prosrc), \
            (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(proacl) a)) AS name \
     FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT concat_ws('|', rolname, rolsuper, rolbypassrls, rolcanlogin, \
            ARRAY(SELECT roleid::regrole FROM pg_auth_members WHERE member = r.oid ORDER BY 1)) AS name \
     FROM pg_roles r WHERE rolname LIKE 'cs12%' OR rolname = 'gateway_login' ORDER BY 1",
];

async fn walls(connection: &DatabaseConnection) -> Vec<String> {
    let mut all = Vec::new();
    for sql in WALLS {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        for row in connection.query_all_raw(statement).await.unwrap() {
            all.push(row.try_get("", "name").unwrap());
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgresql_beside_changes_is_restored_with_its_walls_on_another_server() {
    let database = Database::world(Kind::Postgres).await;
    let name = database.url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap().to_owned();
    let gateway = Gateway::over(&database).await;
    let connection = database.connect().await;
    let exists = count(&connection, "SELECT count(*) FROM pg_roles WHERE rolname = 'gateway_login'").await;
    if exists == 0 {
        connection
            .execute_unprepared("CREATE ROLE gateway_login LOGIN; GRANT cs12_app TO gateway_login")
            .await
            .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let source = tests::postgres::cluster();
    let done = AtomicBool::new(false);
    let backup = async {
        let (beside, name) = (file("beside"), name.clone());
        tokio::task::spawn_blocking(move || source.run("pg_dump", &format!("-Fc -f {beside} {name}"))).await.unwrap();
        done.store(true, Ordering::Relaxed);
    };
    let (made, ()) = tokio::join!(keep_changing(&gateway, &done), backup);
    assert!(made > 0);
    source.run("pg_dump", &format!("-Fc -f {} {name}", file("quiet")));
    source.run("pg_dumpall", &format!("--roles-only -f {}", file("roles.sql")));

    // Another server, which knows none of the roles.
    let target = Cluster::of_its_own();
    target.run("psql", &format!("-q -f {} postgres", file("roles.sql")));
    for (backup, is_whole) in [("beside", false), ("quiet", true)] {
        target.run("createdb", backup);
        target.run("pg_restore", &format!("--exit-on-error -d {backup} {}", file(backup)));
        let restored = database::connect(&target.url(backup)).await;
        is_one_moment(&restored).await;
        assert_eq!(walls(&restored).await, walls(&connection).await, "a wall is missing, or is another");
        if is_whole {
            assert_eq!(dump(&restored).await, dump(&connection).await, "a row is missing, or is another");
        }
        restored.close().await.unwrap();
        // As in production: a login that is a member of the gateway's role, and of nothing else.
        serves(&target.url(backup).replace("postgres@", "gateway_login@")).await;
    }
}
