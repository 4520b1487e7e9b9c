//! Dimensions and measures of each resource.
//!
//! Owns: the dimensions, numbers and times of doctors, activities and cases. May use: the tables. Invariant: each is a
//! column of the resource's own row, so that only the tenant filter of the resource decides which rows count.

use std::{fmt::Debug, hash::Hash};

use sea_orm::{
    ActiveEnum, ColumnTrait, DbBackend,
    sea_query::{Expr, ExprTrait},
};

use super::{Aggregation, Group, KeyValue, from_rollups, from_rows, group::KeyText};
use crate::{
    auth::OrgContext,
    error::Error,
    models::{activity, case, doctor},
    queries::{Activities, Cases, Doctors, Resource, sealed::Table},
    session::Tx,
    time::TimeRange,
};

/// A resource whose rows can be grouped.
pub trait Aggregatable: Resource + sealed::Columns {
    /// Dimensions to group by, and to count distinct values of.
    type Dimension: Copy + Debug + Eq + Hash + Send + Sync;
    /// The numbers of a row.
    type Number: Copy + Debug + Eq + Hash + Send + Sync;
    /// The times of a row.
    type Time: Copy + Debug + Eq + Hash + Send + Sync;
}

/// Number type of resources whose rows have no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoMeasure {}

pub(crate) mod sealed {
    use super::{Aggregatable, Aggregation, Error, Expr, Group, OrgContext, Table, TimeRange, Tx, ValueType};

    /// Maps a resource's dimensions, numbers and times to columns. Only this crate can call it.
    pub trait Columns: Table + Sized {
        /// Column of the dimension, and its value type.
        fn dimension_column(dimension: <Self as Aggregatable>::Dimension) -> (Expr, ValueType)
        where
            Self: Aggregatable;
        /// Column of the number, a whole number.
        fn number_column(number: <Self as Aggregatable>::Number) -> Expr
        where
            Self: Aggregatable;
        /// Column of the time.
        fn time_column(time: <Self as Aggregatable>::Time) -> Expr
        where
            Self: Aggregatable;
        /// A range that contains this time of all rows, up to one day wider at each end; none if there are no rows.
        fn extent(
            tx: &Tx,
            context: &OrgContext,
            filter: &<Self as crate::queries::ResourceTypes>::Filter,
            time: <Self as Aggregatable>::Time,
        ) -> impl Future<Output = Result<Option<TimeRange>, Error>> + Send
        where
            Self: Aggregatable;
        /// Groups from the roll-ups, if the roll-ups can answer the aggregation.
        fn from_rollups(
            tx: &Tx,
            context: &OrgContext,
            aggregation: &Aggregation<Self>,
        ) -> impl Future<Output = Result<Option<Vec<Group>>, Error>> + Send
        where
            Self: Aggregatable;
    }
}

/// Dimensions of doctors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoctorDimension {
    /// Their DSO.
    Dso,
    /// Their risk.
    Risk,
    /// Their onboarding period.
    Period,
    /// Their practice.
    Practice,
    /// Their e-mail address in lower case.
    Email,
}

/// The numbers of a doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoctorNumber {
    /// The onboarding period.
    Period,
    /// The sum of the percentages of the twelve periods.
    Progress,
}

/// The times of a doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoctorTime {
    /// When they joined.
    JoinedAt,
    /// Their last contact.
    LastContactAt,
    /// When the row was created.
    CreatedAt,
}

/// Dimensions of activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityDimension {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// The member who did it.
    Actor,
    /// The contact channel.
    Kind,
}

/// The times of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityTime {
    /// When it happened.
    OccurredAt,
    /// When the row was created.
    CreatedAt,
}

/// Dimensions of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseDimension {
    /// The doctor's DSO.
    Dso,
    /// The doctor.
    Doctor,
    /// The status of the case.
    Status,
}

/// The times of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseTime {
    /// When it was opened.
    OpenedAt,
    /// When the row was created.
    CreatedAt,
}

/// Type of the values in a dimension's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// An id.
    Id,
    /// A whole number.
    Int,
    /// Any text.
    Text,
    /// A risk.
    Risk,
    /// A contact channel.
    Kind,
    /// The status of a case.
    Status,
}

impl ValueType {
    /// The column as text. An id becomes hexadecimal digits, whichever way the database stores it.
    pub(super) fn as_text(self, backend: DbBackend, column: Expr) -> Expr {
        if self == Self::Id && backend == DbBackend::Sqlite {
            // A missing id gives no digits.
            return Expr::cust_with_exprs("nullif(hex(?), '')", [column]);
        }
        column.cast_as("text")
    }

    /// Parses such a text. An unknown enum value cannot occur: the database rejects it.
    pub(super) fn read(self, text: String) -> KeyValue {
        fn enum_text<E: ActiveEnum<Value = String>>(text: String, of: fn(E) -> KeyValue) -> KeyValue {
            E::try_from_value(&text).map_or_else(|_| KeyValue::Text(KeyText::new(text)), of)
        }
        match self {
            Self::Id => text.parse().map_or_else(|_| KeyValue::Text(KeyText::new(text)), KeyValue::Id),
            Self::Int => text.parse().map_or_else(|_| KeyValue::Text(KeyText::new(text)), KeyValue::Int),
            Self::Text => KeyValue::Text(KeyText::new(text)),
            Self::Risk => enum_text(text, KeyValue::Risk),
            Self::Kind => enum_text(text, KeyValue::Kind),
            Self::Status => enum_text(text, KeyValue::Status),
        }
    }
}

fn column<C: ColumnTrait>(column: C) -> Expr {
    Expr::col((column.entity_name(), column))
}

impl Aggregatable for Doctors {
    type Dimension = DoctorDimension;
    type Number = DoctorNumber;
    type Time = DoctorTime;
}

impl sealed::Columns for Doctors {
    fn dimension_column(dimension: DoctorDimension) -> (Expr, ValueType) {
        match dimension {
            DoctorDimension::Dso => (column(doctor::Column::DsoId), ValueType::Id),
            DoctorDimension::Risk => (column(doctor::Column::Risk), ValueType::Risk),
            DoctorDimension::Period => (column(doctor::Column::OnboardingPeriod), ValueType::Int),
            DoctorDimension::Practice => (column(doctor::Column::Practice), ValueType::Text),
            DoctorDimension::Email => (column(doctor::Column::EmailNormal), ValueType::Text),
        }
    }

    fn number_column(number: DoctorNumber) -> Expr {
        match number {
            DoctorNumber::Period => column(doctor::Column::OnboardingPeriod),
            DoctorNumber::Progress => column(doctor::Column::Progress),
        }
    }

    fn time_column(time: DoctorTime) -> Expr {
        match time {
            DoctorTime::JoinedAt => column(doctor::Column::JoinedAt),
            DoctorTime::LastContactAt => column(doctor::Column::LastContactAt),
            DoctorTime::CreatedAt => column(doctor::Column::CreatedAt),
        }
    }

    async fn extent(
        tx: &Tx,
        context: &OrgContext,
        filter: &crate::queries::DoctorFilter,
        time: DoctorTime,
    ) -> Result<Option<TimeRange>, Error> {
        from_rows::time_span::<Self>(tx, context, filter, time).await
    }

    async fn from_rollups(
        tx: &Tx,
        context: &OrgContext,
        aggregation: &Aggregation<Self>,
    ) -> Result<Option<Vec<Group>>, Error> {
        from_rollups::doctors(tx, context, aggregation).await
    }
}

impl Aggregatable for Activities {
    type Dimension = ActivityDimension;
    type Number = NoMeasure;
    type Time = ActivityTime;
}

impl sealed::Columns for Activities {
    fn dimension_column(dimension: ActivityDimension) -> (Expr, ValueType) {
        match dimension {
            ActivityDimension::Dso => (column(activity::Column::DsoId), ValueType::Id),
            ActivityDimension::Doctor => (column(activity::Column::DoctorId), ValueType::Id),
            ActivityDimension::Actor => (column(activity::Column::ActorMemberId), ValueType::Id),
            ActivityDimension::Kind => (column(activity::Column::Kind), ValueType::Kind),
        }
    }

    fn number_column(number: NoMeasure) -> Expr {
        match number {}
    }

    fn time_column(time: ActivityTime) -> Expr {
        match time {
            ActivityTime::OccurredAt => column(activity::Column::OccurredAt),
            ActivityTime::CreatedAt => column(activity::Column::CreatedAt),
        }
    }

    async fn extent(
        tx: &Tx,
        context: &OrgContext,
        filter: &crate::queries::ActivityFilter,
        time: ActivityTime,
    ) -> Result<Option<TimeRange>, Error> {
        match time {
            ActivityTime::OccurredAt => from_rollups::time_span(tx, context, filter).await,
            ActivityTime::CreatedAt => from_rows::time_span::<Self>(tx, context, filter, time).await,
        }
    }

    async fn from_rollups(
        tx: &Tx,
        context: &OrgContext,
        aggregation: &Aggregation<Self>,
    ) -> Result<Option<Vec<Group>>, Error> {
        from_rollups::activities(tx, context, aggregation).await
    }
}

impl Aggregatable for Cases {
    type Dimension = CaseDimension;
    type Number = NoMeasure;
    type Time = CaseTime;
}

impl sealed::Columns for Cases {
    fn dimension_column(dimension: CaseDimension) -> (Expr, ValueType) {
        match dimension {
            CaseDimension::Dso => (column(case::Column::DsoId), ValueType::Id),
            CaseDimension::Doctor => (column(case::Column::DoctorId), ValueType::Id),
            CaseDimension::Status => (column(case::Column::Status), ValueType::Status),
        }
    }

    fn number_column(number: NoMeasure) -> Expr {
        match number {}
    }

    fn time_column(time: CaseTime) -> Expr {
        match time {
            CaseTime::OpenedAt => column(case::Column::OpenedAt),
            CaseTime::CreatedAt => column(case::Column::CreatedAt),
        }
    }

    async fn extent(
        tx: &Tx,
        context: &OrgContext,
        filter: &crate::queries::CaseFilter,
        time: CaseTime,
    ) -> Result<Option<TimeRange>, Error> {
        from_rows::time_span::<Self>(tx, context, filter, time).await
    }

    async fn from_rollups(
        tx: &Tx,
        context: &OrgContext,
        aggregation: &Aggregation<Self>,
    ) -> Result<Option<Vec<Group>>, Error> {
        from_rollups::cases(tx, context, aggregation).await
    }
}
