//! Splits a time range into buckets that have stored counts.
//!
//! Owns: days, months and years as numbers, and splitting a range into them. May use: the calendar, in UTC. Invariant:
//! the buckets and the edges of a range cover exactly the range without overlap, and there are at most some seventy of
//! them, however long the range is.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

use crate::time::TimeRange;

/// Time unit of the activity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Unit {
    Day,
    Month,
    Year,
}

impl Unit {
    pub(crate) const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Month => "MONTH",
            Self::Year => "YEAR",
        }
    }

    /// The first day of the unit that contains a day.
    pub(crate) fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Month => day.with_day0(0).unwrap_or(day),
            Self::Year => day.with_ordinal0(0).unwrap_or(day),
        }
    }

    /// The first day of the unit after the one that begins on `start`.
    fn next(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Year => start.checked_add_months(Months::new(12)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }
}

/// A sequence of consecutive units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) unit: Unit,
    /// The first day of the first unit.
    pub(crate) starts: NaiveDate,
    /// The first day after the last unit.
    pub(crate) ends: NaiveDate,
}

/// A range as whole days, months and years, and the partial days at its ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Buckets {
    pub(crate) whole: Vec<Bucket>,
    pub(crate) edges: Vec<TimeRange>,
}

/// Number of days since 1970.
pub(crate) fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - NaiveDate::default().num_days_from_ce()
}

/// The day of a time in counts of whole days: the day of the moment before it, since ends are exclusive.
pub(crate) fn end_of_day(time: DateTime<Utc>) -> i32 {
    day_number((time - chrono::Duration::microseconds(1)).date_naive())
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

impl Buckets {
    pub(crate) fn of(range: TimeRange) -> Self {
        let TimeRange { from, until } = range;
        if from >= until {
            return Self::default();
        }
        let ends = until.date_naive();
        let starts = match from.date_naive() {
            day if midnight(day) == from => day,
            day => Unit::Day.next(day),
        };
        if starts >= ends {
            return Self { whole: Vec::new(), edges: vec![range] };
        }
        let edges = [TimeRange { from, until: midnight(starts) }, TimeRange { from: midnight(ends), until }];
        Self { whole: whole(starts, ends), edges: edges.into_iter().filter(|edge| edge.from < edge.until).collect() }
    }
}

/// Days up to the next month, months up to the next year, years, months, days.
fn whole(starts: NaiveDate, ends: NaiveDate) -> Vec<Bucket> {
    let mut pieces = Vec::new();
    let mut at = starts;
    for unit in [Unit::Day, Unit::Month, Unit::Year, Unit::Month, Unit::Day] {
        let larger = match unit {
            Unit::Day => Some(Unit::Month),
            Unit::Month => Some(Unit::Year),
            Unit::Year => None,
        };
        let starts = at;
        // Ascending: until a larger unit begins. Descending: until the next unit would not fit.
        let fits_larger =
            |at: NaiveDate| larger.is_some_and(|larger| larger.start(at) == at && larger.next(at) <= ends);
        while unit.start(at) == at && unit.next(at) <= ends && !fits_larger(at) {
            at = unit.next(at);
        }
        if starts < at {
            pieces.push(Bucket { unit, starts, ends: at });
        }
    }
    pieces
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests speak by failing")]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ten_years_are_a_handful_of_pieces() {
        let range = TimeRange { from: midnight(day("2016-03-30")), until: midnight(day("2026-11-03")) };
        let pieces = Buckets::of(range);
        let told: Vec<_> = pieces.whole.iter().map(|piece| (piece.unit.name(), piece.starts, piece.ends)).collect();
        let expected = [
            ("DAY", "2016-03-30", "2016-04-01"),
            ("MONTH", "2016-04-01", "2017-01-01"),
            ("YEAR", "2017-01-01", "2026-01-01"),
            ("MONTH", "2026-01-01", "2026-11-01"),
            ("DAY", "2026-11-01", "2026-11-03"),
        ];
        assert_eq!(told, expected.map(|(unit, starts, ends)| (unit, day(starts), day(ends))));
        assert_eq!(pieces.edges, []);
    }

    proptest! {
        #[test]
        fn pieces_and_edges_make_the_range_and_nothing_twice(from in 0_i64..2_000_000_000, length in any::<u32>()) {
            let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
            let range = TimeRange { from: at(from), until: at(from + i64::from(length / 8)) };
            let pieces = Buckets::of(range);
            let mut runs: Vec<_> = pieces.edges.iter().map(|edge| (edge.from, edge.until)).collect();
            runs.extend(pieces.whole.iter().map(|piece| (midnight(piece.starts), midnight(piece.ends))));
            runs.sort();
            if range.from < range.until {
                prop_assert_eq!(runs.first().unwrap().0, range.from);
                prop_assert_eq!(runs.last().unwrap().1, range.until);
            }
            prop_assert!(runs.windows(2).all(|pair| pair[0].1 == pair[1].0), "{:?}", runs);
            prop_assert!(pieces.whole.len() <= 5 && pieces.edges.len() <= 2);
            let units: i64 = pieces.whole.iter().map(|piece| match piece.unit {
                Unit::Day => (piece.ends - piece.starts).num_days(),
                Unit::Month => (piece.ends - piece.starts).num_days() / 28,
                Unit::Year => (piece.ends - piece.starts).num_days() / 365,
            }).sum();
            prop_assert!(units <= 30 + 12 + 30 + 12 + 30 + 40, "{} units", units);
        }
    }
}
