//! What a widget asks.

use std::sync::Arc;

use async_graphql::{Context, InputObject, InputType, OneofObject, Value};
use entity::{
    error::{ValidationCode, ValidationError},
    queries::Direction,
};

use crate::{
    errors::ResolverError,
    limits::LimitRegistry,
    schema::{
        activity::ActivitiesQueryInput,
        aggregate::days_back,
        case::CasesQueryInput,
        connection::shared,
        doctor::{DoctorFilter, DoctorOrder, DoctorsQueryInput},
        input::Checked as _,
        overview::OverviewFigure,
    },
};

/// What a widget asks: one thing.
#[derive(OneofObject)]
pub enum WidgetQueryInput {
    /// Doctors in groups.
    Doctors(DoctorsQueryInput),
    /// Activities in groups.
    Activities(ActivitiesQueryInput),
    /// Cases in groups.
    Cases(CasesQueryInput),
    /// Doctors, one by one.
    DoctorList(DoctorListInput),
    /// A figure of the overview, in the last 30 days unless another range is asked for.
    Overview(OverviewFigure),
}

/// A list of doctors.
#[derive(InputObject)]
pub struct DoctorListInput {
    /// Which doctors.
    filter: Option<DoctorFilter>,
    /// In what order; by name, if not given.
    order_by: Option<DoctorOrder>,
    /// How many; 25 when not given, at most 100.
    first: Option<i32>,
    /// Only those without contact for so many days, 1 to 3650, as of the time of asking: in place of the filter's
    /// `notContactedSince`.
    without_contact_days: Option<i32>,
}

/// A list of doctors, without what is wrong.
pub(super) struct DoctorList {
    pub(super) filter: entity::queries::DoctorFilter,
    pub(super) order: (entity::queries::DoctorOrder, Direction),
    pub(super) first: Option<i32>,
}

impl DoctorListInput {
    fn names_a_person(&self) -> Option<&'static str> {
        let Self { filter, order_by: _, first: _, without_contact_days: _ } = self;
        filter.as_ref().and_then(DoctorFilter::names_a_person)
    }

    pub(super) fn checked(self, context: &Context<'_>) -> Result<DoctorList, crate::schema::aggregate::RejectedQuery> {
        let mut refused = crate::schema::aggregate::RejectedQuery::default();
        let filter = refused.ok_or_record(self.filter.unwrap_or_default().checked());
        let mut filter = filter.unwrap_or_default();
        let days = self.without_contact_days.map(|days| days_back(context, "withoutContactDays", days)).transpose();
        if let Some(Some(range)) = refused.ok_or_record(days) {
            filter.not_contacted_since = Some(range.from);
        }
        refused.ok_or_record(is_a_page(context, self.first));
        refused.done(DoctorList { filter, order: DoctorOrder::or_name(self.order_by), first: self.first })
    }
}

fn is_a_page(context: &Context<'_>, first: Option<i32>) -> Result<(), ResolverError> {
    let most = shared::<Arc<LimitRegistry>>(context)?.now().max_page_size;
    match first {
        Some(first) if u32::try_from(first).ok().is_none_or(|first| first > most) => {
            Err(ResolverError::BadUserInput(format!("`first` is {first}; it must be between 0 and {most}")))
        }
        Some(_) | None => Ok(()),
    }
}

impl WidgetQueryInput {
    /// A query that was saved. One that the schema has outgrown is for its author to mend.
    pub(super) fn stored(query: &serde_json::Value) -> Result<Self, ResolverError> {
        let outgrown = || {
            ResolverError::BadUserInput("the widget's query does not fit the schema any more: write it anew".to_owned())
        };
        let value = Value::from_json(query.clone()).map_err(|_| outgrown())?;
        Self::parse(Some(value)).map_err(|_| outgrown())
    }

    /// By which condition somebody is looked for as a person, if they are.
    fn names_a_person(&self) -> Option<&'static str> {
        match self {
            Self::Doctors(query) => query.names_a_person(),
            Self::Activities(query) => query.names_a_person(),
            Self::Cases(query) => query.names_a_person(),
            Self::DoctorList(list) => list.names_a_person(),
            Self::Overview(_) => None,
        }
    }
}

/// Why a saved query is not for everybody's eyes, if it is not.
///
/// What a widget asks can be read by whoever sees it, also by those who may not read what the query looks at: so an address or
/// a name that somebody searches for stays on private dashboards.
pub(super) fn reads_personal_data(query: &serde_json::Value) -> Option<String> {
    match WidgetQueryInput::stored(query) {
        Ok(query) => query.names_a_person().map(|condition| format!("`{condition}` names a person")),
        // What cannot be understood cannot be vouched for.
        Err(_) => Some("the query does not fit the schema any more".to_owned()),
    }
}

/// A problem of an input.
pub(super) fn problem(field: &'static str, message: String) -> ValidationError {
    ValidationError { code: ValidationCode::BadUserInput, message, field: vec!["input", field] }
}
