//! Filters and orders: a question about a field is a reading of it.
//!
//! Owns: for each filter and order of the schema, which field it looks at, and that it is taken only from those who may read
//! that field in every DSO concerned. Invariant: a filter that is not in the list fails the suite.

use serde_json::json;
use tests::{Actor, Answer, Database, Gateway, Kind};

use crate::{
    matrix::{
        oracle::{About, decide},
        rows::{id_in, member_id},
    },
    schema::sdl::{Kind as TypeKind, Sdl},
};

/// Input type, field or value, the field that it looks at (none: which rows, not what is in them), and a value to give.
type Read = (&'static str, &'static str, Option<&'static str>, &'static str);

const TIME: &str = r#""2026-01-01T00:00:00Z""#;

const READS: &[Read] = &[
    ("DoctorFilter", "dsoIds", None, "[\"SMILE\"]"),
    ("DoctorFilter", "risk", Some("Doctor.risk"), "[LOW]"),
    ("DoctorFilter", "periodFrom", Some("Doctor.onboardingPeriod"), "1"),
    ("DoctorFilter", "periodTo", Some("Doctor.onboardingPeriod"), "12"),
    ("DoctorFilter", "text", Some("Doctor.practice"), "\"a\""),
    ("DoctorFilter", "email", Some("Doctor.email"), "\"ada@doctors.example\""),
    ("DoctorFilter", "contactedFrom", Some("Doctor.lastContactAt"), TIME),
    ("DoctorFilter", "notContactedSince", Some("Doctor.lastContactAt"), TIME),
    ("DoctorFilter", "shelf", None, "LIVING"),
    ("DoctorOrderField", "NAME", Some("Doctor.name"), ""),
    ("DoctorOrderField", "RISK", Some("Doctor.risk"), ""),
    ("DoctorOrderField", "PERIOD", Some("Doctor.onboardingPeriod"), ""),
    ("DoctorOrderField", "LAST_CONTACT", Some("Doctor.lastContactAt"), ""),
    ("DoctorOrderField", "JOINED_AT", Some("Doctor.joinedAt"), ""),
    ("ActivityFilter", "dsoIds", None, "[\"SMILE\"]"),
    ("ActivityFilter", "kind", Some("Activity.kind"), "[PHONE]"),
    ("ActivityFilter", "actorIds", Some("Activity.actor"), "[\"MEMBER\"]"),
    ("ActivityFilter", "from", Some("Activity.occurredAt"), TIME),
    ("ActivityFilter", "until", Some("Activity.occurredAt"), TIME),
    ("ActivityOrderField", "OCCURRED_AT", Some("Activity.occurredAt"), ""),
    ("DsoFilter", "text", Some("Dso.name"), "\"a\""),
    ("DsoFilter", "shelf", None, "LIVING"),
    ("DsoOrderField", "NAME", Some("Dso.name"), ""),
    ("DsoOrderField", "CREATED_AT", Some("Dso.createdAt"), ""),
    ("MemberFilter", "role", Some("Member.role"), "[OWNER]"),
    ("MemberFilter", "status", Some("Member.status"), "[ACTIVE]"),
    ("MemberOrderField", "CREATED_AT", Some("Member.joinedAt"), ""),
    ("CaseFilter", "dsoIds", None, "[\"SMILE\"]"),
    ("CaseFilter", "openedFrom", Some("Case.openedAt"), TIME),
    ("CaseFilter", "openedUntil", Some("Case.openedAt"), TIME),
    ("CaseFilter", "status", Some("Case.status"), "[IN_PROGRESS]"),
    ("CaseOrderField", "OPENED_AT", Some("Case.openedAt"), ""),
    // These lie behind lists of `Organization`, which ask for as much as any of them.
    ("AuditEventFilter", "action", Some("AuditEvent.action"), "[DSO_UPDATE]"),
    ("AuditEventFilter", "actorIds", Some("AuditEvent.actor"), "[\"MEMBER\"]"),
    ("AuditEventFilter", "from", Some("AuditEvent.at"), TIME),
    ("AuditEventFilter", "until", Some("AuditEvent.at"), TIME),
    ("AuditEventFilter", "outcome", Some("AuditEvent.outcome"), "REFUSED"),
    ("AuditEventFilter", "targetId", Some("AuditEvent.targetId"), "\"SMILE\""),
    ("InvitationFilter", "status", Some("Invitation.status"), "[PENDING, EXPIRED]"),
    ("JoinRequestFilter", "status", Some("JoinRequest.status"), "[PENDING]"),
];

/// The list that an input belongs to, around its arguments.
fn list(input: &str, arguments: &str) -> (String, &'static str) {
    let doctor = id_in("Doctor", "Smile");
    let rows = "{ totalCount nodes { id } }";
    match input.trim_end_matches("Filter").trim_end_matches("OrderField") {
        "Doctor" => (format!("{{ doctors({arguments}) {rows} }}"), "/doctors"),
        "Activity" => (format!("{{ activities({arguments}) {rows} }}"), "/activities"),
        "Dso" => (format!("{{ dsos({arguments}) {rows} }}"), "/dsos"),
        "Member" => (format!("{{ members({arguments}) {rows} }}"), "/members"),
        "Case" => (format!(r#"{{ doctor(id: "{doctor}") {{ cases({arguments}) {rows} }} }}"#), "/doctor/cases"),
        "AuditEvent" => (format!("{{ organization {{ auditLog({arguments}) {rows} }} }}"), "/organization/auditLog"),
        "Invitation" => {
            (format!("{{ organization {{ invitations({arguments}) {rows} }} }}"), "/organization/invitations")
        }
        "JoinRequest" => {
            (format!("{{ organization {{ joinRequests({arguments}) {rows} }} }}"), "/organization/joinRequests")
        }
        other => panic!("`{other}` can be filtered or ordered now: say here in which list"),
    }
}

#[test]
fn every_filter_and_order_of_the_schema_is_known() {
    let sdl = Sdl::current();
    let is_of_lists = |name: &str, kind| match kind {
        TypeKind::Input => name.ends_with("Filter"),
        TypeKind::Enum => name.ends_with("OrderField"),
        _ => false,
    };
    let types = sdl.types.iter().filter(|(name, found)| is_of_lists(name, found.kind));
    let schema: Vec<_> =
        types.flat_map(|(of, found)| found.fields.iter().map(move |field| format!("{of}.{}", field.name))).collect();
    let mut known: Vec<_> = READS.iter().map(|(of, field, _, _)| format!("{of}.{field}")).collect();
    known.sort();
    let mut schema = schema;
    schema.sort();
    assert_eq!(schema, known, "left: the schema's filters and orders; right: those in paths/filters.rs");
}

#[tokio::test]
async fn a_filter_or_an_order_is_taken_only_from_those_who_may_read_the_field() {
    let sdl = Sdl::current();
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // Of these each sees one DSO, or all in the same role: what they may read in it decides.
        for actor in [Actor::Owner, Actor::DsoAdmin, Actor::Viewer, Actor::BothInA, Actor::OwnerOfB] {
            for (input, field, reads, value) in READS {
                let value = value.replace("SMILE", &id_in("Dso", "Smile")).replace("MEMBER", &member_id("both"));
                let arguments = if input.ends_with("OrderField") {
                    format!("orderBy: {{field: {field}}}")
                } else {
                    format!("filter: {{{field}: {value}}}")
                };
                let (query, pointer) = list(input, &arguments);
                let answer = gateway.ask(actor, &query, json!({})).await;
                let place = format!("{kind:?} {input}.{field} for {actor:?}");
                let way = match *input {
                    "AuditEventFilter" => Some("Organization.auditLog"),
                    "InvitationFilter" => Some("Organization.invitations"),
                    "JoinRequestFilter" => Some("Organization.joinRequests"),
                    _ => *reads,
                };
                let refused = way.filter(|coordinate| {
                    let (of, field) = coordinate.split_once('.').expect("a coordinate");
                    decide(actor, sdl.guard(of, field), About::Dso("Smile")).is_err()
                });
                match refused {
                    None => drop(answer.clean()),
                    Some(coordinate) => is_refused(&answer, pointer, coordinate, &place),
                }
            }
        }
    }
}

fn is_refused(answer: &Answer, pointer: &str, coordinate: &str, place: &str) {
    assert!(answer.data(pointer).is_null(), "{place}: {}", answer.text);
    assert_eq!(answer.codes(), ["FORBIDDEN"], "{place}: {}", answer.text);
    assert_eq!(answer.json["errors"][0]["extensions"]["coordinate"], coordinate, "{place}: {}", answer.text);
}

/// What comes of filtering doctors by e-mail: so many rows, or a refusal.
#[derive(Clone, Copy, Debug)]
enum Comes {
    Rows(u64),
    Refused,
}

/// Which DSOs are named, and what comes of it for whom. Each DSO has one living Ada.
const BY_EMAIL: &[(&[&str], &[(Actor, Comes)])] = &[
    (
        &[],
        &[
            (Actor::Owner, Comes::Rows(3)),
            (Actor::Admin, Comes::Rows(3)),
            (Actor::DsoAdmin, Comes::Rows(1)),
            // Manager of one and viewer of the other: the second must not be asked about.
            (Actor::Manager, Comes::Refused),
            (Actor::Viewer, Comes::Refused),
            (Actor::BothInA, Comes::Refused),
            (Actor::Ungranted, Comes::Rows(0)),
        ],
    ),
    (&["Smile"], &[(Actor::Owner, Comes::Rows(1)), (Actor::Manager, Comes::Rows(1)), (Actor::Viewer, Comes::Refused)]),
    (&["Bright"], &[(Actor::Owner, Comes::Rows(1)), (Actor::Manager, Comes::Refused), (Actor::Viewer, Comes::Rows(0))]),
    (
        &["Smile", "Bright"],
        &[(Actor::Owner, Comes::Rows(2)), (Actor::Manager, Comes::Refused), (Actor::Viewer, Comes::Refused)],
    ),
    // What they do not see does not exist: it neither adds rows nor refuses.
    (
        &["Smile", "Zenith"],
        &[(Actor::Owner, Comes::Rows(2)), (Actor::Manager, Comes::Rows(1)), (Actor::DsoAdmin, Comes::Rows(1))],
    ),
    (
        &["Zenith", "Archived"],
        &[(Actor::Manager, Comes::Rows(0)), (Actor::Viewer, Comes::Rows(0)), (Actor::Owner, Comes::Rows(1))],
    ),
];

#[tokio::test]
async fn a_filter_by_email_needs_the_right_in_every_dso_concerned() {
    let query = "query($filter: DoctorFilter) { doctors(filter: $filter) { totalCount nodes { name dso { name } } } }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for (named, outcomes) in BY_EMAIL {
            for (actor, comes) in *outcomes {
                let mut filter = json!({ "email": " Ada@Doctors.Example" });
                if !named.is_empty() {
                    filter["dsoIds"] = named.iter().map(|dso| id_in("Dso", dso)).collect();
                }
                let answer = gateway.ask(*actor, query, json!({ "filter": filter })).await;
                let place = format!("{kind:?} {named:?} for {actor:?}");
                match comes {
                    Comes::Refused => is_refused(&answer, "/doctors", "Doctor.email", &place),
                    Comes::Rows(rows) => {
                        assert_eq!(
                            *answer.clone().clean().data("/doctors/totalCount"),
                            json!(rows),
                            "{place}: {}",
                            answer.text
                        );
                    }
                }
            }
        }
    }
}

/// In a nested list each row of the parent is decided by itself, whatever DSOs the filter names besides.
#[tokio::test]
async fn a_nested_filter_is_decided_for_each_parent() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = "query($filter: DoctorFilter) { dsos { nodes { name doctors(filter: $filter) { nodes { name } } } } }";
    let smile = id_in("Dso", "Smile");
    for dsos in [json!(null), json!([smile])] {
        let filter = json!({ "filter": { "email": "ada@doctors.example", "dsoIds": dsos } });
        let answer = gateway.ask(Actor::Manager, query, filter).await;
        assert_eq!(*answer.data("/dsos/nodes/0"), json!({ "name": "Bright", "doctors": null }), "{}", answer.text);
        let found = json!({ "name": "Smile", "doctors": { "nodes": [{ "name": "Dr. Ada" }] } });
        assert_eq!(*answer.data("/dsos/nodes/1"), found, "{}", answer.text);
        assert_eq!(answer.codes(), ["FORBIDDEN"], "{}", answer.text);
    }
}

/// Whether a guess was right must not show: not in the body, and not in what is sent to the database.
#[tokio::test]
async fn a_refused_filter_does_not_tell_right_from_wrong() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for actor in [Actor::Viewer, Actor::BothInA, Actor::Manager] {
            let mut answers = Vec::new();
            for email in ["ada@doctors.example", "nobody@doctors.example", "ADA@b\u{fc}cher.example"] {
                let _ = gateway.recorder.take();
                let filter = json!({ "filter": { "email": email } });
                let query = "query($filter: DoctorFilter) { doctors(filter: $filter) { totalCount edges { cursor } } }";
                let answer = gateway.ask(actor, query, filter).await;
                answers.push((answer.stable(), gateway.recorder.take_data()));
            }
            assert_eq!(
                answers[0].1,
                Vec::<String>::new(),
                "{kind:?} {actor:?}: a refused filter was sent to the database"
            );
            assert!(answers.windows(2).all(|two| two[0] == two[1]), "{kind:?} {actor:?}: {answers:?}");
        }
    }
}

/// The filter by text looks at names and practices, never at what only managers may read.
#[tokio::test]
async fn a_text_finds_nothing_in_contact_data_and_notes() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let query = "query($text: String) { doctors(filter: {text: $text}) { totalCount } }";
        for actor in [Actor::Viewer, Actor::Owner] {
            for (text, is_found) in [
                ("ada", true),
                ("PRACTICE", true),
                ("@", false),
                ("555", false),
                ("notes", false),
                ("%", false),
                ("_", false),
            ] {
                let answer = gateway.ask(actor, query, json!({ "text": text })).await.clean();
                let found = answer.data("/doctors/totalCount").as_u64().expect("a count") > 0;
                assert_eq!(found, is_found, "{kind:?} {actor:?} `{text}`: {}", answer.text);
            }
        }
    }
}
