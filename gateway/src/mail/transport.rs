//! Where letters go.
//!
//! Owns: the choice between mail server and folder, and the deadline. May use: the mail server, the folder. Invariant: sending ends
//! within the configured time, whatever the other side does.

use std::time::Duration;

use entity::id::{MailId, TypedId};
use lettre::Message;

use super::failure::{Failure, MailError};
use super::file_transport::FileTransport;
use super::smtp::SmtpTransport;
use crate::config;

/// The way out.
pub(super) struct Transport {
    means: TransportKind,
    patience: Duration,
}

enum TransportKind {
    Server(Box<SmtpTransport>),
    Folder(FileTransport),
}

impl Transport {
    /// As configured: a mail server, or the folder.
    pub(super) fn new(mail: &config::Mail) -> Result<Self, MailError> {
        let means = match &mail.smtp_url {
            Some(url) => TransportKind::Server(Box::new(SmtpTransport::at(url)?)),
            None => TransportKind::Folder(FileTransport::at(&mail.folder)),
        };
        Ok(Self { means, patience: mail.timeout })
    }

    /// Sends a letter and notes where it went.
    pub(super) async fn send(&self, id: MailId, message: Message) -> Result<(), Failure> {
        // A server that falls silent would hold all other mails up.
        tokio::time::timeout(self.patience, self.deliver(id, message)).await.map_err(|_| Failure::Late)?
    }

    async fn deliver(&self, id: MailId, message: Message) -> Result<(), Failure> {
        match &self.means {
            TransportKind::Server(server) => {
                server.send(&message).await?;
                tracing::info!(mail = %id.to_text(), "a mail was sent");
            }
            TransportKind::Folder(folder) => {
                let file = folder.send(id, message.formatted()).await.map_err(|error| Failure::Folder(error.kind()))?;
                tracing::info!(mail = %id.to_text(), file = %file.display(), "a mail was written to a file: no mail server is configured");
            }
        }
        Ok(())
    }
}
