//! When a certificate is valid.
//!
//! Owns: [`Validity`]. May use: x509-cert. Invariant: it is that of the whole chain: clients check each certificate of it.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// The time within which each certificate of a chain is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) from: SystemTime,
    pub(super) until: SystemTime,
}

/// In what way a certificate is not valid now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotValid {
    /// It was.
    #[error("has expired at {}", written(.0))]
    Expired(SystemTime),
    /// It will be.
    #[error("is not valid before {}", written(.0))]
    NotYet(SystemTime),
}

impl Validity {
    /// That of a chain; none if one of it is no certificate, or there is none.
    pub(super) fn of(chain: &[CertificateDer<'_>]) -> Option<Self> {
        let each = chain.iter().map(|der| {
            let validity = Certificate::from_der(der).ok()?.tbs_certificate.validity;
            Some(Self { from: validity.not_before.to_system_time(), until: validity.not_after.to_system_time() })
        });
        let all = each.collect::<Option<Vec<_>>>()?;
        let within =
            |one: Self, other: Self| Self { from: one.from.max(other.from), until: one.until.min(other.until) };
        all.into_iter().reduce(within)
    }

    pub(super) fn check(self, now: SystemTime) -> Result<(), NotValid> {
        if now < self.from {
            Err(NotValid::NotYet(self.from))
        } else if now > self.until {
            Err(NotValid::Expired(self.until))
        } else {
            Ok(())
        }
    }
}

fn written(at: &SystemTime) -> String {
    DateTime::<Utc>::from(*at).to_rfc3339_opts(SecondsFormat::Secs, true)
}
