//! Intervals of a calendar.
//!
//! Owns: where hours, days, weeks, months, quarters and years begin in a time zone. May use: the time zone database.
//! Invariant: each interval ends where the next begins, on days with 23 or 25 hours too; a database is told the moments,
//! never the zone.

use async_graphql::Enum;
use chrono::{DateTime, Datelike, Days, Duration, LocalResult, Months, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// The length of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TimeUnit {
    /// An hour.
    Hour,
    /// From midnight to midnight.
    Day,
    /// Seven days.
    Week,
    /// A month of the calendar.
    Month,
    /// Three months, from January, April, July or October.
    Quarter,
    /// A year of the calendar.
    Year,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Weekday {
    /// With which a week begins by ISO 8601.
    #[default]
    Monday,
    /// The day after Monday.
    Tuesday,
    /// The day after Tuesday.
    Wednesday,
    /// The day after Wednesday.
    Thursday,
    /// The day after Thursday.
    Friday,
    /// The day after Friday.
    Saturday,
    /// The day after Saturday.
    Sunday,
}

/// How a range is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    pub(crate) unit: TimeUnit,
    pub(crate) zone: Tz,
    pub(crate) week_start: Weekday,
}

/// A range in intervals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Intervals {
    /// Where each interval begins by the calendar: the first perhaps before the range.
    pub(crate) starts: Vec<DateTime<Utc>>,
    /// The range's beginning, where each further interval begins, and the range's end.
    pub(crate) edges: Vec<DateTime<Utc>>,
}

impl Calendar {
    /// The intervals of a range that is not empty; none, if they are more than `most`.
    pub(crate) fn cut(self, from: DateTime<Utc>, until: DateTime<Utc>, most: usize) -> Option<Intervals> {
        let mut starts = vec![self.floor(from)];
        let mut edges = vec![from];
        while let Some(next) = starts.last().and_then(|start| self.next(*start)).filter(|next| *next < until) {
            if starts.len() == most {
                return None;
            }
            starts.push(next);
            edges.push(next);
        }
        edges.push(until);
        Some(Intervals { starts, edges })
    }

    /// Where the interval begins that a moment is in.
    fn floor(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let local = at.with_timezone(&self.zone);
        match self.unit {
            TimeUnit::Hour => at - into_the_hour(&local),
            TimeUnit::Day | TimeUnit::Week | TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => {
                self.start_of(self.first_day(local.date_naive())).unwrap_or(at)
            }
        }
    }

    /// Where the interval begins behind the one that begins at `start`; none at the end of time.
    fn next(self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.unit == TimeUnit::Hour {
            let later = start + Duration::hours(1);
            // Where clocks are set by half an hour, the next hour begins after half of one.
            let next = later - into_the_hour(&later.with_timezone(&self.zone));
            return Some(if next > start { next } else { later });
        }
        // A day that begins at one o'clock, since midnight was left out, is that day all the same.
        let mut day = self.first_day(start.with_timezone(&self.zone).date_naive());
        loop {
            day = match self.unit {
                TimeUnit::Hour | TimeUnit::Day => day.checked_add_days(Days::new(1)),
                TimeUnit::Week => day.checked_add_days(Days::new(7)),
                TimeUnit::Month => day.checked_add_months(Months::new(1)),
                TimeUnit::Quarter => day.checked_add_months(Months::new(3)),
                TimeUnit::Year => day.checked_add_months(Months::new(12)),
            }?;
            // Samoa left out a whole day once.
            if let Some(next) = self.start_of(day).filter(|next| *next > start) {
                return Some(next);
            }
        }
    }

    fn first_day(self, day: NaiveDate) -> NaiveDate {
        let back = match self.unit {
            TimeUnit::Hour | TimeUnit::Day => 0,
            TimeUnit::Week => (day.weekday().num_days_from_monday() + 7 - self.week_start as u32) % 7,
            TimeUnit::Month => day.day0(),
            TimeUnit::Quarter => {
                let first = day.with_day0(0).and_then(|first| first.with_month0(day.month0() / 3 * 3));
                first.map_or(0, |first| (day - first).num_days().unsigned_abs().try_into().unwrap_or(0))
            }
            TimeUnit::Year => day.ordinal0(),
        };
        day.checked_sub_days(Days::new(back.into())).unwrap_or(day)
    }

    /// The first moment of a day; none, if the zone has left the day out.
    fn start_of(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let moments = (0..24 * 4).map(|quarter| day.and_time(NaiveTime::MIN) + Duration::minutes(15 * quarter));
        let mut there = moments.filter_map(|moment| match self.zone.from_local_datetime(&moment) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.with_timezone(&Utc)),
            LocalResult::None => None,
        });
        there.next()
    }
}

fn into_the_hour(local: &DateTime<Tz>) -> Duration {
    Duration::minutes(local.minute().into())
        + Duration::seconds(local.second().into())
        + Duration::nanoseconds((local.nanosecond() % 1_000_000_000).into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn starts(unit: TimeUnit, zone: &str, week_start: Weekday, from: &str, until: &str) -> Vec<String> {
        let calendar = Calendar { unit, zone: zone.parse().unwrap(), week_start };
        let intervals = calendar.cut(at(from), at(until), 1000).unwrap();
        assert!(intervals.edges.is_sorted() && intervals.edges.len() == intervals.starts.len() + 1);
        intervals.starts.iter().map(|start| start.format("%m-%dT%H:%M").to_string()).collect()
    }

    #[test]
    fn days_follow_the_zone_through_the_hours_that_are_left_out_or_come_twice() {
        use TimeUnit::{Day, Hour};
        let monday = Weekday::Monday;
        // New York: 23 hours on 8 March 2026, 25 on 1 November.
        let spring = starts(Day, "America/New_York", monday, "2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z");
        assert_eq!(spring, ["03-07T05:00", "03-08T05:00", "03-09T04:00"]);
        let autumn = starts(Day, "America/New_York", monday, "2026-11-01T04:00:00Z", "2026-11-03T05:00:00Z");
        assert_eq!(autumn, ["11-01T04:00", "11-02T05:00"]);
        assert_eq!(starts(Hour, "America/New_York", monday, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z").len(), 25);
        // Santiago leaves midnight out: the day begins at one.
        let chile = starts(Day, "America/Santiago", monday, "2026-09-06T12:00:00Z", "2026-09-07T12:00:00Z");
        assert_eq!(chile, ["09-06T04:00", "09-07T03:00"]);
        // Lord Howe sets its clocks by half an hour; Samoa left out 30 December 2011.
        let howe = starts(Hour, "Australia/Lord_Howe", monday, "2026-10-03T14:30:00Z", "2026-10-03T17:00:00Z");
        assert_eq!(howe, ["10-03T14:30", "10-03T15:00", "10-03T16:00"]);
        let samoa = starts(Day, "Pacific/Apia", monday, "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z");
        assert_eq!(samoa, ["12-29T10:00", "12-30T10:00"]);
    }

    #[test]
    fn weeks_are_those_of_the_iso_unless_another_day_begins_them() {
        use TimeUnit::Week;
        // 29 December 2025 is the Monday of week 1 of 2026.
        let iso = starts(Week, "UTC", Weekday::Monday, "2026-01-01T00:00:00Z", "2026-01-13T00:00:00Z");
        assert_eq!(iso, ["12-29T00:00", "01-05T00:00", "01-12T00:00"]);
        let sunday = starts(Week, "UTC", Weekday::Sunday, "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z");
        assert_eq!(sunday, ["12-28T00:00", "01-04T00:00"]);
    }

    #[test]
    fn longer_units_begin_where_the_calendar_says() {
        use TimeUnit::{Month, Quarter, Year};
        let monday = Weekday::Monday;
        let months = starts(Month, "UTC", monday, "2026-01-31T00:00:00Z", "2026-03-01T00:00:01Z");
        assert_eq!(months, ["01-01T00:00", "02-01T00:00", "03-01T00:00"]);
        let quarters = starts(Quarter, "Asia/Kolkata", monday, "2026-05-15T00:00:00Z", "2026-07-01T00:00:00Z");
        assert_eq!(quarters, ["03-31T18:30", "06-30T18:30"]);
        assert_eq!(starts(Year, "UTC", monday, "2024-02-29T00:00:00Z", "2026-01-01T00:00:00Z"), ["01-01T00:00"; 2]);
    }

    #[test]
    fn more_intervals_than_are_allowed_are_none() {
        let calendar = Calendar { unit: TimeUnit::Hour, zone: Tz::UTC, week_start: Weekday::Monday };
        assert_eq!(calendar.cut(at("2026-01-01T00:00:00Z"), at("2026-01-03T00:00:00Z"), 47), None);
    }
}
