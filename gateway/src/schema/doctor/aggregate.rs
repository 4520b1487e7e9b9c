//! Doctors in groups.

use std::sync::Arc;

use async_graphql::{Context, Enum, OneofObject};
use chrono::{DateTime, Utc};
use entity::{
    DoctorDimension as By, DoctorNumber as Number, DoctorOrder, DoctorTime as Time, Doctors, DsoId, Group, KeyValue,
    TimeRange,
};
use gateway_macros::guarded;

use crate::{
    graphql::Fault,
    schema::{
        aggregate::{Grouped, Grouping, Measure, MeasureOf, Selected, Wanted, aggregate, query, whole},
        doctor::DoctorFilter,
        dso::Dso,
        enums::Risk,
    },
};

/// By what doctors are grouped, and of what the different values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::DoctorDimension")]
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
#[graphql(remote = "entity::DoctorNumber")]
pub enum DoctorNumber {
    /// The onboarding period, 1 to 12.
    #[graphql(name = "ONBOARDING_PERIOD")]
    Period,
    /// How far they are through all twelve periods, in percent.
    Progress,
}

/// The times of a doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::DoctorTime")]
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

impl Grouped for Doctors {
    const PLAIN: DoctorOrder = DoctorOrder::Name;

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

    fn dsos(filter: &mut entity::DoctorFilter) -> &mut Option<Vec<DsoId>> {
        &mut filter.dsos
    }

    /// How doctors stand is told as of now.
    fn within(_: &mut entity::DoctorFilter, _: TimeRange) {}
}

/// A group of doctors.
pub struct DoctorGroup {
    grouping: Arc<Grouping<Doctors>>,
    group: Group,
}

aggregate!(
    Doctors: DoctorGroup, DoctorDimension, DoctorTime, DoctorMeasure,
    DoctorHaving, DoctorGroupOrder, DoctorBucket, DoctorGroupConnection, DoctorGroupEdge
);

query!(
    /// A question about doctors in groups, of which one figure is shown: what a widget asks.
    DoctorsQueryInput: Doctors, DoctorFilter, DoctorDimension, DoctorMeasure, DoctorHaving, DoctorGroupOrder, DoctorBucket
);

impl DoctorGroup {
    /// What the operation shows of each group.
    fn shown(context: &Context<'_>) -> Wanted<Doctors> {
        let selected = Selected::of(context);
        let mut wanted = Wanted::default();
        wanted.add_distinct(selected.named::<DoctorDimension>("countDistinct").into_iter().map(Into::into));
        for field in ["sum", "avg", "min", "max", "stddev"] {
            wanted.add_numbers(selected.named::<DoctorNumber>(field).into_iter().map(Into::into));
        }
        wanted.add_medians(selected.named::<DoctorNumber>("median").into_iter().map(Into::into));
        for field in ["earliest", "latest"] {
            wanted.add_times(selected.named::<DoctorTime>(field).into_iter().map(Into::into));
        }
        wanted
    }

    fn key(&self, dimension: By) -> Option<&KeyValue> {
        self.grouping.key(&self.group, dimension)
    }
}

/// A group of doctors: what they share, as far as they are grouped by it, and their figures.
#[guarded(org = Member)]
impl DoctorGroup {
    /// Their DSO.
    #[guard(org = Member)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, Fault> {
        match self.key(By::Dso) {
            Some(KeyValue::Id(dso)) => Dso::find(context, entity::TypedId::from_uuid(*dso)).await,
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
            Some(KeyValue::Text(practice)) => Some(practice),
            _ => None,
        }
    }

    /// Their e-mail address, in lower case. Grouping by it needs the right to read `Doctor.email` in every DSO concerned.
    #[guard(org = Member)]
    fn email(&self) -> Option<&str> {
        match self.key(By::Email) {
            Some(KeyValue::Text(email)) => Some(email),
            _ => None,
        }
    }

    /// Where the interval begins that they are in.
    #[guard(org = Member)]
    fn bucket(&self) -> Option<DateTime<Utc>> {
        self.grouping.bucket(&self.group)
    }

    /// How many they are.
    #[guard(org = Member)]
    fn count(&self) -> i32 {
        whole(self.group.count)
    }

    /// How many different values they have; none is not a value.
    #[guard(org = Member)]
    #[expect(clippy::cast_possible_truncation, reason = "a count of rows")]
    fn count_distinct(&self, #[graphql(desc = "Of what.")] of: DoctorDimension) -> Result<Option<i32>, Fault> {
        Ok(self.figure(Measure::Distinct(of.into()))?.map(|count| count as i32))
    }

    /// The sum.
    #[guard(org = Member)]
    fn sum(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Sum(of.into()))
    }

    /// The mean.
    #[guard(org = Member)]
    fn avg(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Mean(of.into()))
    }

    /// The least.
    #[guard(org = Member)]
    fn min(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Least(of.into()))
    }

    /// The largest.
    #[guard(org = Member)]
    fn max(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Largest(of.into()))
    }

    /// The median: the one in the middle, or the mean of the two.
    #[guard(org = Member)]
    fn median(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Median(of.into()))
    }

    /// The standard deviation, of these doctors and not of others whom they would stand for.
    #[guard(org = Member)]
    fn stddev(&self, #[graphql(desc = "Of what.")] of: DoctorNumber) -> Result<Option<f64>, Fault> {
        self.figure(Measure::Deviation(of.into()))
    }

    /// The earliest.
    #[guard(org = Member)]
    fn earliest(&self, #[graphql(desc = "Of what.")] of: DoctorTime) -> Result<Option<DateTime<Utc>>, Fault> {
        Ok(self.grouping.times(&self.group, of.into())?.map(|times| times.first))
    }

    /// The latest.
    #[guard(org = Member)]
    fn latest(&self, #[graphql(desc = "Of what.")] of: DoctorTime) -> Result<Option<DateTime<Utc>>, Fault> {
        Ok(self.grouping.times(&self.group, of.into())?.map(|times| times.last))
    }
}

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
        #[graphql(desc = "Only groups behind this cursor.")] after: Option<String>,
    ) -> Result<Option<DoctorGroupConnection>, Fault> {
        let (measure, last_days) = (None, None);
        let asked = DoctorsQueryInput { filter, group_by, bucket, having, order_by, first, measure, last_days };
        let ask = asked.ask(context, after, DoctorGroup::shown(context))?;
        DoctorGroupConnection::read(context, ask).await
    }
}
