//! What operations cost, and what is left.

use async_graphql::{Context, Enum};
use chrono::{DateTime, Utc};
use entity::auth::policy::PolicyTarget;
use gateway_macros::guarded;

use crate::{
    admission::{BudgetOwner, BudgetState},
    guard::HasResource,
    request::RequestContext,
    row_encoding::plain_words,
};

/// What this operation has cost, and what is left of the minute's budget that ends first.
pub struct RateLimit(BudgetState);

/// Whose budget it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RateLimitBudget {
    /// The caller's own, in all of their organizations.
    Person,
    /// That of the active organization.
    Organization,
}

plain_words!(RateLimitBudget);

impl HasResource for RateLimit {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Nothing
    }
}

/// Figures are far from what a 32-bit number holds; beyond, they stay at its end.
fn whole(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What this operation has cost, and what is left of the minute's budget that ends first.
#[guarded(signed_in)]
impl RateLimit {
    /// What this operation costs: about one for each row that it can answer.
    #[guard(signed_in)]
    fn cost(&self) -> i32 {
        whole(self.0.cost)
    }

    /// What may be spent in a minute.
    #[guard(signed_in)]
    fn limit(&self) -> i32 {
        whole(self.0.limit)
    }

    /// What is left of this minute, this operation taken off.
    #[guard(signed_in)]
    fn remaining(&self) -> i32 {
        whole(self.0.remaining)
    }

    /// When the next minute begins.
    #[guard(signed_in)]
    fn reset_at(&self) -> DateTime<Utc> {
        self.0.resets
    }

    /// Whose budget it is that ends first.
    #[guard(signed_in)]
    fn budget(&self) -> RateLimitBudget {
        match self.0.whose {
            BudgetOwner::Person => RateLimitBudget::Person,
            BudgetOwner::Organization => RateLimitBudget::Organization,
        }
    }
}

/// What operations cost.
#[derive(Default)]
pub struct RateLimitQueries;

/// What operations cost.
#[guarded(signed_in, part_of = "Query")]
impl RateLimitQueries {
    /// What this operation has cost, and what is left.
    #[guard(signed_in)]
    fn rate_limit(&self, context: &Context<'_>) -> Option<RateLimit> {
        RequestContext::of(context).spent().map(RateLimit)
    }
}
