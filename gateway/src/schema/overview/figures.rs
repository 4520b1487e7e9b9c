//! Figures that are compared with those of the range before.

use std::sync::Arc;

use async_graphql::Context;
use entity::{
    id::{MemberId, TypedId},
    queries::Members,
};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    request::RequestContext,
    schema::{
        enums::{ActivityKind, CaseStatus, Risk},
        member::Member,
    },
};

/// A number, and what it was before.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountChange {
    now: i64,
    before: i64,
}

impl CountChange {
    pub(super) fn new([now, before]: [i64; 2]) -> Self {
        Self { now, before }
    }

    pub(super) fn add(&mut self, place: i32, more: i64) {
        let count = if place == 0 { &mut self.now } else { &mut self.before };
        *count += more;
    }

    pub(super) fn is_nothing(self) -> bool {
        self.now == 0 && self.before == 0
    }

    pub(super) fn now(self) -> i64 {
        self.now
    }

    /// Now and before.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
    pub(super) fn both(self) -> [Option<f64>; 2] {
        [Some(self.now as f64), Some(self.before as f64)]
    }
}

/// What GraphQL can carry: beyond two thousand million a count is told as that.
fn known(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}

/// A number, and what it was in or at the end of the range before.
#[guarded(org = Member)]
impl CountChange {
    /// The number.
    #[guard(org = Member)]
    fn count(&self) -> i32 {
        known(self.now)
    }

    /// What it was before.
    #[guard(org = Member)]
    fn before(&self) -> i32 {
        known(self.before)
    }

    /// By how much it has grown.
    #[guard(org = Member)]
    fn change(&self) -> i32 {
        known(self.now - self.before)
    }
}

/// A mean or a share, and what it was before.
#[derive(Clone, Copy, Debug, Default)]
pub struct FigureChange {
    now: Option<f64>,
    before: Option<f64>,
}

impl FigureChange {
    /// Parts of wholes; none where there is no whole.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
    pub(super) fn of(parts: [(i64, i64); 2]) -> Self {
        let [now, before] = parts.map(|(part, whole)| (whole != 0).then(|| part as f64 / whole as f64));
        Self { now, before }
    }

    /// Now and before.
    pub(super) fn both(self) -> [Option<f64>; 2] {
        [self.now, self.before]
    }
}

/// A mean or a share, and what it was in or at the end of the range before; none where there is nothing to take it of.
#[guarded(org = Member)]
impl FigureChange {
    /// The figure.
    #[guard(org = Member)]
    fn value(&self) -> Option<f64> {
        self.now
    }

    /// What it was before.
    #[guard(org = Member)]
    fn before(&self) -> Option<f64> {
        self.before
    }

    /// By how much it has grown.
    #[guard(org = Member)]
    fn change(&self) -> Option<f64> {
        Some(self.now? - self.before?)
    }
}

/// Doctors at a risk.
pub struct RiskCount {
    pub(super) risk: Option<Risk>,
    pub(super) doctors: CountChange,
}

/// Doctors at a risk.
#[guarded(org = Member)]
impl RiskCount {
    /// At which; none for those who are not rated.
    #[guard(org = Member)]
    fn risk(&self) -> Option<Risk> {
        self.risk
    }

    /// How many.
    #[guard(org = Member)]
    fn doctors(&self) -> &CountChange {
        &self.doctors
    }
}

/// Doctors in an onboarding period.
pub struct PeriodCount {
    pub(super) period: Option<i32>,
    pub(super) doctors: CountChange,
}

/// Doctors in an onboarding period.
#[guarded(org = Member)]
impl PeriodCount {
    /// In which, 1 to 12; none for those who are in none.
    #[guard(org = Member)]
    fn period(&self) -> Option<i32> {
        self.period
    }

    /// How many.
    #[guard(org = Member)]
    fn doctors(&self) -> &CountChange {
        &self.doctors
    }
}

/// Activities of a kind.
pub struct KindCount {
    pub(super) kind: ActivityKind,
    pub(super) activities: CountChange,
}

/// Activities of a kind.
#[guarded(org = Member)]
impl KindCount {
    /// By what means.
    #[guard(org = Member)]
    fn kind(&self) -> ActivityKind {
        self.kind
    }

    /// How many.
    #[guard(org = Member)]
    fn activities(&self) -> &CountChange {
        &self.activities
    }
}

/// Activities of a member.
pub struct ActorCount {
    pub(super) actor: Option<MemberId>,
    pub(super) activities: CountChange,
}

/// Activities of a member.
#[guarded(org = Member)]
impl ActorCount {
    /// Who did them; none where it is not known.
    #[guard(org = Member)]
    async fn actor(&self, context: &Context<'_>) -> Result<Option<Member>, ResolverError> {
        let Some(actor) = self.actor else { return Ok(None) };
        let found: Option<Arc<_>> = RequestContext::of(context).loaders()?.row::<Members>(actor.uuid()).await?;
        Ok(found.map(Member::from))
    }

    /// How many.
    #[guard(org = Member)]
    fn activities(&self) -> &CountChange {
        &self.activities
    }
}

/// Cases in a state.
pub struct StatusCount {
    pub(super) status: CaseStatus,
    pub(super) cases: CountChange,
}

/// Cases in a state.
#[guarded(org = Member)]
impl StatusCount {
    /// In which.
    #[guard(org = Member)]
    fn status(&self) -> CaseStatus {
        self.status
    }

    /// How many.
    #[guard(org = Member)]
    fn cases(&self) -> &CountChange {
        &self.cases
    }
}
