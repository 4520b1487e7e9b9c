//! DSOs.

mod input;
mod mutations;

pub use mutations::{DsoArchivePayload, DsoCreatePayload, DsoMutations, DsoRestorePayload, DsoUpdatePayload};

use std::sync::Arc;

use async_graphql::{Context, ID};
use chrono::{DateTime, Utc};
use entity::{
    Activities, ActivityUnder, CaseUnder, Cases, Columns, CourseOrder, CourseUnder, Courses, Direction, DoctorUnder,
    Doctors, DsoId, Dsos, GrantOrder, GrantUnder, Grants, Listing, NoFilter, OneOrder, Take, TermUnder, Terms, TypedId,
    Window, policy::About,
};
use gateway_macros::guarded;

use super::{
    PageArgs, Ref,
    activity::{ActivityConnection, ActivityFilter, ActivityOrder},
    case::{CaseConnection, CaseFilter, CaseOrder},
    connection::{Ask, connection},
    course::CourseConnection,
    doctor::{DoctorConnection, DoctorFilter, DoctorOrder},
    dso_grant::DsoGrantConnection,
    enums::DsoRole,
    explain::ViewerPermission,
    id,
    input::Checked as _,
    organization::Organization,
    overview::{Overview, TimeRange},
    replay::replayed,
    terminology::Terminology,
};
use crate::{
    graphql::{Fault, Request},
    guard::Located,
    rows::{One, Rows, Seek, Sought},
};
pub(crate) use input::{DsoFilter, DsoOrder};

/// A dental service organization.
#[derive(Clone)]
pub struct Dso(Arc<entity::Dso>);

impl From<Arc<entity::Dso>> for Dso {
    fn from(row: Arc<entity::Dso>) -> Self {
        Self(row)
    }
}

impl Located for Dso {
    fn about(&self) -> About {
        About::Dso(self.0.id)
    }
}

impl Dso {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The DSO of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, dso: DsoId) -> Result<Option<Self>, Fault> {
        Self::read_by(Request::of(context), dso).await
    }

    async fn read_by(request: &Request, dso: DsoId) -> Result<Option<Self>, Fault> {
        Ok(request.loaders()?.row::<Dsos>(dso.uuid()).await?.map(Self))
    }
}

impl Seek for Dso {
    async fn read(&self, request: &Request) -> Result<Option<Self>, Fault> {
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
    async fn organization(&self, context: &Context<'_>) -> Result<Option<One<Organization>>, Fault> {
        Organization::active(context).await.map(One).map(Some)
    }

    /// Its doctors, by name unless asked otherwise.
    #[guard(dso = Viewer)]
    async fn doctors(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which doctors.")] filter: Option<DoctorFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DoctorOrder>,
        page: PageArgs,
    ) -> Result<Option<DoctorConnection>, Fault> {
        let (order, direction) = DoctorOrder::or_name(order_by);
        let ask = Ask::<Doctors> {
            parent: Some((DoctorUnder::Dso, self.0.id.uuid())),
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
    ) -> Result<Option<ActivityConnection>, Fault> {
        let (order, direction) = ActivityOrder::or_latest(order_by);
        let ask = Ask::<Activities> {
            parent: Some((ActivityUnder::Dso, self.0.id.uuid())),
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
    ) -> Result<Option<CaseConnection>, Fault> {
        let (order, direction) = CaseOrder::or_latest(order_by);
        let ask = Ask::<Cases> {
            parent: Some((CaseUnder::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: filter.unwrap_or_default().into(),
            order,
            direction,
        };
        CaseConnection::read(context, page, ask).await
    }

    /// The courses that it holds, latest first.
    #[guard(dso = Viewer)]
    async fn courses(&self, context: &Context<'_>, page: PageArgs) -> Result<Option<CourseConnection>, Fault> {
        let ask = Ask::<Courses> {
            parent: Some((CourseUnder::Dso, self.0.id.uuid())),
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
    ) -> Result<Option<Overview>, Fault> {
        Overview::over(context, Some(vec![self.0.id]), range, inactive_days).map(Some)
    }

    /// Who may see it, and as what. Owners and admins of the organization see every DSO without a grant.
    #[guard(dso = Admin)]
    async fn grants(&self, context: &Context<'_>, page: PageArgs) -> Result<Option<DsoGrantConnection>, Fault> {
        let ask = Ask::<Grants> {
            parent: Some((GrantUnder::Dso, self.0.id.uuid())),
            dsos: Some(vec![self.0.id]),
            filter: NoFilter,
            order: GrantOrder::CreatedAt,
            direction: Direction::Asc,
        };
        DsoGrantConnection::read(context, page, ask).await
    }

    /// Its own words for our nouns, at most a hundred.
    #[guard(dso = Viewer)]
    async fn terminology(&self, context: &Context<'_>) -> Result<Option<Rows<Terminology>>, Fault> {
        let listing = Listing {
            filter: NoFilter,
            order: OneOrder::Natural,
            direction: Direction::Asc,
            window: Window { take: Take::First(100), after: None, before: None },
        };
        let parent = (TermUnder::Dso, self.0.id.uuid());
        let page = Request::of(context).loaders()?.page::<Terms>(Some(parent), Arc::new(listing), Columns::ALL).await?;
        Ok(Some(Rows(page.rows.iter().cloned().map(Terminology::from).collect())))
    }

    /// The caller's role on it.
    #[guard(dso = Viewer)]
    fn viewer_role(&self, context: &Context<'_>) -> Result<Option<DsoRole>, Fault> {
        let standing = Request::of(context).scope()?.context().standing();
        Ok(standing.dso_role(self.0.id).map(Into::into))
    }

    /// What the caller may do with it: every guarded field and mutation that looks at the DSO.
    #[guard(dso = Viewer)]
    fn viewer_permissions(&self, context: &Context<'_>) -> Result<Option<Vec<ViewerPermission>>, Fault> {
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
        #[graphql(desc = "The DSO.")] id: Ref<DsoId>,
    ) -> Result<Option<Sought<Dso>>, Fault> {
        let scope = Request::of(context).scope()?;
        if let Some(visible) = scope.visible_dso(id.0) {
            return Ok(Some(Sought(Dso(Arc::new(entity::Dso::of_id(visible))))));
        }
        Ok(Dso::find(context, id.0).await?.map(Sought))
    }

    /// The DSOs that the caller sees, by name unless asked otherwise.
    #[guard(org = Member)]
    async fn dsos(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which DSOs.")] filter: Option<DsoFilter>,
        #[graphql(desc = "In what order.")] order_by: Option<DsoOrder>,
        page: PageArgs,
    ) -> Result<Option<DsoConnection>, Fault> {
        DsoOrder::list(context, filter, order_by, page).await
    }
}
