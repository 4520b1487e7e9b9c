//! Changing doctors.

use async_graphql::{Context, InputObject, MaybeUndefined};
use entity::{
    commands::{DoctorDraft, DoctorPatch},
    id::{DoctorId, DsoId},
    models::Doctor as Row,
};
use gateway_macros::guarded;

use super::Doctor;
use crate::{
    errors::ResolverError,
    request::{IdArg, RequestContext},
    schema::{
        enums::Risk,
        input::Time,
        payload::{MutationResult, into_result, patch, payload},
    },
};

/// A doctor to be added.
#[derive(InputObject)]
pub struct DoctorCreateInput {
    /// The DSO they belong to.
    dso_id: IdArg<DsoId>,
    /// What they are called, 1 to 200 characters.
    name: String,
    /// Their e-mail address.
    email: Option<String>,
    /// Their phone number, at most 60 characters.
    phone: Option<String>,
    /// Where they work, at most 200 characters.
    practice: Option<String>,
    /// The onboarding period they are in, 1 to 12.
    onboarding_period: Option<i32>,
    /// How likely they are to leave.
    risk: Option<Risk>,
    /// When they joined.
    joined_at: Option<Time>,
    /// What the agents write down, at most 20,000 characters.
    notes: Option<String>,
}

/// A change of a doctor: what is left out stays, null empties.
#[derive(InputObject)]
pub struct DoctorUpdateInput {
    /// The doctor.
    doctor_id: IdArg<DoctorId>,
    /// A new name, 1 to 200 characters.
    name: Option<String>,
    /// Their e-mail address.
    email: MaybeUndefined<String>,
    /// Their phone number, at most 60 characters.
    phone: MaybeUndefined<String>,
    /// Where they work, at most 200 characters.
    practice: MaybeUndefined<String>,
    /// The onboarding period they are in, 1 to 12.
    onboarding_period: MaybeUndefined<i32>,
    /// How likely they are to leave.
    risk: MaybeUndefined<Risk>,
    /// When they joined.
    joined_at: MaybeUndefined<Time>,
    /// What the agents write down, at most 20,000 characters.
    notes: MaybeUndefined<String>,
    /// Refuse if the doctor has changed since this version was read.
    expected_version: Option<i32>,
}

/// The doctor to be archived.
#[derive(InputObject)]
pub struct DoctorArchiveInput {
    /// The doctor.
    doctor_id: IdArg<DoctorId>,
    /// Refuse if the doctor has changed since this version was read.
    expected_version: Option<i32>,
}

/// The doctor to be brought back.
#[derive(InputObject)]
pub struct DoctorRestoreInput {
    /// The doctor.
    doctor_id: IdArg<DoctorId>,
    /// Refuse if the doctor has changed since this version was read.
    expected_version: Option<i32>,
}

/// A doctor and where they go.
#[derive(InputObject)]
pub struct DoctorMoveInput {
    /// The doctor.
    doctor_id: IdArg<DoctorId>,
    /// The DSO they go to, of which the caller must be manager too.
    to_dso_id: IdArg<DsoId>,
    /// Refuse if the doctor has changed since this version was read.
    expected_version: Option<i32>,
}

payload! {
    /// The outcome of `doctorCreate`.
    DoctorCreatePayload {
        /// The new doctor.
        doctor: Doctor
    }
}

payload! {
    /// The outcome of `doctorUpdate`.
    DoctorUpdatePayload {
        /// The doctor after the change.
        doctor: Doctor
    }
}

payload! {
    /// The outcome of `doctorArchive`.
    DoctorArchivePayload {
        /// The archived doctor.
        doctor: Doctor
    }
}

payload! {
    /// The outcome of `doctorRestore`.
    DoctorRestorePayload {
        /// The living doctor.
        doctor: Doctor
    }
}

payload! {
    /// The outcome of `doctorMove`.
    DoctorMovePayload {
        /// The doctor in their new DSO.
        doctor: Doctor
    }
}

/// Changes of doctors.
#[derive(Default)]
pub struct DoctorMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl DoctorMutations {
    /// Adds a doctor to a DSO.
    #[guard(dso = Manager, of = input.dso_id)]
    async fn doctor_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The doctor.")] input: DoctorCreateInput,
    ) -> Result<Option<DoctorCreatePayload>, ResolverError> {
        let draft = DoctorDraft {
            name: input.name,
            email: input.email,
            phone: input.phone,
            practice: input.practice,
            onboarding_period: input.onboarding_period,
            risk: input.risk.map(Into::into),
            joined_at: input.joined_at.map(Into::into),
            notes: input.notes,
        };
        let manager = RequestContext::of(context).scope()?.manager(input.dso_id.0)?;
        let settled = into_result(manager.doctor_create(draft).await)?;
        Ok(Some(DoctorCreatePayload::new(read(context, settled).await?)))
    }

    /// Changes a doctor.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn doctor_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: DoctorUpdateInput,
    ) -> Result<Option<DoctorUpdatePayload>, ResolverError> {
        let patch = DoctorPatch {
            name: input.name,
            email: patch(input.email),
            phone: patch(input.phone),
            practice: patch(input.practice),
            onboarding_period: patch(input.onboarding_period),
            risk: patch(input.risk),
            joined_at: patch(input.joined_at),
            notes: patch(input.notes),
            expected_version: input.expected_version,
        };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.doctor_update(input.doctor_id.0, patch).await)?;
        Ok(Some(DoctorUpdatePayload::new(read(context, settled).await?)))
    }

    /// Archives a doctor: they and what hangs on them vanish from every list until they are restored.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn doctor_archive(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The doctor.")] input: DoctorArchiveInput,
    ) -> Result<Option<DoctorArchivePayload>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.doctor_archive(input.doctor_id.0, input.expected_version).await)?;
        Ok(Some(DoctorArchivePayload::new(kept(context, settled))))
    }

    /// Brings an archived doctor back.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn doctor_restore(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The doctor.")] input: DoctorRestoreInput,
    ) -> Result<Option<DoctorRestorePayload>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.doctor_restore(input.doctor_id.0, input.expected_version).await)?;
        Ok(Some(DoctorRestorePayload::new(kept(context, settled))))
    }

    /// Moves a doctor with all their history to another DSO; the caller must be manager of both.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn doctor_move(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The doctor and the DSO.")] input: DoctorMoveInput,
    ) -> Result<Option<DoctorMovePayload>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        let from = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let to = scope.manager(input.to_dso_id.0)?;
        let settled = into_result(from.doctor_move(input.doctor_id.0, &to, input.expected_version).await)?;
        Ok(Some(DoctorMovePayload::new(read(context, settled).await?)))
    }
}

/// The doctor as they are now.
async fn read(
    context: &Context<'_>,
    settled: MutationResult<DoctorId>,
) -> Result<MutationResult<Option<Doctor>>, ResolverError> {
    RequestContext::of(context).clear_loaders();
    Ok(match settled {
        Ok(doctor) => Ok(Doctor::find(context, doctor).await?),
        Err(errors) => Err(errors),
    })
}

/// The doctor as the change left them: an archived one is in no loader's reach.
fn kept(context: &Context<'_>, settled: MutationResult<Row>) -> MutationResult<Option<Doctor>> {
    RequestContext::of(context).clear_loaders();
    settled.map(|row| Some(Doctor(row.into())))
}
