//! Lists in environment variables: every key that takes one, in each way of writing it.

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Value};

use super::load;
use crate::config::{Config, ConfigErrors, DEFAULTS};

/// The paths of all keys that are lists in the default file.
fn list_keys(entries: Dict, above: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in entries {
        let path = if above.is_empty() { key } else { format!("{above}.{key}") };
        match value {
            Value::Array(..) => found.push(path),
            Value::Dict(_, entries) => found.extend(list_keys(entries, &path)),
            _ => {}
        }
    }
    found
}

/// Two items that a key takes, as TOML with double quotes, and what the configuration then holds of them.
fn sample(key: &str) -> ([&'static str; 2], fn(&Config) -> String) {
    match key {
        "authn.issuers" => (
            [
                r#"{ issuer = "a", audience = "x", jwks_url = "https://a.example" }"#,
                r#"{ issuer = "b", audience = ["x", "y"], jwks_url = "https://b.example" }"#,
            ],
            |config| format!("{:?}", config.authn.issuers),
        ),
        "server.allowed_origins" => ([r#""https://a.example""#, r#""https://b.example""#], |config| {
            format!("{:?}", config.server.allowed_origins)
        }),
        "server.allowed_headers" => {
            ([r#""x-one""#, r#""x-two""#], |config| format!("{:?}", config.server.allowed_headers))
        }
        "limits.measure" => ([r#""max_cost""#, r#""max_depth""#], |config| format!("{:?}", config.limits)),
        "database.replica_urls" => ([r#""postgres://a@b/c""#, r#""postgres://a@d/c""#], |config| {
            let urls: Vec<_> = config.database.replica_urls.iter().map(crate::config::Secret::expose).collect();
            format!("{urls:?}")
        }),
        "pages.sign_in.scopes" => ([r#""openid""#, r#""email""#], |config| format!("{:?}", config.pages.sign_in)),
        "documents.manifest" => ([r#""/a""#, r#""/b c""#], |config| format!("{:?}", config.documents.manifest)),
        other => unreachable!("`{other}` is a list in the default file and has no sample here"),
    }
}

/// What the lists of other keys than the one that is tried need beside them.
const BESIDE: &str = "[database]\nurl = \"postgres://a@b/c\"\n\
    [pages.sign_in]\nissuer = \"https://id.example\"\nclient_id = \"c\"";

fn given(key: &str, text: &str) -> Result<Config, ConfigErrors> {
    load(BESIDE, &[(key, text)])
}

#[test]
fn every_list_is_taken_from_the_environment_in_each_way_of_writing_it() {
    let keys = list_keys(Toml::from_str(DEFAULTS).unwrap(), "");
    assert!(keys.len() >= 6, "{keys:?}");
    for key in keys {
        let ([one, another], seen) = sample(&key);
        let json = |item: &str| {
            let entry: Dict = Toml::from_str(&format!("v = {item}")).unwrap();
            serde_json::to_string(entry.get("v").unwrap()).unwrap()
        };
        let (section, name) = key.rsplit_once('.').unwrap();
        let file = if key == "database.replica_urls" || section == "pages.sign_in" {
            // These sections are there already.
            BESIDE.replace(&format!("[{section}]\n"), &format!("[{section}]\n{name} = [{one}, {another}]\n"))
        } else {
            format!("{BESIDE}\n[{section}]\n{name} = [{one}, {another}]")
        };
        let expected = seen(&load(&file, &[]).unwrap());
        for text in [
            format!("[{one}, {another}]"),
            format!("[\n  {one},\n  {another},\n]"),
            format!("[{one}, {another}]").replace('"', "'"),
            format!("[{},{}]", json(one), json(another)),
            format!("[\n  {},\n  {},\n]\n", json(one), json(another)),
        ] {
            let found = given(&key, &text).unwrap_or_else(|problems| unreachable!("{key}: {text}: {problems}"));
            assert_eq!(seen(&found), expected, "{key}: {text}");
        }
    }
}

#[test]
fn what_is_no_list_is_refused_with_the_way_to_write_it() {
    for key in list_keys(Toml::from_str(DEFAULTS).unwrap(), "") {
        for text in ["a,b", "[a, b]", "[\"hunter2\"", "[\"a\" \"b\"]"] {
            let problems = given(&key, text).unwrap_err().to_string();
            assert!(problems.contains(&format!("`{key}`: ")) && problems.contains("write a list"), "{key}: {problems}");
            assert!(!problems.contains("hunter2"), "{problems}");
        }
    }
}

#[test]
fn one_text_alone_is_a_list_of_one() {
    let config = load("", &[("server.allowed_origins", "https://a.example")]).unwrap();
    assert_eq!(config.server.allowed_origins, ["https://a.example"]);
    assert!(load("", &[("server.allowed_origins", "")]).unwrap().server.allowed_origins.is_empty());
    let scopes = given("pages.sign_in.scopes", "openid email").unwrap_err().to_string();
    assert!(scopes.contains("`pages.sign_in.scopes`: has `openid email`, write a list"), "{scopes}");
}

#[test]
fn a_table_is_taken_from_the_environment_too() {
    for text in ["{ max_age_seconds = 90 }", r#"{"max_age_seconds": 90}"#, "{\n  'max_age_seconds' = 90,\n}"] {
        assert_eq!(load("", &[("authn.jwks", text)]).unwrap().authn.jwks.max_age.as_secs(), 90, "{text}");
    }
    let problem = load("", &[("authn.jwks", "soon")]).unwrap_err().to_string();
    let first = problem.lines().next();
    assert_eq!(first, Some("`authn.jwks`: is a text, write a table, such as `{ key = \"text\" }`"), "{problem}");
}
