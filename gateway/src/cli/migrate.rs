//! `gateway migrate up|down|status`.
//!
//! Owns: the arguments and what is printed. May use: `migration`. Invariant: nothing is undone that was not counted out
//! or asked for with `--all`, without consent, or while gateways serve over the database.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use clap::{Args, Subcommand};
use migration::{StepState, StepStatus};

use super::{CliError, ConfigSource, database, output};
use crate::config::{Config, Overrides};

/// The step that brings counts of rows, and cannot see them: they are behind row-level security.
const ROLL_UPS: &str = "m0019_rollups";

/// The step that brings what names are ordered and found by. It is computed here, and the rows are behind row-level security.
const NAME_KEYS: &str = "m0031_name_keys";

/// Bytes of an answer that are read.
const MAX_ANSWER_BYTES: u64 = 100;

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
        source: ConfigSource,
        /// At most so many [default: all].
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        steps: Option<u32>,
    },
    /// Undo the last applied step, with its data.
    Down {
        #[command(flatten)]
        source: ConfigSource,
        /// So many.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Undo every step: all data is lost.
        #[arg(long, conflicts_with = "steps")]
        all: bool,
        /// Do not ask. Needed where nobody sits at a terminal.
        #[arg(long)]
        yes: bool,
    },
    /// Print every step and whether the database has it.
    Status {
        #[command(flatten)]
        source: ConfigSource,
        /// Fail if a step is pending; without it, printing the state is success.
        #[arg(long)]
        exit_code: bool,
    },
}

impl Migrate {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let text = match self.direction {
            Direction::Up { source, steps } => up(&source.load(Overrides::default())?, steps).await?,
            Direction::Down { source, steps, all, yes } => {
                let steps = if all { None } else { Some(steps) };
                down(&url(&source)?, steps, if yes { Consent::Given } else { Consent::ToBeAsked }).await?
            }
            Direction::Status { source, exit_code } => {
                let steps = migration::status(&url(&source)?).await?;
                let pending = steps.iter().filter(|step| step.state == StepState::Pending).count();
                output::print(&listed(&steps))?;
                if pending > 0 {
                    tracing::warn!(
                        pending,
                        "`gateway migrate up` applies the pending steps; with `--exit-code` this is a failure"
                    );
                }
                return if exit_code && pending > 0 { Err(CliError::Pending(pending)) } else { Ok(()) };
            }
        };
        output::print(&text)
    }
}

/// Applies pending steps, and says which.
pub(super) async fn up(config: &Config, steps: Option<u32>) -> Result<String, CliError> {
    let applied = migration::up(config.database.url.expose(), steps).await?;
    let mut text = report_change("applied", &applied);
    // Printed when the steps are done, whatever becomes of the names.
    if applied.iter().any(|step| step == NAME_KEYS) {
        text.push_str(&names_filled(config).await);
    }
    if applied.iter().any(|step| step == ROLL_UPS) {
        text.push_str("\nif the database has rows already, run `gateway roll-ups rebuild` once");
    }
    Ok(text)
}

/// Fills in by what the rows that are there already are ordered and found, and says what came of it.
async fn names_filled(config: &Config) -> String {
    match database::fill_names(config).await {
        Ok(0) => String::new(),
        Ok(names) => format!("\nfilled in: by what {names} names are ordered and found"),
        Err(error) => {
            format!("\nnames are not ordered and found yet: run `gateway roll-ups rebuild` once ({error})")
        }
    }
}

/// Whether the operator has agreed that data is lost.
enum Consent {
    Given,
    ToBeAsked,
}

async fn down(url: &str, steps: Option<u32>, consent: Consent) -> Result<String, CliError> {
    let all = migration::status(url).await?;
    let applied: Vec<_> = all.into_iter().filter(|step| step.state == StepState::Applied).collect();
    let count = steps.map_or(applied.len(), |steps| applied.len().min(steps as usize));
    if count > 0 {
        let in_use = migration::in_use(url).await?;
        if in_use > 0 {
            return Err(CliError::InUse(in_use));
        }
        if matches!(consent, Consent::ToBeAsked) {
            let names = applied.iter().rev().take(count).map(|step| step.name.as_str());
            ask(&names.collect::<Vec<_>>())?;
        }
    }
    Ok(report_change("undone", &migration::down(url, steps).await?))
}

/// Goes on only with the word `yes`, typed at a terminal.
fn ask(steps: &[&str]) -> Result<(), CliError> {
    let (input, mut output) = (io::stdin(), io::stderr());
    if !input.is_terminal() || !output.is_terminal() {
        return Err(CliError::NoConsent);
    }
    let mut answer = String::new();
    write!(output, "this undoes {}, with all data in it; write `yes` to go on: ", steps.join(", "))
        .and_then(|()| output.flush())
        .and_then(|()| input.lock().take(MAX_ANSWER_BYTES).read_line(&mut answer))
        .map_err(|_| CliError::NoConsent)?;
    if answer.trim() == "yes" { Ok(()) } else { Err(CliError::NoConsent) }
}

fn listed(steps: &[StepStatus]) -> String {
    let line = |step: &StepStatus| match step.state {
        StepState::Applied => format!("applied  {}\n", step.name),
        StepState::Pending => format!("pending  {}\n", step.name),
    };
    steps.iter().map(line).collect()
}

fn url(source: &ConfigSource) -> Result<String, CliError> {
    Ok(source.load(Overrides::default())?.database.url.expose().to_owned())
}

fn report_change(what: &str, steps: &[String]) -> String {
    if steps.is_empty() {
        return format!("nothing to do: no step was {what}");
    }
    let lines: Vec<String> = steps.iter().map(|step| format!("{what}  {step}")).collect();
    lines.join("\n")
}
