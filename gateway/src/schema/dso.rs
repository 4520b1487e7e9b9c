//! DSOs.

mod input;
mod mutations;

pub use mutations::{DsoArchivePayload, DsoCreatePayload, DsoMutations, DsoRestorePayload, DsoUpdatePayload};

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    id::{DsoId, TypedId},
    models::ColumnSet,
    queries::{
        Activities, ActivityParent, CaseParent, Cases, CourseOrder, CourseParent, Courses, DefaultOrder, Direction,
        DoctorParent, Doctors, Dsos, GrantOrder, GrantParent, Grants, ListQuery, NoFilter, PageDirection, PageRequest,
        TermParent, Terms,
    },
};
use gateway_macros::guarded;

use super::{
    PageArgs,
    activity::{ActivityConnection, ActivityFilter, ActivityOrder},
    case::{CaseConnection, CaseFilter, CaseOrder},
    connection::{ListRequest, connection},
    course::CourseConnection,
    doctor::{DoctorConnection, DoctorFilter, DoctorOrder},
    dso_grant::DsoGrantConnection,
    explain::ViewerPermission,
    input::Checked as _,
    organization::Organization,
    overview::{Overview, TimeRange},
    replayed_result::replayed,
    terminology::Terminology,
};
use crate::guard::DsoRole;
use crate::request::IdArg;
use crate::request::id;
use crate::{
    errors::ResolverError,
    guard::HasResource,
    request::RequestContext,
    row_encoding::{DeferredRow, FetchById, RowList, SingleRow},
};
pub(crate) use input::{DsoFilter, DsoOrder};

/// A dental service organization.
#[derive(Clone)]
pub struct Dso(Arc<entity::models::Dso>);

impl From<Arc<entity::models::Dso>> for Dso {
    fn from(row: Arc<entity::models::Dso>) -> Self {
        Self(row)
    }
}

impl HasResource for Dso {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.id)
    }
}

impl Dso {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The DSO of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, dso: DsoId) -> Result<Option<Self>, ResolverError> {
        Self::read_by(RequestContext::of(context), dso).await
    }

    async fn read_by(request: &RequestContext, dso: DsoId) -> Result<Option<Self>, ResolverError> {
        Ok(request.loaders()?.row::<Dsos>(dso.uuid()).await?.map(Self))
    }
}

impl FetchById for Dso {
    async fn read(&self, request: &RequestContext) -> Result<Option<Self>, ResolverError> {
        Self::read_by(request, self.0.id).await
    }
}

replayed!(Dso: Dsos, DsoId);
connection!(Dsos, Dso, DsoConnection, DsoEdge);

/// A dental service organization.
#[guarded(dso = Viewer)]
impl Dso {
    /// Which DSO.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What it is called; two may have one name.
    #[guard(dso = Viewer)]
    fn name(&self) -> &str {
        &self.0.name
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

    /// When it was archived; none while it lives.
    #[guard(dso = Viewer)]
    fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.deleted_at
    }

    /// Counts the changes, for `expectedVersion`.
    #[guard(dso = Viewer)]
    fn version(&self) -> i32 {
        self.0.version
    }

    /// The organization that owns it.
    #[guard(dso = Viewer)]
    async fn organization(&self, context: &Context<'_>) -> Result<Option<SingleRow<Organization>>, ResolverError> {
        Organization::active(context).await.map(SingleRow).map(Some)
    }

    /// Its doctors, by name unless asked otherwise.
    #[guard(dso = Viewer)]
    async fn doctors(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which doctors.")] filter: Option<DoctorFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DoctorOrder>,
        page: PageArgs,
    ) -> Result<Option<DoctorConnection>, ResolverError> {
        let (order, direction) = DoctorOrder::or_name(order_by);
        let ask = ListRequest::<Doctors> {
            parent: Some((DoctorParent::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: filter.unwrap_or_default().checked()?,
            order,
            direction,
        };
        DoctorConnection::read(context, page, ask).await
    }

    /// The contacts with its doctors, latest first unless asked otherwise.
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
            parent: Some((ActivityParent::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        ActivityConnection::read(context, page, ask).await
    }

    /// The cases of its doctors, latest first unless asked otherwise.
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
            parent: Some((CaseParent::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        CaseConnection::read(context, page, ask).await
    }

    /// The courses that it holds, latest first.
    #[guard(dso = Viewer)]
    async fn courses(&self, context: &Context<'_>, page: PageArgs) -> Result<Option<CourseConnection>, ResolverError> {
        let ask = ListRequest::<Courses> {
            parent: Some((CourseParent::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: NoFilter,
            order: CourseOrder::HeldAt,
            direction: Direction::Desc,
        };
        CourseConnection::read(context, page, ask).await
    }

    /// Its figures.
    #[guard(dso = Viewer)]
    fn overview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "In which range; the last 30 days, if not given.")] range: Option<TimeRange>,
        #[graphql(
            desc = "After how many days without contact a doctor counts as without, 1 to 3650; 30, if not given."
        )]
        inactive_days: Option<i32>,
    ) -> Result<Option<Overview>, ResolverError> {
        Overview::over(context, Some(vec![self.0.id]), range, inactive_days).map(Some)
    }

    /// Who may see it, and as what. Owners and admins of the organization see every DSO without a grant.
    #[guard(dso = Admin)]
    async fn grants(&self, context: &Context<'_>, page: PageArgs) -> Result<Option<DsoGrantConnection>, ResolverError> {
        let ask = ListRequest::<Grants> {
            parent: Some((GrantParent::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: NoFilter,
            order: GrantOrder::CreatedAt,
            direction: Direction::Asc,
        };
        DsoGrantConnection::read(context, page, ask).await
    }

    /// Its own words for our nouns, at most a hundred.
    #[guard(dso = Viewer)]
    async fn terminology(&self, context: &Context<'_>) -> Result<Option<RowList<Terminology>>, ResolverError> {
        let listing = ListQuery {
            filter: NoFilter,
            order: DefaultOrder::Natural,
            direction: Direction::Asc,
            window: PageRequest { take: PageDirection::First(100), after: None, before: None },
        };
        let parent = (TermParent::Dso, self.0.id.uuid());
        let page = RequestContext::of(context)
            .loaders()?
            .page::<Terms>(Some(parent), Arc::new(listing), ColumnSet::ALL)
            .await?;
        Ok(Some(RowList(page.rows.iter().cloned().map(Terminology::from).collect())))
    }

    /// The caller's role on it.
    #[guard(dso = Viewer)]
    fn viewer_role(&self, context: &Context<'_>) -> Result<Option<DsoRole>, ResolverError> {
        let standing = RequestContext::of(context).scope()?.context().permissions();
        Ok(standing.dso_role(self.0.id).map(Into::into))
    }

    /// What the caller may do with it: every guarded field and mutation that looks at the DSO.
    #[guard(dso = Viewer)]
    fn viewer_permissions(&self, context: &Context<'_>) -> Result<Option<Vec<ViewerPermission>>, ResolverError> {
        ViewerPermission::on_dso(context, "Dso", "", self.0.id).map(Some)
    }
}

/// Queries about DSOs.
#[derive(Default)]
pub struct DsoQueries;

#[guarded(signed_in, part_of = "Query")]
impl DsoQueries {
    /// A DSO by id.
    #[guard(org = Member)]
    async fn dso(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The DSO.")] id: IdArg<DsoId>,
    ) -> Result<Option<DeferredRow<Dso>>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        if let Some(visible) = scope.visible_dso(id.0) {
            return Ok(Some(DeferredRow(Dso(Arc::new(entity::models::Dso::of_id(visible))))));
        }
        Ok(Dso::find(context, id.0).await?.map(DeferredRow))
    }

    /// The DSOs that the caller sees, by name unless asked otherwise.
    #[guard(org = Member)]
    async fn dsos(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which DSOs.")] filter: Option<DsoFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DsoOrder>,
        page: PageArgs,
    ) -> Result<Option<DsoConnection>, ResolverError> {
        DsoOrder::list(context, filter, order_by, page).await
    }
}
