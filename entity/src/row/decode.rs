//! One value at its place.
//!
//! Owns: how each type that a column has is read. May use: each driver's own reading. Invariant: both databases' values come to the
//! same; the suites hold their answers together.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbErr;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

use super::Row;

/// A column's value.
pub(crate) trait DecodeColumn: Sized {
    /// What stands in a model for a column that was left out of a list. None for ids, by which rows are told apart and guarded, and for
    /// enums, which have no word for nothing: such columns are always read, unless they can be empty.
    const DEFAULT_WHEN_OMITTED: Option<fn() -> Self> = None;

    /// The value at a place of a row; none where the database holds none.
    fn try_decode(row: &Row, place: usize) -> Result<Option<Self>, DbErr>;

    /// The same where there is always one.
    fn decode(row: &Row, place: usize) -> Result<Self, DbErr> {
        Self::try_decode(row, place)?.ok_or_else(|| DbErr::Type(format!("column {place} of the answer is empty")))
    }
}

/// A time as PostgreSQL sends it: <https://www.postgresql.org/docs/current/datatype-datetime.html>. The driver's own reading adds it to
/// the year 2000 by the calendar, for each value.
struct Time(DateTime<Utc>);

/// 2000-01-01, from which PostgreSQL counts, in microseconds since 1970.
const EPOCH: i64 = 946_684_800_000_000;

impl FromSql<'_> for Time {
    fn from_sql(_: &Type, sent: &[u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let micros = i64::from_be_bytes(sent.try_into()?).checked_add(EPOCH);
        micros.and_then(DateTime::from_timestamp_micros).map(Self).ok_or_else(|| "a time beyond the calendar".into())
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMESTAMPTZ
    }
}

fn decode_error(cause: &tokio_postgres::Error) -> DbErr {
    DbErr::Type(cause.to_string())
}

impl DecodeColumn for DateTime<Utc> {
    const DEFAULT_WHEN_OMITTED: Option<fn() -> Self> = Some(Self::default);

    fn try_decode(row: &Row, place: usize) -> Result<Option<Self>, DbErr> {
        match row {
            Row::Postgres(row) => {
                let time: Option<Time> = row.try_get(place).map_err(|cause| decode_error(&cause))?;
                Ok(time.map(|Time(time)| time))
            }
            Row::Sqlite(row) => row.try_get_by_index(place),
        }
    }
}

impl<T: DecodeColumn> DecodeColumn for Option<T> {
    const DEFAULT_WHEN_OMITTED: Option<fn() -> Self> = Some(|| None);

    fn try_decode(row: &Row, place: usize) -> Result<Option<Self>, DbErr> {
        T::try_decode(row, place).map(Some)
    }
}

/// Types that both drivers read by themselves.
macro_rules! by_the_driver {
    ($($ty:ty: $left_out:expr),+ $(,)?) => {$(
        impl DecodeColumn for $ty {
            const DEFAULT_WHEN_OMITTED: Option<fn() -> Self> = $left_out;

            fn try_decode(row: &Row, place: usize) -> Result<Option<Self>, DbErr> {
                match row {
                    Row::Postgres(row) => row.try_get(place).map_err(|cause| decode_error(&cause)),
                    Row::Sqlite(row) => row.try_get_by_index(place),
                }
            }
        }
    )+};
}

by_the_driver!(
    bool: Some(bool::default),
    i16: Some(i16::default),
    i32: Some(i32::default),
    i64: Some(i64::default),
    f64: Some(f64::default),
    String: Some(String::new),
    Uuid: None,
    NaiveDate: Some(NaiveDate::default),
    serde_json::Value: Some(serde_json::Value::default),
    Vec<Uuid>: None,
    Vec<String>: Some(Vec::new),
);

/// Enums that are kept as texts.
macro_rules! as_text {
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::row::DecodeColumn for $ty {
            fn try_decode(row: &$crate::row::Row, place: usize) -> Result<Option<Self>, sea_orm::DbErr> {
                use sea_orm::ActiveEnum as _;
                match row {
                    $crate::row::Row::Postgres(_) => String::try_decode(row, place)?.map(|text| Self::try_from_value(&text)).transpose(),
                    $crate::row::Row::Sqlite(row) => row.try_get_by_index(place),
                }
            }
        }
    )+};
}
pub(crate) use as_text;
