//! Cases.

mod aggregate;

pub(crate) use aggregate::CasesQueryInput;
pub use aggregate::{CaseAggregates, CaseGroup, CaseGroupConnection, CaseGroupEdge};

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject};
use chrono::{DateTime, Utc};
use entity::{
    auth::policy::PolicyTarget,
    commands::{CaseDraft, CasePatch},
    id::{CaseId, DoctorId, DsoId, TypedId},
    queries::{Cases, Direction, Dsos},
};
use gateway_macros::guarded;

use super::{
    OrderDirection,
    connection::{Listable, connection},
    doctor::Doctor,
    dso::Dso,
    enums::CaseStatus,
    input::{Checked, Time},
    payload::{MutationResult, into_result, payload},
    replayed_result::replayed,
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// A clinical case of a doctor.
#[derive(Clone)]
pub struct Case(Arc<entity::models::Case>);

impl From<Arc<entity::models::Case>> for Case {
    fn from(row: Arc<entity::models::Case>) -> Self {
        Self(row)
    }
}

impl HasResource for Case {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

impl Case {
    /// Its version, for who has found it.
    pub(crate) fn version_now(&self) -> i32 {
        self.0.version
    }

    /// The case of an id, if it exists for the caller.
    pub(crate) async fn find(context: &Context<'_>, case: CaseId) -> Result<Option<Self>, ResolverError> {
        Ok(RequestContext::of(context).loaders()?.row::<Cases>(case.uuid()).await?.map(Self))
    }
}

replayed!(Case: Cases, CaseId);
connection!(Cases, Case, CaseConnection, CaseEdge);

/// A clinical case of a doctor.
#[guarded(dso = Viewer)]
impl Case {
    /// Which case.
    #[guard(dso = Viewer)]
    pub(crate) async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What it is called.
    #[guard(dso = Viewer)]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// How far it is.
    #[guard(dso = Viewer)]
    fn status(&self) -> CaseStatus {
        self.0.status.into()
    }

    /// When it was opened.
    #[guard(dso = Viewer)]
    fn opened_at(&self) -> DateTime<Utc> {
        self.0.opened_at
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

    /// Whose case it is.
    #[guard(dso = Viewer)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<SingleRow<Doctor>>, ResolverError> {
        Ok(Doctor::find(context, self.0.doctor_id).await?.map(SingleRow))
    }
}

/// Which cases.
#[derive(Default, InputObject)]
pub struct CaseFilter {
    /// Of doctors of these DSOs.
    dso_ids: Option<Vec<IdArg<DsoId>>>,
    /// In one of these states.
    status: Option<Vec<CaseStatus>>,
    /// Opened at this time or later.
    opened_from: Option<Time>,
    /// Opened before this time.
    opened_until: Option<Time>,
}

impl CaseFilter {
    /// By which condition somebody is looked for as a person, if they are.
    pub(crate) fn names_a_person(&self) -> Option<&'static str> {
        let Self { dso_ids: _, status: _, opened_from: _, opened_until: _ } = self;
        None
    }
}

impl Checked for CaseFilter {
    type Checked = entity::queries::CaseFilter;

    fn checked(self) -> Result<Self::Checked, ResolverError> {
        Ok(self.into())
    }
}

impl From<CaseFilter> for entity::queries::CaseFilter {
    fn from(filter: CaseFilter) -> Self {
        Self {
            dsos: filter.dso_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            statuses: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            opened_from: filter.opened_from.map(Into::into),
            opened_until: filter.opened_until.map(Into::into),
        }
    }
}

/// By what cases can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::queries::CaseOrder")]
pub enum CaseOrderField {
    /// By the time they were opened.
    OpenedAt,
}

/// The order of a list of cases.
#[derive(InputObject)]
pub struct CaseOrder {
    /// By what.
    field: CaseOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

impl CaseOrder {
    /// What was asked, or latest first.
    pub(crate) fn or_latest(asked: Option<Self>) -> (entity::queries::CaseOrder, Direction) {
        let latest = (entity::queries::CaseOrder::OpenedAt, Direction::Desc);
        asked.map_or(latest, |order| (order.field.into(), order.direction.into()))
    }
}

impl Listable for Cases {
    fn read_fields(filter: &entity::queries::CaseFilter, order: entity::queries::CaseOrder) -> Vec<&'static str> {
        let entity::queries::CaseFilter { dsos: _, statuses, opened_from, opened_until } = filter;
        let mut reads = vec![match order {
            entity::queries::CaseOrder::OpenedAt => "Case.openedAt",
        }];
        if statuses.is_some() {
            reads.push("Case.status");
        }
        if opened_from.is_some() || opened_until.is_some() {
            reads.push("Case.openedAt");
        }
        reads
    }
}

/// A case to be opened.
#[derive(InputObject)]
pub struct CaseOpenInput {
    /// Whose case it is.
    doctor_id: IdArg<DoctorId>,
    /// What it is called, 1 to 200 characters.
    title: String,
    /// When it was opened; now, if not given.
    opened_at: Option<Time>,
}

/// A change of a case: what is left out stays.
#[derive(InputObject)]
pub struct CaseUpdateInput {
    /// The case.
    case_id: IdArg<CaseId>,
    /// What it is called, 1 to 200 characters.
    title: Option<String>,
    /// How far it is.
    status: Option<CaseStatus>,
    /// Refuse if the case has changed since this version was read.
    expected_version: Option<i32>,
}

payload! {
    /// The outcome of `caseOpen`.
    CaseOpenPayload {
        /// The new case.
        case: Case
    }
}

payload! {
    /// The outcome of `caseUpdate`.
    CaseUpdatePayload {
        /// The case after the change.
        case: Case
    }
}

/// Changes of cases.
#[derive(Default)]
pub struct CaseMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl CaseMutations {
    /// Opens a case of a doctor.
    #[guard(dso = Manager, of = input.doctor_id)]
    async fn case_open(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The case.")] input: CaseOpenInput,
    ) -> Result<Option<CaseOpenPayload>, ResolverError> {
        let opened_at = input.opened_at.map(Into::into);
        let draft = CaseDraft { doctor: input.doctor_id.0, title: input.title, opened_at };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_doctor(input.doctor_id.0).await?)?;
        let settled = into_result(manager.case_open(draft).await)?;
        Ok(Some(CaseOpenPayload::new(read(context, settled).await?)))
    }

    /// Changes a case.
    #[guard(dso = Manager, of = input.case_id)]
    async fn case_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: CaseUpdateInput,
    ) -> Result<Option<CaseUpdatePayload>, ResolverError> {
        let patch = CasePatch {
            title: input.title,
            status: input.status.map(Into::into),
            expected_version: input.expected_version,
        };
        let scope = RequestContext::of(context).scope()?;
        let manager = scope.manager_of(scope.dso_of_case(input.case_id.0).await?)?;
        let settled = into_result(manager.case_update(input.case_id.0, patch).await)?;
        Ok(Some(CaseUpdatePayload::new(read(context, settled).await?)))
    }
}

/// The case as it is now.
async fn read(
    context: &Context<'_>,
    settled: MutationResult<CaseId>,
) -> Result<MutationResult<Option<Case>>, ResolverError> {
    RequestContext::of(context).clear_loaders();
    Ok(match settled {
        Ok(case) => Ok(Case::find(context, case).await?),
        Err(errors) => Err(errors),
    })
}
