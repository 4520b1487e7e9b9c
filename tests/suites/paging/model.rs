//! Doctors with ties and nulls in every column that orders them, and the plain order that they should have.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DatabaseConnection, Value};
use tests::tenants::insert_many;
use uuid::Uuid;

use super::{TENANT, named};

/// By what doctors are ordered, as the schema spells it.
pub(super) const ORDERS: [&str; 5] = ["NAME", "RISK", "PERIOD", "LAST_CONTACT", "JOINED_AT"];
/// Which way.
pub(super) const DIRECTIONS: [&str; 2] = ["ASC", "DESC"];

/// What of a doctor matters here.
#[derive(Clone, Debug)]
pub(super) struct Doctor {
    pub(super) id: Uuid,
    name: &'static str,
    risk: Option<usize>,
    period: Option<i32>,
    last_contact: Option<DateTime<Utc>>,
    joined: Option<DateTime<Utc>>,
}

const RISKS: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
/// With ties, in cases and scripts that a locale would order otherwise than by bytes.
const NAMES: [&str; 8] = ["Same", "Same", "same", "Äpfel", "Zoe", "a b", "ab", "_"];
/// In microseconds from the start of 2026: ties, neighbours, a whole second, one without a fraction, one of 1965.
const TIMES: [i64; 6] = [0, 1, 0, 1_000_000, -1, -1_924_992_000_000_000];

fn time(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap() + TimeDelta::microseconds(micros)
}

/// The doctors of the second DSO: 40 beside the two that every DSO has.
pub(super) fn doctors() -> Vec<Doctor> {
    let some = |number: usize, every: usize| !number.is_multiple_of(every);
    (0..40)
        .map(|number| Doctor {
            id: named(&format!("ordered {number}")),
            name: NAMES[number % NAMES.len()],
            risk: some(number, 5).then(|| number % RISKS.len()),
            period: some(number, 7).then(|| i32::try_from(number % 3 + 1).unwrap()),
            last_contact: some(number, 4).then(|| time(TIMES[number % TIMES.len()])),
            joined: some(number, 3).then(|| time(TIMES[(number / 2) % TIMES.len()])),
        })
        .collect()
}

/// In the order that the schema's texts promise: none first, ties by id, and all of it backwards for DESC.
pub(super) fn ordered(order: &str, direction: &str) -> Vec<Doctor> {
    let mut doctors = doctors();
    doctors.sort_by(|one, other| {
        let keys = match order {
            "NAME" => entity::text::name_key(one.name).cmp(&entity::text::name_key(other.name)),
            "RISK" => one.risk.cmp(&other.risk),
            "PERIOD" => one.period.cmp(&other.period),
            "LAST_CONTACT" => one.last_contact.cmp(&other.last_contact),
            "JOINED_AT" => one.joined.cmp(&other.joined),
            _ => panic!("`{order}` has no model"),
        };
        keys.then(one.id.cmp(&other.id))
    });
    if direction == "DESC" {
        doctors.reverse();
    }
    doctors
}

/// Puts them into a DSO of their own, and some ties into the other lists.
pub(super) async fn seed(connection: &DatabaseConnection) {
    let organization: Value = TENANT.id().into();
    let dso: Value = named("dso ordered").into();
    let row = vec![organization.clone(), dso.clone(), "DSO 0001 of tenant-1".into(), time(0).into(), time(0).into()];
    insert_many(connection, "dsos", &["organization_id", "id", "name", "created_at", "updated_at"], vec![row]).await;
    let rows = doctors().into_iter().map(|doctor| {
        vec![
            organization.clone(),
            doctor.id.into(),
            dso.clone(),
            doctor.name.into(),
            doctor.risk.map(|risk| RISKS[risk]).into(),
            doctor.period.into(),
            doctor.last_contact.into(),
            doctor.joined.into(),
            time(0).into(),
            time(0).into(),
        ]
    });
    let columns = [
        "organization_id",
        "id",
        "dso_id",
        "name",
        "risk",
        "onboarding_period",
        "last_contact_at",
        "joined_at",
        "created_at",
        "updated_at",
    ];
    insert_many(connection, "doctors", &columns, rows.collect()).await;
    // Of one moment all, but for one that is not held yet.
    let courses = (0..5).map(|course| {
        let held: Value = (course != 2).then(|| time(0)).into();
        vec![
            organization.clone(),
            named(&format!("course ordered {course}")).into(),
            dso.clone(),
            "Course".into(),
            held,
            time(0).into(),
            time(0).into(),
        ]
    });
    let columns = ["organization_id", "id", "dso_id", "title", "held_at", "created_at", "updated_at"];
    insert_many(connection, "courses", &columns, courses.collect()).await;
    let activities = (0..9).map(|activity| {
        let id = named(&format!("activity ordered {activity}")).into();
        let doctor = named("ordered 0").into();
        vec![
            organization.clone(),
            id,
            dso.clone(),
            doctor,
            "NOTE".into(),
            time(i64::from(activity / 4)).into(),
            time(0).into(),
            time(0).into(),
        ]
    });
    let columns = ["organization_id", "id", "dso_id", "doctor_id", "kind", "occurred_at", "created_at", "updated_at"];
    insert_many(connection, "activities", &columns, activities.collect()).await;
}
