//! Backup and restore of PostgreSQL by the commands of gateway/docs/operations.md, and what comes after them: the next release's migration.

use axum::{body::Body, http::Request};
use serde_json::json;
use tests::{Actor, Gateway, database, dump::dump, postgres::Cluster, world::World};

const OPERATIONS: &str = include_str!("../../../gateway/docs/operations.md");

/// A documented command; only its file names are replaced.
fn documented(command: &str) -> &str {
    assert!(OPERATIONS.contains(command), "gateway/docs/operations.md does not say `{command}`");
    let (_, arguments) = command.split_once(' ').expect("a program and its arguments");
    arguments
}

fn url(cluster: &Cluster, login: &str) -> String {
    cluster.url("cs12").replace("postgres@", &format!("{login}@"))
}

/// Serves with the gateway's login: ready, and a change is made.
async fn serves(cluster: &Cluster, name: &str) {
    let gateway = Gateway::opened(entity::db::ConnectOptions::new(url(cluster, "gateway_login"))).await;
    let ready = gateway.send(Request::get("/health/ready").body(Body::empty()).unwrap()).await;
    assert_eq!(ready.status, 200, "{}", ready.text);
    let mutation = "mutation($name: String!) { dsoCreate(input: { name: $name }) { dso { id } userErrors { code } } }";
    gateway.ask(Actor::Owner, mutation, json!({ "name": name })).await.clean();
    super::tenants_are_apart(&gateway, name).await;
    gateway.db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_by_the_documented_commands_is_restored_served_and_migrated_by_the_same_logins() {
    let source = Cluster::of_its_own();
    let sql =
        |cluster: &Cluster, sql: &str| cluster.run("psql", &format!("-q -v ON_ERROR_STOP=1 -c \"{sql}\" postgres"));
    sql(&source, "create role cs12_owner login createrole");
    source.run("createdb", documented("createdb -O cs12_owner cs12"));
    migration::up(&url(&source, "cs12_owner"), None).await.unwrap();
    sql(&source, "create role gateway_login login; grant cs12_app to gateway_login");
    let connection = database::connect(&source.url("cs12")).await;
    World::rows(&connection).await;
    World::log(&connection).await;
    for line in ["create role backup login bypassrls", "grant pg_read_all_data to backup;"] {
        assert!(OPERATIONS.contains(line), "gateway/docs/operations.md does not say `{line}`");
    }
    sql(&source, "create role backup login bypassrls; grant pg_read_all_data to backup");

    let folder = tempfile::tempdir().unwrap();
    let placed = |command: &str| {
        let file = |name: &str| folder.path().join(name).display().to_string();
        documented(command).replace("roles.sql", &file("roles.sql")).replace("backup.dump", &file("backup.dump"))
    };
    let by_owner = format!("-U cs12_owner -Fc -f {} cs12", folder.path().join("owner.dump").display());
    assert!(!source.tries("pg_dump", &by_owner), "row-level security is forced: the owner reads no row either");
    source.run("pg_dumpall", &placed("pg_dumpall -U backup --roles-only --no-role-passwords -f roles.sql"));
    source.run("pg_dump", &placed("pg_dump -U backup -Fc -f backup.dump cs12"));

    let target = Cluster::of_its_own();
    // The superuser of both servers is there already.
    target.run("psql", &format!("-q {}", placed("psql -f roles.sql postgres")));
    target.run("createdb", documented("createdb -O cs12_owner cs12"));
    target.run("pg_restore", &placed("pg_restore --exit-on-error -d cs12 backup.dump"));
    let restored = database::connect(&target.url("cs12")).await;
    assert_eq!(dump(&restored).await, dump(&connection).await, "a row is missing, or is another");
    restored.close().await.unwrap();
    serves(&target, "a restore").await;

    let owner = url(&target, "cs12_owner");
    let undone = migration::down(&owner, Some(2)).await.unwrap();
    let applied = migration::up(&owner, None).await.unwrap();
    assert_eq!(undone.iter().rev().collect::<Vec<_>>(), applied.iter().collect::<Vec<_>>());
    serves(&target, "a migration of what was restored").await;
}
