//! `[server]`: TLS, the drain, and what takes a restart.

use std::time::Duration;

use super::load;

#[test]
fn tls_is_both_files_or_none() {
    let tls = |keys: &str| load(&format!("[server.tls]\n{keys}"), &[]);
    assert_eq!(tls("").unwrap().server.tls, None);
    let both = tls("certificate = \"c.pem\"\nkey = \"k.pem\"").unwrap().server.tls.unwrap();
    assert_eq!((both.certificate.to_str(), both.key.to_str()), (Some("c.pem"), Some("k.pem")));
    for (keys, problem) in [
        ("certificate = \"c.pem\"", "`server.tls.key`: is missing beside `certificate`"),
        ("key = \"k.pem\"", "`server.tls.certificate`: is missing beside `key`"),
    ] {
        let text = tls(keys).unwrap_err().to_string();
        assert!(text.starts_with(problem), "{text}");
    }
}

#[test]
fn browsers_come_over_tls_where_a_proxy_or_the_gateway_ends_it() {
    for (server, is_over_tls) in [
        ("", false),
        ("public_url = \"http://localhost:8080\"", false),
        ("public_url = \"https://cs12.example\"", true),
        ("tls = { certificate = \"c\", key = \"k\" }", true),
    ] {
        let config = load(&format!("[server]\n{server}"), &[]).unwrap();
        assert_eq!(config.server.is_reached_over_tls(), is_over_tls, "{server}");
    }
}

#[test]
fn a_drain_is_five_seconds_unless_somebody_says_otherwise() {
    assert_eq!(load("", &[]).unwrap().server.drain, Duration::from_secs(5));
    assert_eq!(load("", &[("server.drain_seconds", "0")]).unwrap().server.drain, Duration::ZERO);
    assert!(load("", &[("server.drain_seconds", "301")]).is_err());
}

#[test]
fn headers_of_other_sites_pages_are_named_one_by_one() {
    let headers = |list: &str| load(&format!("[server]\nallowed_headers = {list}"), &[]);
    assert_eq!(headers("[]").unwrap().server.allowed_headers, Vec::<String>::new());
    assert_eq!(headers("[\"Sentry-Trace\", \"b3\"]").unwrap().server.allowed_headers, ["Sentry-Trace", "b3"]);
    for name in ["*", "a b", "a:b", "\u{e4}"] {
        let problem = headers(&format!("[\"{name}\"]")).unwrap_err().to_string();
        assert!(problem.starts_with(&format!("`server.allowed_headers`: has `{name}`")), "{problem}");
    }
}

#[test]
fn what_takes_a_restart_is_named_and_what_is_reloaded_is_not() {
    let tls = |folder: &str| format!("[server.tls]\ncertificate = \"{folder}/c\"\nkey = \"{folder}/k\"");
    let before = load(&tls("old"), &[]).unwrap();
    assert_eq!(before.restart_required_changes(&before), Vec::<&str>::new());
    for (key, value, named) in [
        ("server.listen", "127.0.0.1:9", Some("server.listen")),
        ("server.public_host", "cs12.example", Some("server.public_host")),
        ("server.allowed_headers", "x-own", Some("server.allowed_headers")),
        ("server.max_body_bytes", "4096", Some("server.max_body_bytes")),
        ("server.drain_seconds", "9", Some("server.drain_seconds")),
        ("database.url", "sqlite://other.db", Some("database")),
        ("database.max_connections", "9", Some("database")),
        ("cursor.secret", "at least thirty-two bytes, or it is refused", Some("cursor.secret")),
        ("organizations.per_person", "3", Some("organizations or invitations")),
        ("mail.folder", "elsewhere", Some("mail")),
        ("pages.enabled", "false", Some("pages")),
        ("log.format", "json", Some("log.format")),
        ("log.slow_ms", "9", Some("log.slow_ms")),
        ("metrics.operation_names", "9", Some("metrics")),
        ("otlp.endpoint", "http://127.0.0.1:4318", Some("otlp")),
        ("log.level", "debug", None),
        ("authn.leeway_seconds", "9", None),
    ] {
        let next = load(&tls("new"), &[(key, value)]).unwrap();
        assert_eq!(before.restart_required_changes(&next), named.into_iter().collect::<Vec<_>>(), "{key}");
    }
    assert_eq!(before.restart_required_changes(&load("", &[]).unwrap()), ["server.tls, on or off"]);
}
