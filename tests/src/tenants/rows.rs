//! The rows of one of many organizations, table by table.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{DatabaseConnection, Value};
use uuid::Uuid;

use super::{Size, Tenant, insert_many};
use crate::World;

fn time(minutes: usize) -> Value {
    let start = DateTime::<Utc>::from_timestamp(1_767_225_600, 123_456_000).expect("a time");
    (start + Duration::minutes(i64::try_from(minutes).expect("a small number"))).into()
}

fn number(number: usize) -> Value {
    i32::try_from(number).expect("a small number").into()
}

fn none() -> Value {
    Value::from(None::<Uuid>)
}

#[expect(clippy::too_many_lines, reason = "one table after the other")]
pub(super) async fn seed(tenant: Tenant, connection: &DatabaseConnection, size: Size) {
    let organization = tenant.id();
    let slug = tenant.slug();
    people(tenant, connection, size).await;
    let row = vec![organization.into(), format!("Organization {slug}").into(), slug.as_str().into(), time(0), time(0)];
    insert_many(connection, "organizations", &["id", "name", "slug", "created_at", "updated_at"], vec![row]).await;
    members(tenant, connection, size).await;

    let stamp = |name: String, mut row: Vec<Value>| {
        let mut all = vec![organization.into(), Tenant::uuid(&name).into()];
        all.append(&mut row);
        all
    };
    let each = |names: &[&'static str]| [&["organization_id", "id"], names].concat();
    let dsos = (0..size.dsos)
        .map(|dso| stamp(format!("dso {dso}"), vec![format!("DSO {dso:04} of {slug}").into(), time(dso), time(dso)]));
    insert_many(connection, "dsos", &each(&["name", "created_at", "updated_at"]), dsos.collect()).await;

    let mut grants = vec![];
    let mut doctors = vec![];
    let mut periods = vec![];
    let mut activities = vec![];
    let mut cases = vec![];
    let mut courses = vec![];
    let mut attendees = vec![];
    let mut terms = vec![];
    let owner: Value = Tenant::uuid("member owner").into();
    for dso in 0..size.dsos {
        let dso_id: Value = Tenant::uuid(&format!("dso {dso}")).into();
        let mut grant = |member: String, role: &str| {
            let row = vec![dso_id.clone(), Tenant::uuid(&member).into(), role.into(), owner.clone(), time(dso)];
            grants.push(stamp(format!("grant {dso} {member}"), row));
        };
        match dso {
            0 => grant("member agent".to_owned(), "MANAGER"),
            1 => grant("member agent".to_owned(), "VIEWER"),
            _ => {}
        }
        for member in 0..size.grants {
            grant(format!("member {}", (dso + member) % size.members), "VIEWER");
        }
        for doctor in 0..size.doctors {
            let key = format!("{dso} {doctor}");
            let doctor_id: Value = Tenant::uuid(&format!("doctor {key}")).into();
            let email = format!("d{dso}.{doctor}@{slug}.example");
            doctors.push(stamp(
                format!("doctor {key}"),
                vec![
                    dso_id.clone(),
                    format!("Dr. {doctor:04} of {slug}").into(),
                    email.clone().into(),
                    email.into(),
                    format!("notes of {slug}").into(),
                    ["LOW", "MEDIUM", "HIGH", "CRITICAL"][doctor % 4].into(),
                    time(doctor + size.activities),
                    time(0),
                    time(0),
                ],
            ));
            for activity in 0..size.activities {
                let row = vec![
                    dso_id.clone(),
                    doctor_id.clone(),
                    if activity % 2 == 0 { Tenant::uuid("member agent").into() } else { owner.clone() },
                    ["PHONE", "EMAIL", "TEXT"][activity % 3].into(),
                    time(doctor + activity),
                    format!("said in {slug}").into(),
                    time(0),
                    time(0),
                ];
                activities.push(stamp(format!("activity {key} {activity}"), row));
            }
            for case in 0..size.cases {
                let row = vec![
                    dso_id.clone(),
                    doctor_id.clone(),
                    format!("Case {case} of {slug}").into(),
                    "SUBMITTED".into(),
                    time(case),
                    time(0),
                    time(0),
                ];
                cases.push(stamp(format!("case {key} {case}"), row));
                let row = vec![
                    dso_id.clone(),
                    doctor_id.clone(),
                    number(case % 12 + 1),
                    number(case),
                    time(case),
                    owner.clone(),
                ];
                periods.push(stamp(format!("period {key} {case}"), row));
            }
        }
        for course in 0..size.courses {
            let course_id: Value = Tenant::uuid(&format!("course {dso} {course}")).into();
            courses.push(stamp(
                format!("course {dso} {course}"),
                vec![dso_id.clone(), format!("Course {course} of {slug}").into(), time(course), time(0), time(0)],
            ));
            terms.push(stamp(
                format!("term {dso} {course}"),
                vec![dso_id.clone(), format!("key{course}").into(), format!("word of {slug}").into()],
            ));
            for attendee in 0..size.courses {
                let doctor = if attendee < size.doctors {
                    Tenant::uuid(&format!("doctor {dso} {attendee}")).into()
                } else {
                    none()
                };
                let row = vec![
                    dso_id.clone(),
                    course_id.clone(),
                    doctor,
                    format!("Guest {attendee} of {slug}").into(),
                    true.into(),
                    time(0),
                ];
                attendees.push(stamp(format!("attendee {dso} {course} {attendee}"), row));
            }
        }
    }
    let put = |table: &'static str, columns: &[&'static str], rows| {
        let columns = each(columns);
        async move { insert_many(connection, table, &columns, rows).await }
    };
    put("dso_grants", &["dso_id", "member_id", "role", "granted_by", "created_at"], grants).await;
    let columns =
        ["dso_id", "name", "email", "email_normal", "notes", "risk", "last_contact_at", "created_at", "updated_at"];
    put("doctors", &columns, doctors).await;
    put("onboarding_periods", &["dso_id", "doctor_id", "period", "percent", "recorded_at", "recorded_by"], periods)
        .await;
    let columns = ["dso_id", "doctor_id", "actor_member_id", "kind", "occurred_at", "note", "created_at", "updated_at"];
    put("activities", &columns, activities).await;
    put("cases", &["dso_id", "doctor_id", "title", "status", "opened_at", "created_at", "updated_at"], cases).await;
    put("courses", &["dso_id", "title", "held_at", "created_at", "updated_at"], courses).await;
    put("attendees", &["dso_id", "course_id", "doctor_id", "name", "attended", "created_at"], attendees).await;
    put("terminology", &["dso_id", "key", "label"], terms).await;
    let events = (0..size.dsos).map(|dso| {
        let dso_id: Value = Tenant::uuid(&format!("dso {dso}")).into();
        let row = vec![
            time(dso),
            "DSO_UPDATE".into(),
            "PERSON".into(),
            owner.clone(),
            "DSO".into(),
            dso_id.clone(),
            dso_id,
            slug.as_str().into(),
        ];
        stamp(format!("audit {dso}"), row)
    });
    let columns = ["at", "action", "actor_kind", "actor_member_id", "target_kind", "target_id", "dso_id", "request_id"];
    put("audit_events", &columns, events.collect()).await;
    guests(tenant, connection, size).await;
    boards(tenant, connection, size).await;
}

/// Shared dashboards, some of them with the same time.
async fn boards(tenant: Tenant, connection: &DatabaseConnection, size: Size) {
    let board = |number: usize| {
        let ids = [tenant.id(), Tenant::uuid(&format!("dashboard {number}")), Tenant::uuid("member owner")];
        let title = format!("Board {number} of {}", tenant.slug());
        let told = [title.into(), "SHARED".into(), time(number / 2), time(number / 2)];
        ids.into_iter().map(Value::from).chain(told).collect()
    };
    let columns = ["organization_id", "id", "author_member_id", "title", "visibility", "created_at", "updated_at"];
    insert_many(connection, "dashboards", &columns, (0..size.dsos).map(board).collect()).await;
}

/// Invitations and join requests, some of them with the same time.
async fn guests(tenant: Tenant, connection: &DatabaseConnection, size: Size) {
    let (organization, slug): (Value, String) = (tenant.id().into(), tenant.slug());
    let by: Value = Tenant::uuid("member owner").into();
    let (mut invitations, mut requests) = (vec![], vec![]);
    for guest in 0..size.dsos {
        let email: Value = format!("guest-{guest}@people.example").into();
        let id = Tenant::uuid(&format!("invitation {guest}")).into();
        let terms = ["MEMBER".into(), "PENDING".into(), by.clone(), time(guest / 2), time(1_000_000 + guest)];
        let named = [organization.clone(), id, email.clone(), email.clone()];
        invitations.push(named.into_iter().chain(terms).collect());
        // A join request is not keyed by tenant, so its id must be unique.
        let id = World::uuid(&format!("request {guest} of {slug}")).into();
        let user = World::uuid(&format!("user {}", tenant.owner())).into();
        let told = ["guest".into(), email, slug.as_str().into(), organization.clone(), "DENIED".into()];
        requests.push([id, user].into_iter().chain(told).chain([time(guest / 2), by.clone()]).collect());
    }
    let columns =
        ["organization_id", "id", "email", "email_normal", "role", "status", "invited_by", "created_at", "expires_at"];
    insert_many(connection, "invitations", &columns, invitations).await;
    let columns = ["id", "user_id", "name", "email", "slug", "target_id", "status", "created_at", "decided_by"];
    insert_many(connection, "join_requests", &columns, requests).await;
}

fn everybody(tenant: Tenant, size: Size) -> impl Iterator<Item = (String, String, &'static str)> {
    let named = [("owner".to_owned(), tenant.owner(), "OWNER"), ("agent".to_owned(), tenant.agent(), "MEMBER")];
    let others =
        (0..size.members).map(move |member| (member.to_string(), format!("member-{member}-of-{}", tenant.0), "MEMBER"));
    named.into_iter().chain(others)
}

async fn people(tenant: Tenant, connection: &DatabaseConnection, size: Size) {
    let mut users = vec![];
    let mut identities = vec![];
    for (_, person, _) in everybody(tenant, size) {
        let id: Value = World::uuid(&format!("user {person}")).into();
        let email: Value = format!("{person}@people.example").into();
        users.push(vec![id.clone(), email.clone(), email, person.as_str().into(), time(0), time(0)]);
        identities.push(vec![gateway::config::Issuer::DEVELOPMENT.into(), person.into(), id, time(0)]);
    }
    insert_many(connection, "users", &["id", "email", "email_normal", "name", "created_at", "updated_at"], users).await;
    insert_many(connection, "identities", &["issuer", "subject", "user_id", "created_at"], identities).await;
}

async fn members(tenant: Tenant, connection: &DatabaseConnection, size: Size) {
    let rows = everybody(tenant, size).enumerate().map(|(place, (name, person, role))| {
        let id = Tenant::uuid(&format!("member {name}"));
        vec![
            tenant.id().into(),
            id.into(),
            World::uuid(&format!("user {person}")).into(),
            role.into(),
            time(place),
            time(0),
            entity::time::micros(chrono::Utc::now()).into(),
        ]
    });
    insert_many(
        connection,
        "memberships",
        &["organization_id", "id", "user_id", "role", "created_at", "updated_at", "last_seen_at"],
        rows.collect(),
    )
    .await;
}
