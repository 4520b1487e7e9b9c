//! A widget's question, understood.
//!
//! Owns: what is wrong with one, and running it. Invariant: it is run by the code behind the field that asks the same:
//! guards, what may be read, and scope are that code's.

use async_graphql::Context;
use entity::{
    models::{ColumnSet, WidgetKind},
    queries::{Activities, Cases, Doctors},
};

use super::{
    query::{DoctorList, WidgetQueryInput},
    result::WidgetResult,
};
use crate::{
    errors::ResolverError,
    request::RequestContext,
    schema::{
        PageArgs,
        aggregate::{AggregatableType, AggregateRequest, MeasureOf, RejectedQuery, WidgetOverrides},
        connection,
        doctor::{Doctor, DoctorFilter},
        overview::{Overview, OverviewFigure},
    },
};

/// A question that can be run.
pub(super) enum ValidatedQuery {
    Doctors(Box<AggregateRequest<Doctors>>, MeasureOf<Doctors>),
    Activities(Box<AggregateRequest<Activities>>, MeasureOf<Activities>),
    Cases(Box<AggregateRequest<Cases>>, MeasureOf<Cases>),
    List(Box<DoctorList>),
    Overview(OverviewFigure),
}

/// What an answer looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResultShape {
    /// One figure.
    Figure,
    /// A figure for each group.
    Groups,
    /// Figures over time.
    Series,
    /// Rows.
    Doctors,
}

impl ValidatedQuery {
    pub(super) fn of(context: &Context<'_>, query: WidgetQueryInput) -> Result<Self, RejectedQuery> {
        Ok(match query {
            WidgetQueryInput::Doctors(query) => {
                query.shown(context).map(|(ask, measure)| Self::Doctors(Box::new(ask), measure))?
            }
            WidgetQueryInput::Activities(query) => {
                query.shown(context).map(|(ask, measure)| Self::Activities(Box::new(ask), measure))?
            }
            WidgetQueryInput::Cases(query) => {
                query.shown(context).map(|(ask, measure)| Self::Cases(Box::new(ask), measure))?
            }
            WidgetQueryInput::DoctorList(list) => Self::List(Box::new(list.checked(context)?)),
            WidgetQueryInput::Overview(figure) => Self::Overview(figure),
        })
    }

    /// All that would be refused whoever asks.
    pub(super) fn problems(&self) -> Vec<String> {
        match self {
            Self::Doctors(ask, _) => ask.problems(),
            Self::Activities(ask, _) => ask.problems(),
            Self::Cases(ask, _) => ask.problems(),
            Self::List(_) | Self::Overview(_) => Vec::new(),
        }
    }

    fn shape(&self) -> ResultShape {
        fn of<N: AggregatableType>(ask: &AggregateRequest<N>) -> ResultShape {
            match (&ask.bucket, ask.by.is_empty()) {
                (Some(_), _) => ResultShape::Series,
                (None, true) => ResultShape::Figure,
                (None, false) => ResultShape::Groups,
            }
        }
        match self {
            Self::Doctors(ask, _) => of(ask),
            Self::Activities(ask, _) => of(ask),
            Self::Cases(ask, _) => of(ask),
            Self::List(_) => ResultShape::Doctors,
            Self::Overview(_) => ResultShape::Figure,
        }
    }

    /// What stands against showing the answer like this.
    pub(super) fn incompatibility(&self, kind: WidgetKind) -> Option<&'static str> {
        let (fits, otherwise) = match (kind, self.shape()) {
            (WidgetKind::Number, shape) => {
                (shape == ResultShape::Figure, "`kind` is NUMBER: the query has groups or rows")
            }
            (WidgetKind::Bar, shape) => {
                (matches!(shape, ResultShape::Groups | ResultShape::Series), "`kind` is BAR: the query has no groups")
            }
            (WidgetKind::Line, shape) => (shape == ResultShape::Series, "`kind` is LINE: the query has no `bucket`"),
            (WidgetKind::Pie, shape) => {
                (shape == ResultShape::Groups, "`kind` is PIE: the query has no groups, or a `bucket`")
            }
            (WidgetKind::Table, shape) => {
                (shape != ResultShape::Figure, "`kind` is TABLE: the query has one figure only")
            }
            (WidgetKind::List, shape) => {
                (shape == ResultShape::Doctors, "`kind` is LIST: the query is no `doctorList`")
            }
        };
        (!fits).then_some(otherwise)
    }

    /// Asks; nothing, if it looks at what the caller may not read.
    pub(super) async fn run(
        self,
        context: &Context<'_>,
        narrowing: WidgetOverrides,
        range: Option<crate::schema::overview::TimeRange>,
    ) -> Result<Option<WidgetResult>, ResolverError> {
        let scope = RequestContext::of(context).scope()?;
        match self {
            Self::Doctors(mut ask, measure) => {
                ask.narrow(scope, &narrowing);
                WidgetResult::grouped(context, *ask, measure).await
            }
            Self::Activities(mut ask, measure) => {
                ask.narrow(scope, &narrowing);
                WidgetResult::grouped(context, *ask, measure).await
            }
            Self::Cases(mut ask, measure) => {
                ask.narrow(scope, &narrowing);
                WidgetResult::grouped(context, *ask, measure).await
            }
            Self::List(list) => list.run(context, narrowing).await,
            Self::Overview(figure) => {
                let overview = Overview::over(context, narrowing.dsos, range, None)?;
                Ok(Some(WidgetResult::figure(overview.figure_by_name(context, figure).await?)))
            }
        }
    }
}

impl DoctorList {
    async fn run(
        self,
        context: &Context<'_>,
        narrowing: WidgetOverrides,
    ) -> Result<Option<WidgetResult>, ResolverError> {
        let Self { mut filter, order: (order, direction), first } = self;
        if let Some(named) = narrowing.dsos {
            match &mut filter.dsos {
                Some(dsos) => dsos.retain(|dso| named.contains(dso)),
                None => filter.dsos = Some(named),
            }
        }
        let dsos = filter.dsos.as_ref().map(|dsos| DoctorFilter::concerned(context, dsos)).transpose()?;
        let ask = connection::ListRequest::<Doctors> { parent: None, dsos, filter, order, direction };
        let page = PageArgs { first, ..PageArgs::default() };
        let Some(listed) = connection::list(context, page, ask, ColumnSet::ALL).await? else { return Ok(None) };
        let doctors = listed.rows().map(|row| Doctor::from(std::sync::Arc::clone(row))).collect();
        Ok(Some(WidgetResult::of_doctors(doctors)))
    }
}
