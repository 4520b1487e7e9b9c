//! Doctors.

mod aggregate;
mod input;
mod mutations;

pub(crate) use aggregate::DoctorsQueryInput;
pub use aggregate::{DoctorAggregates, DoctorGroup, DoctorGroupConnection, DoctorGroupEdge};
pub use mutations::{
    DoctorArchivePayload, DoctorCreatePayload, DoctorMovePayload, DoctorMutations, DoctorRestorePayload,
    DoctorUpdatePayload,
};

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::{DoctorId, TypedId},
    models::ColumnSet,
    queries::{
        Activities, ActivityParent, AttendeeOrder, AttendeeParent, Attendees, CaseParent, Cases, DefaultOrder,
        Direction, Doctors, Dsos, ListQuery, NoFilter, OnboardingParent, OnboardingPeriods, PageDirection, PageRequest,
    },
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    activity::{ActivityConnection, ActivityFilter, ActivityOrder},
    attendee::AttendeeConnection,
    case::{CaseConnection, CaseFilter, CaseOrder},
    connection::{ListRequest, connection},
    dso::Dso,
    enums::Risk,
    explain::ViewerPermission,
    input::Checked as _,
    onboarding_period::OnboardingPeriod,
    replayed_result::replayed,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{
    errors::ResolverError,
    guard::HasResource,
    request::RequestContext,
    row_encoding::{RowList, SingleRow},
};
pub(crate) use input::{DoctorFilter, DoctorOrder};

/// A doctor of a DSO.
#[derive(Clone)]
pub struct Doctor(Arc<entity::models::Doctor>);

impl From<Arc<entity::models::Doctor>> for Doctor {
    fn from(row: Arc<entity::models::Doctor>) -> Self {
        Self(row)
    }
}

impl HasResource for Doctor {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Doctor {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The doctor of an id, if they exist for the caller.
    pub(crate) async fn find(context: &Context<'_>, doctor: DoctorId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Doctors>(doctor.uuid()).await?.map(Self))
    }
}

replayed!(Doctor: Doctors, DoctorId);
connection!(Doctors, Doctor, DoctorConnection, DoctorEdge);

/// A doctor of a DSO.
#[guarded(dso = Viewer)]
impl Doctor {
    /// Which doctor.
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

    /// Their phone number as written.
    #[guard(dso = Manager)]
    fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// What the agents wrote down about them.
    #[guard(dso = Manager)]
    fn notes(&self) -> Option<&str> {
        self.0.notes.as_deref()
    }

    /// Where they work.
    #[guard(dso = Viewer)]
    fn practice(&self) -> Option<&str> {
        self.0.practice.as_deref()
    }

    /// The onboarding period they are in, 1 to 12.
    #[guard(dso = Viewer)]
    fn onboarding_period(&self) -> Option<i32> {
        self.0.onboarding_period
    }

    /// How likely they are to leave.
    #[guard(dso = Viewer)]
    fn risk(&self) -> Option<Risk> {
        self.0.risk.map(Into::into)
    }

    /// How far they are through all twelve periods, in percent: a period without a record counts as 0.
    #[guard(dso = Viewer)]
    fn progress(&self) -> f64 {
        f64::from(self.0.progress) / 12.0
    }

    /// When they joined.
    #[guard(dso = Viewer)]
    fn joined_at(&self) -> Option<DateTime<Utc>> {
        self.0.joined_at
    }

    /// The time of their latest activity.
    #[guard(dso = Viewer)]
    fn last_contact_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_contact_at
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

    /// When they were archived; none while they live.
    #[guard(dso = Viewer)]
    fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.deleted_at
    }

    /// Counts the changes, for `expectedVersion`.
    #[guard(dso = Viewer)]
    fn version(&self) -> i32 {
        self.0.version
    }

    /// The DSO they belong to.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }

    /// Their progress in the onboarding periods, at most twelve.
    #[guard(dso = Viewer)]
    async fn onboarding_periods(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<RowList<OnboardingPeriod>>, ResolverError> {
        let listing = ListQuery {
            filter: NoFilter,
            order: DefaultOrder::Natural,
            direction: Direction::Asc,
            window: PageRequest { take: PageDirection::First(12), after: None, before: None },
        };
        let parent = (OnboardingParent::Doctor, self.0.id.uuid());
        let page = RequestContext::of(context)
            .loaders()?
            .page::<OnboardingPeriods>(Some(parent), Arc::new(listing), ColumnSet::ALL)
            .await?;
        Ok(Some(RowList(page.rows.iter().cloned().map(OnboardingPeriod::from).collect())))
    }

    /// The contacts with them, latest first unless asked otherwise.
    #[guard(dso = Viewer)]
    async fn activities(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which activities.")] filter: Option<ActivityFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<ActivityOrder>,
        page: PageArgs,
    ) -> Result<Option<ActivityConnection>, ResolverError> {
        let (order, direction) = ActivityOrder::or_latest(order_by);
        let ask = ListRequest::<Activities> {
            parent: Some((ActivityParent::Doctor, self.0.id.uuid())),
            dsos: Some(vec![self.0.dso_id]),
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        ActivityConnection::read(context, page, ask).await
    }

    /// Their cases, latest first unless asked otherwise.
    #[guard(dso = Viewer)]
    async fn cases(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which cases.")] filter: Option<CaseFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<CaseOrder>,
        page: PageArgs,
    ) -> Result<Option<CaseConnection>, ResolverError> {
        let (order, direction) = CaseOrder::or_latest(order_by);
        let ask = ListRequest::<Cases> {
            parent: Some((CaseParent::Doctor, self.0.id.uuid())),
            dsos: Some(vec![self.0.dso_id]),
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        CaseConnection::read(context, page, ask).await
    }

    /// Their places on the lists of courses.
    #[guard(dso = Viewer)]
    async fn attendances(
        &self,
        context: &Context<'_>,
        page: PageArgs,
    ) -> Result<Option<AttendeeConnection>, ResolverError> {
        let ask = ListRequest::<Attendees> {
            parent: Some((AttendeeParent::Doctor, self.0.id.uuid())),
            dsos: None,
            filter: NoFilter,
            order: AttendeeOrder::Name,
            direction: Direction::Asc,
        };
        AttendeeConnection::read(context, page, ask).await
    }

    /// What the caller may do with this doctor: every guarded field and mutation that looks at the DSO.
    #[guard(dso = Viewer)]
    fn viewer_permissions(&self, context: &Context<'_>) -> Result<Option<Vec<ViewerPermission>>, ResolverError> {
        ViewerPermission::on_dso(context, "Doctor", "doctor", self.0.dso_id).map(Some)
    }
}

/// Queries about doctors.
#[derive(Default)]
pub struct DoctorQueries;

#[guarded(signed_in, part_of = "Query")]
impl DoctorQueries {
    /// A doctor by id.
    #[guard(org = Member)]
    async fn doctor(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The doctor.")] id: IdArg<DoctorId>,
    ) -> Result<Option<Doctor>, ResolverError> {
        Doctor::find(context, id.0).await
    }

    /// The doctors of all DSOs that the caller sees, by name unless asked otherwise.
    #[guard(org = Member)]
    async fn doctors(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which doctors.")] filter: Option<DoctorFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DoctorOrder>,
        page: PageArgs,
    ) -> Result<Option<DoctorConnection>, ResolverError> {
        let filter = filter.unwrap_or_default().checked()?;
        let (order, direction) = DoctorOrder::or_name(order_by);
        let dsos = filter.dsos.clone();
        let dsos = dsos.map(|dsos| DoctorFilter::concerned(context, &dsos)).transpose()?;
        DoctorConnection::read(context, page, ListRequest { parent: None, dsos, filter, order, direction }).await
    }
}
