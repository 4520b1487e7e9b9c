//! `gateway roll-ups verify|rebuild`.
//!
//! Owns: the arguments and what is printed. May use: the store's roll-ups. Invariant: roll-ups that are not what the rows
//! say are a failure of `verify`, and what `rebuild` mends.

use clap::{Args, Subcommand};
use entity::analytics::{Drift, RollUps as Kept};

use super::{CliError, ConfigSource, database, output};
use crate::config::Overrides;

#[derive(Debug, Args)]
pub(super) struct RollUps {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Compare the roll-ups with the rows.
    Verify {
        #[command(flatten)]
        source: ConfigSource,
        /// The organization: its slug, its id or its UUID [default: all organizations].
        #[arg(long, value_name = "NAME")]
        organization: Option<String>,
    },
    /// Make the roll-ups anew from the rows.
    Rebuild {
        #[command(flatten)]
        source: ConfigSource,
        /// The organization: its slug, its id or its UUID [default: all organizations].
        #[arg(long, value_name = "NAME")]
        organization: Option<String>,
    },
}

impl RollUps {
    pub(super) async fn run(self) -> Result<(), CliError> {
        match self.what {
            Action::Verify { source, organization } => {
                let mut sum = Drift::default();
                let all = found(&source, organization).await?;
                for roll_ups in &all {
                    add(&mut sum, roll_ups.verify().await?);
                }
                if sum == Drift::default() {
                    return output::print(&format!("{} organizations, all as the rows say", all.len()));
                }
                Err(CliError::Drift(report_drift(sum)))
            }
            Action::Rebuild { source, organization } => {
                let mut sum = Drift::default();
                let all = found(&source, organization).await?;
                for roll_ups in &all {
                    add(&mut sum, roll_ups.rebuild().await?);
                }
                output::print(&format!("{} organizations, mended: {}", all.len(), report_drift(sum)))
            }
        }
    }
}

async fn found(source: &ConfigSource, organization: Option<String>) -> Result<Vec<Kept>, CliError> {
    let config = source.load(Overrides::default())?;
    let db = database::connect(&config).await?;
    match organization {
        None => Ok(db.all_roll_ups().await?),
        Some(name) => {
            let found = db.roll_ups(&name).await?;
            Ok(vec![found.ok_or(CliError::NoOrganization(name))?])
        }
    }
}

fn add(sum: &mut Drift, more: Drift) {
    let Drift { activities, standings, progress, names } = more;
    sum.activities += activities;
    sum.standings += standings;
    sum.progress += progress;
    sum.names += names;
}

fn report_drift(Drift { activities, standings, progress, names }: Drift) -> String {
    format!(
        "{activities} counts of activities, {standings} DSOs' standings, {progress} doctors' progress, {names} names as they are ordered and found"
    )
}
