//! A mail server, and one conversation with it for each mail.
//!
//! Owns: the reading of its address, the connection, and the order of a conversation. May use: lettre's SMTP, rustls for connections that
//! are encrypted from the start, `limited`. Invariant: everything that the server says comes through [`Limited`], so that it is bounded in
//! size, and nothing said before TLS is taken for something said within it.

mod address;
mod limited;
mod line;

use std::sync::Arc;

use lettre::Message;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::failure::{Failure, MailError};
use crate::config::Secret;
use address::{Address, Encryption};
use limited::LimitedStream;
pub(super) use limited::ResponseTooLarge;
use line::Line;

/// Where mails are sent.
pub(super) struct SmtpTransport {
    address: Address,
    /// For connections that are encrypted from the start.
    connector: TlsConnector,
    /// For those that are encrypted on the way.
    parameters: TlsParameters,
}

impl SmtpTransport {
    /// The server of an address.
    pub(super) fn at(url: &Secret) -> Result<Self, MailError> {
        let address = Address::of(url.expose()).ok_or(MailError::Server)?;
        let parameters = TlsParameters::new(address.host.clone()).map_err(|_| MailError::Server)?;
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config =
            ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
        let config = config.map_err(|_| MailError::Server)?.with_root_certificates(roots).with_no_client_auth();
        Ok(Self { address, connector: TlsConnector::from(Arc::new(config)), parameters })
    }

    /// Sends a mail. A caller who has waited long enough drops this.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Failure> {
        let Address { hello, encryption, credentials, .. } = &self.address;
        let line = self.connect().await?;
        let mut connection = AsyncSmtpConnection::connect_with_transport(line, hello).await?;
        let encrypts = match encryption {
            Encryption::Required => true,
            Encryption::Opportunistic => connection.can_starttls(),
            Encryption::None | Encryption::FromTheStart => false,
        };
        if encrypts {
            connection.starttls(self.parameters.clone(), hello).await?;
        }
        if let Some(credentials) = credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        connection.send(message.envelope(), &message.formatted()).await?;
        connection.abort().await;
        Ok(())
    }

    async fn connect(&self) -> Result<Box<dyn AsyncTokioStream>, Failure> {
        let Address { host, port, encryption, .. } = &self.address;
        // An IPv6 address has brackets in an address of the web, and none where it is looked up.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, *port)).await.map_err(|_| Failure::Unreachable)?;
        let peer = stream.peer_addr().map_err(|_| Failure::Unreachable)?;
        let limited = LimitedStream::new(stream);
        match encryption {
            Encryption::None | Encryption::Opportunistic | Encryption::Required => {
                Ok(Box::new(Line::new(limited, peer)))
            }
            Encryption::FromTheStart => {
                let name = ServerName::try_from(bare.to_owned()).map_err(|_| Failure::Tls)?;
                let stream = self.connector.connect(name, limited).await.map_err(|_| Failure::Tls)?;
                Ok(Box::new(Line::new(stream, peer)))
            }
        }
    }
}
