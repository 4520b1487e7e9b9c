//! Who carries the mails.
//!
//! Owns: the round. May use: the outbox, the writer, the transport. Invariant: a mail is marked as sent only after it was
//! taken; one that fails holds no other up, and comes again when the outbox says so.

use std::sync::Arc;
use std::time::Duration;

use entity::{
    commands::{Mail, TokenKey},
    db::Db,
    id::TypedId,
};
use uuid::Uuid;

use super::failure::{Failure, MailError};
use super::message::{MailMessage, MessageBuilder};
use super::transport::Transport;
use crate::config::{self, Config, Secret};

/// Looks for mails and sends them.
pub struct MailWorker {
    db: Db,
    key: TokenKey,
    office: Arc<Sender>,
    pause: Duration,
}

/// What sending needs.
struct Sender {
    writer: MessageBuilder,
    transport: Transport,
}

impl MailWorker {
    /// How long to wait after the last mail before looking for the next.
    pub const POLL_INTERVAL: Duration = Duration::from_secs(1);

    /// A postman for this database, with links to this address.
    pub fn new(db: Db, config: &Config, public_url: &str) -> Result<Self, MailError> {
        Self::with(db, &config.mail, config.invitation_secret.as_ref(), public_url)
    }

    pub(super) fn with(
        db: Db,
        mail: &config::Mail,
        secret: Option<&Secret>,
        public_url: &str,
    ) -> Result<Self, MailError> {
        let key = match secret {
            Some(secret) => TokenKey::of(secret.expose().as_bytes()),
            None => TokenKey::of(&[Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat()),
        };
        let writer = MessageBuilder::new(mail.from.clone(), public_url)?;
        let office = Arc::new(Sender { writer, transport: Transport::new(mail)? });
        Ok(Self { db, key, office, pause: Self::POLL_INTERVAL })
    }

    /// Carries mails until `stop` comes true. A mail that is being sent then is sent to its end, or to its deadline.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut is_away = false;
        loop {
            // Left off at any point, this leaves the mail to the next round: the outbox hands it out again.
            let next = tokio::select! {
                biased;
                () = &mut stop => return,
                next = self.db.next_mail(&self.key) => next,
            };
            match next {
                Ok(Some(mail)) => {
                    is_away = false;
                    self.process(mail).await;
                    continue;
                }
                Ok(None) => is_away = false,
                // Told once: it is asked every second.
                Err(error) if !is_away => {
                    is_away = true;
                    report(&error, "the outbox cannot be read: mails wait");
                }
                Err(_) => {}
            }
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = tokio::time::sleep(self.pause) => {}
            }
        }
    }

    async fn process(&self, mail: Mail) {
        match self.send(&mail).await {
            Ok(()) => {
                if let Err(error) = self.db.mail_sent(&mail).await {
                    report(&error, "a mail was sent, but that could not be noted: it will be sent again");
                }
            }
            Err(failure) if failure.is_permanent() => {
                tracing::error!(mail = %mail.id.to_text(), attempts = mail.attempts, "a mail cannot be sent: {failure}");
            }
            Err(failure) => {
                tracing::warn!(mail = %mail.id.to_text(), attempts = mail.attempts, "a mail was not sent: {failure}");
            }
        }
    }

    /// On a task of its own: a panic in a library costs this mail, not the postman.
    async fn send(&self, mail: &Mail) -> Result<(), Failure> {
        let (office, mail) = (Arc::clone(&self.office), mail.clone());
        let sent = tokio::spawn(async move {
            let message = office.writer.write(MailMessage::from(&mail))?;
            office.transport.send(mail.id, message).await
        });
        sent.await.unwrap_or(Err(Failure::Fault))
    }
}

fn report(error: &entity::error::Error, what: &str) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(%error, cause, "{what}");
}
