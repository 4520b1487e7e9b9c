//! Attendees of courses.

use std::sync::Arc;

use async_graphql::{Context, ID};
use entity::{
    auth::policy::PolicyTarget,
    id::{AttendeeId, TypedId},
    queries::{AttendeeOrder, Attendees, Dsos, NoFilter},
};
use gateway_macros::guarded;

use super::{
    connection::{Listable, connection},
    course::Course,
    doctor::Doctor,
    dso::Dso,
};
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// Somebody on the list of a course.
#[derive(Clone)]
pub struct Attendee(Arc<entity::models::Attendee>);

impl From<Arc<entity::models::Attendee>> for Attendee {
    fn from(row: Arc<entity::models::Attendee>) -> Self {
        Self(row)
    }
}

impl HasResource for Attendee {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Attendee {
    /// The attendee of an id, if they exist for the caller.
    pub(crate) async fn find(context: &Context<'_>, attendee: AttendeeId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Attendees>(attendee.uuid()).await?.map(Self))
    }
}

impl Listable for Attendees {
    fn read_fields(_: &NoFilter, order: AttendeeOrder) -> Vec<&'static str> {
        vec![match order {
            AttendeeOrder::Name => "Attendee.name",
        }]
    }
}

connection!(Attendees, Attendee, AttendeeConnection, AttendeeEdge);

/// Somebody on the list of a course.
#[guarded(dso = Viewer)]
impl Attendee {
    /// Which entry.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What they are called.
    #[guard(dso = Viewer)]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Their e-mail address as written.
    #[guard(dso = Manager)]
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Whether they came.
    #[guard(dso = Viewer)]
    fn attended(&self) -> bool {
        self.0.attended
    }

    /// The course's DSO.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }

    /// Which course.
    #[guard(dso = Viewer)]
    async fn course(&self, context: &Context<'_>) -> Result<Option<SingleRow<Course>>, ResolverError> {
        Ok(Course::find(context, self.0.course_id).await?.map(SingleRow))
    }

    /// Which doctor, where it is one of ours and the caller sees them.
    #[guard(dso = Viewer)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Doctor>>, ResolverError> {
        match self.0.doctor_id {
            Some(doctor) => Ok(Doctor::find(context, doctor).await?.map(SingleRow)),
            None => Ok(None),
        }
    }
}
