//! With which logins a gateway may serve: those that row-level security holds, whatever role they act as.

use entity::db::{ConnectOptions, LoginReport};
use sea_orm::ConnectionTrait;
use tests::{database::connect, postgres::Cluster};

/// What is found of a login that is made by this SQL.
async fn found(cluster: &Cluster, login: &str) -> LoginReport {
    let url = cluster.url("postgres").replace("postgres@", &format!("{login}@"));
    let checks = ConnectOptions::new(url).check_logins().await.unwrap();
    assert_eq!(checks.len(), 1);
    assert!(
        !checks[0].server.contains(&format!("{login}@")),
        "the server is named without the login: {}",
        checks[0].server
    );
    checks[0].found.clone()
}

fn powers(found: LoginReport) -> String {
    match found {
        LoginReport::Passes(powers) => powers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        other => panic!("it is taken for sound: {other:?}"),
    }
}

#[tokio::test]
async fn a_login_that_can_pass_row_level_security_is_found_out_whatever_role_it_acts_as() {
    let cluster = Cluster::of_its_own();
    let connection = connect(&cluster.url("postgres")).await;
    let make = "CREATE ROLE mig LOGIN CREATEROLE; ALTER DATABASE postgres OWNER TO mig";
    connection.execute_unprepared(make).await.unwrap();
    let owner = cluster.url("postgres").replace("postgres@", "mig@");
    migration::up(&owner, None).await.unwrap();
    let logins = "CREATE ROLE sound LOGIN; GRANT cs12_app TO sound; \
                  CREATE ROLE bypassing LOGIN BYPASSRLS; GRANT cs12_app TO bypassing; \
                  CREATE ROLE middle; GRANT mig TO middle; CREATE ROLE indirect LOGIN; GRANT cs12_app, middle TO indirect; \
                  CREATE ROLE platform LOGIN; GRANT cs12_app, cs12_platform TO platform; \
                  CREATE ROLE files LOGIN; GRANT cs12_app, pg_read_server_files TO files; \
                  CREATE ROLE creating LOGIN CREATEROLE; GRANT cs12_app TO creating";
    connection.execute_unprepared(logins).await.unwrap();
    assert_eq!(found(&cluster, "sound").await, LoginReport::Sound);
    assert!(powers(found(&cluster, "postgres").await).contains("`postgres` is a superuser"));
    assert!(powers(found(&cluster, "mig").await).contains("`mig` owns tables"));
    assert!(powers(found(&cluster, "bypassing").await).contains("`bypassing` may bypass row-level security"));
    assert!(powers(found(&cluster, "indirect").await).contains("`mig` owns tables"));
    assert!(powers(found(&cluster, "platform").await).contains("`cs12_platform` owns functions"));
    assert!(powers(found(&cluster, "files").await).contains("`pg_read_server_files` reaches the server's files"));
    assert!(matches!(found(&cluster, "creating").await, LoginReport::Suspect(_)));
    cluster.halt();
    assert!(matches!(found(&cluster, "sound").await, LoginReport::Unknown(_)));
    cluster.revive();
}
