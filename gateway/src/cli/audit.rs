//! `gateway audit verify|export`.
//!
//! Owns: the arguments and what is printed. May use: the store's audit trails. Invariant: a log that is broken, or does not
//! hold the event that was noted of it, is a failure; each sound one is printed with its last event, for an operator to note.

use std::str::FromStr;

use clap::{Args, Subcommand};
use entity::{
    audit::{AuditLogReader, ChainFault, ChainHeadHash, ExpectedHead, Verdict},
    db::Db,
};

use super::{CliError, ConfigSource, database, output};
use crate::audit_export::{Format, ListLayout, write};
use crate::config::Overrides;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check the hash chains of the logs, and print the last event of each.
    Verify {
        #[command(flatten)]
        source: ConfigSource,
        /// The organization: its slug, its id or its UUID [default: all organizations].
        #[arg(long, value_name = "NAME")]
        organization: Option<String>,
        /// An event that the log must hold, as an earlier check has printed it: 42:HASH.
        #[arg(long, value_name = "NUMBER:HASH", requires = "organization")]
        expect: Option<NotedHead>,
    },
    /// Print an organization's log, oldest first.
    Export {
        #[command(flatten)]
        source: ConfigSource,
        /// The organization: its slug, its id or its UUID.
        #[arg(long, value_name = "NAME")]
        organization: String,
        /// In which form.
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,
    },
}

/// An event that was noted of a log: `NUMBER:HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotedHead(ChainHeadHash);

impl FromStr for NotedHead {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once(':').and_then(|(number, hash)| {
            let sequence = number.parse().ok().filter(|number| *number >= 1)?;
            let is_hash = hash.len() == 64 && hash.chars().all(|letter| letter.is_ascii_hexdigit());
            is_hash.then(|| Self(ChainHeadHash { sequence, hash: hash.to_ascii_lowercase() }))
        });
        parsed.ok_or_else(|| {
            "write a number, a colon and 64 hexadecimal digits, as `gateway audit verify` prints them".to_owned()
        })
    }
}

impl Audit {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.what {
            Action::Verify { source, organization, expect } => verify(&source, organization, expect).await,
            Action::Export { source, organization, format } => {
                let mut trail = trail(&open(&source).await?, &organization).await?;
                let mut head = ListLayout::With;
                loop {
                    let events = trail.next().await?;
                    if events.is_empty() {
                        return Ok(());
                    }
                    output::print(&write(&events, format, head)?)?;
                    head = ListLayout::Without;
                }
            }
        }
    }
}

async fn verify(
    source: &ConfigSource,
    organization: Option<String>,
    expect: Option<NotedHead>,
) -> Result<(), CliError> {
    let db = open(source).await?;
    // The result for one named organization is printed without its name.
    let names: Vec<(String, String)> = if let Some(name) = organization {
        vec![(name, String::new())]
    } else {
        let listed = db.organizations().await?;
        listed.into_iter().map(|listed| (listed.slug.clone(), format!("{}: ", listed.slug))).collect()
    };
    let mut unsound = Vec::new();
    for (name, before) in names {
        let trail = trail(&db, &name).await?;
        let verdict = match &expect {
            Some(NotedHead(noted)) => trail.verify_holding(noted).await?,
            None => trail.verify().await?,
        };
        match sentence(&verdict) {
            Ok(sound) => output::print(&format!("{before}{sound}"))?,
            Err(fault) => unsound.push(format!("{before}{fault}")),
        }
    }
    if unsound.is_empty() { Ok(()) } else { Err(CliError::UnsoundLogs(unsound)) }
}

/// What is said of a sound log, or of one that is not.
fn sentence(verdict: &Verdict) -> Result<String, String> {
    let Verdict { sound, broken, last, expected } = verdict;
    if let Some(broken) = broken {
        let fault = match broken.fault {
            ChainFault::Missing => "is missing",
            ChainFault::Changed => "is not as it was written",
        };
        return Err(format!("the log is broken: event {} {fault}; the {sound} before it are sound", broken.sequence));
    }
    let last = last
        .as_ref()
        .map_or_else(String::new, |ChainHeadHash { sequence, hash }| format!("; the last is {sequence}:{hash}"));
    let text = format!("{sound} events, none changed, removed or slipped in{last}");
    match expected {
        ExpectedHead::NotAsked | ExpectedHead::Found => Ok(text),
        ExpectedHead::Differs => Err(format!("the log was rewritten: the event of `--expect` is another one ({text})")),
        ExpectedHead::Missing => {
            Err(format!("the log ends before the event of `--expect`: its end was cut off ({text})"))
        }
    }
}

async fn open(source: &ConfigSource) -> Result<Db, CliError> {
    let config = source.load(Overrides::default())?;
    database::connect(&config).await
}

async fn trail(db: &Db, organization: &str) -> Result<AuditLogReader, CliError> {
    let unknown = || CliError::NoOrganization(organization.to_owned());
    db.audit_log_reader(organization).await?.ok_or_else(unknown)
}
