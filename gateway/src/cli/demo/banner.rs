//! What the demo says when it is ready.
//!
//! Owns: everybody's token, and both forms of the text. May use: `authn::mint`. Invariant: a token is in an address only
//! behind `#`, which browsers send to nobody.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::authn::mint::{MintError, mint};
use crate::cli::CliError;
use crate::config::{Issuer, Mail, Secret};
use crate::demo::{DemoPerson, PEOPLE};

/// How long the demo's tokens are good for.
const DAY: Duration = Duration::from_hours(24);

/// What to try first: one list, one field that some may read and others may not.
const QUERY: &str = "{ viewer { name } doctors(first: 3) { nodes { name email } } }";

/// The address and everybody's token.
pub(super) struct Banner {
    address: SocketAddr,
    tokens: Vec<(DemoPerson, String)>,
    mails: String,
}

#[derive(Serialize)]
struct BannerLine {
    url: String,
    tokens: Map<String, Value>,
}

impl Banner {
    pub(super) fn new(address: SocketAddr, secret: &Secret, mail: &Mail) -> Result<Self, MintError> {
        let token = |person: &DemoPerson| {
            let (secret, issuer, audience) =
                (secret.expose().as_bytes(), Issuer::DEVELOPMENT, Issuer::DEVELOPMENT_AUDIENCE);
            mint(secret, issuer, audience, person.subject, Some(person.email), Some(person.name), DAY)
        };
        let tokens = PEOPLE.iter().map(|person| Ok((*person, token(person)?)));
        let mails = match mail.smtp_url {
            Some(_) => "Mails go to the configured mail server.".to_owned(),
            None => format!("Mails are written into {}", mail.folder.display()),
        };
        Ok(Self { address, tokens: tokens.collect::<Result<_, MintError>>()?, mails })
    }

    /// One line for a program.
    pub(super) fn json(&self) -> Result<String, CliError> {
        let tokens = self.tokens.iter().map(|(person, token)| (person.key.to_owned(), token.clone().into()));
        Ok(serde_json::to_string(&BannerLine { url: self.url(), tokens: tokens.collect() })?)
    }

    /// A page for a person.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "The demo is ready at {}\n\nGraphiQL, for a day, as one of these people (the page asks before it signs you in)\n",
            self.url()
        );
        for (person, token) in &self.tokens {
            // Into a string: it cannot fail.
            let _ = writeln!(
                text,
                "\n  {}, {}\n  http://{}/graphiql/#token={token}",
                person.key,
                about(person),
                self.address
            );
        }
        if let Some((person, token)) = self.tokens.iter().find(|(person, _)| person.key == "agent") {
            let url = self.url();
            let _ = write!(
                text,
                "\nOr from a shell, as {}:\n\n  curl -s {url} -H 'content-type: application/json' -H 'authorization: Bearer {token}' \
                 -d '{{\"query\": \"{QUERY}\"}}'\n",
                person.key
            );
        }
        text += "\nThe dashboard: the same links with `dashboard` in place of `graphiql`.\n";
        text += &format!("\n{}\n\nCtrl-C ends it.\n", self.mails);
        text
    }

    fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }
}

/// Who somebody is, to choose by.
fn about(person: &DemoPerson) -> &'static str {
    match person.key {
        "alan" => "owner of AllSolutions",
        "claudia" => "admin of AllSolutions",
        "agent" => "a member who manages one DSO and views another",
        "viewer" => "a member who views one DSO",
        "outsider" => "owner of OtherSolutions, whose data mirrors that of AllSolutions",
        _ => "somebody else",
    }
}
