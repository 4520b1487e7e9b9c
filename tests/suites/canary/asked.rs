//! The queries of the suite: every list, deep relations, single rows, filters, orders, and changes of A's rows.

use entity::id::{ActivityId, CaseId, DoctorId, DsoId};
use serde_json::{Value, json};
use tests::{
    World,
    queries::{self, Query},
};

/// A note that is written, and must not be in a log.
pub(super) const NOTE: &str = "told in confidence";

fn query(text: &str, variables: Value) -> Query {
    Query { name: text.to_owned(), text: text.to_owned(), variables }
}

/// Queries that return all data of B to an owner of B.
pub(super) fn owned() -> Vec<Query> {
    let ids = json!({ "doctor": World::id::<DoctorId>("doctor Smile Ada"), "dso": World::id::<DsoId>("dso Smile"),
        "activity": World::id::<ActivityId>("activity Smile Ada PHONE"), "case": World::id::<CaseId>("case Smile Ada") });
    let texts = [
        "{ organization { id name slug } }",
        "{ dsos { totalCount pageInfo { startCursor endCursor } edges { cursor node { id name } } } }",
        "{ dsos(filter: { shelf: ARCHIVED }) { nodes { name doctors { nodes { name } } } } }",
        "{ doctors(first: 10) { pageInfo { startCursor endCursor } edges { cursor node { name practice dso { name } } } } }",
        "{ doctors(first: 10, orderBy: { field: NAME, direction: DESC }) { edges { cursor node { name email phone notes } } } }",
        "{ doctors(filter: { shelf: ARCHIVED }, orderBy: { field: RISK }) { edges { cursor } nodes { name } } }",
        "{ doctors(filter: { text: \"dr\", risk: [LOW] }, orderBy: { field: LAST_CONTACT }) { edges { cursor } nodes { name } } }",
        "{ activities(first: 10) { edges { cursor } nodes { note doctor { name dso { name } } actor { user { name } } } } }",
        "{ members(first: 10, filter: { role: [OWNER] }) { edges { cursor } nodes { user { name } organization { name } activities(first: 3) { nodes { note } } } } }",
        "{ dsos { nodes { doctors(first: 2) { edges { cursor } nodes { activities(first: 2) { edges { cursor } nodes { note actor { user { name } } } } } } } } }",
        "{ dsos { nodes { cases(first: 5) { edges { cursor } nodes { title doctor { name } } } } } }",
        "{ dsos { nodes { courses { nodes { title attendees { nodes { name email doctor { name } } } } } terminology { label } } } }",
        "{ organization { dsos { nodes { doctors(first: 2) { nodes { cases { nodes { title } } attendances { nodes { course { title } } } } } } } } }",
        "{ organization { auditLog(first: 5) { edges { cursor } nodes { requestId before after actor { user { name } } } } } }",
        "query($doctor: ID!, $dso: ID!) { node(id: $doctor) { ... on Doctor { name } } dso(id: $dso) { name } }",
        "query($doctor: ID!, $dso: ID!, $activity: ID!, $case: ID!) { nodes(ids: [$doctor, $dso, $activity, $case]) {
            ... on Doctor { dso { name } } ... on Dso { organization { name } } ... on Activity { doctor { name } } ... on Case { title } } }",
        "query($activity: ID!, $doctor: ID!) { activity(id: $activity) { doctor { name dso { name } } } doctor(id: $doctor) { notes } }",
    ];
    let named = |text: &str| {
        let Value::Object(mut all) = ids.clone() else { panic!("ids are an object") };
        all.retain(|name, _| text.contains(&format!("${name}:")));
        Value::Object(all)
    };
    texts.iter().map(|text| query(text, named(text))).collect()
}

/// All read queries: those of this suite and the tests' broad queries.
pub(super) fn reads() -> Vec<Query> {
    let mut all = owned();
    for coordinate in ["Doctor.email", "Dso.grants", "Mutation.doctorCreate", "Organization.auditLog", "Nothing.at_all"]
    {
        let text = "query($what: String!, $dso: ID) { explainAccess(coordinate: $what, dsoId: $dso) { allowed rule reason remedy } }";
        for dso in ["Smile", "Zenith"] {
            all.push(query(text, json!({ "what": coordinate, "dso": World::id::<DsoId>(&format!("dso {dso}")) })));
        }
    }
    for field in ["NAME", "RISK", "PERIOD", "LAST_CONTACT", "JOINED_AT"] {
        for direction in ["ASC", "DESC"] {
            let text = format!(
                "{{ doctors(first: 3, orderBy: {{ field: {field}, direction: {direction} }}) {{ edges {{ cursor }} }} }}"
            );
            all.push(query(&text, json!({})));
        }
    }
    all.extend(queries::all());
    all
}

/// Changes of rows whose ids exist on both sides, by callers with and without the right; and changes of rows that only
/// some callers can see.
pub(super) fn changes() -> Vec<Query> {
    let mut all = Vec::new();
    for dso in ["Smile", "Zenith"] {
        let dso_id = World::id::<DsoId>(&format!("dso {dso}"));
        let doctor = World::id::<DoctorId>(&format!("doctor {dso} Ben"));
        let activity = World::id::<ActivityId>(&format!("activity {dso} Ben PHONE"));
        let case = World::id::<CaseId>(&format!("case {dso} Ben"));
        let end = "userErrors { code message field }";
        let inputs = [
            (
                "dsoUpdate",
                "DsoUpdateInput",
                "dso { name organization { name } }",
                json!({ "dsoId": dso_id, "name": dso }),
            ),
            (
                "doctorCreate",
                "DoctorCreateInput",
                "doctor { name dso { name } }",
                json!({ "dsoId": dso_id, "name": "Dr. New", "email": "new@doctors.example", "phone": "+1 555 0177", "notes": NOTE }),
            ),
            (
                "doctorUpdate",
                "DoctorUpdateInput",
                "doctor { name dso { name doctors(first: 2) { edges { cursor } nodes { name } } } }",
                json!({ "doctorId": doctor, "email": "other@doctors.example", "phone": "+1 555 0188", "notes": NOTE }),
            ),
            (
                "doctorUpdate",
                "DoctorUpdateInput",
                "doctor { name }",
                json!({ "doctorId": doctor, "email": "none", "name": "" }),
            ),
            (
                "onboardingPeriodRecord",
                "OnboardingPeriodRecordInput",
                "onboardingPeriod { doctor { name } recordedBy { user { name } } }",
                json!({ "doctorId": doctor, "period": 3, "percent": 5 }),
            ),
            (
                "activityLog",
                "ActivityLogInput",
                "activity { note doctor { name } actor { user { name } } }",
                json!({ "doctorId": doctor, "kind": "PHONE", "note": NOTE }),
            ),
            (
                "activityUpdate",
                "ActivityUpdateInput",
                "activity { note doctor { name dso { name } } }",
                json!({ "activityId": activity, "note": NOTE }),
            ),
            (
                "caseOpen",
                "CaseOpenInput",
                "case { title doctor { name } }",
                json!({ "doctorId": doctor, "title": "Case 9" }),
            ),
            (
                "caseUpdate",
                "CaseUpdateInput",
                "case { title doctor { name } }",
                json!({ "caseId": case, "status": "COMPLETED" }),
            ),
            ("doctorArchive", "DoctorArchiveInput", "doctor { name dso { name } }", json!({ "doctorId": doctor })),
            ("doctorRestore", "DoctorRestoreInput", "doctor { name dso { name } }", json!({ "doctorId": doctor })),
            ("dsoArchive", "DsoArchiveInput", "dso { name }", json!({ "dsoId": dso_id })),
            ("dsoRestore", "DsoRestoreInput", "dso { name organization { name } }", json!({ "dsoId": dso_id })),
        ];
        for (mutation, ty, fields, input) in inputs {
            let text = format!("mutation($input: {ty}!) {{ {mutation}(input: $input) {{ {fields} {end} }} }}");
            all.push(query(&text, json!({ "input": input })));
        }
    }
    all
}
