//! A ledger in this process.
//!
//! Owns: what was spent in this minute. May use: nothing. Invariant: minutes are those of the clock on the wall; when it is set, what was
//! spent in another minute is forgotten, so nobody is refused for longer than one.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use lru::LruCache;

use super::budget::{Budget, BudgetKey, ChargeResult};

/// Accounts that are kept; of more, those that were idle longest are forgotten.
const CAPACITY: usize = 100_000;

const WINDOW_SECONDS: i64 = 60;

#[derive(Debug)]
pub(super) struct InMemoryStore(Mutex<Minute>);

#[derive(Debug)]
struct Minute {
    begins: i64,
    used: LruCache<BudgetKey, u64>,
}

impl Default for InMemoryStore {
    fn default() -> Self {
        Self(Mutex::new(Minute { begins: 0, used: LruCache::unbounded() }))
    }
}

impl InMemoryStore {
    fn in_minute<T>(
        &self,
        now: DateTime<Utc>,
        act: impl FnOnce(&mut LruCache<BudgetKey, u64>) -> T,
    ) -> (T, DateTime<Utc>) {
        let begins = now.timestamp() - now.timestamp().rem_euclid(WINDOW_SECONDS);
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.begins != begins {
            *minute = Minute { begins, used: LruCache::unbounded() };
        }
        let done = act(&mut minute.used);
        let resets = DateTime::from_timestamp(begins, 0).unwrap_or(now) + TimeDelta::seconds(WINDOW_SECONDS);
        (done, resets)
    }

    /// What was spent from an account, and until when that counts.
    pub(super) fn used(&self, account: BudgetKey, now: DateTime<Utc>) -> (u64, DateTime<Utc>) {
        self.in_minute(now, |used| used.peek(&account).copied().unwrap_or(0))
    }

    /// What another ledger has told to be spent.
    pub(super) fn note(&self, account: BudgetKey, spent: u64, now: DateTime<Utc>) {
        self.in_minute(now, |used| set(used, account, spent));
    }

    pub(super) fn charge(&self, budgets: &[Budget], cost: u64, now: DateTime<Utc>) -> ChargeResult {
        let ((used, refused), resets) = self.in_minute(now, |minute| {
            let mut used: Vec<u64> =
                budgets.iter().map(|budget| minute.get(&budget.account).copied().unwrap_or(0)).collect();
            let refused = budgets.iter().zip(&used).position(|(budget, used)| used.saturating_add(cost) > budget.most);
            if refused.is_none() {
                for (budget, used) in budgets.iter().zip(&mut used) {
                    *used = used.saturating_add(cost);
                    set(minute, budget.account, *used);
                }
            }
            (used, refused)
        });
        ChargeResult { used, refused, resets }
    }
}

fn set(minute: &mut LruCache<BudgetKey, u64>, account: BudgetKey, used: u64) {
    minute.put(account, used);
    if minute.len() > CAPACITY {
        minute.pop_lru();
    }
}
