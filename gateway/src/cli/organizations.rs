//! `gateway organizations list`.
//!
//! Owns: the arguments and what is printed. May use: the store's list. Invariant: one line for each organization, whose
//! columns are parted by one tab: a program can read it as well as a person.

use clap::{Args, Subcommand};
use entity::{id::TypedId, models::OrganizationStatus, organization_list::ListedOrganization};

use super::{CliError, ConfigSource, database, output};
use crate::config::Overrides;

#[derive(Debug, Args)]
pub(super) struct Organizations {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print each organization's slug, id, UUID, status and number of active members, parted by tabs.
    List {
        #[command(flatten)]
        source: ConfigSource,
    },
}

impl Organizations {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let Action::List { source } = self.what;
        let config = source.load(Overrides::default())?;
        let db = database::connect(&config).await?;
        let lines: String = db.organizations().await?.iter().map(line).collect();
        output::print(&format!("slug\tid\tuuid\tstatus\tmembers\n{lines}"))
    }
}

fn line(listed: &ListedOrganization) -> String {
    let ListedOrganization { id, slug, status, deleted_at, members } = listed;
    let status = match (deleted_at, status) {
        (Some(_), _) => "DELETED",
        (None, OrganizationStatus::Active) => "ACTIVE",
        (None, OrganizationStatus::Suspended) => "SUSPENDED",
    };
    format!("{slug}\t{}\t{}\t{status}\t{members}\n", id.to_text(), id.uuid())
}
