//! Activities.

mod aggregate;
mod mutations;

pub(crate) use aggregate::ActivitiesQueryInput;
pub use aggregate::{ActivityAggregates, ActivityGroup, ActivityGroupConnection, ActivityGroupEdge};
pub use mutations::{ActivityDeletePayload, ActivityLogPayload, ActivityMutations, ActivityUpdatePayload};

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::{ActivityId, DsoId, MemberId, TypedId},
    queries::{Activities, Direction, Dsos, Members},
};
use gateway_macros::guarded;

use super::{
    OrderDirection, PageArgs,
    connection::{ListRequest, Listable, connection},
    doctor::{Doctor, DoctorFilter},
    dso::Dso,
    enums::ActivityKind,
    input::{Checked, Time},
    member::Member,
    replayed_result::replayed,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// A contact with a doctor.
#[derive(Clone)]
pub struct Activity(Arc<entity::models::Activity>);

impl From<Arc<entity::models::Activity>> for Activity {
    fn from(row: Arc<entity::models::Activity>) -> Self {
        Self(row)
    }
}

impl HasResource for Activity {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Activity {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The activity of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, activity: ActivityId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Activities>(activity.uuid()).await?.map(Self))
    }
}

replayed!(Activity: Activities, ActivityId);
connection!(Activities, Activity, ActivityConnection, ActivityEdge);

/// A contact with a doctor.
#[guarded(dso = Viewer)]
impl Activity {
    /// Which activity.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// By what means.
    #[guard(dso = Viewer)]
    fn kind(&self) -> ActivityKind {
        self.0.kind.into()
    }

    /// When it happened.
    #[guard(dso = Viewer)]
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// What was said.
    #[guard(dso = Manager)]
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When the row was made.
    #[guard(dso = Viewer)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the row last changed.
    #[guard(dso = Viewer)]
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
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

    /// With whom.
    #[guard(dso = Viewer)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Doctor>>, ResolverError> {
        Ok(Doctor::find(context, self.0.doctor_id).await?.map(SingleRow))
    }

    /// Who did it, where it is known; somebody who has left stays named.
    #[guard(dso = Viewer)]
    async fn actor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Member>>, ResolverError> {
        let Some(actor) = self.0.actor_member_id else { return Ok(None) };
        Ok(RequestContext::of(context).loaders()?.row::<Members>(actor.uuid()).await?.map(Member::from).map(SingleRow))
    }
}

/// Which activities. What is given must hold all together.
#[derive(Default, InputObject)]
pub struct ActivityFilter {
    /// With doctors of these DSOs.
    dso_ids: Option<Vec<IdArg<DsoId>>>,
    /// Of these kinds.
    kind: Option<Vec<ActivityKind>>,
    /// By these members.
    actor_ids: Option<Vec<IdArg<MemberId>>>,
    /// At this time or later.
    from: Option<Time>,
    /// Before this time.
    until: Option<Time>,
}

impl ActivityFilter {
    /// By which condition somebody is looked for as a person, if they are: members are named by their ids, which tell nothing.
    pub(crate) fn names_a_person(&self) -> Option<&'static str> {
        let Self { dso_ids: _, kind: _, actor_ids: _, from: _, until: _ } = self;
        None
    }
}

impl Checked for ActivityFilter {
    type Checked = entity::queries::ActivityFilter;

    fn checked(self) -> Result<Self::Checked, ResolverError> {
        Ok(self.into())
    }
}

impl From<ActivityFilter> for entity::queries::ActivityFilter {
    fn from(filter: ActivityFilter) -> Self {
        Self {
            dsos: filter.dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            kinds: filter.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            actors: filter.actor_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            from: filter.from.map(Into::into),
            until: filter.until.map(Into::into),
        }
    }
}

/// By what activities can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::ActivityOrder")]
pub enum ActivityOrderField {
    /// By the time they happened.
    OccurredAt,
}

/// The order of a list of activities.
#[derive(InputObject)]
pub struct ActivityOrder {
    /// By what.
    field: ActivityOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

impl ActivityOrder {
    /// What was asked, or latest first.
    pub(crate) fn or_latest(asked: Option<Self>) -> (entity::queries::ActivityOrder, Direction) {
        let latest = (entity::queries::ActivityOrder::OccurredAt, Direction::Desc);
        asked.map_or(latest, |order| (order.field.into(), order.direction.into()))
    }
}

impl Listable for Activities {
    fn read_fields(
        filter: &entity::queries::ActivityFilter,
        order: entity::queries::ActivityOrder,
    ) -> Vec<&'static str> {
        let entity::queries::ActivityFilter { dsos: _, kinds, actors, from, until } = filter;
        let mut reads = vec![match order {
            entity::queries::ActivityOrder::OccurredAt => "Activity.occurredAt",
        }];
        if kinds.is_some() {
            reads.push("Activity.kind");
        }
        if actors.is_some() {
            reads.push("Activity.actor");
        }
        if from.is_some() || until.is_some() {
            reads.push("Activity.occurredAt");
        }
        reads
    }
}

/// Queries about activities.
#[derive(Default)]
pub struct ActivityQueries;

#[guarded(signed_in, part_of = "Query")]
impl ActivityQueries {
    /// An activity by id.
    #[guard(org = Member)]
    async fn activity(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The activity.")] id: IdArg<ActivityId>,
    ) -> Result<Option<Activity>, ResolverError> {
        Activity::find(context, id.0).await
    }

    /// The contacts in all DSOs that the caller sees, latest first unless asked otherwise.
    #[guard(org = Member)]
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which activities.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<ActivityOrder>,
        page: PageArgs,
    ) -> Result<Option<ActivityConnection>, ResolverError> {
        let filter: entity::queries::ActivityFilter = filter.unwrap_or_default().into();
        let dsos = filter.dsos.as_ref().map(|dsos| DoctorFilter::concerned(context, dsos)).transpose()?;
        let (order, direction) = ActivityOrder::or_latest(order_by);
        ActivityConnection::read(context, page, ListRequest { parent: None, dsos, filter, order, direction }).await
    }
}
