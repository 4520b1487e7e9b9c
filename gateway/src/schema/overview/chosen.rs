//! One figure of an overview, by its name.

use async_graphql::{Context, Enum};

use super::{CountChange, FigureChange, Overview};
use crate::graphql::Fault;

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

impl Overview {
    /// A figure, and what it was before: by the very field that shows it.
    pub(crate) async fn chosen(
        &self,
        context: &Context<'_>,
        figure: OverviewFigure,
    ) -> Result<[Option<f64>; 2], Fault> {
        // What the library wraps around a field's own outcome never fails here.
        fn both<T>(
            found: async_graphql::Result<Option<Result<T, Fault>>>,
            both: fn(T) -> [Option<f64>; 2],
        ) -> Result<[Option<f64>; 2], Fault> {
            let found = found.map_err(|_| Fault::Internal)?.transpose()?;
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
