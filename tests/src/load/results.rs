//! The results of a run.
//!
//! Owns: counts, times, and the judgement of each answer. Invariant: an outcome that is neither a successful answer
//! nor explained by the current fault is an unexplained error.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::tenants::Tenant;

use super::Answer;

/// Fault during a part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spell {
    /// None: every request is answered.
    Calm,
    /// The database is down, or was down a moment ago.
    NoDatabase,
    /// The secret that signs tokens is being rotated.
    Rotation,
}

/// All answers of a run.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    outcomes: BTreeMap<String, u64>,
    unexplained: Vec<String>,
    times: Vec<Duration>,
}

impl Tally {
    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges an answer to a caller of a tenant. `spells`: the faults at the time of the request and of the answer.
    ///
    /// # Panics
    /// If the answer contains another tenant's text.
    pub fn judge(&self, tenant: Tenant, answer: &Answer, spells: [Spell; 2]) {
        let own = tenant.slug();
        for (place, word) in answer.text.match_indices("tenant-") {
            let rest = &answer.text[place + word.len()..];
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            assert_eq!(own, format!("tenant-{}", &rest[..digits]), "another tenant's word: {}", answer.text);
        }
        let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let errors = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let codes: Vec<_> = errors.iter().filter_map(|error| error["extensions"]["code"].as_str()).collect();
        let is = |spell| spells.contains(&spell);
        let explained = match (answer.status, codes.as_slice()) {
            // Agents are only viewers of some of the DSOs, and request fields in their rows that need a higher role.
            (200, codes) if codes.iter().all(|code| *code == "FORBIDDEN") => true,
            (200 | 503, codes) => {
                is(Spell::NoDatabase) && codes.iter().all(|code| ["UNAVAILABLE", "FORBIDDEN"].contains(code))
            }
            // While the database does not respond, an organization's operations wait behind its own earlier ones.
            (429, ["RATE_LIMITED"]) => is(Spell::NoDatabase),
            (401, _) => is(Spell::Rotation),
            _ => false,
        };
        let mut counts = self.counts();
        let outcome =
            codes.first().map_or_else(|| answer.status.to_string(), |code| format!("{} {code}", answer.status));
        *counts.outcomes.entry(outcome).or_default() += 1;
        if spells == [Spell::Calm; 2] {
            counts.times.push(answer.took);
        }
        if !explained && counts.unexplained.len() < 20 {
            counts.unexplained.push(format!("{spells:?} {} {}", answer.status, answer.text));
        }
    }

    /// Counts a request that got no answer although it should have.
    pub fn lost(&self, what: &str) {
        let mut counts = self.counts();
        *counts.outcomes.entry("lost".to_owned()).or_default() += 1;
        counts.unexplained.push(what.to_owned());
    }

    /// Number of answers by outcome.
    #[must_use]
    pub fn outcomes(&self) -> BTreeMap<String, u64> {
        self.counts().outcomes.clone()
    }

    /// The unexplained errors, at most 20 of them from answers.
    #[must_use]
    pub fn unexplained(&self) -> Vec<String> {
        self.counts().unexplained.clone()
    }

    /// Latencies of answers while there was no fault.
    #[must_use]
    pub fn times(&self) -> Vec<Duration> {
        self.counts().times.clone()
    }
}

/// Percentile of the times: `of_hundred` percent of them are at most this long. Sorts the times.
#[must_use]
pub fn percentile(times: &mut [Duration], of_hundred: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * of_hundred / 100).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default()
}
