//! What each mutation does, and what it writes down.

use std::collections::BTreeSet;

use entity::id::{ActivityId, CaseId, MemberId, OnboardingPeriodId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Actor, Kind, World, world::Side};

use super::{Named, Stage, doctor_id, dso_id};

/// Stands for any value but null.
const ANY: &str = "*";

/// A change that succeeds.
struct Happy {
    mutation: &'static str,
    actor: Actor,
    fields: &'static str,
    /// The entity of the payload, with its version.
    payload: Value,
    /// The changed row and its version before; none for a new one.
    row: Option<(&'static str, &'static str)>,
    action: &'static str,
    /// The target, or the payload's own id for a new row.
    target: Option<String>,
    before: Value,
    after: Value,
}

fn all() -> Vec<Happy> {
    let ada = || doctor_id("Smile Ada");
    let smile = || json!({ "id": dso_id("Smile"), "name": "Smile" });
    let doctor = ("doctors", "doctor Smile Ada");
    let activity = World::id::<ActivityId>("activity Smile Ada TEXT");
    let case = World::id::<CaseId>("case Smile Ada");
    let period = World::id::<OnboardingPeriodId>("period Smile Ada 1");
    let happy = |mutation, actor, fields, payload, row, action, target, before, after| Happy {
        mutation,
        actor,
        fields,
        payload,
        row,
        action,
        target,
        before,
        after,
    };
    use Actor::{Admin, DsoAdmin, Manager, Owner};
    vec![
        happy(
            "dsoCreate",
            Admin,
            "id name version archivedAt",
            json!({ "id": ANY, "name": "New", "version": 1, "archivedAt": null }),
            None,
            "DSO_CREATE",
            None,
            json!(null),
            json!({ "id": ANY, "organization_id": ANY, "name": "New" }),
        ),
        happy(
            "dsoUpdate",
            DsoAdmin,
            "id name version",
            json!({ "id": dso_id("Smile"), "name": "Renamed", "version": 4 }),
            Some(("dsos", "dso Smile")),
            "DSO_UPDATE",
            Some(dso_id("Smile")),
            json!({ "name": "Smile" }),
            json!({ "name": "Renamed" }),
        ),
        happy(
            "dsoArchive",
            Admin,
            "id name version archivedAt",
            json!({ "id": dso_id("Smile"), "name": "Smile", "version": 4, "archivedAt": ANY }),
            Some(("dsos", "dso Smile")),
            "DSO_ARCHIVE",
            Some(dso_id("Smile")),
            json!({ "deleted_at": null }),
            json!({ "deleted_at": ANY }),
        ),
        happy(
            "dsoRestore",
            Admin,
            "id name version archivedAt",
            json!({ "id": dso_id("Archived"), "name": "Archived", "version": 4, "archivedAt": null }),
            Some(("dsos", "dso Archived")),
            "DSO_RESTORE",
            Some(dso_id("Archived")),
            json!({ "deleted_at": ANY }),
            json!({ "deleted_at": null }),
        ),
        happy(
            "doctorCreate",
            Manager,
            "id name email risk phone version dso { id name } activities { totalCount }",
            json!({ "id": ANY, "name": "Dr. New", "email": "New@doctors.example", "risk": "HIGH", "phone": null, "version": 1, "dso": smile(), "activities": { "totalCount": 0 } }),
            None,
            "DOCTOR_CREATE",
            None,
            json!(null),
            json!({ "id": ANY, "organization_id": ANY, "dso_id": ANY, "name": "Dr. New", "email": "New@doctors.example", "risk": ANY }),
        ),
        happy(
            "doctorUpdate",
            Manager,
            "id name phone risk version",
            json!({ "id": ada(), "name": "Dr. Ada", "phone": "+1 555 0199", "risk": null, "version": 8 }),
            Some(doctor),
            "DOCTOR_UPDATE",
            Some(ada()),
            json!({ "phone": "+1 555 0100", "risk": ANY }),
            json!({ "phone": "+1 555 0199", "risk": null }),
        ),
        happy(
            "doctorArchive",
            Manager,
            "id name version archivedAt",
            json!({ "id": ada(), "name": "Dr. Ada", "version": 8, "archivedAt": ANY }),
            Some(doctor),
            "DOCTOR_ARCHIVE",
            Some(ada()),
            json!({ "deleted_at": null }),
            json!({ "deleted_at": ANY }),
        ),
        happy(
            "doctorRestore",
            Manager,
            "id name version archivedAt",
            json!({ "id": doctor_id("Smile Cleo"), "name": "Dr. Cleo", "version": 8, "archivedAt": null }),
            Some(("doctors", "doctor Smile Cleo")),
            "DOCTOR_RESTORE",
            Some(doctor_id("Smile Cleo")),
            json!({ "deleted_at": ANY }),
            json!({ "deleted_at": null }),
        ),
        happy(
            "doctorMove",
            Owner,
            "id version dso { id name }",
            json!({ "id": ada(), "version": 8, "dso": { "id": dso_id("Zenith"), "name": "Zenith" } }),
            Some(doctor),
            "DOCTOR_MOVE",
            Some(ada()),
            json!({ "dso_id": ANY }),
            json!({ "dso_id": ANY }),
        ),
        happy(
            "onboardingPeriodRecord",
            Manager,
            "id period percent version doctor { id } recordedBy { id }",
            json!({ "id": period, "period": 1, "percent": 80, "version": 2, "doctor": { "id": ada() }, "recordedBy": { "id": World::id::<MemberId>("member manager") } }),
            Some(("onboarding_periods", "period Smile Ada 1")),
            "ONBOARDING_PERIOD_RECORD",
            Some(period.clone()),
            json!({ "percent": 25, "recorded_at": ANY, "recorded_by": ANY }),
            json!({ "percent": 80, "recorded_at": ANY, "recorded_by": ANY }),
        ),
        happy(
            "activityLog",
            Manager,
            "id kind note version doctor { id } dso { id name } actor { id }",
            json!({ "id": ANY, "kind": "MEETING", "note": "met", "version": 1, "doctor": { "id": ada() }, "dso": smile(), "actor": { "id": World::id::<MemberId>("member manager") } }),
            None,
            "ACTIVITY_LOG",
            None,
            json!(null),
            json!({ "id": ANY, "organization_id": ANY, "dso_id": ANY, "doctor_id": ANY, "actor_member_id": ANY, "kind": ANY, "occurred_at": ANY, "note": "met" }),
        ),
        happy(
            "activityUpdate",
            Manager,
            "id kind note version",
            json!({ "id": activity, "kind": "TEXT", "note": "called again", "version": 3 }),
            Some(("activities", "activity Smile Ada TEXT")),
            "ACTIVITY_UPDATE",
            Some(activity.clone()),
            json!({ "note": "asked about the course" }),
            json!({ "note": "called again" }),
        ),
        happy(
            "activityDelete",
            Manager,
            "id version activities { totalCount }",
            json!({ "id": ada(), "version": 7, "activities": { "totalCount": 2 } }),
            Some(("activities", "activity Smile Ada TEXT")),
            "ACTIVITY_DELETE",
            Some(activity.clone()),
            json!({ "deleted_at": null }),
            json!({ "deleted_at": ANY }),
        ),
        happy(
            "caseOpen",
            Manager,
            "id title status version doctor { id } dso { id name }",
            json!({ "id": ANY, "title": "Case 1", "status": "SUBMITTED", "version": 1, "doctor": { "id": ada() }, "dso": smile() }),
            None,
            "CASE_OPEN",
            None,
            json!(null),
            json!({ "id": ANY, "organization_id": ANY, "dso_id": ANY, "doctor_id": ANY, "title": "Case 1", "status": ANY, "opened_at": ANY }),
        ),
        happy(
            "caseUpdate",
            Manager,
            "id title status version",
            json!({ "id": case, "title": "Case 5088", "status": "COMPLETED", "version": 2 }),
            Some(("cases", "case Smile Ada")),
            "CASE_UPDATE",
            Some(case.clone()),
            json!({ "status": ANY }),
            json!({ "status": ANY }),
        ),
    ]
}

/// Whether a value is what was expected: with the very same keys, and anything but null where any value will do.
fn alike(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(any), found) if any == ANY => !found.is_null(),
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| alike(value, found)))
        }
        (expected, found) => expected == found,
    }
}

async fn events(stage: &Stage) -> Vec<Value> {
    let query = "{ organization { auditLog(first: 100) { nodes {
        id action actorKind actor { id } targetKind targetId requestId before after } } } }";
    let answer = stage.read(Actor::Owner, query, json!({})).await;
    answer.data("/organization/auditLog/nodes").as_array().expect("events").clone()
}

async fn version(stage: &Stage, (table, name): (&str, &str)) -> i32 {
    let sql = format!("SELECT version FROM {table} WHERE organization_id = $1 AND id = $2");
    let values = [World::organization(Side::A).into(), World::uuid(name).into()];
    let statement = Statement::from_sql_and_values(stage.rows.get_database_backend(), sql, values);
    stage.rows.query_one_raw(statement).await.unwrap().expect("a row").try_get("", "version").unwrap()
}

#[tokio::test]
async fn every_mutation_does_what_it_says_and_writes_it_down_once() {
    for kind in Kind::ALL {
        for happy in all() {
            let stage = Stage::new(kind).await;
            let place = format!("{kind:?} {}", happy.mutation);
            let known: BTreeSet<String> = events(&stage).await.iter().map(|event| event["id"].to_string()).collect();
            let before = match happy.row {
                Some(row) => version(&stage, row).await,
                None => 0,
            };
            let input = Named::of("Smile", "Zenith").input(happy.mutation);
            let answer = stage.change(happy.actor, happy.mutation, happy.fields, &input).await.clean();
            let payload = answer.data(&format!("/{}", happy.mutation));
            assert_eq!(payload["userErrors"], json!([]), "{place}");
            let entity = super::ALL.iter().find(|(name, _)| *name == happy.mutation).unwrap().1;
            assert!(alike(&happy.payload, &payload[entity]), "{place}: {} is not {}", payload[entity], happy.payload);
            if let Some(row) = happy.row {
                assert_eq!(version(&stage, row).await, before + 1, "{place}");
            }

            let new: Vec<_> =
                events(&stage).await.into_iter().filter(|event| !known.contains(&event["id"].to_string())).collect();
            let [event] = &new[..] else { panic!("{place}: {} events were written: {new:?}", new.len()) };
            let target = happy.target.map_or_else(|| payload[entity]["id"].clone(), Value::from);
            let member = World::id::<MemberId>(&format!("member {}", happy.actor.person().unwrap()));
            assert_eq!(event["action"], happy.action, "{place}");
            assert_eq!(event["actorKind"], "PERSON", "{place}");
            assert_eq!(event["actor"]["id"], json!(member), "{place}");
            assert_eq!(event["targetId"], target, "{place}");
            assert!(!answer.request_id().is_empty());
            assert_eq!(event["requestId"], answer.request_id(), "{place}");
            assert!(alike(&happy.before, &event["before"]), "{place}: before: {}", event["before"]);
            assert!(alike(&happy.after, &event["after"]), "{place}: after: {}", event["after"]);
            assert_ne!(event["before"], event["after"], "{place}");
        }
    }
}

#[tokio::test]
async fn in_a_patch_null_empties_and_what_is_left_out_stays() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let fields = "name email phone practice onboardingPeriod risk joinedAt notes version";
        let query = "query($id: ID!) { doctor(id: $id) { FIELDS } }".replace("FIELDS", fields);
        let id = json!({ "id": doctor_id("Smile Ada") });
        let before = stage.read(Actor::Manager, &query, id.clone()).await.data("/doctor").clone();
        assert!(before.as_object().unwrap().values().all(|value| !value.is_null()), "{before}");

        let kept = stage.change(Actor::Manager, "doctorUpdate", fields, &json!({ "doctorId": id["id"] })).await.clean();
        let mut expected = before.clone();
        // Nothing was changed: the version neither.
        assert_eq!(*kept.data("/doctorUpdate/doctor"), expected, "{kind:?}: what was left out was changed");

        let mut input = json!({ "doctorId": id["id"] });
        for field in ["email", "phone", "practice", "onboardingPeriod", "risk", "joinedAt", "notes"] {
            input[field] = Value::Null;
            expected[field] = Value::Null;
        }
        expected["version"] = json!(8);
        let emptied = stage.change(Actor::Manager, "doctorUpdate", fields, &input).await.clean();
        assert_eq!(*emptied.data("/doctorUpdate/doctor"), expected, "{kind:?}: null did not empty");
        assert_eq!(*stage.read(Actor::Manager, &query, id).await.data("/doctor"), expected, "{kind:?}");

        let activity = World::id::<ActivityId>("activity Smile Ada PHONE");
        let kept = json!({ "activityId": activity, "kind": "MEETING" });
        let kept = stage.change(Actor::Manager, "activityUpdate", "kind note", &kept).await.clean();
        assert_eq!(
            *kept.data("/activityUpdate/activity"),
            json!({ "kind": "MEETING", "note": "asked about the course" })
        );
        let emptied = json!({ "activityId": activity, "note": null });
        let emptied = stage.change(Actor::Manager, "activityUpdate", "kind note", &emptied).await.clean();
        assert_eq!(*emptied.data("/activityUpdate/activity"), json!({ "kind": "MEETING", "note": null }));
    }
}
