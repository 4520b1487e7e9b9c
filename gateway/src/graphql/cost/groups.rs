//! What an aggregate may cost.
//!
//! Owns: how many groups its arguments can make, and their price. May use: the arguments' values. Invariant: where a
//! dimension has few values, or there is a range, the number of groups is an upper bound; else it is an estimate, and never
//! above the number that is refused.

use std::borrow::Cow;

use async_graphql::Value;
use chrono::{DateTime, Utc};
use entity::analytics::MAX_GROUPS;

/// So many groups cost as much as an object.
const GROUPS_FOR_ONE: u64 = 10;
/// A condition or a rank, for each so many groups.
const ENTRY: u64 = 5;
/// Groups of a page, if not asked otherwise, and at most.
const PAGE: u64 = 100;
const MOST_ON_PAGE: u64 = 1000;
/// Intervals, where the range is that of the rows, and at most.
const INTERVALS: u64 = 1000;

/// What the arguments of an aggregate say about its groups.
pub(super) struct Groups {
    count: u64,
    /// Whether there can be no more.
    is_bound: bool,
    entries: u64,
    first: u64,
}

impl Groups {
    /// Of an aggregate with these arguments.
    pub(super) fn of<'a>(argument: impl Fn(&str) -> Option<Cow<'a, Value>>) -> Self {
        let entries = |name| argument(name).map_or(0, |entries| length(&entries));
        let mut groups = 1_u64;
        let mut is_bound = true;
        if let Some(dimensions) = argument("groupBy") {
            let one = std::slice::from_ref(&*dimensions);
            let named = if let Value::List(named) = &*dimensions { named.as_slice() } else { one };
            // More dimensions than there are will be refused.
            for dimension in named.iter().take(8) {
                let (values, has_no_more) = values(dimension);
                groups = groups.saturating_mul(values);
                is_bound &= has_no_more;
            }
        }
        if let Some(bucket) = argument("bucket") {
            groups = groups.saturating_mul(intervals(&bucket));
        }
        let first = match argument("first").as_deref() {
            Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
            _ => PAGE,
        };
        Self {
            count: groups.min(MAX_GROUPS as u64),
            is_bound,
            entries: entries("having").saturating_add(entries("orderBy")),
            first: first.min(MOST_ON_PAGE),
        }
    }

    /// What making, filling and ordering them costs.
    pub(super) fn weight(&self) -> u64 {
        (self.count / GROUPS_FOR_ONE).saturating_add(self.entries.saturating_mul(ENTRY))
    }

    /// How many of them the answer can hold.
    pub(super) fn page(&self) -> u64 {
        if self.is_bound { self.first.min(self.count) } else { self.first }
    }
}

fn length(value: &Value) -> u64 {
    if let Value::List(entries) = value { entries.len() as u64 } else { 1 }
}

/// How many values a dimension has, none among them, and whether there can be no more.
fn values(dimension: &Value) -> (u64, bool) {
    let name = match dimension {
        Value::Enum(name) => name.as_str(),
        Value::String(name) => name.as_str(),
        _ => "",
    };
    match name {
        "RISK" | "KIND" => (5, true),
        "STATUS" => (4, true),
        "ONBOARDING_PERIOD" => (13, true),
        "DSO" | "ACTOR" => (200, false),
        _ => (2000, false),
    }
}

/// How many intervals a bucket makes.
fn intervals(bucket: &Value) -> u64 {
    let Value::Object(bucket) = bucket else { return INTERVALS };
    let word = |name: &str| match bucket.get(name) {
        Some(Value::Enum(word)) => word.to_string(),
        Some(Value::String(word)) => word.clone(),
        _ => String::new(),
    };
    let hours = match word("unit").as_str() {
        "DAY" => 23,
        "WEEK" => 7 * 24 - 1,
        "MONTH" => 28 * 24 - 1,
        "QUARTER" => 90 * 24 - 1,
        "YEAR" => 365 * 24 - 1,
        // Where clocks are set by half an hour, an hour has half of one.
        _ => return INTERVALS,
    };
    let Some(Value::Object(range)) = bucket.get("range") else { return INTERVALS };
    let moment = |name: &str| match range.get(name) {
        Some(Value::String(text)) => DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.with_timezone(&Utc)),
        _ => None,
    };
    let (Some(from), Some(until)) = (moment("from"), moment("until")) else { return INTERVALS };
    let whole = (until - from).num_hours().unsigned_abs() / hours;
    // One more at each end, begun and not whole.
    whole.saturating_add(2).min(INTERVALS)
}
