//! What the commands of `migrate` and `serve` look at before they do anything.

use entity::{
    db::{ConnectOptions, Db},
    id::DoctorId,
};
use migration::{MigrateError, StepState};
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::{
    Actor, Database, Gateway, Kind, World,
    database::connect,
    postgres::{Cluster, cluster},
};

/// The address for another login.
fn of(url: &str, login: &str) -> String {
    url.replace("postgres@", &format!("{login}@"))
}

async fn login(database: &Database, name: &str, grant: &str) {
    let connection = database.connect().await;
    let sql = format!("DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN; {grant}");
    connection.execute_unprepared(&sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_known_whether_gateways_serve_over_a_database() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        assert_eq!(migration::in_use(&database.url).await.unwrap(), 0, "{kind:?}: nobody serves");
        let db = Db::connect(ConnectOptions::new(database.url.clone())).await.unwrap();
        db.ping().await.unwrap();
        assert!(migration::in_use(&database.url).await.unwrap() > 0, "{kind:?}: a gateway that does nothing serves");
        db.close().await.unwrap();
        // PostgreSQL takes a moment to see that a client has left.
        let mut left = migration::in_use(&database.url).await.unwrap();
        for _ in 0..400 {
            if left == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            left = migration::in_use(&database.url).await.unwrap();
        }
        assert_eq!(left, 0, "{kind:?}: it has left");
        let db = Db::connect(ConnectOptions::new(database.url.clone())).await.unwrap();
        db.ping().await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_gateway_that_names_itself_otherwise_is_known_by_its_login() {
    let database = Database::empty(Kind::Postgres).await;
    login(&database, "named_otherwise", "GRANT cs12_app TO named_otherwise").await;
    let url = format!("{}&application_name=other", of(&database.url, "named_otherwise"));
    let db = Db::connect(ConnectOptions::new(url)).await.unwrap();
    db.ping().await.unwrap();
    assert!(migration::in_use(&database.url).await.unwrap() > 0);
}

#[tokio::test]
async fn a_login_without_the_role_is_told_so_and_not_that_steps_are_pending() {
    let database = Database::empty(Kind::Postgres).await;
    login(&database, "without_role", "").await;
    login(&database, "with_role", "GRANT cs12_app TO with_role").await;
    let refused = migration::status(&of(&database.url, "without_role")).await.unwrap_err();
    assert!(matches!(&refused, MigrateError::Unreadable { user } if user == "without_role"), "{refused:?}");
    assert!(refused.to_string().contains("grant cs12_app to without_role"), "{refused}");
    let steps = migration::status(&of(&database.url, "with_role")).await.unwrap();
    assert!(steps.iter().all(|step| step.state == migration::StepState::Applied), "{steps:?}");
}

/// The roles belong to the whole cluster; the login that migrates a second database must be a member of them.
#[tokio::test]
async fn a_second_database_of_a_cluster_says_which_roles_its_migrator_lacks() {
    let cluster = Cluster::of_its_own();
    let connection = connect(&cluster.url("postgres")).await;
    for (name, roles) in [("first", "CREATEROLE"), ("second", "NOCREATEROLE")] {
        connection.execute_unprepared(&format!("CREATE ROLE {name} LOGIN {roles}")).await.unwrap();
        connection.execute_unprepared(&format!("CREATE DATABASE {name} OWNER {name}")).await.unwrap();
    }
    let url = |name: &str| of(&cluster.url(name), name);
    migration::up(&url("first"), None).await.unwrap();
    let refused = migration::up(&url("second"), None).await.unwrap_err().to_string();
    assert!(refused.contains("grant cs12_app, cs12_platform to second"), "{refused}");
    connection.execute_unprepared("GRANT cs12_app, cs12_platform TO second").await.unwrap();
    migration::up(&url("second"), None).await.unwrap();
    assert!(migration::status(&url("second")).await.unwrap().iter().all(|step| step.state == StepState::Applied));
}

#[tokio::test]
async fn only_a_file_that_is_not_there_or_is_empty_is_new() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        assert!(!migration::is_new_file(&database.url).unwrap(), "{kind:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.sqlite");
    let url = format!("sqlite://{}", file.display());
    assert!(migration::is_new_file(&url).unwrap());
    std::fs::write(&file, "").unwrap();
    assert!(migration::is_new_file(&url).unwrap());
    std::fs::write(&file, "not a database").unwrap();
    assert!(!migration::is_new_file(&url).unwrap());
}

/// What is locked and counted is right under READ COMMITTED; under SERIALIZABLE, unrelated changes would fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_whose_transactions_are_serializable_serves_as_any_other() {
    let database = Database::world(Kind::Postgres).await;
    let name = database.url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
    let sql = format!("ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'serializable'");
    database.connect().await.execute_unprepared(&sql).await.unwrap();
    let gateway = Gateway::over(&database).await;
    let query = "mutation($id: ID!, $note: String) { activityLog(input: { doctorId: $id, kind: NOTE, note: $note }) { userErrors { code } } }";
    let mut all = tokio::task::JoinSet::new();
    for turn in 0..24 {
        let gateway = gateway.clone();
        let doctor = World::id::<DoctorId>(if turn % 2 == 0 { "doctor Smile Ada" } else { "doctor Smile Ben" });
        all.spawn(async move {
            gateway.ask(Actor::Manager, query, json!({ "id": doctor, "note": turn.to_string() })).await
        });
    }
    for answer in all.join_all().await {
        answer.clean();
    }
}

#[tokio::test]
async fn a_pooler_is_not_taken_for_the_database_itself() {
    let database = Database::empty(Kind::Postgres).await;
    let name = database.url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
    let is_pooled = async |url: &str| ConnectOptions::new(url).is_pooled().await.unwrap();
    for connections in [1, 5] {
        let pooler = cluster().pooler(connections);
        assert!(is_pooled(&pooler.url(name)).await, "with {connections} connections");
    }
    for url in [&database.url, &Database::empty(Kind::Sqlite).await.url] {
        for _ in 0..5 {
            assert!(!is_pooled(url).await, "{url}");
        }
    }
}
