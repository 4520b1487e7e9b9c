//! The expected figures of rows, computed in a plain way.
//!
//! Owns: for each noun, its dimensions, its figures, and a plain computation of them; and rows that are scattered over
//! the world at random. Invariant: a figure is computed from the answer of a list, as a person with a pencil would.

use std::collections::BTreeSet;

use chrono::Duration;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tests::{Actor, Gateway, World, world::Side};
use uuid::Uuid;

use super::{calendar::time, paging, recount::Dice};

/// A noun that can be grouped.
pub(super) struct Noun {
    pub(super) name: &'static str,
    pub(super) filter: &'static str,
    /// Name of the dimension, and the field that shows it.
    pub(super) dimensions: &'static [(&'static str, &'static str)],
    /// Times by which rows are put into intervals.
    pub(super) times: &'static [&'static str],
    /// Figures that are requested.
    pub(super) figures: &'static str,
    /// Computes the same figures from rows.
    pub(super) tell: fn(&[&Value]) -> Value,
}

impl Noun {
    /// Each noun twice: with figures that only the rows can give, and with figures that the roll-ups give.
    pub(super) const ALL: [&'static Self; 6] =
        [&DOCTORS, &COUNTED_DOCTORS, &ACTIVITIES, &COUNTED_ACTIVITIES, &CASES, &COUNTED_CASES];
}

/// The field that shows a time.
pub(super) fn field_of(time: &str) -> &'static str {
    match time {
        "JOINED_AT" => "joinedAt",
        "LAST_CONTACT_AT" => "lastContactAt",
        "OCCURRED_AT" => "occurredAt",
        "OPENED_AT" => "openedAt",
        other => panic!("`{other}` is no time"),
    }
}

const DOCTORS: Noun = Noun {
    name: "doctors",
    filter: "DoctorFilter",
    dimensions: &[
        ("DSO", "dso { id }"),
        ("RISK", "risk"),
        ("ONBOARDING_PERIOD", "onboardingPeriod"),
        ("PRACTICE", "practice"),
    ],
    times: &["JOINED_AT", "LAST_CONTACT_AT"],
    figures: "count risks: countDistinct(of: RISK) sum(of: ONBOARDING_PERIOD) avg(of: PROGRESS) min(of: ONBOARDING_PERIOD) \
              max(of: PROGRESS) median(of: ONBOARDING_PERIOD) middle: median(of: PROGRESS) stddev(of: PROGRESS) \
              earliest(of: LAST_CONTACT_AT) latest(of: JOINED_AT)",
    tell: |rows| {
        let (periods, progress) = (numbers(rows, "onboardingPeriod"), numbers(rows, "progress"));
        json!({
            "count": rows.len(),
            "risks": different(rows, "risk"),
            "sum": periods.iter().sum::<f64>(),
            "avg": mean(&progress),
            "min": periods.iter().copied().reduce(f64::min),
            "max": progress.iter().copied().reduce(f64::max),
            "median": median(&periods),
            "middle": median(&progress),
            "stddev": deviation(&progress),
            "earliest": times(rows, "lastContactAt").into_iter().min(),
            "latest": times(rows, "joinedAt").into_iter().max(),
        })
    },
};

const ACTIVITIES: Noun = Noun {
    name: "activities",
    filter: "ActivityFilter",
    dimensions: &[("DSO", "dso { id }"), ("DOCTOR", "doctor { id }"), ("ACTOR", "actor { id }"), ("KIND", "kind")],
    times: &["OCCURRED_AT"],
    figures: "count doctors: countDistinct(of: DOCTOR) latest(of: OCCURRED_AT)",
    tell: |rows| {
        json!({
            "count": rows.len(),
            "doctors": different(rows, "doctor"),
            "latest": times(rows, "occurredAt").into_iter().max(),
        })
    },
};

const COUNTED_DOCTORS: Noun = Noun { figures: "count", tell: counted, ..DOCTORS };
const COUNTED_ACTIVITIES: Noun = Noun { figures: "count", tell: counted, ..ACTIVITIES };
const COUNTED_CASES: Noun = Noun { figures: "count", tell: counted, ..CASES };

fn counted(rows: &[&Value]) -> Value {
    json!({ "count": rows.len() })
}

const CASES: Noun = Noun {
    name: "cases",
    filter: "CaseFilter",
    dimensions: &[("DSO", "dso { id }"), ("DOCTOR", "doctor { id }"), ("STATUS", "status")],
    times: &["OPENED_AT"],
    figures: "count doctors: countDistinct(of: DOCTOR) earliest(of: OPENED_AT)",
    tell: |rows| {
        json!({
            "count": rows.len(),
            "doctors": different(rows, "doctor"),
            "earliest": times(rows, "openedAt").into_iter().min(),
        })
    },
};

/// The rows that an actor can list.
pub(super) async fn rows_of(gateway: &Gateway, actor: Actor, noun: &Noun, filter: &Value) -> Vec<Value> {
    let fields = "id dso { id } risk onboardingPeriod practice progress joinedAt lastContactAt";
    match noun.name {
        "doctors" => paging::all(gateway, actor, "doctors", filter, fields).await,
        "activities" => {
            let fields = "id dso { id } doctor { id } actor { id } kind occurredAt";
            paging::all(gateway, actor, "activities", filter, fields).await
        }
        _ => {
            let has = |list: &str, value: &Value| filter[list].as_array().is_none_or(|wanted| wanted.contains(value));
            let rows = paging::cases(gateway, actor).await;
            rows.into_iter().filter(|row| has("dsoIds", &row["dso"]["id"]) && has("status", &row["status"])).collect()
        }
    }
}

fn numbers(rows: &[&Value], field: &str) -> Vec<f64> {
    rows.iter().filter_map(|row| row[field].as_f64()).collect()
}

fn times(rows: &[&Value], field: &str) -> Vec<String> {
    rows.iter().filter_map(|row| row[field].as_str().map(str::to_owned)).collect()
}

fn different(rows: &[&Value], field: &str) -> usize {
    let values = rows.iter().map(|row| &row[field]).filter(|value| !value.is_null());
    values.map(ToString::to_string).collect::<BTreeSet<_>>().len()
}

#[expect(clippy::cast_precision_loss, reason = "a few rows")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[odd / 2]),
        even => Some(f64::midpoint(values[even / 2 - 1], values[even / 2])),
    }
}

fn deviation(values: &[f64]) -> Option<f64> {
    let middle = mean(values)?;
    Some(mean(&values.iter().map(|value| (value - middle).powi(2)).collect::<Vec<_>>())?.sqrt())
}

/// Figures with their numbers rounded to six decimal places.
pub(super) fn rounded(mut figures: Value) -> Value {
    for figure in figures.as_object_mut().into_iter().flatten().map(|(_, figure)| figure) {
        if let Some(number) = figure.as_f64() {
            *figure = json!((number * 1e6).round() / 1e6);
        }
    }
    figures
}

/// Inserts random rows. Rows of B contain its canary; the DSOs and members of A and B have the same ids.
pub(super) async fn scatter(connection: &DatabaseConnection, dice: &mut Dice) {
    let moment = |dice: &mut Dice| {
        // Around both clock changes, half of the times within three days.
        let base = *dice.one(&[
            "2025-11-01T00:00:00Z",
            "2025-11-02T03:00:00Z",
            "2026-03-07T12:00:00Z",
            "2025-12-28T00:00:00Z",
        ]);
        let spread = if dice.is(2) { 60 * 24 * 3 } else { 60 * 24 * 90 };
        time(base) + Duration::minutes(i64::try_from(dice.below(spread)).unwrap_or(0))
    };
    let run = async |sql: &str, values: Vec<sea_orm::Value>| {
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    for (side, people) in [(Side::A, ["owner", "admin", "manager"]), (Side::B, ["owner-b", "both", "both"])] {
        let organization = World::organization(side);
        for number in 0..40 {
            let dso = *dice.one(&["Smile", "Bright", "Zenith", "Archived"]);
            let (dso, doctor) = (World::uuid(&format!("dso {dso}")), Uuid::now_v7());
            let (joined, contact, created) = (moment(dice), moment(dice), moment(dice));
            let practice = [Some("North"), Some("South"), None][dice.below(3)].map(|text| World::text(side, text));
            let risk = [Some("LOW"), Some("MEDIUM"), Some("HIGH"), Some("CRITICAL"), None][dice.below(5)];
            let period = [None, Some(1), Some(3), Some(7), Some(12)][dice.below(5)];
            let deleted = dice.is(8).then(|| moment(dice));
            run(
                "INSERT INTO doctors (organization_id, id, dso_id, name, practice, risk, onboarding_period, joined_at, \
                 last_contact_at, created_at, updated_at, deleted_at, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, 1)",
                vec![
                    organization.into(),
                    doctor.into(),
                    dso.into(),
                    World::text(side, &format!("Dr {number}")).into(),
                    practice.into(),
                    risk.into(),
                    period.into(),
                    Some(joined).filter(|_| !dice.is(4)).into(),
                    Some(contact).filter(|_| !dice.is(4)).into(),
                    created.into(),
                    deleted.into(),
                ],
            )
            .await;
            for period in 1..=12_i32 {
                if dice.is(3) {
                    let percent = i32::try_from(dice.below(101)).unwrap_or(0);
                    run(
                        "INSERT INTO onboarding_periods (organization_id, id, dso_id, doctor_id, period, percent, recorded_at, \
                         version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
                        vec![
                            organization.into(),
                            Uuid::now_v7().into(),
                            dso.into(),
                            doctor.into(),
                            period.into(),
                            percent.into(),
                            created.into(),
                        ],
                    )
                    .await;
                }
            }
            for _ in 0..dice.below(9) {
                let actor = (!dice.is(4)).then(|| World::uuid(&format!("member {}", people[dice.below(3)])));
                let kind = *dice.one(&["PHONE", "EMAIL", "TEXT", "MEETING", "NOTE"]);
                let (at, deleted) = (moment(dice), dice.is(9).then_some(created));
                run(
                    "INSERT INTO activities (organization_id, id, dso_id, doctor_id, actor_member_id, kind, occurred_at, \
                     created_at, updated_at, deleted_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, 1)",
                    vec![
                        organization.into(),
                        Uuid::now_v7().into(),
                        dso.into(),
                        doctor.into(),
                        actor.into(),
                        kind.into(),
                        at.into(),
                        created.into(),
                        deleted.into(),
                    ],
                )
                .await;
            }
            for _ in 0..dice.below(3) {
                let status = *dice.one(&["SUBMITTED", "IN_PROGRESS", "COMPLETED", "CANCELLED"]);
                run(
                    "INSERT INTO cases (organization_id, id, dso_id, doctor_id, title, status, opened_at, created_at, updated_at, \
                     version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)",
                    vec![
                        organization.into(),
                        Uuid::now_v7().into(),
                        dso.into(),
                        doctor.into(),
                        World::text(side, "case").into(),
                        status.into(),
                        moment(dice).into(),
                        created.into(),
                    ],
                )
                .await;
            }
        }
    }
}
