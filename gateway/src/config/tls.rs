//! `[server.tls]`: by what the gateway proves itself where no proxy ends TLS.
//!
//! Owns: [`Tls`]. May use: `section`. Invariant: both files or none; what is in them is looked at by whoever reads them.

use std::path::PathBuf;

use super::reader::Section;

/// By what the gateway proves itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate and the chain behind it, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

impl Tls {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let certificate = section.text("certificate");
        let key = section.text("key");
        let found = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Self { certificate: certificate.into(), key: key.into() }),
            (Some(_), None) => {
                section.problem("key", "is missing beside `certificate`", "name the file with its private key");
                None
            }
            (None, Some(_)) => {
                section.problem("certificate", "is missing beside `key`", "name the file with the certificate");
                None
            }
            (None, None) => None,
        };
        section.finish();
        found
    }
}
