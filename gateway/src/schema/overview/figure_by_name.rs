//! One figure of an overview, by its name.

use async_graphql::{Context, Enum};
use chrono::{DateTime, Utc};

use super::{CountChange, FigureChange, Overview};
use crate::errors::ResolverError;

/// A figure of an overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OverviewFigure {
    /// The doctors.
    Doctors,
    /// How far the doctors are through all twelve periods on average, in percent.
    AverageProgress,
    /// The share of the doctors who are on track, 0 to 1.
    OnTrack,
    /// The activities.
    Activities,
    /// The doctors without contact for 30 days.
    WithoutContact,
    /// The cases.
    Cases,
    /// The courses that were held.
    Courses,
    /// The people who came to them.
    Attendances,
    /// The share of those on their lists who came, 0 to 1.
    AttendanceShare,
}

impl OverviewFigure {
    /// Whether it tells how DSOs stood at a time, and not what was done in a range.
    fn is_standing(self) -> bool {
        match self {
            Self::Doctors | Self::AverageProgress | Self::OnTrack | Self::Cases => true,
            Self::Activities | Self::WithoutContact | Self::Courses | Self::Attendances | Self::AttendanceShare => {
                false
            }
        }
    }
}

/// A figure, and what it was before.
pub(crate) struct NamedFigure {
    pub(crate) value: Option<f64>,
    /// None also where nothing is on record of then.
    pub(crate) before: Option<f64>,
    /// After which time it is on record, if `before` lies before it.
    pub(crate) known_from: Option<DateTime<Utc>>,
}

impl Overview {
    /// A figure, and what it was before as far as that is on record.
    pub(crate) async fn figure_by_name(
        &self,
        context: &Context<'_>,
        figure: OverviewFigure,
    ) -> Result<NamedFigure, ResolverError> {
        let [value, before] = self.both(context, figure).await?;
        if !figure.is_standing() {
            return Ok(NamedFigure { value, before, known_from: None });
        }
        // By the very field that says so.
        let known_from = self.known_from(context).await.map_err(|_| ResolverError::Internal)?.transpose()?;
        let known_from = known_from.filter(|known| self.span.range.from <= *known);
        Ok(NamedFigure { value, before: before.filter(|_| known_from.is_none()), known_from })
    }

    /// A figure, and what it was before: by the very field that shows it.
    async fn both(&self, context: &Context<'_>, figure: OverviewFigure) -> Result<[Option<f64>; 2], ResolverError> {
        // What the library wraps around a field's own outcome never fails here.
        fn both<T>(
            found: async_graphql::Result<Option<Result<T, ResolverError>>>,
            both: fn(T) -> [Option<f64>; 2],
        ) -> Result<[Option<f64>; 2], ResolverError> {
            let found = found.map_err(|_| ResolverError::Internal)?.transpose()?;
            Ok(found.map_or([None; 2], both))
        }
        let count = |found| both(found, CountChange::both);
        let share = |found| both(found, FigureChange::both);
        match figure {
            OverviewFigure::Doctors => count(self.doctors(context).await),
            OverviewFigure::AverageProgress => share(self.average_progress(context).await),
            OverviewFigure::OnTrack => share(self.on_track(context).await),
            OverviewFigure::Activities => count(self.activities(context).await),
            OverviewFigure::WithoutContact => count(self.without_contact(context).await),
            OverviewFigure::Cases => count(self.cases(context).await),
            OverviewFigure::Courses => count(self.courses(context).await),
            OverviewFigure::Attendances => count(self.attendances(context).await),
            OverviewFigure::AttendanceShare => share(self.attendance_share(context).await),
        }
    }
}
