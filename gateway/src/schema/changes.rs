//! Changes, as they happen.

use std::{borrow::Cow, pin::Pin, sync::Arc};

use async_graphql::{
    ContainerType as _, Context, Enum, ID, Name, OutputType, Response, SubscriptionType, Value,
    futures_util::stream::{self, Stream},
    registry::{MetaType, Registry},
};
use entity::{
    auth::policy::PolicyTarget,
    id::{ActivityId, CaseId, DoctorId, OnboardingPeriodId, TypedId},
    models::TargetKind,
};
use gateway_macros::guarded;

use super::{activity::Activity, case::Case, doctor::Doctor, dso::Dso, onboarding_period::OnboardingPeriod};
use crate::{
    changes::Event, errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::plain_words,
};

/// What was changed since the message before.
pub struct Changes(Arc<Event>);

/// A row that was changed. It may be gone by now.
#[derive(Clone)]
pub struct ChangedRow(entity::change_feed::ChangedRow);

/// What kind of row was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChangedType {
    /// A DSO, or its words.
    Dso,
    /// A doctor.
    Doctor,
    /// An onboarding period of a doctor.
    OnboardingPeriod,
    /// An activity.
    Activity,
    /// A case.
    Case,
}

plain_words!(ChangedType);

impl HasResource for ChangedRow {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso)
    }
}

/// What was changed since the message before.
#[guarded(org = Member)]
impl Changes {
    /// The changed rows in the DSOs that the caller sees, each once, at most 100. The first message has none.
    #[guard(org = Member)]
    fn rows(&self, context: &Context<'_>) -> Result<Vec<ChangedRow>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        Ok(self.0.rows_for(scope).map(ChangedRow).collect())
    }

    /// Whether more was changed than `rows` lists, such as by an import: read everything again.
    #[guard(org = Member)]
    fn all(&self) -> bool {
        self.0.is_all()
    }
}

/// A row that was changed. It may be gone by now.
#[guarded(dso = Viewer)]
impl ChangedRow {
    /// What kind of row.
    #[guard(dso = Viewer)]
    fn r#type(&self) -> ChangedType {
        match self.0.kind {
            TargetKind::Doctor => ChangedType::Doctor,
            TargetKind::OnboardingPeriod => ChangedType::OnboardingPeriod,
            TargetKind::Activity => ChangedType::Activity,
            TargetKind::Case => ChangedType::Case,
            // The feed has no other kind.
            _ => ChangedType::Dso,
        }
    }

    /// Which row.
    #[guard(dso = Viewer)]
    fn id(&self) -> ID {
        self.0.kind.id_of(self.0.id).into()
    }

    /// The row's version now; null if it is gone, or the caller does not see it any more.
    #[guard(dso = Viewer)]
    async fn version(&self, context: &Context<'_>) -> Result<Option<i32>, ResolverError> {
        let id = self.0.id;
        Ok(match self.0.kind {
            TargetKind::Doctor => Doctor::find(context, DoctorId::from_uuid(id)).await?.map(|row| row.version_now()),
            TargetKind::OnboardingPeriod => {
                OnboardingPeriod::find(context, OnboardingPeriodId::from_uuid(id)).await?.map(|row| row.version_now())
            }
            TargetKind::Activity => {
                Activity::find(context, ActivityId::from_uuid(id)).await?.map(|row| row.version_now())
            }
            TargetKind::Case => Case::find(context, CaseId::from_uuid(id)).await?.map(|row| row.version_now()),
            _ => Dso::find(context, self.0.dso).await?.map(|row| row.version_now()),
        })
    }
}

/// What can be waited for, over a WebSocket.
#[derive(Default)]
pub struct Subscription;

/// What can be waited for, over a WebSocket.
#[guarded(signed_in)]
impl Subscription {
    /// The rows that were changed in the active organization, within a second: ids, no data. The first message comes at once and has no rows:
    /// what is read after it misses no change. The caller's rights are read again for each message; the connection is closed within a second when
    /// the membership or the token ends.
    #[guard(org = Member)]
    fn changes(&self, context: &Context<'_>) -> Result<Option<Changes>, ResolverError> {
        // The engine puts it there: the field is asked for an event at a time.
        let event = context.data::<Arc<Event>>().map_err(|_| ResolverError::Internal)?;
        Ok(Some(Changes(Arc::clone(event))))
    }
}

/// The engine asks for one event at a time, under a scope that was entered for it: so an event's stream has one response.
impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Subscription")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = <Self as OutputType>::create_type_info(registry);
        if let Some(MetaType::Object { is_subscription, .. }) =
            registry.types.get_mut(&*<Self as SubscriptionType>::type_name())
        {
            *is_subscription = true;
        }
        name
    }

    fn create_field_stream<'a>(
        &'a self,
        context: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        Some(Box::pin(stream::once(async move {
            let key = context.item.node.response_key().node.clone();
            let resolved = self.resolve_field(context).await;
            let mut errors = std::mem::take(
                &mut *context.query_env.errors.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
            );
            let value = resolved.unwrap_or_else(|error| {
                errors.push(error);
                None
            });
            let data = Value::Object(std::iter::once((Name::new(key), value.unwrap_or(Value::Null))).collect());
            let mut response = Response::new(data);
            response.errors = errors;
            response
        })))
    }
}
