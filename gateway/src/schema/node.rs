//! Any row by its id.

use async_graphql::{Context, ID, Interface};
use entity::id::{
    ActivityId, AttendeeId, CaseId, CourseId, DashboardId, DoctorId, DsoId, MemberId, OnboardingPeriodId,
    OrganizationId, TypedId,
};
use gateway_macros::guarded;

use super::{
    activity::Activity, attendee::Attendee, case::Case, course::Course, dashboard::Dashboard, doctor::Doctor, dso::Dso,
    member::Member, onboarding_period::OnboardingPeriod, organization::Organization,
};
use crate::{errors::ResolverError, request::RequestContext};

/// A row with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Which row: a prefix that tells the kind, and 26 characters."))]
pub enum Node {
    /// The active organization.
    Organization(Organization),
    /// A member.
    Member(Member),
    /// A DSO.
    Dso(Dso),
    /// A doctor.
    Doctor(Doctor),
    /// An onboarding period.
    OnboardingPeriod(OnboardingPeriod),
    /// An activity.
    Activity(Activity),
    /// A case.
    Case(Case),
    /// A course.
    Course(Course),
    /// An attendee.
    Attendee(Attendee),
    /// A dashboard.
    Dashboard(Dashboard),
}

/// Ids that one request may look up at once.
const MAX_NODES: usize = 100;

impl Node {
    /// Goes to one table, by the prefix; an unknown prefix is a row that does not exist.
    async fn find(context: &Context<'_>, id: &str) -> Result<Option<Self>, ResolverError> {
        let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
        Ok(match prefix {
            OrganizationId::PREFIX => {
                let active = RequestContext::of(context).scope()?.context().organization();
                let is_active = OrganizationId::from_text(id) == active;
                if is_active { Some(Organization::active(context).await?.into()) } else { None }
            }
            MemberId::PREFIX => Member::find(context, MemberId::from_text(id)).await?.map(Into::into),
            DsoId::PREFIX => Dso::find(context, DsoId::from_text(id)).await?.map(Into::into),
            DoctorId::PREFIX => Doctor::find(context, DoctorId::from_text(id)).await?.map(Into::into),
            OnboardingPeriodId::PREFIX => {
                OnboardingPeriod::find(context, OnboardingPeriodId::from_text(id)).await?.map(Into::into)
            }
            ActivityId::PREFIX => Activity::find(context, ActivityId::from_text(id)).await?.map(Into::into),
            CaseId::PREFIX => Case::find(context, CaseId::from_text(id)).await?.map(Into::into),
            CourseId::PREFIX => Course::find(context, CourseId::from_text(id)).await?.map(Into::into),
            AttendeeId::PREFIX => Attendee::find(context, AttendeeId::from_text(id)).await?.map(Into::into),
            DashboardId::PREFIX => Dashboard::find(context, DashboardId::from_text(id)).await?.map(Into::into),
            _ => None,
        })
    }
}

/// Queries for any row.
#[derive(Default)]
pub struct NodeQueries;

#[guarded(signed_in, part_of = "Query")]
impl NodeQueries {
    /// The row of an id; null if there is none, or none for the caller.
    #[guard(org = Member)]
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The row.")] id: ID,
    ) -> Result<Option<Node>, ResolverError> {
        Node::find(context, &id).await
    }

    /// The rows of some ids, at most 100, in their order; null where there is none.
    #[guard(org = Member)]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The rows.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Option<Node>>>, ResolverError> {
        if ids.len() > MAX_NODES {
            return Err(ResolverError::BadUserInput(format!(
                "`ids` has {} ids; at most {MAX_NODES} are allowed",
                ids.len()
            )));
        }
        // Together, so that the loaders see all of them at once.
        let found = futures_util::future::join_all(ids.iter().map(|id| Node::find(context, id))).await;
        found.into_iter().collect::<Result<Vec<_>, _>>().map(Some)
    }
}
