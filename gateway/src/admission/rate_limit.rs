//! What persons and organizations spend.
//!
//! Owns: the minute's budgets and who is charged. May use: the limits in force, a ledger in memory, one that several gateways share.
//! Invariant: whoever is refused is not charged; where the shared ledger does not answer, this process counts by itself, and nobody waits.

mod budget;
mod memory;
mod redis;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::OrganizationId;

use crate::limits::{Limit, LimitRegistry};
pub(super) use budget::ClientId;
use budget::{Budget, BudgetKey, ChargeResult};
use memory::InMemoryStore;
pub use redis::{RedisStore, RedisStoreError};

/// What a document costs that is refused: it was read all the same.
const REJECTED_COST: u64 = 10;

/// Whose budget it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetOwner {
    /// The person's own.
    Person,
    /// That of the organization in which they work.
    Organization,
}

/// What an operation has cost, and what is left of the budget that is nearer to its end.
#[derive(Clone, Copy, Debug)]
pub struct BudgetState {
    /// Of this operation.
    pub cost: u64,
    /// Whose budget.
    pub whose: BudgetOwner,
    /// Of a minute.
    pub limit: u64,
    /// Of this minute.
    pub remaining: u64,
    /// When the next minute begins.
    pub resets: DateTime<Utc>,
}

/// Not enough is left of a budget.
#[derive(Clone, Copy, Debug)]
pub struct RateLimited {
    /// Whose.
    pub whose: BudgetOwner,
    /// Of a minute.
    pub limit: u64,
    /// Of this minute: less than was asked for.
    pub remaining: u64,
    /// When the next minute begins.
    pub resets: DateTime<Utc>,
}

impl RateLimited {
    /// Whole seconds until it is worth trying again, at least one.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        seconds_until(self.resets)
    }
}

/// Whole seconds until a minute ends: at least one, and at most sixty. Where several count together the minute is another clock's, and
/// this one may be hours behind it.
#[must_use]
pub(crate) fn seconds_until(then: DateTime<Utc>) -> u64 {
    let left = then.signed_duration_since(Utc::now()).num_milliseconds();
    u64::try_from(left).unwrap_or(0).div_ceil(1000).clamp(1, 60)
}

#[derive(Debug)]
pub(super) struct RateLimiter {
    bounds: Arc<LimitRegistry>,
    memory: InMemoryStore,
    shared: Option<RedisStore>,
}

impl RateLimiter {
    pub(super) fn new(bounds: Arc<LimitRegistry>, shared: Option<RedisStore>) -> Self {
        Self { bounds, memory: InMemoryStore::default(), shared }
    }

    /// Whether this process knows already that the person has nothing left.
    pub(super) fn check_budget(&self, spender: ClientId) -> Result<(), RateLimited> {
        let (used, resets) = self.memory.used(BudgetKey::Person(spender), Utc::now());
        if self.bounds.now().allows(Limit::PersonRate, used.saturating_add(1)) {
            return Ok(());
        }
        Err(self.rate_limited(BudgetKey::Person(spender), used, 1, resets))
    }

    pub(super) async fn charge(
        &self,
        spender: ClientId,
        organization: Option<OrganizationId>,
        cost: u64,
    ) -> Result<BudgetState, RateLimited> {
        let limits = self.bounds.now();
        let accounts = [Some(BudgetKey::Person(spender)), organization.map(BudgetKey::Organization)];
        let budget = |account: BudgetKey| Budget { account, most: limits.of(account.limit()).allowed() };
        let budgets: Vec<_> = accounts.into_iter().flatten().map(budget).collect();
        let charged = match &self.shared {
            Some(shared) => shared.charge(&budgets, cost).await,
            None => None,
        };
        let ChargeResult { used, refused, resets } = match charged {
            Some(charged) => {
                // So that whoever has nothing left is sent away the next time without asking there.
                self.memory.note(budgets[0].account, charged.used[0], Utc::now());
                charged
            }
            None => self.memory.charge(&budgets, cost, Utc::now()),
        };
        if let Some(refused) = refused {
            return Err(self.rate_limited(budgets[refused].account, used[refused], cost, resets));
        }
        let spent = budgets.iter().zip(used).map(|(Budget { account, .. }, used)| {
            // Here only what is measured is beyond its limit.
            let _ = self.bounds.check(account.limit(), used);
            let limit = limits.of(account.limit()).most;
            BudgetState { cost, whose: account.owner(), limit, remaining: limit.saturating_sub(used), resets }
        });
        let nearest = spent.min_by_key(|spent| spent.remaining);
        nearest.ok_or(RateLimited { whose: BudgetOwner::Person, limit: 0, remaining: 0, resets })
    }

    /// Charges the person here alone: what asks nobody else for anything does not ask a shared ledger either.
    pub(super) fn charge_rejected(&self, spender: ClientId) {
        let budget = Budget { account: BudgetKey::Person(spender), most: u64::MAX };
        self.memory.charge(&[budget], REJECTED_COST, Utc::now());
    }

    fn rate_limited(&self, account: BudgetKey, used: u64, cost: u64, resets: DateTime<Utc>) -> RateLimited {
        let judged = self.bounds.check(account.limit(), used.saturating_add(cost));
        let limit = judged.err().unwrap_or_else(|| self.bounds.now().of(account.limit()).most);
        RateLimited { whose: account.owner(), limit, remaining: limit.saturating_sub(used), resets }
    }
}

#[cfg(test)]
mod tests;
