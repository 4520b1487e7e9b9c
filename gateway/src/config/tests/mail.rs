//! Invitations and mails: defaults, ranges, and addresses that lead to where they should.

use std::path::Path;
use std::time::Duration;

use entity::organization_settings::OrganizationSettings;

use super::{load, temporary};
use crate::config::{Config, Overrides};

const ISSUER: &str =
    "[[authn.issuers]]\nissuer = \"i\"\naudience = \"a\"\nsecret = \"thirty-two bytes, of which some are blank\"\n";

#[test]
fn the_default_file_has_the_rules_of_the_store() {
    let config = Config::from_layers(None, [], Overrides::default()).unwrap();
    assert_eq!(format!("{:?}", config.rules), format!("{:?}", OrganizationSettings::default()));
    assert!(config.invitation_secret.is_none() && config.mail.smtp_url.is_none() && config.server.public_url.is_none());
    assert_eq!(config.mail.from.to_string(), "CS12 <no-reply@cs12.example>");
    assert_eq!((config.mail.folder.as_path(), config.mail.timeout), (Path::new("mails"), Duration::from_secs(20)));
}

#[test]
fn each_rule_can_be_set_by_file_and_environment() {
    let file =
        "[organizations]\nper_person = 3\nseats = 25\njoin_requests_per_day = 4\n[invitations]\nlifetime_days = 30\n";
    let environment = [
        ("organizations.join_cool_down_days", "0"),
        ("organizations.taken_slugs_per_day", "5"),
        ("invitations.per_young_organization_per_day", "2"),
        ("invitations.young_days", "0"),
        ("invitations.per_recipient_per_day", "1"),
        ("invitations.per_organization_per_day", "9"),
        ("invitations.secret", "a secret of the operator, long enough"),
        ("server.public_url", "https://cs12.example/gateway/"),
    ];
    let config = load(file, &environment).unwrap();
    let rules = &config.rules;
    assert_eq!((rules.organizations_per_person, rules.seats), (3, Some(25)));
    assert_eq!((rules.join_requests_per_day, rules.taken_slugs_per_day), (4, 5));
    assert_eq!((rules.mails_per_young_organization, rules.young.num_days()), (2, 0));
    assert_eq!((rules.invitation_lifetime.num_days(), rules.join_cool_down.num_days()), (30, 0));
    assert_eq!((rules.mails_per_recipient, rules.mails_per_organization), (1, 9));
    assert_eq!(config.invitation_secret.unwrap().expose(), "a secret of the operator, long enough");
    assert_eq!(config.server.public_url.unwrap(), "https://cs12.example/gateway");
    assert_eq!(load("", &[("organizations.seats", "0")]).unwrap().rules.seats, None);
}

#[test]
fn all_problems_of_mails_come_at_once() {
    let file = r#"
        [server]
        public_url = "http://cs12.example"
        [organizations]
        per_person = 0
        seats = -1
        auto_accept_invitations = true
        join_cool_down_days = 366
        join_requests_per_day = 0
        taken_slugs_per_day = 0
        seat = 1
        [invitations]
        lifetime_days = 31
        per_recipient_per_day = 0
        per_organization_per_day = 0
        per_young_organization_per_day = 0
        young_days = 366
        secret = "hunter2"
        [mail]
        from = "CS12"
        smtp_url = "smtp://me:hunter2@mail.example"
        folder = ""
        timeout_seconds = 61
    "#;
    let text = load(file, &[]).unwrap_err().to_string();
    let expected = [
        "`server.public_url`: is `http://cs12.example`, write an `https://` address",
        "`organizations.per_person`: is not in range, write a whole number from 1 to 1000",
        "`organizations.seats`: is not in range",
        "`organizations.auto_accept_invitations`: is not a key",
        "`organizations.join_cool_down_days`: is not in range, write a whole number from 0 to 365",
        "`organizations.join_requests_per_day`: is not in range, write a whole number from 1 to 1000",
        "`organizations.taken_slugs_per_day`: is not in range",
        "`organizations.seat`: is not a key",
        "`invitations.lifetime_days`: is not in range, write a whole number from 1 to 30",
        "`invitations.per_recipient_per_day`: is not in range",
        "`invitations.per_organization_per_day`: is not in range",
        "`invitations.per_young_organization_per_day`: is not in range",
        "`invitations.young_days`: is not in range",
        "`invitations.secret`: has 7 bytes, give at least 32",
        "`mail.from`: is `CS12`, write an address",
        "`mail.smtp_url`: would send the password in the clear, write `smtps://",
        "`mail.folder`: is missing",
        "`mail.timeout_seconds`: is not in range, write a whole number from 1 to 60",
    ];
    for line in expected {
        assert!(text.lines().any(|found| found.starts_with(line)), "not reported: {line}\n{text}");
    }
    assert_eq!(text.lines().count(), expected.len(), "{text}");
    assert!(!text.contains("hunter2"), "a secret is never repeated: {text}");
}

#[test]
fn senders() {
    let table = [
        ("no-reply@cs12.example", true),
        ("CS12 <no-reply@cs12.example>", true),
        ("\"Zoë, at CS12\" <no-reply@cs12.example>", true),
        ("zoë@cs12.example", false),
        ("CS12", false),
        ("a@b.example, c@d.example", false),
        ("a@b.example\nBcc: c@d.example", false),
        ("", false),
    ];
    for (from, is_sound) in table {
        let found = load("", &[("mail.from", from)]);
        assert_eq!(found.is_ok(), is_sound, "{from:?}: {found:?}");
    }
}

#[test]
fn mail_servers() {
    let table = [
        ("smtps://user:pass%40word@mail.example", None),
        ("smtps://user:password@mail.example:465/gateway.example", None),
        ("smtp://user:password@mail.example?tls=required", None),
        ("smtp://mail.example:25", None),
        ("smtp://127.0.0.1:2525", None),
        ("smtp://user:password@localhost:25", None),
        ("smtp://user:password@mail.example", Some("in the clear")),
        ("smtp://user:password@mail.example?tls=opportunistic", Some("in the clear")),
        ("smtp://user:password@localhost.mail.example", Some("in the clear")),
        ("smtps://user@mail.example", Some("without a password")),
        ("smtp://mail.example?tls=perhaps", Some("no address")),
        ("http://mail.example", Some("no address")),
        ("mail.example:25", Some("no address")),
        ("smtps://", Some("no address")),
    ];
    for (url, wrong) in table {
        let found = load("", &[("mail.smtp_url", url)]).err().map(|problems| problems.to_string());
        let is_right = match (&found, wrong) {
            (None, None) => true,
            (Some(text), Some(wrong)) => text.contains(wrong) && !text.contains("mail.example"),
            _ => false,
        };
        assert!(is_right, "{url}: {found:?}");
    }
}

#[test]
fn public_addresses() {
    let table = [
        ("https://cs12.example", true),
        ("https://cs12.example:8443/base/", true),
        ("http://localhost:5173", true),
        ("http://[::1]:8080", true),
        ("http://cs12.example", false),
        ("https://user:hunter2@cs12.example", false),
        ("https://cs12.example/?a=b", false),
        ("https://cs12.example/#a", false),
        ("cs12.example", false),
        ("javascript:alert(1)", false),
    ];
    for (url, is_sound) in table {
        let found = load("", &[("server.public_url", url)]);
        assert_eq!(found.is_ok(), is_sound, "{url}");
        assert!(!format!("{found:?}").contains("hunter2"));
    }
}

#[test]
fn mails_to_people_need_a_sender_and_links_that_are_theirs() {
    let check = |more: &[(&str, &str)]| {
        let problems = load(ISSUER, more).unwrap().check_serving().err();
        problems.map_or_else(Vec::new, |problems| problems.iter().map(ToString::to_string).collect())
    };
    let sender = ("mail.from", "CS12 <no-reply@mine.example>");
    let server = ("mail.smtp_url", "smtps://u:p@mail.example");
    assert_eq!(check(&[]), [""; 0], "without a mail server nobody is misled");
    assert_eq!(check(&[("mail.smtp_url", "smtp://127.0.0.1:2525")]), [""; 0], "nor by one for development");
    let problems = check(&[server]);
    assert!(problems[0].starts_with("`mail.from`: is of `cs12.example`, but mails go out by SMTP"), "{problems:?}");
    assert!(problems[1].starts_with("`server.public_url`: is not set or leads to this machine"), "{problems:?}");
    assert_eq!(check(&[server, sender, ("server.public_url", "http://localhost:1")]).len(), 1);
    assert_eq!(check(&[server, sender, ("server.public_url", "https://cs12.example")]), [""; 0]);
}

#[test]
fn secrets_from_files() {
    let url = temporary("smtps://user:hunter2@mail.example\n");
    let secret = temporary("a secret from a file, long enough for a key\n");
    let file = format!(
        "[mail]\nsmtp_url_file = \"{}\"\n[invitations]\nsecret_file = \"{}\"\n",
        url.display(),
        secret.display()
    );
    let config = load(&file, &[]).unwrap();
    assert_eq!(config.mail.smtp_url.as_ref().unwrap().expose(), "smtps://user:hunter2@mail.example");
    assert_eq!(config.invitation_secret.as_ref().unwrap().expose(), "a secret from a file, long enough for a key");
    assert!(!format!("{config:?}").contains("hunter2"));
    std::fs::remove_file(url).unwrap();
    std::fs::remove_file(secret).unwrap();
}
