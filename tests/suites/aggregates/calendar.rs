//! A second, independent implementation of the calendar.
//!
//! Owns: the suites' own computation of intervals: from the local date of a time, never by adding hours. Two
//! implementations that agree are better evidence than one.

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// The name of the interval that contains a time: the local date on which it begins.
pub(super) fn interval(at: DateTime<Utc>, unit: &str, zone: Tz, sunday_first: bool) -> String {
    let local = at.with_timezone(&zone);
    let day = local.date_naive();
    let first = match unit {
        "HOUR" => {
            // The offset distinguishes the two occurrences of an hour that is repeated.
            return format!("{day} {:02} {}", local.hour(), local.format("%z"));
        }
        "DAY" => day,
        "WEEK" => {
            let back =
                if sunday_first { day.weekday().num_days_from_sunday() } else { day.weekday().num_days_from_monday() };
            day - chrono::Days::new(back.into())
        }
        "MONTH" => of(day.year(), day.month()),
        "QUARTER" => of(day.year(), (day.month() - 1) / 3 * 3 + 1),
        "YEAR" => of(day.year(), 1),
        other => panic!("`{other}` is no unit"),
    };
    first.to_string()
}

fn of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("a first of a month")
}

/// A time in the format of the API.
pub(super) fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text)
        .unwrap_or_else(|error| panic!("`{text}` is no time: {error}"))
        .with_timezone(&Utc)
}

/// Control of the calendar itself: the hour that is repeated when the clocks go back is two intervals of one day.
#[test]
fn the_hour_that_comes_twice_is_two_intervals() {
    let zone: Tz = "America/New_York".parse().unwrap();
    let first = Utc.with_ymd_and_hms(2025, 11, 2, 5, 30, 0).unwrap();
    let second = Utc.with_ymd_and_hms(2025, 11, 2, 6, 30, 0).unwrap();
    assert_ne!(interval(first, "HOUR", zone, false), interval(second, "HOUR", zone, false));
    assert_eq!(interval(first, "DAY", zone, false), "2025-11-02");
}
