//! `gateway migrate up|down|status`.
//!
//! Owns: the arguments and what is printed. May use: `migration`. Invariant: nothing is undone that was not counted out,
//! or asked for with `--all`.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use migration::StepState;

use super::{CliError, Source, output};
use crate::config::Overrides;

/// The step that brings counts of rows, and cannot see them: they are behind row-level security.
const ROLL_UPS: &str = "m0019_rollups";

#[derive(Debug, Args)]
pub(super) struct Migrate {
    #[command(subcommand)]
    direction: Direction,
}

#[derive(Debug, Subcommand)]
enum Direction {
    /// Apply the pending steps.
    Up {
        #[command(flatten)]
        source: Source,
        /// At most so many [default: all].
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        steps: Option<u32>,
    },
    /// Undo the last applied step, with its data.
    Down {
        #[command(flatten)]
        source: Source,
        /// So many.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Undo every step: all data is lost.
        #[arg(long, conflicts_with = "steps")]
        all: bool,
    },
    /// Print every step and whether the database has it.
    Status {
        #[command(flatten)]
        source: Source,
    },
}

impl Migrate {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let text = match self.direction {
            Direction::Up { source, steps } => {
                let applied = migration::up(&url(&source)?, steps).await?;
                let mut text = told("applied", &applied);
                if applied.iter().any(|step| step == ROLL_UPS) {
                    text.push_str("\nif the database has rows already, run `gateway roll-ups rebuild` once");
                }
                text
            }
            Direction::Down { source, steps, all } => {
                let steps = if all { None } else { Some(steps) };
                told("undone", &migration::down(&url(&source)?, steps).await?)
            }
            Direction::Status { source } => {
                let mut text = String::new();
                for step in migration::status(&url(&source)?).await? {
                    let state = match step.state {
                        StepState::Applied => "applied",
                        StepState::Pending => "pending",
                    };
                    // Into a string: it cannot fail.
                    let _ = writeln!(text, "{state}  {}", step.name);
                }
                text
            }
        };
        output::print(&text)
    }
}

fn url(source: &Source) -> Result<String, CliError> {
    Ok(source.load(Overrides::default())?.database.url.expose().to_owned())
}

fn told(what: &str, steps: &[String]) -> String {
    if steps.is_empty() {
        return format!("nothing to do: no step was {what}");
    }
    let lines: Vec<String> = steps.iter().map(|step| format!("{what}  {step}")).collect();
    lines.join("\n")
}
