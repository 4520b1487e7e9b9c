//! Courses.

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::{CourseId, TypedId},
    queries::{AttendeeOrder, AttendeeParent, Attendees, CourseOrder, Courses, Direction, Dsos, NoFilter},
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    attendee::AttendeeConnection,
    connection::{ListRequest, Listable, connection},
    dso::Dso,
};
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// A course held by a DSO.
#[derive(Clone)]
pub struct Course(Arc<entity::models::Course>);

impl From<Arc<entity::models::Course>> for Course {
    fn from(row: Arc<entity::models::Course>) -> Self {
        Self(row)
    }
}

impl HasResource for Course {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Course {
    /// The course of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, course: CourseId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Courses>(course.uuid()).await?.map(Self))
    }
}

impl Listable for Courses {
    fn read_fields(_: &NoFilter, order: CourseOrder) -> Vec<&'static str> {
        vec![match order {
            CourseOrder::HeldAt => "Course.heldAt",
        }]
    }
}

connection!(Courses, Course, CourseConnection, CourseEdge);

/// A course held by a DSO.
#[guarded(dso = Viewer)]
impl Course {
    /// Which course.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What it is called.
    #[guard(dso = Viewer)]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// When it is held.
    #[guard(dso = Viewer)]
    fn held_at(&self) -> Option<DateTime<Utc>> {
        self.0.held_at
    }

    /// When the row was made.
    #[guard(dso = Viewer)]
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who holds it.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }

    /// Who is on its list, by name.
    #[guard(dso = Viewer)]
    async fn attendees(
        &self,
        context: &Context<'_>,
        page: PageArgs,
    ) -> Result<Option<AttendeeConnection>, ResolverError> {
        let ask = ListRequest::<Attendees> {
            parent: Some((AttendeeParent::Course, self.0.id.uuid())),
            dsos: Some(vec![self.0.dso_id]),
            filter: NoFilter,
            order: AttendeeOrder::Name,
            direction: Direction::Asc,
        };
        AttendeeConnection::read(context, page, ask).await
    }
}
