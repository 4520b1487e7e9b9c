//! The door: which databases are not opened, and what a connection keeps of a request.

use entity::db::{ConnectOptions, Db};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use tests::{Actor, Database, Gateway, Kind, postgres::Cluster};

use super::texts;

async fn opens(url: &str) -> Result<(), String> {
    let db = Db::connect(ConnectOptions::new(url.to_owned())).await.map_err(|error| error.to_string())?;
    db.close().await.map_err(|error| error.to_string())
}

/// The owner of a table is above its policies as soon as somebody forgets to force them, and may take them away.
#[tokio::test]
async fn a_database_whose_role_owns_a_table_is_not_opened() {
    let database = Database::empty(Kind::Postgres).await;
    assert_eq!(opens(&database.url).await, Ok(()), "the control");
    let connection = database.connect().await;
    connection.execute_unprepared("ALTER TABLE doctors OWNER TO cs12_app").await.unwrap();
    assert_eq!(opens(&database.url).await, Err("internal error".to_owned()));
    connection.execute_unprepared("ALTER TABLE doctors OWNER TO postgres").await.unwrap();
    assert_eq!(opens(&database.url).await, Ok(()), "mended");
}

/// `sslmode` as `psql` knows it: who asks for proof gives nothing to a server without.
#[tokio::test]
async fn a_server_proves_itself_where_the_address_asks_for_it() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let another = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let cluster = Cluster::with_tls(port, &made.cert.pem(), &made.signing_key.serialize_pem());
    migration::up(&cluster.url_on("postgres", port), None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let (known, unknown) = (file("known.pem", made.cert.pem()), file("unknown.pem", another.cert.pem()));
    let at = |host: &str, query: String| format!("postgres://postgres@{host}:{port}/postgres?{query}");

    let looking = sea_orm::Database::connect(cluster.url_on("postgres", port)).await.unwrap();
    let hidden = "SELECT s.ssl::text AS name FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'cs12-gateway'";
    for (query, is_hidden) in [
        (format!("sslmode=verify-full&sslrootcert={known}"), "true"),
        ("sslmode=require".to_owned(), "true"),
        ("sslmode=prefer".to_owned(), "true"),
        ("sslmode=disable".to_owned(), "false"),
    ] {
        let db = Db::connect(ConnectOptions::new(at("localhost", query.clone())))
            .await
            .unwrap_or_else(|error| panic!("{query}: {error:?}"));
        assert_eq!(texts(&looking, hidden).await, [is_hidden], "{query}");
        db.close().await.unwrap();
        while !texts(&looking, hidden).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    for (host, query, why) in [
        ("localhost", format!("sslmode=verify-full&sslrootcert={unknown}"), "an authority that has not signed it"),
        ("localhost", "sslmode=verify-full".to_owned(), "the public authorities"),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={known}"), "an address that is not in it"),
        (
            "127.0.0.1",
            format!("sslmode=verify-ca&sslrootcert={unknown}"),
            "an unknown authority, taken for one to be verified",
        ),
    ] {
        let opened = opens(&at(host, query)).await;
        assert_eq!(opened, Err("the database is unavailable".to_owned()), "{why}");
    }
}

/// A role is the whole cluster's: this one has a cluster of its own.
#[tokio::test]
async fn a_database_whose_role_is_above_the_policies_is_not_opened() {
    let cluster = Cluster::of_its_own();
    let url = cluster.url("postgres");
    migration::up(&url, None).await.unwrap();
    assert_eq!(opens(&url).await, Ok(()), "the control");
    let connection = sea_orm::Database::connect(&url).await.unwrap();
    for power in ["BYPASSRLS", "SUPERUSER"] {
        connection.execute_unprepared(&format!("ALTER ROLE cs12_app {power}")).await.unwrap();
        assert_eq!(opens(&url).await, Err("internal error".to_owned()), "{power}");
        connection.execute_unprepared(&format!("ALTER ROLE cs12_app NO{power}")).await.unwrap();
    }
    assert_eq!(opens(&url).await, Ok(()), "mended");
}

/// Whatever was asked and however it ended: no transaction is left open, and with it no tenant's settings.
#[tokio::test]
async fn a_connection_comes_back_without_a_transaction() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::with_connections(&database, 4).await;
    let asked = [
        "{ dsos { nodes { doctors { nodes { name email } } } } }",
        "{ doctors { nodes { nothing } } }",
        "mutation { dsoCreate(input: { name: \"New\" }) { dso { id } } }",
        "mutation { dsoCreate(input: { name: \" \" }) { userErrors { code } } }",
    ];
    for actor in Actor::ALL {
        for query in asked {
            let _answer = gateway.ask(actor, query, json!({})).await;
        }
    }
    let looking = database.connect().await;
    none_is_open(&looking, "the last answer").await;
    // Requests that are given up midway, each a little later: while they begin, find out who asks, read, end. Looked at after
    // each: whoever comes next would take the connection, and end what was left open on it.
    for cut in 0..100 {
        let slow = gateway.ask(Actor::Owner, asked[0], json!({}));
        let _ = tokio::time::timeout(std::time::Duration::from_micros(cut * 100), slow).await;
        none_is_open(&looking, &format!("a request was given up after {cut} tenths of a millisecond")).await;
    }
}

/// Also where the next one begins at once, with whose BEGIN the ROLLBACK goes.
#[tokio::test]
async fn each_transaction_is_ended_before_the_next_begins() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::with_connections(&database, 1).await;
    let looking = database.connect().await;
    let until = std::time::Instant::now() + std::time::Duration::from_millis(1500);
    let asking = async || {
        while std::time::Instant::now() < until {
            let _answer = gateway.ask(Actor::Viewer, "{ dsos { nodes { name } } }", json!({})).await.clean();
        }
    };
    let oldest = async {
        let age = "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000), 0)::bigint AS n FROM pg_stat_activity \
                   WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let mut oldest = 0;
        while std::time::Instant::now() < until {
            oldest = oldest.max(super::number(&looking, age).await);
        }
        oldest
    };
    let ((), (), (), oldest) = tokio::join!(asking(), asking(), asking(), oldest);
    assert!(oldest > 0, "the control: none was seen");
    assert!(oldest < 700, "a transaction of {oldest} ms: one request's goes on as another's");
}

/// Whoever has left waits for nothing any more, and neither does the server for them.
#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::with_connections(&database, 1).await;
    let (holding, looking) = (database.connect().await, database.connect().await);
    // As long as this stands, whoever wants to read a DSO waits.
    let held = sea_orm::TransactionTrait::begin(&holding).await.unwrap();
    held.execute_unprepared("LOCK TABLE dsos IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let waiting = "SELECT pid::text AS name FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let query = "{ organization { name } dsos { nodes { id } } }";
    let left = tokio::time::timeout(std::time::Duration::from_millis(300), gateway.ask(Actor::Owner, query, json!({})));
    let seen = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        texts(&looking, waiting).await
    };
    let (left, seen) = tokio::join!(left, seen);
    assert!(left.is_err() && seen.len() == 1, "the request was to wait for the lock: {seen:?}");
    let stopped = async {
        while !texts(&looking, waiting).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let stopped = tokio::time::timeout(std::time::Duration::from_secs(3), stopped).await;
    assert!(stopped.is_ok(), "the statement goes on, three seconds after who asked for it has left");
    // The lock still stands: only the statement has gone. And there is a connection for whoever comes next.
    held.rollback().await.unwrap();
    assert_eq!(gateway.ask(Actor::Owner, query, json!({})).await.codes(), Vec::<String>::new());
    none_is_open(&looking, "a statement was stopped").await;
}

/// The server was started anew, or somebody has ended the gateway's connections: nobody is to notice who asks afterwards.
#[tokio::test]
async fn after_every_connection_was_ended_the_next_requests_are_answered() {
    let database = Database::world(Kind::Postgres).await;
    let gateway = Gateway::with_connections(&database, 4).await;
    let looking = database.connect().await;
    let end_all = "SELECT pg_terminate_backend(pid)::text AS name FROM pg_stat_activity \
                   WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    for round in 0..5 {
        for query in ["{ organization { name } }", "{ dsos { nodes { doctors { nodes { name } } } } }"] {
            let asked = (0..8).map(|_| gateway.ask(Actor::Owner, query, json!({})));
            for answer in futures_util::future::join_all(asked).await {
                assert_eq!(answer.codes(), Vec::<String>::new(), "round {round} {query}: {}", answer.text);
            }
            assert!(!texts(&looking, end_all).await.is_empty(), "there was nothing to end");
        }
    }
}

async fn none_is_open(looking: &DatabaseConnection, since: &str) {
    let open = "SELECT concat_ws(' ', state, wait_event, query) AS name FROM pg_stat_activity \
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() \
                AND (state <> 'idle' OR xact_start IS NOT NULL)";
    let mut left = Vec::new();
    for _ in 0..500 {
        left = texts(looking, open).await;
        if left.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("five seconds after {since}, a transaction is still open: {left:#?}");
}
