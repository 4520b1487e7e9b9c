//! The command line.
//!
//! Owns: the commands, their arguments, what they print and their exit codes. May use: every room of the gateway, and
//! `migration`. Invariant: standard output holds what was asked for and nothing else; logs and errors go to standard
//! error; the exit code is 0 for success, 1 for failure, 2 for a wrong command line.

mod access_matrix;
mod audit;
mod check_config;
mod config_source;
mod database;
mod demo;
mod error;
mod healthcheck;
pub mod import_legacy;
mod lifetime;
mod logging;
mod metrics;
mod migrate;
mod organizations;
mod output;
mod people;
mod reload;
mod roll_ups;
mod schema;
mod serve;
mod signals;
#[cfg(test)]
mod tests;
mod token;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Overrides;
use config_source::{ConfigFile, ConfigSource};
use error::CliError;

/// The GraphQL gateway of CS12.
#[derive(Debug, Parser)]
#[command(name = "gateway", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requests until SIGTERM or Ctrl-C.
    Serve(serve::Serve),
    /// Serve two small organizations with tokens for five people; gone at the end.
    Demo(demo::Demo),
    /// Change the database's schema, or tell its state.
    Migrate(migrate::Migrate),
    /// Import a flat CS12 export into one organization: all of it in one transaction, or nothing.
    ImportLegacy(Import),
    /// Print the GraphQL schema with the guard of every field.
    Schema,
    /// Print which role reads or calls which field.
    AccessMatrix(access_matrix::AccessMatrix),
    /// Check audit logs, or print one.
    Audit(audit::Audit),
    /// List the organizations: from a customer's name to the id in logs and traces, and back.
    Organizations(organizations::Organizations),
    /// Tie people to the sign-ins by which their identity provider knows them now.
    People(people::People),
    /// Compare an organization's kept counts with its rows, or make them anew.
    RollUps(roll_ups::RollUps),
    /// Print a development token, signed with the secret of a configured issuer.
    Token(token::Token),
    /// Report everything that is wrong with the configuration.
    CheckConfig(check_config::CheckConfig),
    /// Ask a running gateway whether it is ready.
    Healthcheck(healthcheck::Healthcheck),
    /// Print the gateway's version.
    Version,
}

#[derive(Debug, Args)]
struct Import {
    #[command(flatten)]
    source: ConfigSource,
    #[command(flatten)]
    command: import_legacy::ImportLegacy,
}

/// Reads the command line, runs the command, tells a failure.
#[must_use]
pub fn main() -> ExitCode {
    let finish = logging::FlushOnDrop;
    let ended = Cli::parse().run();
    // Before the last word on standard error, and also where it is not reached.
    drop(finish);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::print_error(&error);
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Serve(serve) => wait_for(serve.run()),
            Command::Demo(demo) => wait_for(demo.run()),
            Command::Migrate(migrate) => wait_for(migrate.run()),
            Command::ImportLegacy(import) => wait_for(import.run()),
            Command::Schema => schema::run(),
            Command::AccessMatrix(matrix) => matrix.run(),
            Command::Audit(audit) => wait_for(audit.run()),
            Command::Organizations(organizations) => wait_for(organizations.run()),
            Command::People(people) => wait_for(people.run()),
            Command::RollUps(roll_ups) => wait_for(roll_ups.run()),
            Command::Token(token) => token.run(),
            Command::CheckConfig(check) => check.run(),
            Command::Healthcheck(check) => check.run(),
            Command::Version => output::print(concat!("gateway ", env!("CARGO_PKG_VERSION"))),
        }
    }
}

impl Import {
    async fn run(self) -> Result<(), CliError> {
        let config = self.source.load(Overrides::default())?;
        database::require_current(&config.database).await?;
        Ok(self.command.run(database::options(&config)).await?)
    }
}

/// A worker's stack. What of it is never touched costs nothing.
const STACK_BYTES: usize = 8 * 1024 * 1024;

fn wait_for(command: impl Future<Output = Result<(), CliError>>) -> Result<(), CliError> {
    // A deep document is resolved by calls within calls: room for the deepest that the limits let through, in any build.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let runtime = runtime.map_err(CliError::Runtime)?;
    let ended = runtime.block_on(command);
    // What is left over waits for something that nobody needs any more, such as an issuer's keys.
    runtime.shutdown_background();
    ended
}
