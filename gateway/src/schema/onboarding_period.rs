//! Onboarding periods.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    commands::OnboardingRecord,
    id::{DoctorId, OnboardingPeriodId, TypedId},
    queries::{Dsos, Members, OnboardingPeriods},
};
use gateway_macros::guarded;

use super::{
    doctor::Doctor,
    dso::Dso,
    input::Time,
    member::Member,
    payload::{into_result, payload},
    replayed_result::replayed,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// How far a doctor is in one of the twelve onboarding periods.
#[derive(Clone)]
pub struct OnboardingPeriod(Arc<entity::models::OnboardingPeriod>);

impl From<Arc<entity::models::OnboardingPeriod>> for OnboardingPeriod {
    fn from(row: Arc<entity::models::OnboardingPeriod>) -> Self {
        Self(row)
    }
}

impl HasResource for OnboardingPeriod {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl OnboardingPeriod {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The period of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, period: OnboardingPeriodId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<OnboardingPeriods>(period.uuid()).await?.map(Self))
    }
}

replayed!(OnboardingPeriod: OnboardingPeriods, OnboardingPeriodId);

/// How far a doctor is in one of the twelve onboarding periods.
#[guarded(dso = Viewer)]
impl OnboardingPeriod {
    /// Which row.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Which period, 1 to 12.
    #[guard(dso = Viewer)]
    fn period(&self) -> i32 {
        self.0.period
    }

    /// How far, 0 to 100.
    #[guard(dso = Viewer)]
    fn percent(&self) -> i32 {
        self.0.percent
    }

    /// When it was recorded.
    #[guard(dso = Viewer)]
    fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }

    /// Counts the changes, for `expectedVersion`.
    #[guard(dso = Viewer)]
    fn version(&self) -> i32 {
        self.0.version
    }

    /// The doctor's DSO.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }

    /// Whose progress it is.
    #[guard(dso = Viewer)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Doctor>>, ResolverError> {
        Ok(Doctor::find(context, self.0.doctor_id).await?.map(SingleRow))
    }

    /// Who recorded it, where it is known.
    #[guard(dso = Viewer)]
    async fn recorded_by(&self, context: &Context<'_>) -> Result<Option<SingleRow<Member>>, ResolverError> {
        let Some(member) = self.0.recorded_by else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(member.uuid()).await?.map(Member::from).map(SingleRow))
    }
}

/// A doctor's progress in one period: made, or replaced where there is one.
#[derive(InputObject)]
pub struct OnboardingPeriodRecordInput {
    /// Whose progress it is.
    doctor_id: IdArg<DoctorId>,
    /// Which period, 1 to 12.
    period: i32,
    /// How far, 0 to 100.
    percent: i32,
    /// When it was so; now, if not given.
    recorded_at: Option<Time>,
    /// Refuse if the period has changed since this version was read.
    expected_version: Option<i32>,
}

payload! {
    /// The outcome of `onboardingPeriodRecord`.
    OnboardingPeriodRecordPayload {
        /// The period after the change.
        onboarding_period: OnboardingPeriod
    }
}

/// Changes of onboarding periods.
#[derive(Default)]
pub struct OnboardingMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl OnboardingMutations {
    /// Records a doctor's progress in one period.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn onboarding_period_record(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The progress.")] input: OnboardingPeriodRecordInput,
    ) -> Result<Option<OnboardingPeriodRecordPayload>, ResolverError> {
        let record = OnboardingRecord {
            doctor: input.doctor_id.0,
            period: input.period,
            percent: input.percent,
            recorded_at: input.recorded_at.map(Into::into),
            expected_version: input.expected_version,
        };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.onboarding_period_record(record).await)?;
        RequestContext::of(context).clear_loaders();
        let settled = match settled {
            Ok(period) => Ok(OnboardingPeriod::find(context, period).await?),
            Err(errors) => Err(errors),
        };
        Ok(Some(OnboardingPeriodRecordPayload::new(settled)))
    }
}
