//! Who runs when, and how much.
//!
//! Owns: the order in which operations run, and what persons and organizations have spent. May use: the limits in force, the ids of
//! `entity`. Invariant: an organization is charged only by those whom it has let in; before that, a guess decides about the order alone.

mod gate;
mod headers;
mod lane;
mod lanes;
mod rates;
mod unread;

use std::sync::Arc;

use entity::{Principal, Selector};

pub use gate::{Permit, Turned};
pub use headers::{RATE_LIMIT, RATE_LIMIT_POLICY};
pub use lane::Lane;
pub use lanes::Known;
use lanes::Lanes;
pub use rates::{Overdrawn, Shared, SharedError, Spent, Whose};
use rates::{Rates, Spender};
use unread::Unread;
pub use unread::{Reader, TooMuchUnread};

use crate::graphql::Bounds;

/// Lets operations in. Clones share it.
#[derive(Clone, Debug)]
pub struct Admission {
    gate: gate::Gate,
    lanes: Arc<Lanes>,
    rates: Arc<Rates>,
    unread: Unread,
}

/// A person who wants something to be run.
#[derive(Debug)]
pub struct Applicant {
    spender: Spender,
    /// By which their lane is found again.
    mark: lanes::Mark,
    known: Known,
}

impl Applicant {
    /// Who they were, and where they were let in, when they last asked so: for the log, and for nothing that decides.
    #[must_use]
    pub const fn known(&self) -> Known {
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
    pub fn new(bounds: &Arc<Bounds>, shared: Option<Shared>) -> Self {
        Self {
            gate: gate::Gate::new(Arc::clone(bounds)),
            lanes: Arc::default(),
            rates: Arc::new(Rates::new(Arc::clone(bounds), shared)),
            unread: Unread::new(Arc::clone(bounds)),
        }
    }

    /// Whoever asks, and the organization that they were let into when they last asked so.
    #[must_use]
    pub fn applicant(&self, principal: &Principal, selector: &Selector) -> Applicant {
        let mark = self.lanes.mark(principal, selector);
        Applicant { spender: Spender::of(principal), known: self.lanes.of(mark), mark }
    }

    /// Who is sent the answer; no person without a credential.
    #[must_use]
    pub fn reader(&self, principal: Option<&Principal>) -> Reader {
        self.unread.reader(principal.map(Spender::of))
    }

    /// Whether there is room for another answer to the person.
    ///
    /// # Errors
    /// Where the person, or all together, leave too much unread.
    pub fn check_unread(&self, applicant: Option<&Applicant>) -> Result<(), TooMuchUnread> {
        self.unread.reader(applicant.map(|applicant| applicant.spender)).check()
    }

    /// Waits for a turn in a lane.
    ///
    /// # Errors
    /// Where too many wait already, or it took too long.
    pub async fn turn(&self, lane: Lane) -> Result<Permit, Turned> {
        self.gate.enter(lane).await
    }

    /// Whether the person has been refused a moment ago and nothing has changed: asked before anything is spent on them.
    ///
    /// # Errors
    /// As it was refused then.
    pub fn precheck(&self, applicant: &Applicant) -> Result<(), Overdrawn> {
        self.rates.precheck(applicant.spender)
    }

    /// Charges the person, and the organization that has let them in.
    ///
    /// # Errors
    /// Where one of them would have spent too much; then neither is charged.
    pub async fn charge(&self, applicant: &Applicant, found: Known, cost: u64) -> Result<Spent, Overdrawn> {
        self.lanes.keep(applicant.mark, found);
        self.rates.charge(applicant.spender, found.organization, cost).await
    }

    /// Charges the person alone, for what belongs to no organization.
    ///
    /// # Errors
    /// Where they would have spent too much; then they are not charged.
    pub async fn charge_person(&self, applicant: &Applicant, cost: u64) -> Result<Spent, Overdrawn> {
        self.rates.charge(applicant.spender, None, cost).await
    }

    /// Charges the person for what was refused before anybody let them in.
    pub fn charge_in_vain(&self, applicant: &Applicant) {
        self.rates.charge_in_vain(applicant.spender);
    }

    /// How many operations run, and how many wait.
    #[must_use]
    pub fn figures(&self) -> (usize, usize) {
        self.gate.figures()
    }
}
