//! Where rows are found.
//!
//! Owns: for each kind of row that has an address of its own, the way from `Query` to two or more of them; and the arguments
//! that root fields cannot do without. Types without an entry are reached from these by walking the schema.

use entity::id::{ActivityId, AttendeeId, CaseId, CourseId, DoctorId, DsoId, MemberId, OnboardingPeriodId};
use tests::World;

use super::{changes::boards::dashboard, oracle::About};

/// A row that queries can begin at.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its type.
    pub(crate) of: &'static str,
    /// What the matrix calls it.
    pub(crate) label: &'static str,
    /// The fields from `Query` to it, with their arguments.
    pub(crate) steps: Vec<String>,
    pub(crate) about: About,
    /// What the last step gives to whom the row does not exist for.
    pub(crate) missing: Missing,
    /// The only fields that are asked of it, when it is there for their sake.
    pub(crate) only: Option<&'static [&'static str]>,
    /// The field, by type and name, that the first step's arguments look at.
    pub(crate) reads: Option<(&'static str, &'static str)>,
}

/// What is given instead of a row that does not exist for the asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Null or an empty list.
    Nothing,
    /// An error with this code, without a guard's refusal.
    Error(&'static str),
}

/// The two DSOs whose rows are asked for: the manager is manager of the first and viewer of the second.
pub(crate) const DSOS: [&str; 2] = ["Smile", "Bright"];
/// The two persons: each asks for their own row too, and both have one in A and in B.
pub(crate) const PERSONS: [&str; 2] = ["manager", "both"];

/// The id of a row of the type that belongs to a DSO.
pub(crate) fn id_in(of: &str, dso: &str) -> String {
    match of {
        "Dso" => World::id::<DsoId>(&format!("dso {dso}")),
        "Doctor" => World::id::<DoctorId>(&format!("doctor {dso} Ada")),
        "OnboardingPeriod" => World::id::<OnboardingPeriodId>(&format!("period {dso} Ada 1")),
        "Activity" => World::id::<ActivityId>(&format!("activity {dso} Ada PHONE")),
        "Case" => World::id::<CaseId>(&format!("case {dso} Ada")),
        "Course" => World::id::<CourseId>(&format!("course {dso}")),
        "Attendee" => World::id::<AttendeeId>(&format!("attendee {dso} Ada")),
        other => {
            panic!("`{other}` is a node now: say here which of its rows belongs to a DSO, and seed one in the world")
        }
    }
}

/// The types whose rows belong to a DSO and are nodes.
pub(crate) const NODES_IN_DSO: [&str; 7] =
    ["Dso", "Doctor", "OnboardingPeriod", "Activity", "Case", "Course", "Attendee"];

pub(crate) fn member_id(person: &str) -> String {
    World::id::<MemberId>(&format!("member {person}"))
}

/// The fields of a group of doctors but their address.
const DOCTOR_GROUP: &[&str] = &[
    "dso",
    "risk",
    "onboardingPeriod",
    "practice",
    "bucket",
    "count",
    "countDistinct",
    "sum",
    "avg",
    "min",
    "max",
    "median",
    "stddev",
    "earliest",
    "latest",
];

/// All rows. The order is the order of preference when another type is reached from several of them.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for of in NODES_IN_DSO {
        for dso in DSOS {
            let steps = vec![format!(r#"node(id: "{}")"#, id_in(of, dso))];
            rows.push(Row {
                of,
                label: dso,
                steps,
                about: About::Dso(dso),
                missing: Missing::Nothing,
                only: None,
                reads: None,
            });
        }
    }
    let archived: &[&str] = &["archivedAt"];
    rows.push(Row {
        of: "Dso",
        label: "Archived",
        steps: vec!["dsos(filter: {shelf: ARCHIVED})".to_owned(), "nodes".to_owned()],
        about: About::Dso("Archived"),
        missing: Missing::Nothing,
        only: Some(archived),
        reads: None,
    });
    rows.push(Row {
        of: "Doctor",
        label: "archived",
        steps: vec![
            format!(r#"doctors(filter: {{dsoIds: ["{}"], shelf: ARCHIVED}})"#, id_in("Dso", "Smile")),
            "nodes".to_owned(),
        ],
        about: About::Dso("Smile"),
        missing: Missing::Nothing,
        only: Some(archived),
        reads: None,
    });
    for person in PERSONS {
        let steps = vec![format!(r#"node(id: "{}")"#, member_id(person))];
        rows.push(Row {
            of: "Member",
            label: person,
            steps,
            about: About::Person(person),
            missing: Missing::Nothing,
            only: None,
            reads: None,
        });
    }
    let plain = |of, steps: &[&str], about| Row {
        of,
        label: "",
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
        about,
        missing: Missing::Nothing,
        only: None,
        reads: None,
    };
    rows.push(plain("Organization", &["organization"], About::Nothing));
    rows.push(plain("Viewer", &["viewer"], About::Nothing));
    rows.push(plain("RateLimit", &["rateLimit"], About::Nothing));
    // When all that is counted had happened, and something had before.
    let overview = r#"overview(range: {from: "2026-01-16T00:00:00Z", until: "2030-01-01T00:00:00Z"})"#;
    rows.push(plain("Overview", &["organization", overview], About::Nothing));
    rows.push(plain("DoctorGroupConnection", &["doctorsAggregate(groupBy: [RISK])"], About::Nothing));
    rows.push(plain("ActivityGroupConnection", &["activitiesAggregate(groupBy: [KIND])"], About::Nothing));
    rows.push(plain("CaseGroupConnection", &["casesAggregate(groupBy: [STATUS])"], About::Nothing));
    let preview = r#"invitationPreview(token: "token of invitation open")"#;
    rows.push(plain("InvitationPreview", &[preview], About::Nothing));
    rows.push(plain("ViewerMembership", &["viewer", "memberships"], About::OwnMembership));
    rows.extend(boards());
    for dso in DSOS {
        let steps = vec![format!(r#"explainAccess(coordinate: "Doctor.email", dsoId: "{}")"#, id_in("Dso", dso))];
        let (about, missing) = (About::Dso(dso), Missing::Error("NOT_FOUND"));
        rows.push(Row { of: "AccessExplanation", label: dso, steps, about, missing, only: None, reads: None });
    }
    for (of, groups) in [
        (
            "DoctorGroup",
            "doctorsAggregate(FILTER, groupBy: [DSO, RISK, ONBOARDING_PERIOD, PRACTICE], bucket: {field: JOINED_AT, unit: YEAR}, \
             orderBy: [{dimension: RISK, direction: DESC}, {dimension: ONBOARDING_PERIOD, direction: DESC}])",
        ),
        (
            "ActivityGroup",
            "activitiesAggregate(FILTER, groupBy: [DSO, DOCTOR, ACTOR, KIND], bucket: {field: OCCURRED_AT, unit: YEAR}, \
             orderBy: [{dimension: ACTOR, direction: DESC}])",
        ),
        ("CaseGroup", "casesAggregate(FILTER, groupBy: [DSO, DOCTOR, STATUS], bucket: {field: OPENED_AT, unit: YEAR})"),
    ] {
        for dso in DSOS {
            let filter = format!(r#"filter: {{dsoIds: ["{}"]}}"#, id_in("Dso", dso));
            let steps = vec![groups.replace("FILTER", &filter), "nodes".to_owned()];
            let (about, missing) = (About::Dso(dso), Missing::Nothing);
            // Grouping by it needs more than the other fields do: see below.
            let only = (of == "DoctorGroup").then_some(DOCTOR_GROUP);
            rows.push(Row { of, label: dso, steps, about, missing, only, reads: None });
        }
    }
    for dso in DSOS {
        let groups = format!(
            r#"doctorsAggregate(filter: {{dsoIds: ["{}"]}}, groupBy: [EMAIL], orderBy: [{{dimension: EMAIL, direction: DESC}}])"#,
            id_in("Dso", dso)
        );
        rows.push(Row {
            of: "DoctorGroup",
            label: if dso == "Smile" { "Smile by e-mail" } else { "Bright by e-mail" },
            steps: vec![groups, "nodes".to_owned()],
            about: About::Dso(dso),
            missing: Missing::Nothing,
            only: Some(&["email"]),
            reads: Some(("Doctor", "email")),
        });
    }
    // Decided for no DSO in particular, the answer is no, and there is a reason and a remedy to read.
    rows.push(Row {
        label: "no DSO",
        ..plain("AccessExplanation", &[r#"explainAccess(coordinate: "Doctor.email")"#], About::Nothing)
    });
    rows
}

/// A dashboard, and for each form of a widget's answer the one that has it.
fn boards() -> Vec<Row> {
    let board = |name: &str| format!(r#"dashboard(id: "{}")"#, dashboard(name));
    let node = format!(r#"node(id: "{}")"#, dashboard("figure"));
    let row = |of, label, steps: Vec<String>, only| Row {
        of,
        label,
        steps,
        about: About::Nothing,
        missing: Missing::Nothing,
        only,
        reads: None,
    };
    let below = |name: &str, fields: &[&str]| {
        std::iter::once(board(name)).chain(fields.iter().map(|field| (*field).to_owned())).collect::<Vec<_>>()
    };
    let result = ["widgets", "result"];
    // When all of it is on record.
    let later = ["widgets", r#"result(range: {from: "2029-01-01T00:00:00Z", until: "2030-01-01T00:00:00Z"})"#];
    let rows = ["widgets", "result", "rows"];
    let keys = ["widgets", "result", "rows", "keys"];
    vec![
        row("Dashboard", "", vec![node], None),
        row("DashboardConnection", "", vec!["dashboards".to_owned()], None),
        row("Widget", "", below("figure", &["widgets"]), None),
        row("WidgetResult", "figure", below("figure", &result), Some(&["value", "knownFrom"])),
        row("WidgetResult", "later", below("figure", &later), Some(&["before"])),
        row("WidgetResult", "groups", below("groups", &result), Some(&["rows"])),
        row("WidgetResult", "list", below("list", &result), Some(&["doctors"])),
        row("WidgetRow", "groups", below("groups", &rows), Some(&["keys", "value"])),
        row("WidgetKey", "groups", below("groups", &keys), Some(&["dimension", "id", "label"])),
        row("WidgetKey", "times", below("times", &keys), Some(&["at"])),
    ]
}

/// A root field as it is asked: with which arguments, about what.
pub(crate) struct Ask {
    pub(crate) label: &'static str,
    pub(crate) text: String,
    pub(crate) about: About,
    pub(crate) missing: Missing,
}

/// The ways to ask a root field that has required arguments.
pub(crate) fn asks(field: &str) -> Vec<Ask> {
    let on = |text: fn(&str) -> String, missing| {
        DSOS.map(|dso| Ask { label: dso, text: text(dso), about: About::Dso(dso), missing }).into()
    };
    match field {
        "node" => on(|dso| format!(r#"node(id: "{}")"#, id_in("Doctor", dso)), Missing::Nothing),
        "nodes" => on(|dso| format!(r#"nodes(ids: ["{}"])"#, id_in("Doctor", dso)), Missing::Nothing),
        "dso" => on(|dso| format!(r#"dso(id: "{}")"#, id_in("Dso", dso)), Missing::Nothing),
        "doctor" => on(|dso| format!(r#"doctor(id: "{}")"#, id_in("Doctor", dso)), Missing::Nothing),
        "activity" => on(|dso| format!(r#"activity(id: "{}")"#, id_in("Activity", dso)), Missing::Nothing),
        "explainAccess" => on(
            |dso| format!(r#"explainAccess(coordinate: "Doctor.email", dsoId: "{}")"#, id_in("Dso", dso)),
            Missing::Error("NOT_FOUND"),
        ),
        "invitationPreview" => {
            let text = r#"invitationPreview(token: "token of invitation open")"#.to_owned();
            vec![Ask { label: "", text, about: About::Nothing, missing: Missing::Nothing }]
        }
        "dashboard" => {
            let text = format!(r#"dashboard(id: "{}")"#, dashboard("figure"));
            vec![Ask { label: "", text, about: About::Nothing, missing: Missing::Nothing }]
        }
        other => panic!("`Query.{other}` has required arguments: say here how to ask it"),
    }
}
