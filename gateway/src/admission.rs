//! Who runs when, and how much.
//!
//! Owns: the order in which operations run, and what persons and organizations have spent. May use: the limits in force, the ids of
//! `entity`. Invariant: an organization is charged only by those whom it has let in; before that, a guess decides about the order alone.

mod headers;
mod lane;
mod rate_limit;
mod scheduler;
mod tenant_hints;
mod unread_responses;

use std::sync::Arc;

use entity::{auth::Principal, membership::Selector};

pub use headers::{RATE_LIMIT, RATE_LIMIT_POLICY};
pub use lane::Lane;
pub use rate_limit::{BudgetOwner, BudgetState, RateLimited, RedisStore, RedisStoreError};
use rate_limit::{ClientId, RateLimiter};
pub use scheduler::{Permit, Rejected};
pub use tenant_hints::TenantHint;
use tenant_hints::TenantHints;
use unread_responses::UnreadResponses;
pub use unread_responses::{ReaderKey, TooMuchUnread};

use crate::limits::LimitRegistry;

/// Lets operations in. Clones share it.
#[derive(Clone, Debug)]
pub struct Admission {
    gate: scheduler::FairScheduler,
    lanes: Arc<TenantHints>,
    rates: Arc<RateLimiter>,
    unread: UnreadResponses,
}

/// A person who wants something to be run.
#[derive(Debug)]
pub struct ClientKey {
    spender: ClientId,
    /// By which their lane is found again.
    mark: tenant_hints::HintKey,
    known: TenantHint,
}

impl ClientKey {
    /// Who they were, and where they were let in, when they last asked so: for the log, and for nothing that decides.
    #[must_use]
    pub const fn known(&self) -> TenantHint {
        self.known
    }

    /// With whom they take turns; callers without a credential have theirs with the newcomers.
    #[must_use]
    pub fn lane(applicant: Option<&Self>) -> Lane {
        applicant.map_or(Lane::Newcomers, |applicant| applicant.known.lane())
    }
}

impl Admission {
    /// Under these limits; what is spent is counted in this process, or where several count together.
    #[must_use]
    pub fn new(bounds: &Arc<LimitRegistry>, shared: Option<RedisStore>) -> Self {
        Self {
            gate: scheduler::FairScheduler::new(Arc::clone(bounds)),
            lanes: Arc::default(),
            rates: Arc::new(RateLimiter::new(Arc::clone(bounds), shared)),
            unread: UnreadResponses::new(Arc::clone(bounds)),
        }
    }

    /// Whoever asks, and the organization that they were let into when they last asked so.
    #[must_use]
    pub fn applicant(&self, principal: &Principal, selector: &Selector) -> ClientKey {
        let mark = self.lanes.hint_key(principal, selector);
        ClientKey { spender: ClientId::of(principal), known: self.lanes.of(mark), mark }
    }

    /// Who is sent the answer; no person without a credential.
    #[must_use]
    pub fn reader(&self, principal: Option<&Principal>) -> ReaderKey {
        self.unread.reader(principal.map(ClientId::of))
    }

    /// Whether there is room for another answer to the person.
    ///
    /// # Errors
    /// Where the person, or all together, leave too much unread.
    pub fn check_unread(&self, applicant: Option<&ClientKey>) -> Result<(), TooMuchUnread> {
        self.unread.reader(applicant.map(|applicant| applicant.spender)).check()
    }

    /// Waits for a turn in a lane.
    ///
    /// # Errors
    /// Where too many wait already, or it took too long.
    pub async fn turn(&self, lane: Lane) -> Result<Permit, Rejected> {
        self.gate.enter(lane).await
    }

    /// Whether the person has been refused a moment ago and nothing has changed: asked before anything is spent on them.
    ///
    /// # Errors
    /// As it was refused then.
    pub fn check_budget(&self, applicant: &ClientKey) -> Result<(), RateLimited> {
        self.rates.check_budget(applicant.spender)
    }

    /// Charges the person, and the organization that has let them in.
    ///
    /// # Errors
    /// Where one of them would have spent too much; then neither is charged.
    pub async fn charge(
        &self,
        applicant: &ClientKey,
        found: TenantHint,
        cost: u64,
    ) -> Result<BudgetState, RateLimited> {
        self.lanes.remember(applicant.mark, found);
        self.rates.charge(applicant.spender, found.organization, cost).await
    }

    /// Charges the person alone, for what belongs to no organization.
    ///
    /// # Errors
    /// Where they would have spent too much; then they are not charged.
    pub async fn charge_person(&self, applicant: &ClientKey, cost: u64) -> Result<BudgetState, RateLimited> {
        self.rates.charge(applicant.spender, None, cost).await
    }

    /// Charges the person for what was refused before anybody let them in.
    pub fn charge_rejected(&self, applicant: &ClientKey) {
        self.rates.charge_rejected(applicant.spender);
    }

    /// How many operations run, and how many wait.
    #[must_use]
    pub fn stats(&self) -> (usize, usize) {
        self.gate.stats()
    }
}
