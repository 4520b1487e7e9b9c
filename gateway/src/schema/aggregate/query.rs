//! A question that is written down.
//!
//! Owns: the input of an aggregate as one object, and what may be looked at less. Invariant: a field's arguments and a saved
//! query become one and the same [`super::Ask`], here and nowhere else.

use chrono::Duration;
use chrono_tz::Tz;
use entity::{id::DsoId, time::TimeRange};

use crate::{errors::ResolverError, request::RequestContext};

/// Less than was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct WidgetOverrides {
    /// Only these DSOs, among those that the question names.
    pub(crate) dsos: Option<Vec<DsoId>>,
    /// This range in place of the question's own: of its bucket, or without one of its filter.
    pub(crate) range: Option<TimeRange>,
    /// In place of the bucket's own time zone.
    pub(crate) zone: Option<Tz>,
}

/// All that is wrong with a question.
#[derive(Default)]
pub(crate) struct RejectedQuery(Vec<ResolverError>);

impl RejectedQuery {
    pub(crate) fn ok_or_record<T>(&mut self, made: Result<T, ResolverError>) -> Option<T> {
        made.map_err(|fault| self.0.push(fault)).ok()
    }

    /// What was made, if nothing is wrong.
    pub(crate) fn done<T>(self, made: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(made) } else { Err(self) }
    }

    /// What its author can mend; or what nobody can, alone.
    pub(crate) fn messages(self) -> Result<Vec<String>, ResolverError> {
        let message = |fault| match fault {
            ResolverError::BadUserInput(message) => Ok(message),
            other => Err(other),
        };
        self.0.into_iter().map(message).collect()
    }
}

impl From<RejectedQuery> for ResolverError {
    fn from(refused: RejectedQuery) -> Self {
        match refused.messages() {
            Ok(messages) => Self::BadUserInput(messages.join("; ")),
            Err(fault) => fault,
        }
    }
}

/// The days up to now.
pub(crate) fn days_back(
    context: &async_graphql::Context<'_>,
    name: &str,
    days: i32,
) -> Result<TimeRange, ResolverError> {
    if !(1..=3650).contains(&days) {
        return Err(ResolverError::BadUserInput(format!("`{name}` is {days}; it must be between 1 and 3650")));
    }
    let until = RequestContext::of(context).began();
    Ok(TimeRange { from: until - Duration::days(days.into()), until })
}

/// The input of the aggregate over one noun, as one object.
macro_rules! query {
    (
        $(#[doc = $doc:literal])+
        $input:ident: $noun:ident, $filter:ident, $dimension:ident, $measure:ident, $having:ident, $order:ident, $bucket:ident
    ) => {
        $(#[doc = $doc])+
        #[derive(::async_graphql::InputObject)]
        pub struct $input {
            /// Which rows.
            filter: Option<$filter>,
            /// By what they are grouped; all are one group, if not given.
            group_by: Option<Vec<$dimension>>,
            /// Into which intervals of time they are put.
            bucket: Option<$bucket>,
            /// Only groups that meet these conditions.
            having: Option<Vec<$having>>,
            /// In what order; by bucket and dimensions, if not given.
            order_by: Option<Vec<$order>>,
            /// How many groups from the start; 100 when not given, at most 1000.
            first: Option<i32>,
            /// The figure of each group; how many rows it has, if not given.
            measure: Option<$measure>,
            /// Only the last so many days, 1 to 3650, as of the time of asking: in place of the bucket's range, or without a
            /// bucket of the filter's; doctors without a bucket are told as they stand now.
            last_days: Option<i32>,
        }

        impl $input {
            /// What is asked with it.
            pub(crate) fn ask(
                self,
                context: &::async_graphql::Context<'_>,
                after: Option<$crate::schema::Cursor>,
                shown: $crate::schema::aggregate::RequestedMeasures<$noun>,
            ) -> Result<$crate::schema::aggregate::AggregateRequest<$noun>, $crate::schema::aggregate::RejectedQuery> {
                use $crate::schema::{input::Checked as _, aggregate::{AggregateRequest, WidgetOverrides, RejectedQuery, days_back}, doctor::DoctorFilter as Doctors};
                let mut refused = RejectedQuery::default();
                let filter = refused.ok_or_record(self.filter.unwrap_or_default().checked()).unwrap_or_default();
                let dsos = filter.dsos.as_ref().map(|dsos| Doctors::concerned(context, dsos)).transpose();
                let bucket = self.bucket.map($bucket::checked).transpose();
                let order = self.order_by.unwrap_or_default().into_iter();
                let order = order.filter_map(|order| refused.ok_or_record(order.checked())).collect();
                let days = self.last_days.map(|days| days_back(context, "lastDays", days)).transpose();
                let mut ask = AggregateRequest {
                    filter,
                    dsos: refused.ok_or_record(dsos).flatten(),
                    by: self.group_by.unwrap_or_default().into_iter().map(Into::into).collect(),
                    bucket: refused.ok_or_record(bucket).flatten(),
                    having: self.having.unwrap_or_default().into_iter().map(Into::into).collect(),
                    order,
                    first: self.first,
                    after,
                    shown,
                };
                let range = refused.ok_or_record(days).flatten();
                if let Some(scope) = refused.ok_or_record($crate::request::RequestContext::of(context).scope()) {
                    ask.narrow(scope, &WidgetOverrides { range, ..WidgetOverrides::default() });
                }
                refused.done(ask)
            }

            /// By which condition somebody is looked for as a person, if they are.
            pub(crate) fn names_a_person(&self) -> Option<&'static str> {
                // Taken apart, so that whoever adds another place for a person's name or address thinks of it.
                let Self { filter, group_by: _, bucket: _, having: _, order_by: _, first: _, measure: _, last_days: _ } = self;
                filter.as_ref().and_then($filter::names_a_person)
            }

            /// The same with the figure that is shown, from the start.
            pub(crate) fn shown(
                mut self,
                context: &::async_graphql::Context<'_>,
            ) -> Result<
                ($crate::schema::aggregate::AggregateRequest<$noun>, $crate::schema::aggregate::MeasureOf<$noun>),
                $crate::schema::aggregate::RejectedQuery,
            > {
                use $crate::schema::aggregate::{Measure, RequestedMeasures};
                let measure = self.measure.take().map_or(Measure::Count, Into::into);
                let mut shown = RequestedMeasures::default();
                shown.add(measure);
                Ok((self.ask(context, None, shown)?, measure))
            }
        }
    };
}
pub(crate) use query;
