//! Which layer wins where two keys give one value.

use super::{load, temporary};
use crate::config::{Config, ConfigErrors, Overrides, platform};

/// A section, a key that can be given by a file, and a value of it.
const PAIRS: [(&str, &str, &str); 5] = [
    ("database", "url", "postgres://u:p@h/d"),
    ("cursor", "secret", "a secret that is long enough for a key"),
    ("invitations", "secret", "a secret that is long enough for a key"),
    ("mail", "smtp_url", "smtps://user:password@mail.example"),
    ("redis", "url", "redis://cache.example"),
];

fn value(config: &Config, section: &str) -> String {
    let found = match section {
        "database" => Some(&config.database.url),
        "cursor" => config.cursor_secret.as_ref(),
        "invitations" => config.invitation_secret.as_ref(),
        "mail" => config.mail.smtp_url.as_ref(),
        _ => config.redis_url.as_ref(),
    };
    found.map(|secret| secret.expose().to_owned()).unwrap_or_default()
}

#[test]
fn the_environment_wins_over_a_value_that_the_file_names_in_another_way() {
    for (section, key, given) in PAIRS {
        let file = temporary(given);
        let path = file.display().to_string();
        let other = given.replace("example", "other.example").replace("long", "very long").replace("h/d", "other/d");
        let by_file = format!("[{section}]\n{key}_file = \"{path}\"");
        let config = load(&by_file, &[(&format!("{section}.{key}"), &other)]).unwrap();
        assert_eq!(value(&config, section), other, "{section}: the text wins over the file");
        let by_text = format!("[{section}]\n{key} = \"{other}\"");
        let config = load(&by_text, &[(&format!("{section}.{key}_file"), &path)]).unwrap();
        assert_eq!(value(&config, section), given, "{section}: the file wins over the text");
        let config = load(&by_file, &[(&format!("{section}.{key}"), "")]).unwrap();
        assert_eq!(value(&config, section), given, "{section}: an empty text is not set");
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn one_layer_that_gives_a_value_twice_is_refused_and_nothing_follows_from_it() {
    for (section, key, given) in PAIRS {
        let [one, another] = [key.to_owned(), format!("{key}_file")];
        let text = format!("`{section}.{key}`: is given beside `{key}_file`, keep one of the two");
        let file = format!("[{section}]\n{one} = \"{given}\"\n{another} = \"x\"");
        assert_eq!(load(&file, &[]).unwrap_err().to_string(), text);
        let environment = [(format!("{section}.{one}"), given), (format!("{section}.{another}"), "x")];
        let environment: Vec<_> = environment.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        assert_eq!(load("", &environment).unwrap_err().to_string(), text);
    }
    let file = "[database]\nurl = \"postgres://a@b/c\"\nurl_file = \"x\"\npooler_url = \"postgres://a@p/c\"";
    assert_eq!(load(file, &[]).unwrap_err().iter().count(), 1, "`url` is not known, so it is not SQLite either");
    let file = "[database]\nurl_file = \"/nowhere\"\nreplica_urls = [\"postgres://a@p/c\"]";
    assert_eq!(load(file, &[]).unwrap_err().iter().count(), 1);
}

/// What `PORT` and `DATABASE_URL` of the platform come to, beside a file and variables of ours.
fn on_platform(
    port: &str,
    url: &str,
    file: &str,
    environment: &[(&str, &str)],
) -> Result<(String, String), ConfigErrors> {
    let variable = |name: &str| match name {
        "PORT" => Some(port.to_owned()),
        "DATABASE_URL" => Some(url.to_owned()),
        _ => None,
    };
    let file = temporary(file);
    let environment = environment.iter().map(|&(key, value)| (key.to_owned(), value.to_owned()));
    let config = Config::layered(platform::layer(variable), Some(&file), environment, Overrides::default());
    std::fs::remove_file(file).unwrap();
    config.map(|config| (config.server.listen.to_string(), config.database.url.expose().to_owned()))
}

#[test]
fn the_platform_says_where_to_listen_and_where_the_data_is_unless_the_operator_does() {
    let (file, postgres) =
        ("[server]\nlisten = \"127.0.0.1:1\"\n[database]\nurl = \"sqlite://f.db\"", "postgres://u:p@h/d");
    let both = |listen: &str, url: &str| Ok((listen.to_owned(), url.to_owned()));
    let defaults = ("127.0.0.1:8080", "sqlite://cs12.db");
    assert_eq!(on_platform("9000", postgres, "", &[]), both("0.0.0.0:9000", postgres));
    assert_eq!(on_platform("0", "sqlite://p.db", "", &[]), both("0.0.0.0:0", "sqlite://p.db"));
    assert_eq!(on_platform("", "", "", &[]), both(defaults.0, defaults.1));
    assert_eq!(on_platform("9000", postgres, file, &[]), both("127.0.0.1:1", "sqlite://f.db"));
    let ours = [("server.listen", "127.0.0.1:2"), ("database.url", "sqlite://e.db")];
    assert_eq!(on_platform("9000", postgres, "", &ours), both("127.0.0.1:2", "sqlite://e.db"));
    let by_file = temporary("sqlite://file.db");
    let ours = [("database.url_file", by_file.to_str().unwrap())];
    assert_eq!(on_platform("9000", postgres, "", &ours), both("0.0.0.0:9000", "sqlite://file.db"));
    std::fs::remove_file(by_file).unwrap();
    for url in ["mysql://u:p@h/d", "postgresql+asyncpg://u:p@h/d", "mongodb://h", "d"] {
        assert_eq!(on_platform("", url, "", &[]), both(defaults.0, defaults.1), "{url}: another program's");
    }
    let problem = on_platform("http", "", "", &[]).unwrap_err().to_string();
    assert!(problem.starts_with("`server.listen`: is `:http`, write an address"), "{problem}");
}

#[test]
fn the_command_line_wins_over_both() {
    let file = temporary("postgres://u:p@h/d");
    let overrides = Overrides { database_url: Some("sqlite://x.db".to_owned()), ..Overrides::default() };
    let environment = [("database.url_file".to_owned(), file.display().to_string())];
    let config = Config::from_layers(None, environment, overrides).unwrap();
    assert_eq!(config.database.url.expose(), "sqlite://x.db");
    std::fs::remove_file(file).unwrap();
}
