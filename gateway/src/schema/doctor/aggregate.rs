//! Doctors in groups.

use async_graphql::{Context, Enum, OneofObject};
use entity::{
    analytics::{DoctorDimension as By, DoctorNumber as Number, DoctorTime as Time, KeyValue},
    id::DsoId,
    queries::{DoctorOrder, Doctors},
    time::TimeRange,
};
use gateway_macros::guarded;

use crate::{
    errors::ResolverError,
    schema::{
        aggregate::{AggregatableType, MeasureOf, aggregate, group, query},
        doctor::DoctorFilter,
        dso::Dso,
        enums::Risk,
        input::Cursor,
    },
};

/// By what doctors are grouped, and of what the different values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::DoctorDimension")]
pub enum DoctorDimension {
    /// Their DSO.
    Dso,
    /// Their risk.
    Risk,
    /// Their onboarding period.
    #[graphql(name = "ONBOARDING_PERIOD")]
    Period,
    /// Where they work.
    Practice,
    /// Their e-mail address, in lower case. Needs the right to read `Doctor.email` in every DSO concerned.
    Email,
}

/// The numbers of a doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::DoctorNumber")]
pub enum DoctorNumber {
    /// The onboarding period, 1 to 12.
    #[graphql(name = "ONBOARDING_PERIOD")]
    Period,
    /// How far they are through all twelve periods, in percent.
    Progress,
}

/// The times of a doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::analytics::DoctorTime")]
#[expect(clippy::enum_variant_names, reason = "they are the fields' names")]
pub enum DoctorTime {
    /// When they joined.
    JoinedAt,
    /// The time of their latest activity.
    LastContactAt,
    /// When the row was made.
    CreatedAt,
}

/// A figure of a group of doctors.
#[derive(OneofObject)]
pub enum DoctorMeasure {
    /// How many; any value.
    Count(bool),
    /// How many different values.
    CountDistinct(DoctorDimension),
    /// The sum.
    Sum(DoctorNumber),
    /// The mean.
    Avg(DoctorNumber),
    /// The least.
    Min(DoctorNumber),
    /// The largest.
    Max(DoctorNumber),
    /// The median.
    Median(DoctorNumber),
    /// The standard deviation.
    Stddev(DoctorNumber),
}

impl From<DoctorMeasure> for MeasureOf<Doctors> {
    fn from(measure: DoctorMeasure) -> Self {
        match measure {
            DoctorMeasure::Count(_) => Self::Count,
            DoctorMeasure::CountDistinct(dimension) => Self::Distinct(dimension.into()),
            DoctorMeasure::Sum(number) => Self::Sum(number.into()),
            DoctorMeasure::Avg(number) => Self::Mean(number.into()),
            DoctorMeasure::Min(number) => Self::Least(number.into()),
            DoctorMeasure::Max(number) => Self::Largest(number.into()),
            DoctorMeasure::Median(number) => Self::Median(number.into()),
            DoctorMeasure::Stddev(number) => Self::Deviation(number.into()),
        }
    }
}

impl AggregatableType for Doctors {
    const DEFAULT_ORDER: DoctorOrder = DoctorOrder::Name;

    fn dimension(dimension: By) -> &'static str {
        match dimension {
            By::Dso => "Doctor.dso",
            By::Risk => "Doctor.risk",
            By::Period => "Doctor.onboardingPeriod",
            By::Practice => "Doctor.practice",
            By::Email => "Doctor.email",
        }
    }

    fn number(number: Number) -> (&'static str, f64) {
        match number {
            Number::Period => ("Doctor.onboardingPeriod", 1.0),
            Number::Progress => ("Doctor.progress", 12.0),
        }
    }

    fn time(time: Time) -> &'static str {
        match time {
            Time::JoinedAt => "Doctor.joinedAt",
            Time::LastContactAt => "Doctor.lastContactAt",
            Time::CreatedAt => "Doctor.createdAt",
        }
    }

    fn dsos(filter: &mut entity::queries::DoctorFilter) -> &mut Option<Vec<DsoId>> {
        &mut filter.dsos
    }

    /// How doctors stand is told as of now.
    fn time_range(_: &mut entity::queries::DoctorFilter, _: TimeRange) {}
}

aggregate!(
    Doctors: DoctorGroup, DoctorDimension, DoctorTime, DoctorMeasure,
    DoctorHaving, DoctorGroupOrder, DoctorBucket, DoctorGroupConnection, DoctorGroupEdge
);

query!(
    /// A question about doctors in groups, of which one figure is shown: what a widget asks.
    DoctorsQueryInput: Doctors, DoctorFilter, DoctorDimension, DoctorMeasure, DoctorHaving, DoctorGroupOrder, DoctorBucket
);

group!(
    /// A group of doctors: what they share, as far as they are grouped by it, and their figures.
    DoctorGroup of Doctors: DoctorDimension, DoctorTime, DoctorNumber;

    /// Their DSO.
    #[guard(org = Member)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, ResolverError> {
        match self.key(By::Dso) {
            Some(KeyValue::Id(dso)) => Dso::find(context, entity::id::TypedId::from_uuid(*dso)).await,
            _ => Ok(None),
        }
    }

    /// Their risk; none for those who are not rated.
    #[guard(org = Member)]
    fn risk(&self) -> Option<Risk> {
        match self.key(By::Risk) {
            Some(KeyValue::Risk(risk)) => Some((*risk).into()),
            _ => None,
        }
    }

    /// Their onboarding period; none for those who are in none.
    #[guard(org = Member)]
    fn onboarding_period(&self) -> Option<i32> {
        match self.key(By::Period) {
            Some(KeyValue::Int(period)) => i32::try_from(*period).ok(),
            _ => None,
        }
    }

    /// Where they work.
    #[guard(org = Member)]
    fn practice(&self) -> Option<&str> {
        match self.key(By::Practice) {
            Some(KeyValue::Text(practice)) => Some(practice.as_str()),
            _ => None,
        }
    }

    /// Their e-mail address, in lower case. Grouping by it needs the right to read `Doctor.email` in every DSO concerned.
    #[guard(org = Member)]
    fn email(&self) -> Option<&str> {
        match self.key(By::Email) {
            Some(KeyValue::Text(email)) => Some(email.as_str()),
            _ => None,
        }
    }
);

/// Groups of doctors.
#[derive(Default)]
pub struct DoctorAggregates;

#[guarded(signed_in, part_of = "Query")]
impl DoctorAggregates {
    /// The doctors of all DSOs that the caller sees, in groups.
    #[guard(org = Member)]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn doctors_aggregate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which doctors.")] filter: Option<DoctorFilter>,
        #[graphql(desc = "By what they are grouped; all are one group, if not given.")] group_by: Option<
            Vec<DoctorDimension>,
        >,
        #[graphql(desc = "Into which intervals of time they are put.")] bucket: Option<DoctorBucket>,
        #[graphql(desc = "Only groups that meet these conditions.")] having: Option<Vec<DoctorHaving>>,
        #[graphql(desc = "In what order; by bucket and dimensions, if not given.")] order_by: Option<
            Vec<DoctorGroupOrder>,
        >,
        #[graphql(desc = "How many groups from the start; 100 when not given, at most 1000.")] first: Option<i32>,
        #[graphql(
            desc = "Only groups behind this cursor. It counts groups: where rows change between two pages, a group can be on both or on none."
        )]
        after: Option<Cursor>,
    ) -> Result<Option<DoctorGroupConnection>, ResolverError> {
        let (measure, last_days) = (None, None);
        let asked = DoctorsQueryInput { filter, group_by, bucket, having, order_by, first, measure, last_days };
        let ask = asked.ask(context, after, DoctorGroup::shown(context))?;
        DoctorGroupConnection::read(context, ask).await
    }
}
