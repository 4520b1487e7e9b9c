//! `gateway check-config`: everything that is wrong, at once.

use clap::Args;

use super::{CliError, ConfigSource, output};
use crate::authn::Authenticator;
use crate::config::Overrides;
use crate::graphql::DocumentRegistry;
use crate::http::Tls;

#[derive(Debug, Args)]
pub(super) struct CheckConfig {
    #[command(flatten)]
    source: ConfigSource,
}

impl CheckConfig {
    /// Also reads the issuers' key files, the certificate and its key, and the trusted documents; asks nobody on the network.
    pub(super) fn run(self) -> Result<(), CliError> {
        let config = self.source.load(Overrides::default())?;
        config.check_serving()?;
        Authenticator::new(&config.authn)?;
        if let Some(files) = &config.server.tls {
            Tls::load(files)?;
        }
        DocumentRegistry::open(&config.documents, config.limits)?;
        output::print("the configuration is sound")
    }
}
