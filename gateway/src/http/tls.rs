//! TLS, where no proxy ends it.
//!
//! Owns: [`Tls`]: the certificate and its key, how they are read and exchanged, and the handshake. May use: rustls on ring, the same as
//! towards the database. Invariant: TLS 1.2 or newer; a certificate whose key is another's is never put in place.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config;
use crate::reloadable::Reloadable;

/// Longest wait for a handshake: whoever only connects costs no more than that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Proves to clients who this is. Clones share the certificate.
#[derive(Clone)]
pub struct Tls(Reloadable<ServerConfig>);

/// Why TLS cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is not what its key asks for.
    #[error("`server.tls.{key}`: `{file}` {wrong}")]
    File {
        /// The configuration's key.
        key: &'static str,
        /// What it names.
        file: String,
        /// What is wrong with it.
        wrong: String,
    },
    /// The two do not belong together, or are of a kind that is not known here.
    #[error("`server.tls`: the certificate and the key cannot be used together: {0}")]
    Pair(rustls::Error),
}

impl Tls {
    /// Reads the certificate, with the chain behind it, and the key.
    pub fn load(files: &config::Tls) -> Result<Self, TlsError> {
        Ok(Self(Reloadable::new(Self::read(files)?)))
    }

    /// The same, read anew, to be put in [its place](Tls::place).
    pub fn read(files: &config::Tls) -> Result<ServerConfig, TlsError> {
        let certificate = unreadable("certificate", &files.certificate, certificates(&files.certificate))?;
        if certificate.is_empty() {
            return Err(wrong("certificate", &files.certificate, "holds no certificate (PEM)".to_owned()));
        }
        let key = unreadable("key", &files.key, PrivateKeyDer::from_pem_file(&files.key))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificate, key))
            .map_err(TlsError::Pair)?;
        // What the connection behind it speaks; a client that wants nothing else is refused in the handshake.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// The place of the certificate: what is put there proves it to the next connection.
    #[must_use]
    pub fn place(&self) -> &Reloadable<ServerConfig> {
        &self.0
    }

    /// Shakes hands. None if that came to nothing: it is the caller's line, and the log's only on request.
    pub(super) async fn accept(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        match tokio::time::timeout(PATIENCE, TlsAcceptor::from(self.0.take()).accept(stream)).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(error = %error.kind(), "a handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!(patience = ?PATIENCE, "a handshake took too long");
                None
            }
        }
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_file_iter(file)?.collect()
}

fn unreadable<T>(
    key: &'static str,
    file: &Path,
    read: Result<T, rustls::pki_types::pem::Error>,
) -> Result<T, TlsError> {
    use rustls::pki_types::pem::Error;
    read.map_err(|error| {
        let said = match error {
            Error::Io(cause) => format!("cannot be read ({})", cause.kind()),
            Error::NoItemsFound => "holds none (PEM)".to_owned(),
            // The parser may name what it has read, and that may be a key.
            _ => "is not PEM".to_owned(),
        };
        wrong(key, file, said)
    })
}

fn wrong(key: &'static str, file: &Path, wrong: String) -> TlsError {
    TlsError::File { key, file: file.display().to_string(), wrong }
}
