//! Cases in groups.

use async_graphql::{Context, Enum, OneofObject};
use entity::{
    analytics::{CaseDimension as By, CaseTime as Time, KeyValue, NoMeasure},
    id::DsoId,
    queries::{CaseOrder, Cases},
    time::TimeRange,
};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    schema::{
        aggregate::{AggregatableType, MeasureOf, aggregate, group, query},
        case::CaseFilter,
        doctor::Doctor,
        dso::Dso,
        enums::CaseStatus,
        input::Cursor,
    },
};

/// By what cases are grouped, and of what the different values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::CaseDimension")]
pub enum CaseDimension {
    /// The doctors' DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// How far they are.
    Status,
}

/// The times of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::CaseTime")]
pub enum CaseTime {
    /// When it was opened.
    OpenedAt,
    /// When the row was made.
    CreatedAt,
}

/// A figure of a group of cases.
#[derive(OneofObject)]
pub enum CaseMeasure {
    /// How many; any value.
    Count(bool),
    /// How many different values.
    CountDistinct(CaseDimension),
}

impl From<CaseMeasure> for MeasureOf<Cases> {
    fn from(measure: CaseMeasure) -> Self {
        match measure {
            CaseMeasure::Count(_) => Self::Count,
            CaseMeasure::CountDistinct(dimension) => Self::Distinct(dimension.into()),
        }
    }
}

impl AggregatableType for Cases {
    const DEFAULT_ORDER: CaseOrder = CaseOrder::OpenedAt;

    fn dimension(dimension: By) -> &'static str {
        match dimension {
            By::Dso => "Case.dso",
            By::Doctor => "Case.doctor",
            By::Status => "Case.status",
        }
    }

    fn number(number: NoMeasure) -> (&'static str, f64) {
        match number {}
    }

    fn time(time: Time) -> &'static str {
        match time {
            Time::OpenedAt => "Case.openedAt",
            Time::CreatedAt => "Case.createdAt",
        }
    }

    fn dsos(filter: &mut entity::queries::CaseFilter) -> &mut Option<Vec<DsoId>> {
        &mut filter.dsos
    }

    fn time_range(filter: &mut entity::queries::CaseFilter, range: TimeRange) {
        (filter.opened_from, filter.opened_until) = (Some(range.from), Some(range.until));
    }
}

aggregate!(
    Cases: CaseGroup, CaseDimension, CaseTime, CaseMeasure,
    CaseHaving, CaseGroupOrder, CaseBucket, CaseGroupConnection, CaseGroupEdge
);

query!(
    /// A question about cases in groups, of which one figure is shown: what a widget asks.
    CasesQueryInput: Cases, CaseFilter, CaseDimension, CaseMeasure, CaseHaving, CaseGroupOrder, CaseBucket
);

group!(
    /// A group of cases: what they share, as far as they are grouped by it, and their figures.
    CaseGroup of Cases: CaseDimension, CaseTime;

    /// The doctors' DSO.
    #[guard(org = Member)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, ResolverError> {
        match self.key(By::Dso) {
            Some(KeyValue::Id(dso)) => Dso::find(context, entity::id::TypedId::from_uuid(*dso)).await,
            _ => Ok(None),
        }
    }

    /// The doctor.
    #[guard(org = Member)]
    async fn doctor(&self, context: &Context<'_>) -> Result<Option<Doctor>, ResolverError> {
        match self.key(By::Doctor) {
            Some(KeyValue::Id(doctor)) => Doctor::find(context, entity::id::TypedId::from_uuid(*doctor)).await,
            _ => Ok(None),
        }
    }

    /// How far they are.
    #[guard(org = Member)]
    fn status(&self) -> Option<CaseStatus> {
        match self.key(By::Status) {
            Some(KeyValue::Status(status)) => Some((*status).into()),
            _ => None,
        }
    }
);

/// Groups of cases.
#[derive(Default)]
pub struct CaseAggregates;

#[guarded(signed_in, part_of = "Query")]
impl CaseAggregates {
    /// The cases of all DSOs that the caller sees, in groups.
    #[guard(org = Member)]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn cases_aggregate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which cases.")] filter: Option<CaseFilter>,
        #[graphql(desc = "By what they are grouped; all are one group, if not given.")] group_by: Option<
            Vec<CaseDimension>,
        >,
        #[graphql(desc = "Into which intervals of time they are put.")] bucket: Option<CaseBucket>,
        #[graphql(desc = "Only groups that meet these conditions.")] having: Option<Vec<CaseHaving>>,
        #[graphql(desc = "In what order; by bucket and dimensions, if not given.")] order_by: Option<
            Vec<CaseGroupOrder>,
        >,
        #[graphql(desc = "How many groups from the start; 100 when not given, at most 1000.")] first: Option<i32>,
        #[graphql(
            desc = "Only groups behind this cursor. It counts groups: where rows change between two pages, a group can be on both or on none."
        )]
        after: Option<Cursor>,
    ) -> Result<Option<CaseGroupConnection>, ResolverError> {
        let (measure, last_days) = (None, None);
        let asked = CasesQueryInput { filter, group_by, bucket, having, order_by, first, measure, last_days };
        let ask = asked.ask(context, after, CaseGroup::shown(context))?;
        CaseGroupConnection::read(context, ask).await
    }
}
