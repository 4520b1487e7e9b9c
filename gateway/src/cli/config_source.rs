//! Where a command's configuration comes from.
//!
//! Owns: `--config` and `--database-url`. May use: `config`. Invariant: a command that gets a configuration logs by it.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};

use super::{error::CliError, logging};
use crate::config::{Config, ConfigErrors, Overrides};
use crate::telemetry::Otlp;

/// The file of those commands that need no database.
#[derive(Debug, Default, Args)]
pub(super) struct ConfigFile {
    /// The configuration's file; the environment (CS12_…) wins over it.
    // Not clap's own parser of paths: it refuses an empty variable, which means "not set".
    #[arg(long, value_name = "FILE", env = "CS12_CONFIG", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    config: Option<PathBuf>,
}

/// The file and the database of those that do.
#[derive(Debug, Args)]
pub(super) struct ConfigSource {
    #[command(flatten)]
    file: ConfigFile,
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE` [default: the configuration's].
    #[arg(long, value_name = "URL")]
    pub(super) database_url: Option<String>,
}

impl ConfigFile {
    /// The file; none where it is not set, or empty.
    pub(super) fn path(&self) -> Option<&Path> {
        self.config.as_deref().filter(|path| !path.as_os_str().is_empty())
    }

    /// Reads all layers and begins to log.
    pub(super) fn load(&self, overrides: Overrides) -> Result<Config, CliError> {
        let config = Config::load(self.path(), overrides)?;
        logging::start(config.log, None).map_err(CliError::Runtime)?;
        Ok(config)
    }
}

impl ConfigSource {
    /// Reads all layers, and logs as before.
    pub(super) fn read(&self, overrides: Overrides) -> Result<Config, ConfigErrors> {
        let overrides = Overrides { database_url: self.database_url.clone(), ..overrides };
        Config::load(self.file.path(), overrides)
    }

    /// Reads all layers and begins to log, also to the configured collector, and to send traces there: for who serves.
    pub(super) fn load_to_serve(&self, overrides: Overrides) -> Result<(Config, Option<Otlp>), CliError> {
        let config = self.read(overrides)?;
        let otlp = config.otlp.as_ref().map(Otlp::open).transpose()?;
        logging::start(config.log, otlp.as_ref()).map_err(CliError::Runtime)?;
        Ok((config, otlp))
    }

    /// The same with the database of the command line.
    pub(super) fn load(&self, overrides: Overrides) -> Result<Config, CliError> {
        self.file.load(Overrides { database_url: self.database_url.clone(), ..overrides })
    }
}
