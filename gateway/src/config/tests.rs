//! Shows the layers, every check, and that all mistakes come at once without a secret.
#![expect(clippy::unwrap_used, reason = "tests")]

mod database;
mod documents;
mod layers;
mod lists;
mod mail;
mod server;
mod sight;
mod sign_in;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Authn, Config, ConfigErrors, EmailProof, KeySource, Level, Limit, LogFormat, Overrides};

fn temporary(text: &str) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("cs12-config-{}-{number}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let file = temporary(file);
    let environment = environment.iter().map(|&(key, value)| (key.to_owned(), value.to_owned()));
    let config = Config::from_layers(Some(&file), environment, Overrides::default());
    std::fs::remove_file(file).unwrap();
    config
}

#[test]
fn the_defaults_are_sound_but_serve_nobody() {
    let config = Config::from_layers(None, [], Overrides::default()).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.url.expose(), "sqlite://cs12.db");
    assert_eq!((config.log.format, config.log.level), (LogFormat::Pretty, Level::Info));
    assert_eq!(config.authn.cookie, None);
    assert_eq!(config.authn.csrf_header, Authn::CSRF_HEADER);
    assert_eq!(config.authn.leeway, Duration::from_secs(30));
    assert!(config.cursor_secret.is_none() && config.server.public_host.is_none());
    let problem = config.check_serving().unwrap_err().to_string();
    assert!(problem.starts_with("`authn.issuers`: is empty, so nobody could sign in, name at least one"), "{problem}");
}

#[test]
fn the_built_in_values_are_those_of_the_default_file() {
    let file = Config::from_layers(None, [], Overrides::default()).unwrap().authn;
    assert_eq!(format!("{file:?}"), format!("{:?}", Authn::of(vec![])));
}

#[test]
fn later_layers_win() {
    let file = "[server]\nlisten = \"127.0.0.1:1\"\npublic_host = \"CS12.Example\"\n[log]\nlevel = \"warn\"\n[limits]\nmax_depth = 9\n";
    let file = temporary(file);
    let environment = [
        ("server.listen", "127.0.0.1:2"),
        ("limits.max_depth", "10"),
        ("limits.max_aliases", "7"),
        ("log.format", "json"),
    ];
    let environment = environment.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let overrides = Overrides {
        listen: Some("127.0.0.1:3".to_owned()),
        database_url: Some("postgres://u:p@h/d".to_owned()),
        ..Overrides::default()
    };
    let config = Config::from_layers(Some(&file), environment, overrides).unwrap();
    std::fs::remove_file(file).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.public_host.as_deref(), Some("cs12.example"));
    assert_eq!([Limit::Depth, Limit::Aliases].map(|limit| config.limits.of(limit).most), [10, 7]);
    assert_eq!((config.log.format, config.log.level), (LogFormat::Json, Level::Warn));
    assert_eq!(config.database.url.expose(), "postgres://u:p@h/d");
}

#[test]
fn all_problems_come_at_once() {
    let file = r#"
        colour = "red"
        [server]
        listen = "here"
        public_host = "https://cs12.example"
        allowed_origins = ["https://app.cs12.example/", "https://fine.example", "*"]
        lisen = "127.0.0.1:1"
        [database]
        url = "mysql://root:hunter2@h/d"
        max_connections = 0
        [authn]
        leeway_seconds = 301
        cookie = "a b"
        csrf_header = "Accept"
        [authn.jwks]
        timeout_seconds = "soon"
        [[authn.issuers]]
        provider = "octopus"
        [[authn.issuers]]
        provider = "auth0"
        issuer = "https://t.eu.auth0.com"
        secret = "hunter2"
        [[authn.issuers]]
        issuer = "https://a.example"
        audience = "a"
        jwks_url = "http://a.example/keys"
        emails_verified_by = "issuer"
        claims = { email_verified = "ok", mail = "x" }
        [[authn.issuers]]
        issuer = "https://b.example"
        audience = 7
        jwks_url = "https://b.example/keys"
        jwks_file = "keys.json"
        [cursor]
        secret = "hunter2"
        [log]
        level = "loud"
        [limits]
        default_page_size = 200
        max_waiting = 10
        max_waiting_per_organization = 20
        measure = ["max_cost", "max_money"]
        [redis]
        url = "localhost:6379"
    "#;
    let problems = load(file, &[("database_url", "x"), ("limits.max_depth", "-1")]).unwrap_err();
    let text = problems.to_string();
    let expected = [
        "`server.listen`: is `here`, write an address with its port",
        "`server.public_host`: is `https://cs12.example`, write a bare domain name",
        "`server.allowed_origins`: has `https://app.cs12.example/`",
        "`server.allowed_origins`: has `*`",
        "`server.lisen`: is not a key, known here: `listen`, `public_host`, `public_url`, `client_address`, `max_body_bytes`, `max_connections`, `max_connections_per_address`, `allowed_origins`, `allowed_headers`, `drain_seconds`, `tls`",
        "`database.url`: names neither SQLite nor PostgreSQL",
        "`database.max_connections`: is not in range, write a whole number from 1 to 1000",
        "`authn.leeway_seconds`: is not in range, write a whole number from 0 to 300",
        "`authn.cookie`: is `a b`",
        "`authn.csrf_header`: is not a custom header",
        "`authn.jwks.timeout_seconds`: is not in range",
        "`authn.issuers[0].provider`: is `octopus`, write one of `custom`, `supabase`, `clerk`, `auth0`, `keycloak`",
        "`authn.issuers[0].issuer`: is missing",
        "`authn.issuers[0].audience`: is missing",
        "`authn.issuers[0].jwks_url`: is missing, give `jwks_url`, `jwks_file` or `secret`",
        "`authn.issuers[1].issuer`: is `https://t.eu.auth0.com`, write `https://t.eu.auth0.com/`",
        "`authn.issuers[1].audience`: is missing",
        "`authn.issuers[1].secret`: has 7 bytes, give at least 32",
        "`authn.issuers[2].jwks_url`: is `http://a.example/keys`, write an `https://` address",
        "`authn.issuers[2].claims.email_verified`: is given, but `emails_verified_by` is `issuer`",
        "`authn.issuers[2].claims.mail`: is not a key",
        "`authn.issuers[3].audience`: holds something that is not a text",
        "`authn.issuers[3].jwks_url`: is not the only source of keys",
        "`cursor.secret`: has 7 bytes",
        "`log.level`: is `loud`",
        "`limits.max_depth`: is not in range",
        "`limits.max_waiting_per_organization`: is 20, more than `max_waiting`, write at most 10",
        "`limits.measure`: names `max_money`, write some of `document_bytes`, `max_tokens`",
        "`redis.url`: does not name a Redis",
        "`limits.default_page_size`: is 200, more than `max_page_size`, write at most 100",
        "`colour`: is not a key",
        "`database_url`: is not a key, known here: `server`, `database`",
    ];
    for line in expected {
        assert!(text.lines().any(|found| found.starts_with(line)), "not reported: {line}\n{text}");
    }
    // One more: an audience of the wrong type is also a missing one.
    assert_eq!(problems.iter().count(), expected.len() + 1, "{text}");
    assert!(!text.contains("hunter2"), "a secret is never repeated: {text}");
}

#[test]
fn a_secret_is_never_shown() {
    let long = "hunter2".repeat(6);
    let file = format!(
        "[database]\nurl = \"postgres://u:{long}@h/d\"\n[cursor]\nsecret = \"{long}\"\n[[authn.issuers]]\nissuer = \"i\"\naudience = \"a\"\nsecret = \"{long}\"\n"
    );
    let config = load(&file, &[]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(format!("{:?}", config.cursor_secret.unwrap()), "[secret]");
    for broken in ["[cursor]\nsecret = hunter2\n", "[cursor]\nsecret = \"hunter2\n", "[cursor\nsecret = \"hunter2\""] {
        let problem = load(broken, &[]).unwrap_err().to_string();
        assert!(
            problem.contains("is not TOML") && problem.contains("line ") && !problem.contains("hunter2"),
            "{problem}"
        );
    }
}

#[test]
fn secrets_from_files_and_from_digits() {
    let secret = temporary("a secret from a file, long enough for HS256\n");
    let url = temporary("postgres://u:p@h/d\r\n");
    let file =
        format!("[cursor]\nsecret_file = \"{}\"\n[database]\nurl_file = \"{}\"\n", secret.display(), url.display());
    let config = load(&file, &[]).unwrap();
    assert_eq!(config.cursor_secret.unwrap().expose(), "a secret from a file, long enough for HS256");
    assert_eq!(config.database.url.expose(), "postgres://u:p@h/d");

    let path = temporary(&file);
    let overrides = Overrides { database_url: Some("sqlite://x.db".to_owned()), ..Overrides::default() };
    let config = Config::from_layers(Some(&path), [], overrides).unwrap();
    assert_eq!(config.database.url.expose(), "sqlite://x.db", "the command line wins over a file with the address");
    for file in [secret, url, path] {
        std::fs::remove_file(file).unwrap();
    }
    let gone = load(&file, &[]).unwrap_err().to_string();
    assert!(gone.contains("`cursor.secret_file`: is `") && gone.contains("`database.url_file`: is `"), "{gone}");

    let digits = "00123456789012345678901234567890";
    let config = load("", &[("cursor.secret", digits)]).unwrap();
    assert_eq!(config.cursor_secret.unwrap().expose(), digits, "digits stay text");
}

#[test]
fn issuers_from_the_environment_and_by_presets() {
    let list = r#"[{ provider = "supabase", issuer = "https://abc.supabase.co/auth/v1" }, { provider = "auth0", issuer = "https://t.eu.auth0.com/", audience = "api" }, { provider = "keycloak", issuer = "https://id.example/realms/main", audience = ["a", "b"] }, { provider = "clerk", issuer = "http://127.0.0.1:9", audience = "c", claims = { email = "mail" } }]"#;
    let config = load("", &[("authn.issuers", list)]).unwrap();
    assert!(config.check_serving().is_ok());
    let found: Vec<_> = config
        .authn
        .issuers
        .iter()
        .map(|issuer| {
            let KeySource::Url(url) = &issuer.keys else {
                return (String::new(), issuer.audience.join(","), EmailProof::Issuer);
            };
            (url.clone(), issuer.audience.join(","), issuer.claims.email_proof.clone())
        })
        .collect();
    let claim = |name: &str| EmailProof::Claim(name.to_owned());
    let expected = [
        ("https://abc.supabase.co/auth/v1/.well-known/jwks.json", "authenticated", EmailProof::Issuer),
        ("https://t.eu.auth0.com/.well-known/jwks.json", "api", claim("https://cs12.example/email_verified")),
        ("https://id.example/realms/main/protocol/openid-connect/certs", "a,b", claim("email_verified")),
        ("http://127.0.0.1:9/.well-known/jwks.json", "c", claim("email_verified")),
    ];
    let expected: Vec<_> =
        expected.into_iter().map(|(url, audience, proof)| (url.to_owned(), audience.to_owned(), proof)).collect();
    assert_eq!(found, expected);
    assert_eq!(config.authn.issuers.last().unwrap().claims.email, "mail");

    let twice = r#"[{ provider = "supabase", issuer = "https://a.example" }, { provider = "supabase", issuer = "https://a.example" }]"#;
    let problem = load("", &[("authn.issuers", twice)]).unwrap_err().to_string();
    assert_eq!(problem, "`authn.issuers`: names `https://a.example` twice, give each issuer one entry");
    let text = load("", &[("authn.issuers", "supabase")]).unwrap_err().to_string();
    assert_eq!(text, "`authn.issuers`: is a text, write a list of tables, such as `[{ key = \"text\" }]`");
}

#[test]
fn keys_travel_only_safely() {
    let table = [
        ("https://id.example/keys", true),
        ("http://localhost:80/keys", true),
        ("http://127.0.0.1/keys", true),
        ("http://127.8.9.1/keys", true),
        ("http://[::1]:8080/keys", true),
        ("http://id.example/keys", false),
        ("http://localhost.evil.example/keys", false),
        ("http://127.0.0.1.evil.example/keys", false),
        ("http://localhost@evil.example/keys", false),
        ("https://user:pass@id.example/keys", false),
        ("http://10.0.0.1/keys", false),
        ("http://0.0.0.0/keys", false),
        ("ftp://localhost/keys", false),
        ("file:///etc/passwd", false),
        ("/keys", false),
        ("id.example/keys", false),
        ("https://", false),
    ];
    for (url, is_safe) in table {
        let file = format!("[[authn.issuers]]\nissuer = \"i\"\naudience = \"a\"\njwks_url = \"{url}\"\n");
        assert_eq!(load(&file, &[]).is_ok(), is_safe, "{url}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let missing = Config::from_layers(Some("no/such.toml".as_ref()), [], Overrides::default()).unwrap_err().to_string();
    assert_eq!(missing, "`no/such.toml`: cannot be read (entity not found), name a readable file with `--config`");
}
