//! What is archived, moved or deleted is where it should be, and nowhere else.

use entity::id::{ActivityId, CaseId, OnboardingPeriodId};
use serde_json::{Value, json};
use tests::{Actor, Kind, World};

use super::{Stage, doctor_id, dso_id};

/// Every way to a list.
const LISTS: [&str; 7] = [
    "{ doctors(first: 50) { totalCount nodes { id dso { id } } } }",
    "{ activities(first: 50) { totalCount nodes { id doctor { id } } } }",
    "{ dsos { totalCount nodes { id doctors(first: 20) { totalCount nodes { id } } } } }",
    "{ dsos { nodes { activities(first: 20) { totalCount nodes { id } } } } }",
    "{ dsos { nodes { cases(first: 20) { totalCount nodes { id } } } } }",
    "{ organization { dsos { nodes { id courses { nodes { id } } terminology { id } } } } }",
    "{ members(first: 20) { nodes { activities(first: 20) { totalCount nodes { id } } } } }",
];

/// The ids of a doctor and of what hangs on them.
fn below(doctor: &str) -> Vec<String> {
    let mut ids = vec![doctor_id(doctor), World::id::<CaseId>(&format!("case {doctor}"))];
    ids.extend([1, 2].map(|period| World::id::<OnboardingPeriodId>(&format!("period {doctor} {period}"))));
    ids.extend(["PHONE", "EMAIL", "TEXT"].map(|kind| World::id::<ActivityId>(&format!("activity {doctor} {kind}"))));
    ids
}

/// All that somebody finds by lists, and by these ids.
async fn view(stage: &Stage, actor: Actor, ids: &[String]) -> (Vec<Value>, Vec<Value>) {
    let mut lists = Vec::new();
    for query in LISTS {
        lists.push(stage.read(actor, query, json!({})).await.stable());
    }
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let mut by_id = vec![stage.gateway.ask(actor, nodes, json!({ "ids": ids })).await.json["data"].clone()];
    for id in ids {
        let node = "query($id: ID!) { node(id: $id) { id } doctor(id: $id) { id } activity(id: $id) { id } dso(id: $id) { id } }";
        by_id.push(stage.gateway.ask(actor, node, json!({ "id": id })).await.json["data"].clone());
    }
    (lists, by_id)
}

fn shown(view: &(Vec<Value>, Vec<Value>), id: &str) -> bool {
    view.0.iter().chain(&view.1).any(|answer| answer.to_string().contains(id))
}

#[tokio::test]
async fn an_archived_doctor_is_nowhere_until_restored() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let ids = below("Smile Ada");
        let input = json!({ "doctorId": ids[0] });
        for actor in [Actor::Owner, Actor::Manager] {
            let before = view(&stage, actor, &ids).await;
            for id in &ids {
                assert!(shown(&before, id), "{kind:?} {actor:?}: `{id}` is not shown before");
            }
            stage.change(actor, "doctorArchive", "id", &input).await.clean();
            let hidden = view(&stage, actor, &ids).await;
            for id in &ids {
                assert!(!shown(&hidden, id), "{kind:?} {actor:?}: `{id}` is still shown: {hidden:?}");
            }
            let again = stage.change(actor, "doctorArchive", "id", &input).await;
            assert_eq!(again.codes(), ["NOT_FOUND"], "{kind:?}: archived twice: {}", again.text);
            stage.change(actor, "doctorRestore", "id", &input).await.clean();
            assert_eq!(view(&stage, actor, &ids).await, before, "{kind:?} {actor:?}: not all came back");
        }
    }
}

#[tokio::test]
async fn an_archived_dso_is_nowhere_with_all_below_until_restored() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let mut ids = below("Smile Ada");
        ids.extend(below("Smile Ben"));
        ids.push(dso_id("Smile"));
        let actors = [Actor::Owner, Actor::DsoAdmin, Actor::Manager, Actor::Viewer];
        let mut before = Vec::new();
        for actor in actors {
            let seen = view(&stage, actor, &ids).await;
            for id in &ids {
                assert!(shown(&seen, id), "{kind:?} {actor:?}: `{id}` is not shown before");
            }
            before.push(seen);
        }
        stage.change(Actor::Admin, "dsoArchive", "id", &json!({ "dsoId": dso_id("Smile") })).await.clean();
        for actor in actors {
            let hidden = view(&stage, actor, &ids).await;
            for id in &ids {
                assert!(!shown(&hidden, id), "{kind:?} {actor:?}: `{id}` is still shown: {hidden:?}");
            }
        }
        stage.change(Actor::Admin, "dsoRestore", "id", &json!({ "dsoId": dso_id("Smile") })).await.clean();
        for (actor, before) in actors.into_iter().zip(before) {
            assert_eq!(view(&stage, actor, &ids).await, before, "{kind:?} {actor:?}: not all came back");
        }
    }
}

#[tokio::test]
async fn a_moved_doctor_takes_their_history_along() {
    let query = "query($id: ID!) { doctor(id: $id) { dso { id } onboardingPeriods { id dso { id } }
        activities { totalCount nodes { id dso { id } } } cases { totalCount nodes { id dso { id } } } } }";
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let id = json!({ "id": doctor_id("Smile Ada") });
        let before = stage.read(Actor::Owner, query, id.clone()).await;
        let input = json!({ "doctorId": id["id"], "toDsoId": dso_id("Zenith") });
        stage.change(Actor::Owner, "doctorMove", "id", &input).await.clean();
        let after = stage.read(Actor::Owner, query, id.clone()).await;
        let expected = before.text.replace(&dso_id("Smile"), &dso_id("Zenith"));
        assert_eq!(after.text, expected, "{kind:?}");
        assert_ne!(after.text, before.text);

        let ids = below("Smile Ada");
        let left = view(&stage, Actor::Manager, &ids).await;
        assert!(
            ids.iter().all(|id| !shown(&left, id)),
            "{kind:?}: the manager left behind still sees something: {left:?}"
        );
        let lists = "query($dso: ID!) { dso(id: $dso) { doctors(first: 20) { nodes { id } } activities(first: 20) { nodes { id } } cases(first: 20) { nodes { id } } } }";
        let there = stage.read(Actor::Owner, lists, json!({ "dso": dso_id("Zenith") })).await;
        let here = stage.read(Actor::Owner, lists, json!({ "dso": dso_id("Smile") })).await;
        for id in &ids {
            assert!(!here.text.contains(id), "{kind:?}: `{id}` stayed");
        }
        for id in [&ids[0], &ids[1], &ids[4], &ids[5], &ids[6]] {
            assert!(there.text.contains(id), "{kind:?}: `{id}` did not come along");
        }
    }
}

#[tokio::test]
async fn the_last_contact_is_that_of_the_last_activity_left() {
    let query = "query($id: ID!) { doctor(id: $id) { lastContactAt activities(first: 1, orderBy: { field: OCCURRED_AT, direction: DESC }) { nodes { occurredAt } } } }";
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let id = json!({ "id": doctor_id("Smile Ada") });
        let mut seen = Vec::new();
        for activity in ["TEXT", "EMAIL", "PHONE"] {
            let answer = stage.read(Actor::Manager, query, id.clone()).await;
            let last = answer.data("/doctor/lastContactAt").clone();
            assert_eq!(last, *answer.data("/doctor/activities/nodes/0/occurredAt"), "{kind:?}: {}", answer.text);
            assert!(!seen.contains(&last), "{kind:?}: the last contact stayed at {last}");
            seen.push(last);
            let input = json!({ "activityId": World::id::<ActivityId>(&format!("activity Smile Ada {activity}")) });
            let deleted = stage.change(Actor::Manager, "activityDelete", "lastContactAt", &input).await.clean();
            let after = stage.read(Actor::Manager, query, id.clone()).await;
            assert_eq!(deleted.data("/activityDelete/doctor/lastContactAt"), after.data("/doctor/lastContactAt"));
        }
        let answer = stage.read(Actor::Manager, query, id).await;
        assert!(answer.data("/doctor/lastContactAt").is_null(), "{kind:?}: {}", answer.text);
    }
}
