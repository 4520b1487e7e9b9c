//! Figures over DSOs, each with the change against the range before.

mod figure_by_name;
mod figures;

use std::collections::HashMap;

use async_graphql::{Context, InputObject};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use entity::{
    analytics::{ActivityCount, ContactCount, DsoSnapshot},
    id::DsoId,
    time::ComparisonPeriod,
};
use gateway_macros::guarded;

use super::{
    enums::{ActivityKind, CaseStatus, Risk},
    input::Time,
};
use crate::{
    errors::ResolverError,
    loaders::{ActivityByActor, ActivityByKind, CourseCounts, Figure, Snapshots},
    request::RequestContext,
};
pub(crate) use figure_by_name::NamedFigure;
pub use figure_by_name::OverviewFigure;
pub use figures::{ActorCount, CountChange, FigureChange, KindCount, PeriodCount, RiskCount, StatusCount};

/// Days of the range, if none is asked for, and days without contact after which a doctor counts as without.
const DAYS: i32 = 30;

/// Longest range, in days: a hundred years.
const MAX_RANGE: i64 = 36_525;

/// From one time to another; the end is left out.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TimeRange {
    /// The first moment in it.
    from: Time,
    /// The first moment after it.
    until: Time,
}

impl TimeRange {
    /// The range, if it is one of not more than a hundred years.
    pub(crate) fn checked(self, name: &str) -> Result<entity::time::TimeRange, ResolverError> {
        let (from, until) = (DateTime::from(self.from), DateTime::from(self.until));
        let shown = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let wrong = if from == until {
            format!("is empty: `until` is `{}`, as `from` is; it must be later", shown(until))
        } else if from > until {
            format!("ends before it begins: `until` is `{}`, and `from` is `{}`", shown(until), shown(from))
        } else if until - from > Duration::days(MAX_RANGE) {
            let latest = from + Duration::days(MAX_RANGE);
            format!("is longer than a hundred years: `until` is `{}`; the latest is `{}`", shown(until), shown(latest))
        } else {
            return Ok(entity::time::TimeRange { from, until });
        };
        Err(ResolverError::BadUserInput(format!("`{name}` {wrong}")))
    }
}

/// Figures over DSOs.
pub struct Overview {
    dsos: Vec<DsoId>,
    span: ComparisonPeriod,
}

impl Overview {
    /// Over these DSOs, as far as the caller sees them; over all that they see, if none are named.
    pub(crate) fn over(
        context: &Context<'_>,
        named: Option<Vec<DsoId>>,
        range: Option<TimeRange>,
        inactive_days: Option<i32>,
    ) -> Result<Self, ResolverError> {
        let request = RequestContext::of(context);
        let scope = request.scope()?;
        let mut dsos = match named {
            Some(named) => named.into_iter().filter_map(|dso| scope.visible_dso(dso)).collect(),
            None => scope.context().visible_dsos().to_vec(),
        };
        dsos.sort_unstable();
        dsos.dedup();
        let range = if let Some(range) = range {
            range.checked("range")?
        } else {
            let now = entity::time::micros(request.began());
            entity::time::TimeRange { from: now - Duration::days(DAYS.into()), until: now }
        };
        let days = inactive_days.unwrap_or(DAYS);
        let Some(inactive_days) = u32::try_from(days).ok().filter(|days| (1..=3650).contains(days)) else {
            return Err(ResolverError::BadUserInput(format!(
                "`inactiveDays` is {days}; it must be between 1 and 3650"
            )));
        };
        Ok(Self { dsos, span: ComparisonPeriod { range, inactive_days } })
    }

    async fn all<T: Figure>(&self, context: &Context<'_>) -> Result<Vec<T>, ResolverError> {
        let loaders = RequestContext::of(context).loaders()?;
        loaders.overview().all(&self.dsos, self.span).await
    }

    /// How all DSOs together stood at the end of the range, and at its beginning.
    async fn snapshots(&self, context: &Context<'_>) -> Result<[DsoSnapshot; 2], ResolverError> {
        Ok(self.recorded(context).await?.map(|stood| stood.standing))
    }

    /// The same, with the time from which on it is on record.
    async fn recorded(&self, context: &Context<'_>) -> Result<Snapshots, ResolverError> {
        let all = self.all::<Snapshots>(context).await?;
        Ok(all.into_iter().fold(Snapshots::default(), |[now, before], stood| [now + stood[0], before + stood[1]]))
    }

    async fn kinds(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<ActivityCount<entity::models::ActivityKind>>, ResolverError> {
        let all = self.all::<ActivityByKind>(context).await?;
        Ok(all.iter().flat_map(|counts| counts.iter().copied()).collect())
    }

    async fn contacts(&self, context: &Context<'_>) -> Result<Vec<ContactCount>, ResolverError> {
        Ok(self.all::<Option<ContactCount>>(context).await?.into_iter().flatten().collect())
    }

    /// Courses, people on their lists, and those who came; now and before.
    async fn course_counts_of(&self, context: &Context<'_>) -> Result<[[i64; 3]; 2], ResolverError> {
        let mut sums = [[0; 3]; 2];
        for taught in self.all::<CourseCounts>(context).await? {
            for (sum, count) in sums.iter_mut().zip(taught) {
                let Some(count) = count else { continue };
                *sum = [sum[0] + count.courses, sum[1] + count.listed, sum[2] + count.attended];
            }
        }
        Ok(sums)
    }
}

const RISKS: [Option<Risk>; 5] = [Some(Risk::Critical), Some(Risk::High), Some(Risk::Medium), Some(Risk::Low), None];
const KINDS: [ActivityKind; 5] =
    [ActivityKind::Phone, ActivityKind::Email, ActivityKind::Text, ActivityKind::Meeting, ActivityKind::Note];
const STATUSES: [CaseStatus; 4] =
    [CaseStatus::Submitted, CaseStatus::InProgress, CaseStatus::Completed, CaseStatus::Cancelled];

/// Figures over DSOs: of how they stand, at the end of a range against its beginning; of what was done, in a range against
/// the one of the same length before it. How a DSO stands is told as of the end of a day, UTC.
#[guarded(org = Member)]
impl Overview {
    /// Where the range begins.
    #[guard(org = Member)]
    fn from(&self) -> DateTime<Utc> {
        self.span.range.from
    }

    /// Where the range ends.
    #[guard(org = Member)]
    fn until(&self) -> DateTime<Utc> {
        self.span.range.until
    }

    /// Where the range before begins; it ends where this one begins.
    #[guard(org = Member)]
    fn previous_from(&self) -> DateTime<Utc> {
        self.span.range.before().from
    }

    /// How many DSOs the figures are about.
    #[guard(org = Member)]
    fn dso_count(&self) -> usize {
        self.dsos.len()
    }

    /// How all of these DSOs stood is on record only after this time: how many doctors and cases there were, of which risk,
    /// period, progress and state. Before, doctors count as they are now from the day on which they joined, and cases from the
    /// day on which they were opened: nothing tells how that has changed. None where everything is on record.
    #[guard(org = Member)]
    async fn known_from(&self, context: &Context<'_>) -> Result<Option<DateTime<Utc>>, ResolverError> {
        let [now, before] = self.recorded(context).await?;
        Ok(now.known_from.max(before.known_from))
    }

    /// The doctors.
    #[guard(org = Member)]
    async fn doctors(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        Ok(Some(CountChange::new(self.snapshots(context).await?.map(|stood| stood.doctors()))))
    }

    /// The doctors at each risk, highest first.
    #[guard(org = Member)]
    async fn doctors_by_risk(&self, context: &Context<'_>) -> Result<Option<Vec<RiskCount>>, ResolverError> {
        let stood = self.snapshots(context).await?;
        let count = |risk: Option<Risk>| stood.map(|stood| stood.at_risk(risk.map(Into::into)));
        Ok(Some(RISKS.map(|risk| RiskCount { risk, doctors: CountChange::new(count(risk)) }).into()))
    }

    /// The doctors in each of the twelve onboarding periods, and those in none.
    #[guard(org = Member)]
    async fn doctors_by_period(&self, context: &Context<'_>) -> Result<Option<Vec<PeriodCount>>, ResolverError> {
        let stood = self.snapshots(context).await?;
        let count = |period| CountChange::new(stood.map(|stood| stood.in_period(period)));
        let periods = (1..=12).map(Some).chain([None]);
        Ok(Some(periods.map(|period| PeriodCount { period, doctors: count(period) }).collect()))
    }

    /// How far the doctors are through all twelve periods on average, in percent.
    #[guard(org = Member)]
    async fn average_progress(&self, context: &Context<'_>) -> Result<Option<FigureChange>, ResolverError> {
        let stood = self.snapshots(context).await?;
        Ok(Some(FigureChange::of(stood.map(|stood| (stood.progress(), 12 * stood.doctors())))))
    }

    /// The share of the doctors who are on track, 0 to 1: whose recorded progress is at least what the finished periods
    /// before their current one make. Who is in no period is not on track.
    #[guard(org = Member)]
    async fn on_track(&self, context: &Context<'_>) -> Result<Option<FigureChange>, ResolverError> {
        let stood = self.snapshots(context).await?;
        Ok(Some(FigureChange::of(stood.map(|stood| (stood.on_track(), stood.doctors())))))
    }

    /// The activities.
    #[guard(org = Member)]
    async fn activities(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        let mut activities = CountChange::default();
        for count in self.kinds(context).await? {
            activities.add(count.place, count.activities);
        }
        Ok(Some(activities))
    }

    /// The activities of each kind.
    #[guard(org = Member)]
    async fn activities_by_kind(&self, context: &Context<'_>) -> Result<Option<Vec<KindCount>>, ResolverError> {
        let counts = self.kinds(context).await?;
        let count = |kind: ActivityKind| {
            let mut activities = CountChange::default();
            for count in counts.iter().filter(|count| count.key == kind.into()) {
                activities.add(count.place, count.activities);
            }
            KindCount { kind, activities }
        };
        Ok(Some(KINDS.map(count).into()))
    }

    /// The activities of each member who did any, most first.
    #[guard(org = Member)]
    async fn activities_by_actor(&self, context: &Context<'_>) -> Result<Option<Vec<ActorCount>>, ResolverError> {
        let mut actors: HashMap<_, CountChange> = HashMap::new();
        for count in self.all::<ActivityByActor>(context).await?.iter().flat_map(|counts| counts.iter()) {
            actors.entry(count.key).or_default().add(count.place, count.activities);
        }
        let mut actors: Vec<_> = actors.into_iter().filter(|(_, activities)| !activities.is_nothing()).collect();
        actors.sort_by_key(|(actor, activities)| (std::cmp::Reverse(activities.now()), *actor));
        Ok(Some(actors.into_iter().map(|(actor, activities)| ActorCount { actor, activities }).collect()))
    }

    /// The latest contact with any of the doctors.
    #[guard(org = Member)]
    async fn last_contact_at(&self, context: &Context<'_>) -> Result<Option<DateTime<Utc>>, ResolverError> {
        Ok(self.contacts(context).await?.into_iter().filter_map(|count| count.last).max())
    }

    /// The doctors without contact for so many days as are asked for, among those who live.
    #[guard(org = Member)]
    async fn without_contact(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        let mut without = CountChange::default();
        for count in self.contacts(context).await? {
            without.add(0, count.without);
            without.add(1, count.without_before);
        }
        Ok(Some(without))
    }

    /// The cases.
    #[guard(org = Member)]
    async fn cases(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        let stood = self.snapshots(context).await?;
        let all = |stood: DsoSnapshot| STATUSES.iter().map(|status| stood.cases((*status).into())).sum();
        Ok(Some(CountChange::new(stood.map(all))))
    }

    /// The cases in each state.
    #[guard(org = Member)]
    async fn cases_by_status(&self, context: &Context<'_>) -> Result<Option<Vec<StatusCount>>, ResolverError> {
        let stood = self.snapshots(context).await?;
        let count = |status: CaseStatus| CountChange::new(stood.map(|stood| stood.cases(status.into())));
        Ok(Some(STATUSES.map(|status| StatusCount { status, cases: count(status) }).into()))
    }

    /// The courses that were held.
    #[guard(org = Member)]
    async fn courses(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        Ok(Some(CountChange::new(self.course_counts_of(context).await?.map(|[courses, _, _]| courses))))
    }

    /// The people who came to them.
    #[guard(org = Member)]
    async fn attendances(&self, context: &Context<'_>) -> Result<Option<CountChange>, ResolverError> {
        Ok(Some(CountChange::new(self.course_counts_of(context).await?.map(|[_, _, attended]| attended))))
    }

    /// The share of those on their lists who came, 0 to 1.
    #[guard(org = Member)]
    async fn attendance_share(&self, context: &Context<'_>) -> Result<Option<FigureChange>, ResolverError> {
        let taught = self.course_counts_of(context).await?;
        Ok(Some(FigureChange::of(taught.map(|[_, listed, attended]| (attended, listed)))))
    }
}
