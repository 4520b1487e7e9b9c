//! What is in a letter, whatever people call themselves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chrono::{TimeZone as _, Utc};
use entity::{
    commands::MailContent,
    id::{MailId, TypedId},
};

use crate::mail::failure::Failure;
use crate::mail::link::Links;
use crate::mail::message::{MailMessage, MessageBuilder};
use crate::mail::sanitize::sanitize_name;
use crate::mail::templates::Templates;

const TOKEN: &str = "mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpi2taylcmfrg";

fn content(inviter: &str, organization: &str) -> MailContent {
    let expires_at = Utc.with_ymd_and_hms(2026, 8, 2, 14, 5, 9).unwrap();
    MailContent { organization: organization.to_owned(), inviter: inviter.to_owned(), expires_at }
}

fn written(id: MailId, recipient: &str, inviter: &str, organization: &str) -> Result<String, Failure> {
    let writer = MessageBuilder::new("CS12 <no-reply@mail.example>".parse().unwrap(), "https://cs12.example/").unwrap();
    let content = content(inviter, organization);
    let message = writer.write(MailMessage { id, recipient, content: &content, token: TOKEN })?;
    Ok(String::from_utf8(message.formatted()).unwrap())
}

/// The headers, with folded lines put together.
fn headers(letter: &str) -> Vec<(String, String)> {
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let split = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    unfolded.split("\r\n").map(split).collect()
}

fn header(letter: &str, name: &str) -> String {
    let found: Vec<_> = headers(letter).into_iter().filter(|(found, _)| found == name).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.into_iter().next().unwrap().1
}

#[test]
fn a_letter_says_who_invites_where_and_until_when() {
    let id = MailId::generate();
    let letter = written(id, "new@people.example", "Claudia", "AllSolutions").unwrap();
    assert_eq!(header(&letter, "Subject"), "Claudia invites you to AllSolutions on CS12");
    assert_eq!(header(&letter, "From"), "CS12 <no-reply@mail.example>");
    assert_eq!(header(&letter, "To"), "new@people.example");
    assert_eq!(header(&letter, "Message-ID"), format!("<{}@mail.example>", id.to_text()));
    assert_eq!(header(&letter, "Auto-Submitted"), "auto-generated");
    assert!(header(&letter, "Content-Type").starts_with("multipart/alternative;"));
    assert!(!header(&letter, "Date").is_empty());

    let page =
        Templates::new().unwrap().invitation(&content("Claudia", "AllSolutions"), "https://a.example/#b").unwrap();
    let expected = "Hello,\n\nClaudia invites you to AllSolutions on CS12.\n\n\
        Open this link and sign in with this e-mail address to accept or decline:\n\nhttps://a.example/#b\n\n\
        The invitation is good until 2 August 2026, 14:05 UTC. The link is for you alone: do not pass it on.\n\n\
        If you did not expect this, do nothing. Nobody learns that you have read this mail.";
    assert_eq!(page.text, expected);
    // Nothing is fetched, and nothing tells that the mail is read.
    for word in ["<img", "src=", "url(", "@import", "<link", "<script"] {
        assert!(!page.html.contains(word), "{word}");
    }
}

#[test]
fn a_mail_written_twice_is_known_as_the_same() {
    let id = MailId::generate();
    let twice = [(); 2].map(|()| written(id, "a@b.example", "A", "B").unwrap());
    assert_eq!(header(&twice[0], "Message-ID"), header(&twice[1], "Message-ID"));
    let other = written(MailId::generate(), "a@b.example", "A", "B").unwrap();
    assert_ne!(header(&twice[0], "Message-ID"), header(&other, "Message-ID"));
}

#[test]
fn the_token_is_behind_the_hash_and_in_no_header() {
    for base in ["https://cs12.example", "https://cs12.example/"] {
        assert_eq!(Links::to(base).invitation("abc"), "https://cs12.example/dashboard/#invitation=abc");
    }
    let letter = written(MailId::generate(), "a@b.example", "A", "B").unwrap();
    for (name, value) in headers(&letter) {
        assert!(!value.contains(&TOKEN[..12]), "{name}");
    }
}

#[test]
fn a_name_is_text_in_the_page() {
    let hostile = r#"<b style="evil">'x' & y</b>"#;
    let page = Templates::new().unwrap().invitation(&content(hostile, hostile), "https://a.example/#\"><b>").unwrap();
    for markup in ["<b style=\"evil", "</b>'", "'x'", "\"><b>", "& y"] {
        assert!(!page.html.contains(markup), "{markup}: {}", page.html);
    }
    assert!(page.html.contains("&lt;b style=&quot;"));
    assert!(page.text.contains(hostile), "plain text is not escaped");
}

#[test]
fn a_name_cannot_begin_a_header() {
    for line_end in ["\r\n", "\n", "\r", "\u{2028}", "\u{85}", "\r\n\r\n"] {
        let hostile = format!("Eve{line_end}Bcc: all people{line_end}X-Evil: 1");
        let letter = written(MailId::generate(), "a@b.example", &hostile, &hostile).unwrap();
        let tidied = "Eve Bcc: all people X-Evil: 1";
        assert_eq!(header(&letter, "Subject"), format!("{tidied} invites you to {tidied} on CS12"));
        let expected =
            ["From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];
        let mut names: Vec<String> = headers(&letter).into_iter().map(|(name, _)| name).collect();
        names.sort_unstable_by_key(|name| expected.iter().position(|known| known == name));
        assert_eq!(names, expected);
    }
}

#[test]
fn names_are_tidied() {
    let long = "ä".repeat(300);
    let cut = format!("{}…", "ä".repeat(40));
    let table = [
        ("  Ada \t Lovelace\u{0}\u{7f} ", Some("Ada Lovelace")),
        ("Zoë 李 Ωmega 🦷", Some("Zoë 李 Ωmega 🦷")),
        ("\u{202e}gpj.exe\u{2066}", Some("gpj exe")),
        ("St. Mary's Dental, Inc.", Some("St. Mary's Dental, Inc.")),
        ("A\u{200b}d\u{ad}a\u{feff} \u{2060}Love\u{200d}lace", Some("Ada Lovelace")),
        ("🦷", None),
        (" \u{200f}\r\n ", None),
        ("", None),
        (&long, Some(cut.as_str())),
    ];
    for (name, expected) in table {
        assert_eq!(sanitize_name(name).as_deref(), expected, "{name:?}");
    }
}

/// Mail programs make links of addresses in any text.
#[test]
fn no_name_is_an_address() {
    let neutral = [
        "Your bank: visit https://evil.example/login now",
        "HTTP : // evil example",
        "https:\u{200b}//evil.example",
        "www.evil.example",
        "WWW\u{ff0e}evil\u{3002}example",
        "\u{ff48}ttps\u{ff1a}\u{2215}\u{2215}evil",
        "support@evil.example",
        "support\u{ff20}evil",
        "mailto: support",
        "Call +1 (555) 010-9999",
        "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}\u{ff18}",
    ];
    for name in neutral {
        assert_eq!(sanitize_name(name), None, "{name:?}");
    }
    for (name, parted) in [
        ("evil.example", "evil example"),
        ("evil.example/login", "evil example/login"),
        ("evil\u{200b}.\u{200b}example", "evil example"),
        ("evil\u{2024}example", "evil example"),
        ("evil..example...x", "evil example x"),
        ("xn--evl-hma.example", "xn--evl-hma example"),
        ("Dr.Smith & J.R.R. Tolkien", "Dr Smith & J R R. Tolkien"),
    ] {
        assert_eq!(sanitize_name(name).as_deref(), Some(parted), "{name:?}");
    }
    let page = Templates::new().unwrap();
    let page = page.invitation(&content("visit https://evil.example", "evil.example"), "https://a.example/").unwrap();
    assert_eq!(page.subject, "You are invited to evil example on CS12");
    assert!(!page.text.contains("evil.example") && !page.html.contains("evil.example"), "{}", page.text);
}

#[test]
fn without_a_name_the_subject_still_reads() {
    let pages = Templates::new().unwrap();
    let page = pages.invitation(&content(" ", ""), "https://a.example/").unwrap();
    assert_eq!(page.subject, "You are invited to an organization on CS12");
    assert!(page.text.contains("Somebody invites you to an organization on CS12."));
}

#[test]
fn other_letters_travel_encoded_and_lines_stay_short() {
    let letter = written(MailId::generate(), "a@b.example", &"Žižek ".repeat(40), &"李".repeat(300)).unwrap();
    assert!(letter.is_ascii());
    assert!(letter.split("\r\n").all(|line| line.len() <= 998), "RFC 5322 §2.1.1");
    assert!(header(&letter, "Subject").starts_with("=?utf-8?"));
}

#[test]
fn what_is_no_address_is_no_recipient() {
    for recipient in [
        "",
        "a",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "<a@b.example>",
        "a@b..example",
    ] {
        assert_eq!(written(MailId::generate(), recipient, "A", "B").unwrap_err(), Failure::Recipient, "{recipient:?}");
    }
}

#[test]
fn every_letter_can_be_in_a_name() {
    let all: Vec<char> = ('\0'..='\u{ffff}').chain('\u{1f000}'..='\u{1ffff}').collect();
    for some in all.chunks(60) {
        let name: String = some.iter().collect();
        let letter = written(MailId::generate(), "a@b.example", &name, &name).unwrap();
        assert!(letter.is_ascii() && headers(&letter).len() == 8, "{name:?}");
    }
}
