//! The world's rows, table by table.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};

use super::{DOCTORS, DSOS, SLUG_A, SLUG_B, Side, World};
use crate::computed;

/// All people with a row. (The stranger has a token and no row.)
const PEOPLE: [&str; 14] = [
    "owner",
    "co-owner",
    "admin",
    "dso-admin",
    "manager",
    "viewer",
    "ungranted",
    "removed",
    "suspended",
    "owner-b",
    "both",
    "applicant",
    "applicant-b",
    "denied-b",
];

/// Person, role, status, and grants: DSO and role.
type Membership = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const MEMBERS_OF_A: &[Membership] = &[
    ("owner", "OWNER", "ACTIVE", &[]),
    // A second owner; without one, the first could neither leave nor be demoted.
    ("co-owner", "OWNER", "ACTIVE", &[]),
    ("admin", "ADMIN", "ACTIVE", &[]),
    ("dso-admin", "MEMBER", "ACTIVE", &[("Smile", "ADMIN")]),
    ("manager", "MEMBER", "ACTIVE", &[("Smile", "MANAGER"), ("Bright", "VIEWER"), ("Archived", "MANAGER")]),
    ("viewer", "MEMBER", "ACTIVE", &[("Smile", "VIEWER")]),
    ("ungranted", "MEMBER", "ACTIVE", &[]),
    ("removed", "MEMBER", "REMOVED", &[("Smile", "ADMIN")]),
    ("suspended", "MEMBER", "SUSPENDED", &[("Smile", "ADMIN")]),
    ("both", "MEMBER", "ACTIVE", &[("Smile", "VIEWER")]),
];

const MEMBERS_OF_B: &[Membership] = &[
    ("owner-b", "OWNER", "ACTIVE", &[]),
    ("both", "OWNER", "ACTIVE", &[]),
    // A member of A who has left B: neither membership may affect the other.
    ("manager", "MEMBER", "REMOVED", &[("Smile", "ADMIN"), ("Bright", "ADMIN")]),
    ("suspended", "MEMBER", "SUSPENDED", &[]),
];

pub(super) fn time(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 123_456_000).expect("a time") + Duration::days(days)
}

/// The current time, with the precision that a database stores.
pub(super) fn now() -> DateTime<Utc> {
    entity::time::micros(Utc::now())
}

pub(super) async fn insert(connection: &DatabaseConnection, table: &str, mut row: Vec<(&str, Value)>) {
    let given = |name: &str| row.iter().find(|(column, _)| *column == name).map(|(_, value)| value.clone());
    row.extend(computed::of(table, given));
    let backend = connection.get_database_backend();
    let columns: Vec<_> = row.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let places: Vec<_> = (1..=row.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let values = row.into_iter().map(|(_, value)| value);
    let statement = Statement::from_sql_and_values(backend, sql, values);
    if let Err(error) = connection.execute_raw(statement).await {
        panic!("the world does not fit into `{table}`: {error}");
    }
}

pub(super) async fn people(connection: &DatabaseConnection) {
    for person in PEOPLE {
        let email = format!("{person}@people.example");
        // The names of people who are only in B contain the canary.
        let name = if person.ends_with("-b") { World::text(Side::B, person) } else { format!("{person} by name") };
        insert(
            connection,
            "users",
            vec![
                ("id", World::uuid(&format!("user {person}")).into()),
                ("email", format!(" {}", email.to_uppercase()).into()),
                ("email_normal", email.clone().into()),
                ("name", name.into()),
                ("created_at", time(0).into()),
                ("updated_at", time(0).into()),
            ],
        )
        .await;
        insert(
            connection,
            "identities",
            vec![
                ("issuer", gateway::config::Issuer::DEVELOPMENT.into()),
                ("subject", person.into()),
                ("user_id", World::uuid(&format!("user {person}")).into()),
                ("created_at", time(0).into()),
            ],
        )
        .await;
    }
}

/// Inserts rows on one side: sets the organization.
pub(super) struct On<'a> {
    pub(super) connection: &'a DatabaseConnection,
    pub(super) side: Side,
}

impl On<'_> {
    pub(super) async fn insert(&self, table: &str, mut row: Vec<(&str, Value)>) {
        row.push(("organization_id", World::organization(self.side).into()));
        insert(self.connection, table, row).await;
    }

    pub(super) fn text(&self, text: &str) -> Value {
        World::text(self.side, text).into()
    }
}

pub(super) fn id(name: &str) -> Value {
    World::uuid(name).into()
}

/// The members of an organization.
pub(super) fn members(side: Side) -> &'static [Membership] {
    match side {
        Side::A => MEMBERS_OF_A,
        Side::B => MEMBERS_OF_B,
    }
}

pub(super) async fn organization(connection: &DatabaseConnection, side: Side) {
    let slug = match side {
        Side::A => SLUG_A,
        Side::B => SLUG_B,
    };
    let members = members(side);
    insert(
        connection,
        "organizations",
        vec![
            ("id", World::organization(side).into()),
            ("name", World::text(side, "Aurora Dental").into()),
            ("slug", slug.into()),
            ("status", "ACTIVE".into()),
            ("created_at", time(0).into()),
            ("updated_at", time(0).into()),
            ("version", 1.into()),
        ],
    )
    .await;
    let on = On { connection, side };
    for (person, role, status, _) in members {
        on.insert(
            "memberships",
            vec![
                ("id", id(&format!("member {person}"))),
                ("user_id", id(&format!("user {person}"))),
                ("role", (*role).into()),
                ("status", (*status).into()),
                ("created_at", time(1).into()),
                ("updated_at", time(1).into()),
                ("version", 1.into()),
                // Current, so that the first request does not update it.
                ("last_seen_at", now().into()),
            ],
        )
        .await;
    }
    for (number, dso) in DSOS.iter().enumerate() {
        let archived = (*dso == "Archived").then(|| time(50));
        on.insert(
            "dsos",
            vec![
                ("id", id(&format!("dso {dso}"))),
                ("name", on.text(dso)),
                ("created_at", time(2 + i64::try_from(number).expect("a small number")).into()),
                ("updated_at", time(9).into()),
                ("deleted_at", archived.into()),
                ("version", 3.into()),
            ],
        )
        .await;
        below(&on, dso, members[0].0).await;
    }
    for (person, _, _, grants) in members {
        for (dso, role) in *grants {
            on.insert(
                "dso_grants",
                vec![
                    ("id", id(&format!("grant {person} {dso}"))),
                    ("dso_id", id(&format!("dso {dso}"))),
                    ("member_id", id(&format!("member {person}"))),
                    ("role", (*role).into()),
                    ("granted_by", id(&format!("member {}", members[0].0))),
                    ("created_at", time(5).into()),
                ],
            )
            .await;
        }
    }
    super::dashboards::on(&on, members[0].0).await;
    super::lifecycle::around(&on, members[0].0).await;
}

/// Rows that belong to a DSO.
async fn below(on: &On<'_>, dso: &str, actor: &str) {
    for (number, doctor) in DOCTORS.iter().enumerate() {
        let key = format!("{dso} {doctor}");
        let number = i64::try_from(number).expect("a small number");
        let email = World::text(on.side, doctor).to_lowercase().replace(' ', "-") + "@doctors.example";
        // The last doctor of each DSO is archived.
        let archived = (*doctor == "Cleo").then(|| time(60));
        on.insert(
            "doctors",
            vec![
                ("id", id(&format!("doctor {key}"))),
                ("dso_id", id(&format!("dso {dso}"))),
                ("name", on.text(&format!("Dr. {doctor}"))),
                ("email", email.clone().into()),
                ("email_normal", email.into()),
                ("phone", on.text(&format!("+1 555 010{number}"))),
                ("practice", on.text(&format!("Practice {dso}"))),
                ("onboarding_period", Value::from(i32::try_from(number).expect("a small number") * 5 + 1)),
                ("risk", ["LOW", "CRITICAL", "HIGH"][usize::try_from(number).expect("a small number")].into()),
                ("joined_at", time(10 - number).into()),
                ("notes", on.text(&format!("notes on {doctor}"))),
                ("last_contact_at", time(20 + number + 2).into()),
                ("created_at", time(10).into()),
                ("updated_at", time(11).into()),
                ("deleted_at", archived.into()),
                ("version", 7.into()),
            ],
        )
        .await;
        of_doctor(on, dso, &key, number, actor).await;
    }
    on.insert(
        "courses",
        vec![
            ("id", id(&format!("course {dso}"))),
            ("dso_id", id(&format!("dso {dso}"))),
            ("title", on.text("Aligner basics")),
            ("held_at", time(30).into()),
            ("created_at", time(12).into()),
            ("updated_at", time(12).into()),
            ("version", 1.into()),
        ],
    )
    .await;
    for (name, doctor) in [("Ada", Some(format!("doctor {dso} Ada"))), ("Guest", None)] {
        on.insert(
            "attendees",
            vec![
                ("id", id(&format!("attendee {dso} {name}"))),
                ("dso_id", id(&format!("dso {dso}"))),
                ("course_id", id(&format!("course {dso}"))),
                ("doctor_id", doctor.map(|doctor| World::uuid(&doctor)).into()),
                ("name", on.text(name)),
                ("email", on.text(&format!("{name}@attendees.example"))),
                ("attended", (name == "Ada").into()),
                ("created_at", time(13).into()),
            ],
        )
        .await;
    }
    on.insert(
        "terminology",
        vec![
            ("id", id(&format!("term {dso}"))),
            ("dso_id", id(&format!("dso {dso}"))),
            ("key", "doctor".into()),
            ("label", on.text("Provider")),
        ],
    )
    .await;
}

/// Rows that belong to a doctor.
async fn of_doctor(on: &On<'_>, dso: &str, key: &str, number: i64, actor: &str) {
    let doctor = || vec![("dso_id", id(&format!("dso {dso}"))), ("doctor_id", id(&format!("doctor {key}")))];
    for period in 1..=2 {
        let mut row = doctor();
        row.extend([
            ("id", id(&format!("period {key} {period}"))),
            ("period", period.into()),
            ("percent", (period * 25).into()),
            ("recorded_at", time(14).into()),
            ("recorded_by", id(&format!("member {actor}"))),
            ("version", 1.into()),
        ]);
        on.insert("onboarding_periods", row).await;
    }
    for (turn, kind) in ["PHONE", "EMAIL", "TEXT"].iter().enumerate() {
        let turn = i64::try_from(turn).expect("a small number");
        let mut row = doctor();
        row.extend([
            ("id", id(&format!("activity {key} {kind}"))),
            // Text messages are the manager's, who has left B: the actor of an activity is still named after leaving.
            ("actor_member_id", id(&format!("member {}", if *kind == "TEXT" { "manager" } else { actor }))),
            ("kind", (*kind).into()),
            ("occurred_at", time(20 + number + turn).into()),
            ("note", on.text("asked about the course")),
            ("created_at", time(20).into()),
            ("updated_at", time(20).into()),
            ("deleted_at", Value::from(None::<DateTime<Utc>>)),
            ("version", 2.into()),
        ]);
        on.insert("activities", row).await;
    }
    let mut row = doctor();
    row.extend([
        ("id", id(&format!("case {key}"))),
        ("title", on.text("Case 5088")),
        ("status", "IN_PROGRESS".into()),
        ("opened_at", time(15).into()),
        ("created_at", time(15).into()),
        ("updated_at", time(15).into()),
        ("version", 1.into()),
    ]);
    on.insert("cases", row).await;
}
