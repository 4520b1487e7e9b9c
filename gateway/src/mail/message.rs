//! A mail as mail servers take it.
//!
//! Owns: its headers and its form. May use: lettre, the page. Invariant: the same mail has the same `Message-ID` each time
//! it is written; what people wrote reaches a header only as one line, encoded by lettre.

use entity::{
    commands::{Mail, MailContent},
    id::{MailId, TypedId},
};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::failure::{Failure, MailError};
use super::link::Links;
use super::templates::Templates;

/// What a letter says, and to whom.
#[derive(Clone, Copy)]
pub(super) struct MailMessage<'a> {
    pub(super) id: MailId,
    pub(super) recipient: &'a str,
    pub(super) content: &'a MailContent,
    pub(super) token: &'a str,
}

impl<'a> From<&'a Mail> for MailMessage<'a> {
    fn from(mail: &'a Mail) -> Self {
        Self { id: mail.id, recipient: &mail.recipient, content: &mail.content, token: &mail.token }
    }
}

/// Writes letters.
pub(super) struct MessageBuilder {
    from: Mailbox,
    links: Links,
    pages: Templates,
}

impl MessageBuilder {
    /// Writes letters from this sender, with links to this address.
    pub(super) fn new(from: Mailbox, public_url: &str) -> Result<Self, MailError> {
        Ok(Self { from, links: Links::to(public_url), pages: Templates::new()? })
    }

    pub(super) fn write(&self, letter: MailMessage<'_>) -> Result<Message, Failure> {
        let recipient: Address = letter.recipient.trim().parse().map_err(|_| Failure::Recipient)?;
        let page = self.pages.invitation(letter.content, &self.links.invitation(letter.token));
        let page = page.map_err(|_| Failure::Unwritten)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(page.subject)
            .message_id(Some(format!("<{}@{}>", letter.id.to_text(), self.from.email.domain())))
            .date_now()
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(page.text, page.html))
            .map_err(|_| Failure::Unwritten)
    }
}

/// Asks the programs of absent people for no answer (RFC 3834).
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
