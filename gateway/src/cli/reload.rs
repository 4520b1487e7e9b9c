//! Reading the configuration again, without a restart.
//!
//! Owns: what is reloaded, and in which order. May use: every room that has a [`Reloadable`].
//! Invariant: all of it or nothing: everything is made before anything is put in place, and a fault leaves the gateway as it was.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::signals::ReloadSignals;
use super::{ConfigSource, logging};
use crate::authn::Authenticator;
use crate::config::{Config, Overrides};
use crate::http::{Credentials, Tls};
use crate::reloadable::Reloadable;
use crate::{graphql::RegistryConfig, limits::LimitRegistry};

/// Longest wait for the files: they may lie on a file system that hangs.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

/// What of a running gateway can be exchanged.
pub(super) struct Parts {
    /// Whose tokens are believed, and by which keys.
    pub(super) authenticator: Reloadable<Authenticator>,
    /// By what the gateway proves itself.
    pub(super) tls: Option<Tls>,
    /// How much is let in.
    pub(super) bounds: Arc<LimitRegistry>,
    /// Which documents are trusted, and what that is for.
    pub(super) shelf: Reloadable<RegistryConfig>,
}

/// Where the configuration is read.
struct ConfigPart {
    source: ConfigSource,
    overrides: Overrides,
    has_tls: bool,
}

/// All that was read, and is sound.
struct Read {
    config: Config,
    authenticator: Authenticator,
    tls: Option<Credentials>,
    shelf: RegistryConfig,
}

/// What was wrong with it.
enum InvalidConfig {
    /// The configuration itself.
    Config(Vec<String>),
    /// Files that it names.
    Files(Vec<String>),
}

/// Reads the configuration again each time it is told to.
pub(super) struct Reload {
    place: Arc<ConfigPart>,
    /// What the gateway was started with.
    started: Config,
    parts: Parts,
    /// A reading that was given up: the next one waits for its end, so that threads do not add up.
    hanging: Option<JoinHandle<Result<Read, InvalidConfig>>>,
}

impl Reload {
    pub(super) fn new(source: ConfigSource, overrides: Overrides, started: Config, parts: Parts) -> Self {
        let place = Arc::new(ConfigPart { source, overrides, has_tls: parts.tls.is_some() });
        Self { place, started, parts, hanging: None }
    }

    /// Never ends.
    pub(super) async fn run(mut self, mut hangups: ReloadSignals) {
        loop {
            hangups.next().await;
            self.once().await;
        }
    }

    async fn once(&mut self) {
        if self.hanging.as_ref().is_some_and(|hanging| !hanging.is_finished()) {
            tracing::error!("not reloaded: the files of the reload before are still being read");
            return;
        }
        let place = Arc::clone(&self.place);
        let mut reading = spawn_blocking(move || place.read());
        let read = match timeout(READ_TIMEOUT, &mut reading).await {
            Ok(Ok(read)) => read,
            Ok(Err(_)) => Err(InvalidConfig::Files(vec!["reading broke off by a fault of ours".to_owned()])),
            Err(_) => {
                self.hanging = Some(reading);
                let seconds = READ_TIMEOUT.as_secs();
                Err(InvalidConfig::Files(vec![format!("the files could not be read within {seconds} s")]))
            }
        };
        match read {
            Ok(read) => self.apply(read).await,
            Err(InvalidConfig::Config(problems)) => {
                for problem in problems {
                    tracing::error!(problem, "not reloaded: the configuration is wrong");
                }
            }
            Err(InvalidConfig::Files(faults)) => {
                for fault in faults {
                    tracing::error!(fault, "not reloaded: everything stays as it was");
                }
            }
        }
    }

    /// The one list of what is reloaded.
    async fn apply(&self, read: Read) {
        let Read { config, authenticator, tls, shelf } = read;
        let parts = &self.parts;
        let authenticator = authenticator.with_key_refresh(&parts.authenticator.load()).await;
        parts.authenticator.store(authenticator);
        if let (Some(place), Some(credentials)) = (&parts.tls, tls) {
            place.place().store(credentials);
            warn_of_name(place, &config);
        }
        parts.shelf.store(shelf);
        parts.bounds.replace(config.limits);
        logging::change(config.log.level);
        for key in self.started.restart_required_changes(&config) {
            tracing::warn!(key, "has changed in the configuration, and takes a restart");
        }
        tracing::info!("the configuration was reloaded");
    }
}

impl ConfigPart {
    /// Reads the configuration and every file that it names. Blocking.
    fn read(&self) -> Result<Read, InvalidConfig> {
        let config = self.source.read(self.overrides.clone());
        let config = config.and_then(|config| config.check_serving().map(|()| config));
        let config =
            config.map_err(|problems| InvalidConfig::Config(problems.iter().map(ToString::to_string).collect()))?;
        let mut faults = Vec::new();
        let authenticator = validate(Authenticator::new(&config.authn), &mut faults);
        let tls = match (&config.server.tls, self.has_tls) {
            (Some(files), true) => validate(Credentials::read_valid(files), &mut faults),
            (Some(_) | None, _) => None,
        };
        let shelf = validate(RegistryConfig::read(&config.documents, config.limits), &mut faults);
        match (authenticator, shelf) {
            (Some(authenticator), Some(shelf)) if faults.is_empty() => Ok(Read { config, authenticator, tls, shelf }),
            _ => Err(InvalidConfig::Files(faults)),
        }
    }
}

fn validate<T>(made: Result<T, impl Display>, faults: &mut Vec<String>) -> Option<T> {
    made.map_err(|fault| faults.push(fault.to_string())).ok()
}

/// A certificate for another host than the one by which browsers come is most likely somebody else's.
pub(super) fn warn_of_name(tls: &Tls, config: &Config) {
    let public_url = config.server.public_url.as_deref();
    let host =
        public_url.and_then(|url| url.parse::<axum::http::Uri>().ok()).and_then(|url| url.host().map(str::to_owned));
    if let Some(host) = host.filter(|host| !tls.is_for(host)) {
        tracing::warn!(host, "the certificate in `server.tls.certificate` is not for the host of `server.public_url`");
    }
}
