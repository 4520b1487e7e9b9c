//! TLS, where no proxy ends it.
//!
//! Owns: [`Tls`]: the certificate and its key, how they are read and exchanged, and the handshake. May use: rustls on ring, the same as
//! towards the database. Invariant: TLS 1.2 or newer; a certificate whose key is another's is never put in place, and one that is not
//! valid now never takes the place of another.

mod validity;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config;
use crate::reloadable::Reloadable;
pub use validity::NotValid;
use validity::Validity;

/// Longest wait for a handshake: whoever only connects costs no more than that.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Proves to clients who this is. Clones share the certificate.
#[derive(Clone)]
pub struct Tls(Reloadable<Credentials>);

/// A certificate with its chain, and its key.
pub struct Credentials {
    config: Arc<ServerConfig>,
    leaf: CertificateDer<'static>,
    validity: Validity,
}

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
    /// Clients would refuse it.
    #[error("`server.tls.certificate`: `{file}` {wrong}: put a valid certificate there")]
    NotValid {
        /// The file.
        file: String,
        /// Since when it is not, or from when on it will be.
        wrong: NotValid,
    },
}

impl Tls {
    /// Reads the certificate, with the chain behind it, and the key. One that is not valid now is served all the same, and the log says so:
    /// the clock of a machine that has just started may be what is wrong.
    pub fn load(files: &config::Tls) -> Result<Self, TlsError> {
        let credentials = Credentials::read(files)?;
        if let Err(error) = credentials.check(files) {
            tracing::error!(%error, "the certificate is served, and clients refuse it");
        }
        Ok(Self(Reloadable::new(credentials)))
    }

    /// The place of the certificate: what is put there proves it to the next connection.
    #[must_use]
    pub fn place(&self) -> &Reloadable<Credentials> {
        &self.0
    }

    /// When the certificate, or one of its chain, ends.
    #[must_use]
    pub fn ends_at(&self) -> SystemTime {
        self.0.load().validity.until
    }

    /// Whether the certificate is for this host.
    #[must_use]
    pub fn is_for(&self, host: &str) -> bool {
        self.0.load().is_for(host)
    }

    /// Shakes hands. None if that came to nothing: it is the caller's line, and the log's only on request.
    pub(super) async fn accept(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        match tokio::time::timeout(
            HANDSHAKE_TIMEOUT,
            TlsAcceptor::from(Arc::clone(&self.0.load().config)).accept(stream),
        )
        .await
        {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(error = %error.kind(), "a handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!(patience = ?HANDSHAKE_TIMEOUT, "a handshake took too long");
                None
            }
        }
    }
}

impl Credentials {
    /// Reads them, to be put in [their place](Tls::place) if they are valid now.
    pub fn read_valid(files: &config::Tls) -> Result<Self, TlsError> {
        let credentials = Self::read(files)?;
        credentials.check(files)?;
        Ok(credentials)
    }

    fn read(files: &config::Tls) -> Result<Self, TlsError> {
        let chain = unreadable("certificate", &files.certificate, certificates(&files.certificate))?;
        let Some(leaf) = chain.first().cloned() else {
            return Err(wrong("certificate", &files.certificate, "holds no certificate (PEM)".to_owned()));
        };
        let Some(validity) = Validity::of(&chain) else {
            return Err(wrong("certificate", &files.certificate, "holds what is no certificate (X.509)".to_owned()));
        };
        let key = unreadable("key", &files.key, PrivateKeyDer::from_pem_file(&files.key))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(TlsError::Pair)?;
        // What the connection behind it speaks; a client that wants nothing else is refused in the handshake.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), leaf, validity })
    }

    fn check(&self, files: &config::Tls) -> Result<(), TlsError> {
        let file = || files.certificate.display().to_string();
        self.validity.check(SystemTime::now()).map_err(|wrong| TlsError::NotValid { file: file(), wrong })
    }

    /// Whether the certificate is for this host.
    #[must_use]
    pub fn is_for(&self, host: &str) -> bool {
        let Ok(name) = ServerName::try_from(host) else { return false };
        ParsedCertificate::try_from(&self.leaf).is_ok_and(|leaf| verify_server_name(&leaf, &name).is_ok())
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
