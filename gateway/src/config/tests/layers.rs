//! Which layer wins where two keys give one value.

use super::{load, temporary};
use crate::config::{Config, Overrides};

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

#[test]
fn the_command_line_wins_over_both() {
    let file = temporary("postgres://u:p@h/d");
    let overrides = Overrides { database_url: Some("sqlite://x.db".to_owned()), listen: None };
    let environment = [("database.url_file".to_owned(), file.display().to_string())];
    let config = Config::from_layers(None, environment, overrides).unwrap();
    assert_eq!(config.database.url.expose(), "sqlite://x.db");
    std::fs::remove_file(file).unwrap();
}
