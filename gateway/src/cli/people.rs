//! `gateway people relink`.
//!
//! Owns: the arguments and what is printed. May use: the store's relinking. Invariant: a sign-in is tied to a person by their address and a
//! configured issuer alone, and each organization of theirs has an event of it.

use clap::{Args, Subcommand};
use entity::{commands::RelinkedIdentity, email::EmailAddress};

use super::{CliError, ConfigSource, database, output};
use crate::config::{Authn, Overrides};

#[derive(Debug, Args)]
pub(super) struct People {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Tie a person to the sign-in by which their identity provider knows them now, in place of the one before.
    Relink {
        #[command(flatten)]
        source: ConfigSource,
        /// The person's e-mail address.
        #[arg(long, value_name = "EMAIL", value_parser = address)]
        email: EmailAddress,
        /// The new sign-in: the `sub` of the person's tokens.
        #[arg(long, value_name = "SUBJECT")]
        subject: String,
        /// The identity provider: the `iss` of the person's tokens [default: the only one that is configured].
        #[arg(long, value_name = "ISSUER")]
        issuer: Option<String>,
    },
}

/// Why no sign-in was tied to a person.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotRelinked {
    #[error("`{0}` is not the address of a person here")]
    NoPerson(String),
    #[error("`{0}` has no sign-in of `{1}` that could be replaced: the first one is tied to the person by itself")]
    NoSignIn(String, String),
    #[error("the sign-in `{0}` of `{1}` belongs to another person: nothing was changed")]
    Taken(String, String),
    #[error("`--issuer` is missing: {0} issuers are configured in `authn.issuers`")]
    SeveralIssuers(usize),
    #[error("`{0}` is not an issuer in `authn.issuers`")]
    UnknownIssuer(String),
}

impl People {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let Action::Relink { source, email, subject, issuer } = self.what;
        let config = source.load(Overrides::default())?;
        let issuer = chosen(&config.authn, issuer)?;
        let db = database::connect(&config).await?;
        let refused = match db.relink(&email, &issuer, &subject).await? {
            RelinkedIdentity::Done { organizations } => {
                return output::print(&format!(
                    "done; {organizations} organizations have an event of it in their audit logs"
                ));
            }
            RelinkedIdentity::Already => return output::print("nothing to do: the sign-in is the person's"),
            RelinkedIdentity::NoPerson => NotRelinked::NoPerson(email.as_entered().to_owned()),
            RelinkedIdentity::NoSignIn => NotRelinked::NoSignIn(email.as_entered().to_owned(), issuer),
            RelinkedIdentity::Taken => NotRelinked::Taken(subject, issuer),
        };
        Err(refused.into())
    }
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|flaw| flaw.to_string())
}

fn chosen(authn: &Authn, named: Option<String>) -> Result<String, NotRelinked> {
    match (named, authn.issuers.as_slice()) {
        (Some(named), issuers) if issuers.iter().any(|issuer| issuer.issuer == named) => Ok(named),
        (Some(named), _) => Err(NotRelinked::UnknownIssuer(named)),
        (None, [only]) => Ok(only.issuer.clone()),
        (None, issuers) => Err(NotRelinked::SeveralIssuers(issuers.len())),
    }
}
