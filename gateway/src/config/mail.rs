//! `[mail]`: how mails go out.
//!
//! Owns: [`Mail`] and its checks. May use: `section`, `place`, lettre's readers of addresses, the store's e-mail addresses. Invariant: the mail server's
//! address is one that lettre takes, and a password in it travels encrypted or not at all.

use std::path::PathBuf;
use std::time::Duration;

use entity::email::EmailAddress;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};

use super::reader::Section;
use super::url::ConfigUrl;
use super::{ConfigErrors, Secret, Server};

/// The domain of the default sender: nobody owns it, so no mail server believes it.
const EXAMPLE_DOMAIN: &str = "cs12.example";

/// How mails go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Who they are from.
    pub from: Mailbox,
    /// The mail server, as lettre takes it; none = mails are written into the folder.
    pub smtp_url: Option<Secret>,
    /// Where mails are written.
    pub folder: PathBuf,
    /// Longest time for sending one.
    pub timeout: Duration,
}

impl Mail {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let given = section.text("from");
        // Without ASCII, an address needs an extension that many servers lack; a name does not.
        let is_sound = |from: &Mailbox| {
            let address = from.email.to_string();
            address.is_ascii() && EmailAddress::parse(&address).is_ok()
        };
        let from = given.as_deref().and_then(|from| from.parse().ok()).filter(is_sound);
        if from.is_none() {
            let wrong = given.map_or_else(|| "is missing".to_owned(), |from| format!("is `{from}`"));
            section.problem(
                "from",
                wrong,
                "write an address, or a name and an address: `CS12 <no-reply@cs12.example>`",
            );
        }
        let smtp_url = section.smtp_url();
        // A secret: what is wrong is told, the text is not.
        if let Some(wrong) = smtp_url.as_ref().and_then(|url| unsound(url.expose())) {
            let right =
                "write `smtps://USER:PASSWORD@HOST` or `smtp://USER:PASSWORD@HOST?tls=required`, percent-encoded";
            section.problem("smtp_url", wrong, right);
        }
        let folder = section.text("folder").map(PathBuf::from);
        if folder.is_none() {
            section.problem("folder", "is missing", "name the folder for mails without a mail server, such as `mails`");
        }
        let timeout = Duration::from_secs(u64::from(section.number("timeout_seconds", 1..=60)));
        section.finish();
        Some(Self { from: from?, smtp_url, folder: folder?, timeout })
    }

    /// Mails that go to people need a sender and links that exist for them.
    pub(super) fn check_serving(&self, server: &Server, problems: &mut ConfigErrors) {
        let mail_server = self.smtp_url.as_ref().and_then(|url| ConfigUrl::of(url.expose()));
        if mail_server.is_none_or(|place| place.is_loopback()) {
            return;
        }
        if self.from.email.domain() == EXAMPLE_DOMAIN {
            let wrong = format!("is of `{EXAMPLE_DOMAIN}`, but mails go out by SMTP");
            problems.add("mail.from", wrong, "write an address that the mail server sends for");
        }
        let is_public = server.public_url.as_deref().and_then(ConfigUrl::of).is_some_and(|place| !place.is_loopback());
        if !is_public {
            let wrong = "is not set or leads to this machine, but mails go out by SMTP";
            problems.add("server.public_url", wrong, "write the address at which their readers reach the gateway");
        }
    }
}

/// What is wrong with a mail server's address.
fn unsound(url: &str) -> Option<&'static str> {
    let Some(place) = ConfigUrl::of(url).filter(|place| matches!(place.scheme(), "smtp" | "smtps")) else {
        return Some("is no address of a mail server");
    };
    let is_encrypted = place.scheme() == "smtps" || place.has_option("tls=required");
    match place.user() {
        Some(user) if !user.contains(':') => Some("has a user without a password"),
        // Opportunistic encryption is off as soon as somebody in between says so.
        Some(_) if !is_encrypted && !place.is_loopback() => Some("would send the password in the clear"),
        _ if AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_err() => Some("is no address of a mail server"),
        _ => None,
    }
}
