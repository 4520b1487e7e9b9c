//! `gateway token`: a token for development.
//!
//! Owns: the choice of the issuer. May use: `authn::mint`. Invariant: it signs with a configured HS256 secret only; where
//! every issuer publishes its keys, nobody can make tokens here.

use std::time::Duration;

use clap::Args;

use super::{CliError, ConfigFile, lifetime, output};
use crate::authn::mint::mint;
use crate::config::{Issuer, KeySource, Overrides, Secret};

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("who").args(["email", "subject"]).required(true).multiple(true)))]
pub(super) struct Token {
    #[command(flatten)]
    file: ConfigFile,
    /// The verified e-mail address.
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// Who they are to the issuer [default: the e-mail address].
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// What they are called.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// How long it is good for: 90s, 15m, 8h, 7d.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = lifetime::parse)]
    lifetime: Duration,
    /// Which of several issuers with a secret [default: the first].
    #[arg(long, value_name = "ISS")]
    issuer: Option<String>,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    #[error(
        "no issuer has a `secret`, so no token can be signed here: add one to `authn.issuers` of a development machine"
    )]
    NoSecret,
    #[error("`--issuer`: no issuer `{0}` with a `secret` is configured")]
    NoSuchIssuer(String),
}

impl Token {
    pub(super) fn run(self) -> Result<(), CliError> {
        let config = self.file.load(Overrides::default())?;
        let (issuer, secret) = choose(&config.authn.issuers, self.issuer.as_deref())?;
        // The configuration promises an audience, the command line one of the two names.
        let audience = issuer.audience.first().map_or("", String::as_str);
        let subject = self.subject.as_deref().or(self.email.as_deref()).unwrap_or_default();
        let email = self.email.as_deref();
        let name = self.name.as_deref();
        let secret = secret.expose().as_bytes();
        output::print(&mint(secret, &issuer.issuer, audience, subject, email, name, self.lifetime)?)
    }
}

fn choose<'a>(issuers: &'a [Issuer], wanted: Option<&str>) -> Result<(&'a Issuer, &'a Secret), TokenError> {
    let mut able = issuers.iter().filter_map(|issuer| match &issuer.keys {
        KeySource::Secret(secret) => Some((issuer, secret)),
        KeySource::Url(_) | KeySource::File(_) => None,
    });
    match wanted {
        None => able.next().ok_or(TokenError::NoSecret),
        Some(wanted) => {
            able.find(|(issuer, _)| issuer.issuer == wanted).ok_or_else(|| TokenError::NoSuchIssuer(wanted.to_owned()))
        }
    }
}
