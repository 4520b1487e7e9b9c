//! One issuer's published keys, kept and refreshed.
//!
//! Owns: the cache, when to ask again, and that only one asks at a time. May use: `fetch`, `key_set`.
//! Invariant: strangers cannot make us ask more often than the floor allows, and a failed question never takes working keys away; a set
//! without a usable key is a failure until the known keys are [`WITHDRAWN_AFTER`] times as old as they should be.

mod fetch;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::Algorithm;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::key_set::{Key, KeySet};
use super::rejection_reason::RejectionReason;
use crate::config::Jwks;
pub use fetch::LoadError;

/// Floor while no keys have ever been loaded: an issuer that is late at our start should not cost half a minute.
const MIN_REFRESH_INTERVAL: Duration = Duration::from_secs(1);

/// An issuer that publishes no usable key has most likely broken something: its keys go on serving for so many times `max_age`. Then they
/// count as withdrawn.
const WITHDRAWN_AFTER: u32 = 6;

/// What is known of an issuer's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyStats {
    /// How many can be used.
    pub usable: usize,
    /// How long ago they were read; none = they never were.
    pub age: Option<Duration>,
    /// When they last could not be read; none = that has not happened.
    pub failed_at: Option<SystemTime>,
}

/// Where the keys are published.
pub(super) enum KeyLocation {
    Url(String),
    File(PathBuf),
}

/// The keys of one issuer.
pub(super) struct KeyStore {
    issuer: String,
    place: KeyLocation,
    settings: Jwks,
    state: RwLock<State>,
    /// Held while asking; remembers when the last question began.
    gate: Arc<Mutex<Option<Instant>>>,
}

#[derive(Clone, Default)]
struct State {
    set: Arc<KeySet>,
    loaded_at: Option<Instant>,
    failed_at: Option<SystemTime>,
    health: Health,
}

/// How the last question ended.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Health {
    #[default]
    Good,
    Failing,
}

impl KeyStore {
    pub(super) fn new(issuer: String, place: KeyLocation, settings: Jwks) -> Arc<Self> {
        Arc::new(Self { issuer, place, settings, state: RwLock::default(), gate: Arc::default() })
    }

    /// The key that a header names, asking the issuer if it is not known here.
    pub(super) async fn find(
        self: &Arc<Self>,
        algorithm: Algorithm,
        key_id: Option<&str>,
    ) -> Result<Arc<Key>, RejectionReason> {
        if algorithm == Algorithm::HS256 {
            // No published key is a shared secret: no use in asking.
            return Err(RejectionReason::KeyAlgorithm);
        }
        let state = self.state();
        match state.set.find(algorithm, key_id) {
            Ok(key) if !self.is_overdue(&state) => {
                // A key without a name stands for the named one only for as long as the issuer publishes no other.
                if self.is_stale(&state) || key_id.is_some_and(|id| !key.is_named(id)) {
                    self.refresh_in_background();
                }
                return Ok(key);
            }
            // Whatever the known set refuses, a newer one may hold.
            _ => self.refresh().await,
        }
        let state = self.state();
        match state.loaded_at {
            Some(_) => state.set.find(algorithm, key_id),
            None => Err(RejectionReason::KeysUnavailable),
        }
    }

    /// Asks unless somebody has just asked; waits for the answer.
    pub(super) async fn refresh(self: &Arc<Self>) {
        let gate = Arc::clone(&self.gate).lock_owned().await;
        let Some(question) = self.spawn_fetch(gate) else { return };
        if question.await.is_err() {
            tracing::error!(issuer = self.issuer, "loading keys broke off");
        }
    }

    /// The same without waiting; not at all if somebody is asking.
    fn refresh_in_background(self: &Arc<Self>) {
        if let Ok(gate) = Arc::clone(&self.gate).try_lock_owned() {
            drop(self.spawn_fetch(gate));
        }
    }

    /// The question keeps the gate and the store itself, so that it ends well even if the request that began it has gone away.
    fn spawn_fetch(
        self: &Arc<Self>,
        mut gate: OwnedMutexGuard<Option<Instant>>,
    ) -> Option<tokio::task::JoinHandle<()>> {
        let floor = match self.state().loaded_at {
            Some(_) => self.settings.refresh_floor,
            None => MIN_REFRESH_INTERVAL.min(self.settings.refresh_floor),
        };
        if gate.is_some_and(|asked_at| asked_at.elapsed() < floor) {
            return None;
        }
        *gate = Some(Instant::now());
        let store = Arc::clone(self);
        Some(tokio::task::spawn_blocking(move || {
            if let Err(error) = store.load() {
                match store.stats().usable {
                    0 => tracing::error!(
                        issuer = store.issuer, %error,
                        "keys not loaded: no key of this issuer is known, and its tokens are answered with 503"
                    ),
                    known => {
                        tracing::warn!(issuer = store.issuer, known, %error, "keys not refreshed, those known go on serving");
                    }
                }
            }
            drop(gate);
        }))
    }

    /// Loads once, blocking.
    pub(super) fn load(&self) -> Result<(), LoadError> {
        let loaded =
            self.place.read(&self.settings).and_then(|json| KeySet::parse(&json).map_err(|_| LoadError::NotAKeySet));
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        match loaded.and_then(|set| self.accept(set, &state)) {
            Ok(set) => {
                tracing::debug!(issuer = self.issuer, usable = set.len(), ignored = set.ignored(), "keys loaded");
                let failed_at = state.failed_at;
                *state = State { set: Arc::new(set), loaded_at: Some(Instant::now()), failed_at, health: Health::Good };
                Ok(())
            }
            Err(error) => {
                state.health = Health::Failing;
                state.failed_at = Some(SystemTime::now());
                Err(error)
            }
        }
    }

    /// A set that may take the place of the known one.
    fn accept(&self, set: KeySet, known: &State) -> Result<KeySet, LoadError> {
        if set.len() > 0 {
            return Ok(set);
        }
        match known.loaded_at {
            Some(at) if at.elapsed() > self.settings.max_age * WITHDRAWN_AFTER => {
                tracing::error!(
                    issuer = self.issuer,
                    "the issuer publishes no usable key, and those known are too old: they are withdrawn"
                );
                Ok(set)
            }
            Some(_) | None => Err(LoadError::NoUsableKey),
        }
    }

    /// Begins with what another store of the same address has; a file has been read anew already.
    pub(super) fn adopt(&self, before: &Self) {
        if let (KeyLocation::Url(url), KeyLocation::Url(known)) = (&self.place, &before.place)
            && url == known
        {
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = before.state();
        }
    }

    pub(super) fn stats(&self) -> KeyStats {
        let state = self.state();
        KeyStats {
            usable: state.set.len(),
            age: state.loaded_at.as_ref().map(Instant::elapsed),
            failed_at: state.failed_at,
        }
    }

    fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Old enough to ask again beside the request.
    fn is_stale(&self, state: &State) -> bool {
        state.loaded_at.is_some_and(|at| at.elapsed() > self.settings.max_age)
    }

    /// So old, after a quiet time, that a key may have been withdrawn long ago: ask first. Not while the issuer does not answer, or
    /// every request would wait for it.
    fn is_overdue(&self, state: &State) -> bool {
        state.health == Health::Good && state.loaded_at.is_some_and(|at| at.elapsed() > self.settings.max_age * 2)
    }
}
