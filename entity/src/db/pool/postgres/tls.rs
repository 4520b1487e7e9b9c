//! Where a PostgreSQL is, and how much it must prove.
//!
//! Owns: reading its address, and TLS. May use: tokio-postgres, rustls. Invariant: `sslmode` means what it means to `psql`
//! (<https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>): `verify-full` believes nobody but who has a
//! certificate for the address from a known authority. `verify-ca` is read as `verify-full`.

use std::{fmt, io, path::Path, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;

/// Where a server is and how it is greeted.
#[derive(Clone)]
pub(crate) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration knows the password.
        f.write_str("Address")
    }
}

/// What of an address concerns TLS, and is not known to the driver.
#[derive(Default)]
struct TlsMode {
    verify: bool,
    root: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Address {
    /// Of `postgres://USER:PASSWORD@HOST/DATABASE?…`.
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let (url, wanted) = split(url);
        let mut config: Config = url.parse()?;
        if wanted.verify {
            config.ssl_mode(SslMode::Require);
        }
        if config.get_application_name().is_none() {
            config.application_name("cs12-gateway");
        }
        notice_silence(&mut config, &url);
        Ok(Self { config, tls: MakeRustlsConnect::new(client(&wanted).map_err(unusable)?) })
    }

    /// Host, port and database, for a log line: `db.example:5432/cs12`. No login, no password.
    pub(crate) fn place(&self) -> String {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let hosts = hosts.collect::<Vec<_>>().join(",");
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        format!("{hosts}:{port}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

/// A server whose line is cut without a word is given up within a minute, and after half of one where it has been sent something; the
/// driver's own default is two hours. What the address says goes before.
fn notice_silence(config: &mut Config, url: &str) {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let says = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    if !says("keepalives_idle") {
        config.keepalives_idle(Duration::from_secs(30));
    }
    if !says("keepalives_interval") {
        config.keepalives_interval(Duration::from_secs(10));
    }
    if !says("keepalives_retries") {
        config.keepalives_retries(3);
    }
    if !says("tcp_user_timeout") {
        config.tcp_user_timeout(Duration::from_secs(30));
    }
}

/// Takes out of an address what the driver does not know, or takes otherwise than `psql`: to it, a host behind the `?` stands instead
/// of the one before it, and not beside it.
fn split(url: &str) -> (String, TlsMode) {
    let mut wanted = TlsMode::default();
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), wanted) };
    let mut base = base.to_owned();
    let mut others = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = || Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned());
        match (name, value) {
            ("sslmode", "verify-full" | "verify-ca") => wanted.verify = true,
            // Both try TLS where it is to be had.
            ("sslmode", "allow") => others.push("sslmode=prefer".to_owned()),
            ("sslrootcert", _) => wanted.root = text(),
            ("sslcert", _) => wanted.certificate = text(),
            ("sslkey", _) => wanted.key = text(),
            ("host", _) => {
                let (without, port) = without_host(&base);
                base = without;
                others.extend(port.map(|port| format!("port={port}")));
                others.push(pair.to_owned());
            }
            _ => others.push(pair.to_owned()),
        }
    }
    (format!("{base}?{}", others.join("&")), wanted)
}

/// The address without its host, and the port that stood there.
fn without_host(base: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = base.split_once("://") else { return (base.to_owned(), None) };
    let (authority, path) =
        rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
    let (login, host) =
        authority.rsplit_once('@').map_or((String::new(), authority), |(login, host)| (format!("{login}@"), host));
    let port = host.rsplit_once(':').map(|(_, port)| port.to_owned()).filter(|port| !port.contains(']'));
    (format!("{scheme}://{login}{path}"), port)
}

fn client(wanted: &TlsMode) -> Result<ClientConfig, Box<dyn std::error::Error + Send + Sync>> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = if wanted.verify {
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        if let Some(file) = &wanted.root {
            roots = RootCertStore::empty();
            for certificate in certificates(file)? {
                roots.add(certificate)?;
            }
        }
        builder.with_root_certificates(roots)
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider)))
    };
    Ok(match (&wanted.certificate, &wanted.key) {
        (Some(certificate), Some(key)) => {
            builder.with_client_auth_cert(certificates(certificate)?, PrivateKeyDer::from_pem_file(key)?)?
        }
        _ => builder.with_no_client_auth(),
    })
}

fn certificates(file: impl AsRef<Path>) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_file_iter(file)?.collect()
}

fn unusable(cause: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Unavailable(Arc::new(io::Error::other(cause)))
}

/// `prefer` and `require` hide what is said from who only listens, and ask nobody who they are.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn hosts(url: &str) -> (Vec<Host>, Vec<u16>) {
        let address = Address::new(url).unwrap();
        (address.config.get_hosts().to_vec(), address.config.get_ports().to_vec())
    }

    #[test]
    fn a_host_behind_the_question_mark_stands_instead_of_the_one_before_it() {
        let socket = vec![Host::Unix("/run/pg".into())];
        assert_eq!(hosts("postgres://u:p@localhost/d?host=/run/pg"), (socket.clone(), vec![]));
        assert_eq!(hosts("postgres://u@db:5433/d?application_name=a&host=/run/pg"), (socket.clone(), vec![5433]));
        assert_eq!(hosts("postgres:///d?host=/run/pg"), (socket, vec![]));
        assert_eq!(hosts("postgres://u@db:5433/d"), (vec![Host::Tcp("db".to_owned())], vec![5433]));
    }

    #[test]
    fn a_silent_line_is_noticed_within_a_minute_unless_the_address_says_otherwise() {
        let silence = |query: &str| {
            let config = Address::new(&format!("postgres://u@db/d{query}")).unwrap().config;
            let seconds = |of: Option<Duration>| of.map(|of| of.as_secs());
            let idle = config.get_keepalives_idle().as_secs();
            let (interval, retries) = (seconds(config.get_keepalives_interval()), config.get_keepalives_retries());
            (idle, interval, retries, seconds(config.get_tcp_user_timeout().copied()))
        };
        assert_eq!(silence(""), (30, Some(10), Some(3), Some(30)));
        let said = "?keepalives_idle=600&keepalives_interval=60&keepalives_retries=9&tcp_user_timeout=120";
        assert_eq!(silence(said), (600, Some(60), Some(9), Some(120)));
        assert_eq!(silence("?sslmode=disable&tcp_user_timeout=5"), (30, Some(10), Some(3), Some(5)));
    }

    #[test]
    fn a_log_line_names_the_place_and_no_login() {
        let place = |url: &str| Address::new(url).unwrap().place();
        assert_eq!(place("postgres://login:secret@db.example:5433/cs12?sslmode=require"), "db.example:5433/cs12");
        assert_eq!(place("postgres://login:secret@localhost/cs12?host=/run/pg"), "/run/pg:5432/cs12");
    }

    #[test]
    fn sslmode_means_what_it_means_to_psql() {
        let mode = |query: &str| Address::new(&format!("postgres://u@db/d{query}")).unwrap().config.get_ssl_mode();
        assert_eq!(mode(""), SslMode::Prefer);
        assert_eq!(mode("?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("?sslmode=allow"), SslMode::Prefer);
        assert_eq!(mode("?sslmode=require"), SslMode::Require);
        assert_eq!(mode("?sslmode=verify-full"), SslMode::Require);
        assert!(
            split("postgres://u@db/d?sslmode=verify-full").1.verify
                && !split("postgres://u@db/d?sslmode=require").1.verify
        );
        let wanted = split("postgres://u@db/d?sslrootcert=%2Fetc%2Fca.pem").1;
        assert_eq!(wanted.root.as_deref(), Some("/etc/ca.pem"));
        assert!(Address::new("postgres://u@db/d?sslmode=verify-full&sslrootcert=/nowhere.pem").is_err());
    }
}
