//! Groups equal a plain count of the rows that the same caller can page through.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Value, json};
use tests::{Actor, CANARY, Database, Gateway, Kind, World, sample};

use super::{
    calendar::{interval, time},
    expected::{Noun, field_of, rounded, rows_of, scatter},
    paging,
};

/// Number of worlds on each database; in each, every actor sends [`QUESTIONS`] requests for each noun.
const WORLDS: usize = 2;
const QUESTIONS: usize = 20;

const ACTORS: [Actor; 6] =
    [Actor::Owner, Actor::Manager, Actor::Viewer, Actor::Ungranted, Actor::BothInA, Actor::OwnerOfB];

/// Time zones in which days have 23 or 25 hours, or begin in the middle of an hour of UTC.
const ZONES: [&str; 5] = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"];
const UNITS: [&str; 6] = ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];

/// A source of random choices, the same in every run.
pub(super) struct Dice(TestRng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.0.next_u64() % most.max(1) as u64).unwrap_or(0)
    }

    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub(super) fn is(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

/// Arguments of an aggregate of one noun.
struct Question {
    by: Vec<&'static str>,
    filter: Value,
    bucket: Option<(&'static str, &'static str, &'static str, bool, Option<(DateTime<Utc>, DateTime<Utc>)>)>,
}

fn question(dice: &mut Dice, noun: &Noun) -> Question {
    let by: Vec<_> = noun.dimensions.iter().map(|(name, _)| *name).filter(|_| dice.is(3)).collect();
    let dsos = ["Smile", "Bright", "Zenith"].map(|dso| World::id::<entity::id::DsoId>(&format!("dso {dso}")));
    let mut filter = json!({});
    if dice.is(3) {
        filter["dsoIds"] = json!([dice.one(&dsos), dice.one(&dsos)]);
    }
    match noun.name {
        "doctors" if dice.is(3) => filter["risk"] = json!(["HIGH", "CRITICAL"]),
        "activities" if dice.is(3) => filter["kind"] = json!(["PHONE", "TEXT"]),
        "activities" if dice.is(3) => filter["from"] = json!("2025-11-01T13:30:00Z"),
        "cases" if dice.is(3) => filter["status"] = json!(["SUBMITTED"]),
        _ => {}
    }
    let bucket = dice.is(2).then(|| {
        let start = time("2025-10-20T00:00:00Z") + Duration::minutes(i64::try_from(dice.below(40_000)).unwrap_or(0));
        let until = start + Duration::hours(1 + i64::try_from(dice.below(900)).unwrap_or(0));
        let range = dice.is(2).then_some((start, until));
        // Hours only within a range, where they are few.
        let units = if range.is_some() { &UNITS[..] } else { &UNITS[2..] };
        (*dice.one(noun.times), *dice.one(units), *dice.one(&ZONES), dice.is(4), range)
    });
    Question { by, filter, bucket }
}

async fn groups(gateway: &Gateway, actor: Actor, noun: &Noun, asked: &Question) -> BTreeMap<Vec<String>, Value> {
    let bucket = match &asked.bucket {
        None => String::new(),
        Some((field, unit, zone, sunday, range)) => {
            let week = if *sunday { "SUNDAY" } else { "MONDAY" };
            let range = range.map_or(String::new(), |(from, until)| {
                format!(", range: {{ from: \"{}\", until: \"{}\" }}", from.to_rfc3339(), until.to_rfc3339())
            });
            format!("bucket: {{ field: {field}, unit: {unit}, timeZone: \"{zone}\", weekStart: {week}{range} }}")
        }
    };
    let fields: Vec<_> =
        noun.dimensions.iter().filter(|(name, _)| asked.by.contains(name)).map(|(_, field)| *field).collect();
    let query = format!(
        "query($filter: {}, $after: String) {{ groups: {}Aggregate(filter: $filter, groupBy: [{}] {bucket}, first: 7, after: $after) \
         {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ bucket {} {} }} }} }}",
        noun.filter,
        noun.name,
        asked.by.join(", "),
        fields.join(" "),
        noun.figures,
    );
    let mut groups = BTreeMap::new();
    let mut after = Value::Null;
    loop {
        let answer = gateway.ask(actor, &query, json!({ "filter": asked.filter, "after": after })).await.clean();
        assert!(actor.may_see_b() || !answer.text.contains(CANARY), "{actor:?} {}", answer.text);
        let page = answer.data("/groups");
        for group in page["nodes"].as_array().expect("a list of groups") {
            let mut key: Vec<_> =
                fields.iter().map(|field| group[field.split(' ').next().unwrap_or_default()].to_string()).collect();
            if let Some((_, unit, zone, sunday, range)) = &asked.bucket {
                let start = time(group["bucket"].as_str().expect("an interval's beginning"));
                let zone: Tz = zone.parse().expect("a zone");
                // The first interval may begin before the range.
                let inside = range.map_or(start, |(from, _)| start.max(from));
                key.push(interval(inside, unit, zone, *sunday));
            }
            let mut figures = group.clone();
            for name in fields.iter().map(|field| field.split(' ').next().unwrap_or_default()).chain(["bucket"]) {
                figures.as_object_mut().expect("a group").remove(name);
            }
            assert!(groups.insert(key.clone(), rounded(figures)).is_none(), "{actor:?} {query}: {key:?} comes twice");
        }
        if page["pageInfo"]["hasNextPage"] != true {
            assert_eq!(page["totalCount"], groups.len(), "{actor:?} {query}");
            return groups;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn recounted(rows: &[Value], noun: &Noun, asked: &Question) -> BTreeMap<Vec<String>, Value> {
    let mut groups: BTreeMap<Vec<String>, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        let mut key: Vec<_> = noun
            .dimensions
            .iter()
            .filter(|(name, _)| asked.by.contains(name))
            .map(|(_, field)| row[field.split(' ').next().unwrap_or_default()].to_string())
            .collect();
        if let Some((field, unit, zone, sunday, range)) = &asked.bucket {
            let Some(at) = row[field_of(field)].as_str().map(time) else { continue };
            if range.is_some_and(|(from, until)| at < from || until <= at) {
                continue;
            }
            key.push(interval(at, unit, zone.parse().expect("a zone"), *sunday));
        }
        groups.entry(key).or_default().push(row);
    }
    if asked.by.is_empty() && asked.bucket.is_none() {
        // Without grouping there is exactly one group, even of no rows.
        groups.entry(Vec::new()).or_default();
    }
    groups.into_iter().map(|(key, rows)| (key, rounded((noun.tell)(&rows)))).collect()
}

#[tokio::test]
async fn groups_equal_a_plain_count_of_the_callers_rows_on_sqlite() {
    compare(Kind::Sqlite).await;
}

#[tokio::test]
async fn groups_equal_a_plain_count_of_the_callers_rows_on_postgres() {
    compare(Kind::Postgres).await;
}

async fn compare(kind: Kind) {
    for seed in 0..sample(1, WORLDS) as u64 {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        scatter(&connection, &mut Dice::new(seed)).await;
        database.roll_up().await;
        let gateway = Gateway::over(&database).await;
        for actor in ACTORS {
            let mut dice = Dice::new(1_000 + seed);
            for noun in Noun::ALL {
                for _ in 0..sample(8, QUESTIONS) {
                    let asked = question(&mut dice, noun);
                    let rows = rows_of(&gateway, actor, noun, &asked.filter).await;
                    let expected = recounted(&rows, noun, &asked);
                    let found = groups(&gateway, actor, noun, &asked).await;
                    let what =
                        format!("{kind:?} {actor:?} {} {:?} {} {:?}", noun.name, asked.by, asked.filter, asked.bucket);
                    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}");
                    for (key, figures) in &found {
                        assert_eq!(figures, &expected[key], "{what} {key:?}");
                    }
                    let counts = found.values().filter_map(|figures| figures["count"].as_f64());
                    let sum = counts.fold(0.0, |sum, count| sum + count);
                    if asked.bucket.is_none() {
                        assert_eq!(sum.to_string(), rows.len().to_string(), "{what}: the groups are not all rows");
                    }
                }
            }
        }
        assert!(!paging::all(&gateway, Actor::Owner, "doctors", &json!({}), "id").await.is_empty());
    }
}
