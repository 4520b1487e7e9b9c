//! `[pages.sign_in]`: off by default, checked when on, and never wider than one origin.

use super::super::TokenLinks;
use super::load;

const ISSUER: &str = r#"
    [[authn.issuers]]
    provider = "keycloak"
    issuer = "https://id.example/realms/main"
    audience = "cs12"
"#;

const ON: [(&str, &str); 2] =
    [("pages.sign_in.issuer", "https://id.example/realms/main"), ("pages.sign_in.client_id", "dashboard")];

#[test]
fn it_is_off_until_it_has_an_issuer() {
    assert_eq!(load("", &[]).unwrap().pages.sign_in, None);
    let sign_in = load(ISSUER, &ON).unwrap().pages.sign_in.unwrap();
    assert_eq!(sign_in.origin(), "https://id.example");
    assert_eq!((sign_in.client_id.as_str(), sign_in.label.as_str()), ("dashboard", "Sign in"));
    assert_eq!(sign_in.scopes, ["openid", "email", "profile"]);
    assert_eq!((sign_in.resource, sign_in.audience), (None, None));
}

#[test]
fn what_is_missing_comes_at_once() {
    let file =
        "[pages]\nsignin = 1\n[pages.sign_in]\nissuer = \"https://id.example\"\nlabel = \"\"\nscopes = [\"email\"]\n";
    let problems: Vec<String> = load(file, &[]).unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "`pages.sign_in.client_id`: is missing",
        "`pages.sign_in.scopes`: lack `openid`",
        "`pages.sign_in.label`: is missing",
        "`pages.signin`: is not a key, known here: `enabled`, `sign_in`",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn an_issuer_is_one_origin_that_a_browser_may_be_sent_to() {
    let table = [
        ("https://id.example", Some("https://id.example")),
        ("https://tenant.eu.auth0.com/", Some("https://tenant.eu.auth0.com")),
        ("https://id.example:8443/realms/main", Some("https://id.example:8443")),
        ("http://127.0.0.1:9000", Some("http://127.0.0.1:9000")),
        ("http://[::1]:9000/a", Some("http://[::1]:9000")),
        ("http://id.example", None),
        ("https://user:hunter2@id.example", None),
        ("https://*", None),
        ("https://*.example", None),
        ("https://a.example;script-src", None),
        ("https://a.example,b.example", None),
        ("https://'self'", None),
        ("id.example", None),
        ("data:text/html,x", None),
    ];
    for (issuer, origin) in table {
        let found = load("", &[("pages.sign_in.issuer", issuer), ("pages.sign_in.client_id", "d")]);
        assert!(!format!("{found:?}").contains("hunter2"));
        let found = found.ok().and_then(|config| config.pages.sign_in).map(|sign_in| sign_in.origin());
        assert_eq!(found.as_deref(), origin, "{issuer}");
    }
}

#[test]
fn a_provider_whose_tokens_nobody_believes_is_not_served() {
    load(ISSUER, &ON).unwrap().check_serving().unwrap();
    let other = [("pages.sign_in.issuer", "https://id.example/realms/main/"), ON[1]];
    let problem = load(ISSUER, &other).unwrap().check_serving().unwrap_err().to_string();
    let expected = "`pages.sign_in.issuer`: is `https://id.example/realms/main/`, which is none of `authn.issuers`";
    assert!(problem.starts_with(expected), "{problem}");
}

#[test]
fn the_pages_take_no_token_from_an_address_unless_the_operator_says_so() {
    assert_eq!(load("", &[]).unwrap().pages.token_links, TokenLinks::Refused);
    let on = ("pages.token_links", "true");
    assert_eq!(load("", &[on]).unwrap().pages.token_links, TokenLinks::Asked);
    let problem = load(ISSUER, &[ON[0], ON[1], on]).unwrap_err().to_string();
    assert!(problem.starts_with("`pages.token_links`: is true beside `pages.sign_in`, write `false`"), "{problem}");
}
