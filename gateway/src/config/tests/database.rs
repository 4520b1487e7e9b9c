//! The addresses of a database, and what is taken where nothing is said.

use super::load;
use crate::config::{Config, Overrides};

#[test]
fn connections_are_two_a_core_unless_somebody_says_otherwise() {
    let cores = u32::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    let silent = Config::from_layers(None, [], Overrides::default()).unwrap();
    assert_eq!(silent.database.max_connections, (2 * cores).clamp(4, 64));
    let said = load("", &[("database.max_connections", "23")]).unwrap();
    assert_eq!(said.database.max_connections, 23);
}

#[test]
fn a_database_is_named_by_the_path_or_by_an_option() {
    for url in ["postgres://u@h/d", "postgres:///d?host=/run", "postgresql://u@h?host=x&dbname=d", "sqlite://d.db"] {
        assert!(load(&format!("[database]\nurl = \"{url}\""), &[]).is_ok(), "{url}");
    }
}

#[test]
fn poolers_and_replicas_stand_before_postgresql() {
    let file = "[database]\nurl = \"postgres://a@h/d\"\npooler_url = \"postgres://a@p/d\"\n\
        replica_urls = [\"postgres://a@r1/d\", \"postgres://a@r2/d\"]";
    let database = load(file, &[]).unwrap().database;
    assert_eq!(database.pooler_url.unwrap().expose(), "postgres://a@p/d");
    assert_eq!(database.replica_urls.len(), 2);
    for (file, problem) in [
        ("pooler_url = \"postgres://u:hunter2@p/d\"", "`database.pooler_url`: stands beside a `url` that is SQLite"),
        (
            "replica_urls = [\"postgres://u:hunter2@r/d\"]",
            "`database.replica_urls`: stands beside a `url` that is SQLite",
        ),
        (
            "url = \"postgres://a@h/d\"\npooler_url = \"mysql://u:hunter2@p/d\"",
            "`database.pooler_url`: does not name PostgreSQL",
        ),
        (
            "url = \"postgres://a@h/d\"\nreplica_urls = [\"r:hunter2\"]",
            "`database.replica_urls`: does not name PostgreSQL",
        ),
        ("url = \"postgres://u:hunter2@h\"", "`database.url`: names no database, write `postgres://USER"),
        ("url = \"postgresql://u:hunter2@h:5432/\"", "`database.url`: names no database"),
        ("url = \"postgres://u:hunter2@h?sslmode=require\"", "`database.url`: names no database"),
        ("url = \"postgres://u:hunter2@h?dbname=\"", "`database.url`: names no database"),
        (
            "url = \"postgres://a@h/d\"\npooler_url = \"postgres://u:hunter2@p\"",
            "`database.pooler_url`: names no database",
        ),
        (
            "url = \"postgres://a@h/d\"\nreplica_urls = [\"postgres://a@r/d\", \"postgres://u:hunter2@r\"]",
            "`database.replica_urls`: names no database",
        ),
    ] {
        let text = load(&format!("[database]\n{file}"), &[]).unwrap_err().to_string();
        assert!(text.contains(problem) && !text.contains("hunter2"), "{text}");
    }
}
