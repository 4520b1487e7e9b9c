//! Logging and changing activities.

use async_graphql::{Context, InputObject, MaybeUndefined};
use entity::{
    commands::{ActivityDraft, ActivityPatch},
    id::{ActivityId, DoctorId},
};
use gateway_macros::guarded;

use super::Activity;
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext},
    schema::{
        doctor::Doctor,
        enums::ActivityKind,
        input::Time,
        payload::{MutationResult, into_result, patch, payload},
    },
};

/// An activity to be logged, as the caller's own.
#[derive(InputObject)]
pub struct ActivityLogInput {
    /// With whom.
    doctor_id: IdArg<DoctorId>,
    /// By what means.
    kind: ActivityKind,
    /// When it happened; now, if not given.
    occurred_at: Option<Time>,
    /// What was said, at most 20,000 characters.
    note: Option<String>,
}

/// A change of an activity: what is left out stays, null empties.
#[derive(InputObject)]
pub struct ActivityUpdateInput {
    /// The activity.
    activity_id: IdArg<ActivityId>,
    /// By what means.
    kind: Option<ActivityKind>,
    /// When it happened.
    occurred_at: Option<Time>,
    /// What was said, at most 20,000 characters.
    note: MaybeUndefined<String>,
    /// Refuse if the activity has changed since this version was read.
    expected_version: Option<i32>,
}

/// The activity to be deleted.
#[derive(InputObject)]
pub struct ActivityDeleteInput {
    /// The activity.
    activity_id: IdArg<ActivityId>,
    /// Refuse if the activity has changed since this version was read.
    expected_version: Option<i32>,
}

payload! {
    /// The outcome of `activityLog`.
    ActivityLogPayload {
        /// The new activity.
        activity: Activity
    }
}

payload! {
    /// The outcome of `activityUpdate`.
    ActivityUpdatePayload {
        /// The activity after the change.
        activity: Activity
    }
}

payload! {
    /// The outcome of `activityDelete`.
    ActivityDeletePayload {
        /// The doctor with whom it was.
        doctor: Doctor
    }
}

/// Changes of activities.
#[derive(Default)]
pub struct ActivityMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl ActivityMutations {
    /// Logs an activity with a doctor.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn activity_log(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] input: ActivityLogInput,
    ) -> Result<Option<ActivityLogPayload>, ResolverError> {
        let draft = ActivityDraft {
            doctor: input.doctor_id.0,
            kind: input.kind.into(),
            occurred_at: input.occurred_at.map(Into::into),
            note: input.note,
        };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.activity_log(draft).await)?;
        Ok(Some(ActivityLogPayload::new(read(context, settled).await?)))
    }

    /// Changes an activity.
    #[guard(dso = Manager, of = input.activity_id)]
    async fn activity_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: ActivityUpdateInput,
    ) -> Result<Option<ActivityUpdatePayload>, ResolverError> {
        let patch = ActivityPatch {
            kind: input.kind.map(Into::into),
            occurred_at: input.occurred_at.map(Into::into),
            note: patch(input.note),
            expected_version: input.expected_version,
        };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_activity(input.activity_id.0).await?)?;
        let settled = into_result(manager.activity_update(input.activity_id.0, patch).await)?;
        Ok(Some(ActivityUpdatePayload::new(read(context, settled).await?)))
    }

    /// Deletes an activity: it leaves every list, and the doctor's last contact is reckoned anew.
    #[guard(dso = Manager, of = input.activity_id)]
    async fn activity_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] input: ActivityDeleteInput,
    ) -> Result<Option<ActivityDeletePayload>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_activity(input.activity_id.0).await?)?;
        let settled = into_result(manager.activity_delete(input.activity_id.0, input.expected_version).await)?;
        RequestContext::of(context).clear_loaders();
        let settled = match settled {
            Ok(doctor) => Ok(Doctor::find(context, doctor).await?),
            Err(errors) => Err(errors),
        };
        Ok(Some(ActivityDeletePayload::new(settled)))
    }
}

/// The activity as it is now.
async fn read(
    context: &Context<'_>,
    settled: MutationResult<ActivityId>,
) -> Result<MutationResult<Option<Activity>>, ResolverError> {
    RequestContext::of(context).clear_loaders();
    Ok(match settled {
        Ok(activity) => Ok(Activity::find(context, activity).await?),
        Err(errors) => Err(errors),
    })
}
