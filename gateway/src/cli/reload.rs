//! Reading the configuration again, without a restart.
//!
//! Owns: what is reloaded, and in which order. May use: every room that has a [`Reloadable`].
//! Invariant: all of it or nothing: everything is made before anything is put in place, and a fault leaves the gateway as it was.

use std::fmt::Display;
use std::sync::Arc;

use super::stop::Hangups;
use super::{Source, log};
use crate::authn::Authenticator;
use crate::config::{Config, Overrides};
use crate::graphql::{Bounds, Shelf};
use crate::http::Tls;
use crate::reloadable::Reloadable;

/// What of a running gateway can be exchanged.
pub(super) struct Parts {
    /// Whose tokens are believed, and by which keys.
    pub(super) authenticator: Reloadable<Authenticator>,
    /// By what the gateway proves itself.
    pub(super) tls: Option<Tls>,
    /// How much is let in.
    pub(super) bounds: Arc<Bounds>,
    /// Which documents are trusted, and what that is for.
    pub(super) shelf: Reloadable<Shelf>,
}

/// A part that was made anew and waits to be put in place.
type Made = Box<dyn FnOnce() + Send>;

/// Reads the configuration again each time it is told to.
pub(super) struct Reload {
    source: Source,
    overrides: Overrides,
    /// What the gateway was started with.
    started: Config,
    parts: Parts,
}

impl Reload {
    pub(super) fn new(source: Source, overrides: Overrides, started: Config, parts: Parts) -> Self {
        Self { source, overrides, started, parts }
    }

    /// Never ends.
    pub(super) async fn run(self, mut hangups: Hangups) {
        loop {
            hangups.next().await;
            self.once().await;
        }
    }

    async fn once(&self) {
        let read = self.source.read(self.overrides.clone());
        let config = match read.and_then(|config| config.check_serving().map(|()| config)) {
            Ok(config) => config,
            Err(problems) => {
                for problem in &problems {
                    tracing::error!(%problem, "not reloaded: the configuration is wrong");
                }
                return;
            }
        };
        let (made, faults): (Vec<_>, Vec<_>) = self.parts.make(&config).await.into_iter().partition(Result::is_ok);
        if !faults.is_empty() {
            for fault in faults.into_iter().filter_map(Result::err) {
                tracing::error!(fault, "not reloaded: everything stays as it was");
            }
            return;
        }
        for put in made.into_iter().flatten() {
            put();
        }
        for key in self.started.fixed_in(&config) {
            tracing::warn!(key, "has changed in the configuration, and takes a restart");
        }
        tracing::info!("the configuration was reloaded");
    }
}

impl Parts {
    /// The one list of what is reloaded.
    async fn make(&self, config: &Config) -> Vec<Result<Made, String>> {
        let authenticator = self.authenticator.take().renewed(&config.authn).await;
        let mut made = vec![part(authenticator, &self.authenticator)];
        if let (Some(tls), Some(files)) = (&self.tls, &config.server.tls) {
            made.push(part(Tls::read(files), tls.place()));
        }
        made.push(part(Shelf::read(&config.documents, config.limits), &self.shelf));
        let (bounds, limits) = (Arc::clone(&self.bounds), config.limits);
        made.push(Ok(Box::new(move || bounds.replace(limits))));
        let level = config.log.level;
        made.push(Ok(Box::new(move || log::change(level))));
        made
    }
}

fn part<T: Send + Sync + 'static>(made: Result<T, impl Display>, place: &Reloadable<T>) -> Result<Made, String> {
    let place = place.clone();
    match made {
        Ok(made) => Ok(Box::new(move || place.put(made))),
        Err(fault) => Err(fault.to_string()),
    }
}
