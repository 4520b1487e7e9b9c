//! The command line, without running a command.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use clap::CommandFactory as _;
use clap::Parser as _;

use super::healthcheck::{Healthcheck, TlsCheck, ask, is_loopback, reachable, read_response};
use super::{Cli, access_matrix, lifetime};
use crate::config::{Config, Overrides};

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn wrong_command_lines_are_refused() {
    let table: [&[&str]; 13] = [
        &[],
        &["fly"],
        &["migrate"],
        &["migrate", "up", "--steps", "0"],
        &["migrate", "down", "--all", "--steps", "2"],
        &["token"],
        &["token", "--email", "a@b.example", "--lifetime", "soon"],
        &["access-matrix", "--json", "--markdown"],
        &["audit", "export"],
        &["audit", "verify", "--expect", "1:0000000000000000000000000000000000000000000000000000000000000000"],
        &["audit", "verify", "--organization", "acme", "--expect", "1:abc"],
        &["organizations"],
        &["people", "relink", "--email", "a@b.example"],
    ];
    for words in table {
        let refused = Cli::try_parse_from(std::iter::once(&"gateway").chain(words)).unwrap_err();
        assert_eq!(refused.exit_code(), 2, "{words:?}");
    }
}

/// As those expect who know other programs: by a word or by an option.
#[test]
fn help_and_version_are_commands_too() {
    use clap::error::ErrorKind::{DisplayHelp, DisplayVersion};
    let parse = |words: &[&str]| Cli::try_parse_from(std::iter::once(&"gateway").chain(words));
    for words in [&["help"][..], &["help", "migrate"], &["help", "migrate", "up"], &["--help"], &["-h"]] {
        assert_eq!(parse(words).unwrap_err().kind(), DisplayHelp, "{words:?}");
    }
    for words in [&["--version"][..], &["-V"]] {
        assert_eq!(parse(words).unwrap_err().kind(), DisplayVersion, "{words:?}");
    }
    assert!(parse(&["version"]).is_ok());
    assert!(parse(&["help", "fly"]).unwrap_err().exit_code() == 2);
}

#[test]
fn every_command_on_a_database_takes_its_address_and_a_file() {
    let table: [&[&str]; 10] = [
        &["serve"],
        &["demo"],
        &["migrate", "up"],
        &["migrate", "down"],
        &["migrate", "status"],
        &["import-legacy", "export"],
        &["check-config"],
        &["audit", "verify"],
        &["organizations", "list"],
        &["people", "relink", "--email", "a@b.example", "--subject", "s"],
    ];
    for words in table {
        for url in ["sqlite://a.db", "postgres://u@h/d"] {
            let given = ["--database-url", url, "--config", "gateway.toml"];
            let parsed = Cli::try_parse_from(std::iter::once(&"gateway").chain(words).chain(&given));
            assert!(parsed.is_ok(), "{words:?}: {parsed:?}");
        }
    }
}

#[test]
fn lifetimes() {
    for (text, seconds) in [("90s", 90), ("15m", 900), ("8h", 28_800), ("365d", 31_536_000)] {
        assert_eq!(lifetime::parse(text).unwrap().as_secs(), seconds, "{text}");
    }
    for text in
        ["", "h", "0s", "1", "1w", "-1h", "1.5h", "366d", "99999999999999999999d", "18446744073709551615d", "1é"]
    {
        assert!(lifetime::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_address_for_every_interface_is_called_on_this_machine() {
    for (listen, called) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:2", "[::1]:2"), ("10.1.2.3:3", "10.1.2.3:3")] {
        assert_eq!(reachable(listen.parse().unwrap()).to_string(), called);
    }
}

#[test]
fn the_matrix_says_what_the_guards_say() {
    let text = access_matrix::text();
    let row = |coordinate: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(coordinate)).unwrap();
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("Doctor.name")[1..], ["dso: VIEWER", "-", "-", "-", "-", "yes", "yes", "yes", "yes", "yes"]);
    assert_eq!(row("Doctor.email")[1..], ["dso: MANAGER", "-", "-", "-", "-", "yes", "yes", "-", "yes", "yes"]);
    assert_eq!(row("Query.doctors")[1..], ["org: MEMBER", "-", "-", "-", "yes", "yes", "yes", "yes", "yes", "yes"]);
}

/// By its number no certificate names it: on this machine it is asked without proof, and elsewhere never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_speaks_tls_is_asked_for_its_health() {
    let folder = std::env::temp_dir().join(format!("cs12-healthcheck-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let made = rcgen::generate_simple_self_signed(["cs12.example".to_owned()]).unwrap();
    let files = crate::config::Tls { certificate: folder.join("crt"), key: folder.join("key") };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let tls = crate::http::Tls::load(&files).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().route("/health/ready", axum::routing::get(async || "ready"));
    tokio::spawn(crate::http::serve(crate::http::Listener::new(listener, Some(tls)), router, std::future::pending()));
    let url = format!("https://{address}/health/ready");
    tokio::task::block_in_place(|| {
        ask(url.clone(), &TlsCheck::None).unwrap();
        assert!(ask(url.clone(), &TlsCheck::Public).is_err(), "anybody could say that they are the gateway");
        Healthcheck::of(url).run().unwrap();
    });
}

#[test]
fn a_gateway_without_a_path_is_asked_whether_it_is_ready() {
    for (url, asked) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/health/ready"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/health/ready"),
        ("https://[::1]:8443", "https://[::1]:8443/health/ready"),
        ("localhost:8080", "http://localhost:8080/health/ready"),
        ("127.0.0.1:8080/health/live", "http://127.0.0.1:8080/health/live"),
        ("https://cs12.example/health/live", "https://cs12.example/health/live"),
        ("https://cs12.example/?x", "https://cs12.example/?x"),
    ] {
        assert_eq!(read_response(url), asked);
    }
}

#[test]
fn only_this_machine_is_asked_without_proof() {
    for url in [
        "https://127.0.0.1:8443/health/ready",
        "https://127.8.8.8/",
        "https://[::1]:1/",
        "https://localhost/health/live",
    ] {
        assert!(is_loopback(url), "{url}");
    }
    for url in [
        "https://10.1.2.3/",
        "https://127.0.0.1.example/",
        "https://localhost.example/",
        "https://localhost@example/",
        "no address",
        "",
    ] {
        assert!(!is_loopback(url), "{url}");
    }
}

/// The last steps again over rows that are there: what their names are ordered and found by is computed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrating_up_fills_in_the_names_that_are_there() {
    let folder = std::env::temp_dir().join(format!("cs12-migrate-up-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("cs12.db").display());
    migration::up(&url, None).await.unwrap();
    let db = entity::db::Db::connect(entity::db::ConnectOptions::new(url.clone())).await.unwrap();
    crate::demo::Demo::build(&db).await.unwrap();
    db.close().await.unwrap();
    // Back to before the step that adds the columns.
    migration::down(&url, Some(4)).await.unwrap();
    let overrides = Overrides { database_url: Some(url.clone()), ..Overrides::default() };
    // Not by the command itself: that would begin to log for all tests of this process.
    let said = super::migrate::up(&Config::from_layers(None, [], overrides).unwrap(), None).await.unwrap();
    assert!(said.contains("filled in"), "{said}");
    let db = entity::db::Db::connect(entity::db::ConnectOptions::new(url)).await.unwrap();
    let all = db.all_roll_ups().await.unwrap();
    for roll_ups in &all {
        assert_eq!(roll_ups.verify().await.unwrap().names, 0);
    }
    assert_eq!(all.len(), 2, "the demo has two organizations");
    db.close().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
