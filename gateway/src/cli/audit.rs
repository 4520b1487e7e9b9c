//! `gateway audit verify|export`.
//!
//! Owns: the arguments and what is printed. May use: the store's audit trail. Invariant: a broken chain is a failure, with
//! the number of the first event that is not as it was written.

use clap::{Args, Subcommand};
use entity::{AuditTrail, ChainFault, Verdict};

use super::{CliError, Source, database, output};
use crate::audit_export::{Format, Head, write};
use crate::config::Overrides;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check the hash chain of an organization's log.
    Verify {
        #[command(flatten)]
        source: Source,
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        organization: String,
    },
    /// Print an organization's log, oldest first.
    Export {
        #[command(flatten)]
        source: Source,
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        organization: String,
        /// In which form.
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,
    },
}

impl Audit {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.what {
            What::Verify { source, organization } => {
                let Verdict { sound, broken } = trail(&source, &organization).await?.verify().await?;
                let Some(broken) = broken else {
                    return output::print(&format!("{sound} events, none changed, removed or slipped in"));
                };
                let fault = match broken.fault {
                    ChainFault::Missing => "is missing",
                    ChainFault::Changed => "is not as it was written",
                };
                Err(CliError::BrokenChain { sound, sequence: broken.sequence, fault })
            }
            What::Export { source, organization, format } => {
                let mut trail = trail(&source, &organization).await?;
                let mut head = Head::With;
                loop {
                    let events = trail.next().await?;
                    if events.is_empty() {
                        return Ok(());
                    }
                    output::print(&write(&events, format, head)?)?;
                    head = Head::Without;
                }
            }
        }
    }
}

async fn trail(source: &Source, organization: &str) -> Result<AuditTrail, CliError> {
    let config = source.load(Overrides::default())?;
    let db = database::connect(&config).await?;
    let unknown = || CliError::NoOrganization(organization.to_owned());
    db.audit_trail(organization).await?.ok_or_else(unknown)
}
