//! Results of widgets, for each caller.

use entity::id::DsoId;
use serde_json::{Value, json};
use tests::{Actor, CANARY, Kind, World};

use super::{MEMBERS, Stage};

const RESULT: &str = "query($id: ID!, $dsos: [ID!]) { dashboard(id: $id) { title widgets { id result(dsoIds: $dsos) { \
     value before rows { value keys { dimension id label at } } doctors { id } } } } }";

/// A widget's form and query, the equivalent aggregate query, and the conversion of one of its groups into a widget's
/// row.
fn pairs() -> Vec<(&'static str, Value, &'static str, fn(&Value) -> Value)> {
    vec![
        (
            "BAR",
            json!({ "doctors": { "groupBy": ["DSO", "RISK"], "measure": { "avg": "PROGRESS" } } }),
            "a: doctorsAggregate(groupBy: [DSO, RISK]) { nodes { dso { id name } risk avg(of: PROGRESS) } }",
            |group| json!([group["dso"]["id"], group["dso"]["name"], group["risk"], group["avg"]]),
        ),
        (
            "TABLE",
            json!({ "activities": { "groupBy": ["DOCTOR", "KIND"], "orderBy": [{ "dimension": "DOCTOR", "direction": "DESC" }] } }),
            "a: activitiesAggregate(groupBy: [DOCTOR, KIND], orderBy: [{ dimension: DOCTOR, direction: DESC }]) \
             { nodes { doctor { id name } kind count } }",
            |group| json!([group["doctor"]["id"], group["doctor"]["name"], group["kind"], group["count"].as_f64()]),
        ),
        (
            "PIE",
            json!({ "cases": { "groupBy": ["DSO", "STATUS"] } }),
            "a: casesAggregate(groupBy: [DSO, STATUS]) { nodes { dso { id name } status count } }",
            |group| json!([group["dso"]["id"], group["dso"]["name"], group["status"], group["count"].as_f64()]),
        ),
    ]
}

#[tokio::test]
async fn widget_result_equals_the_aggregate_for_every_caller() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for (form, query, aggregate, told) in pairs() {
            let (board, _) = stage.shared(form, &query).await;
            let mut seen = Vec::new();
            for actor in MEMBERS {
                let shown = stage.read(actor, RESULT, json!({ "id": board })).await.clean();
                let asked = stage.read(actor, &format!("{{ {aggregate} }}"), json!({})).await.clean();
                assert!(!shown.bytes().contains(CANARY), "{kind:?} {actor:?} {}", shown.text);
                let rows = shown.data("/dashboard/widgets/0/result/rows").as_array().expect("rows");
                let row = |row: &Value| {
                    let keys = &row["keys"];
                    json!([keys[0]["id"], keys[0]["label"], keys[1]["label"], row["value"]])
                };
                let rows: Vec<_> = rows.iter().map(row).collect();
                let groups: Vec<_> = asked.data("/a/nodes").as_array().expect("groups").iter().map(told).collect();
                assert_eq!(rows, groups, "{kind:?} {actor:?} {query}");
                seen.push(rows.len());
            }
            // In the owner's widget, the owner sees the most rows, the viewer fewer, and the member without a grant
            // none.
            let [owner, viewer, ungranted] = [0, 4, 5].map(|place| seen[place]);
            assert!(owner > viewer && viewer > 0 && ungranted == 0, "{kind:?} {query} {seen:?}");
        }
    }
}

/// Managers of one DSO who are viewers of another may not read an address over both.
fn may_read_addresses(actor: Actor) -> bool {
    ![Actor::Manager, Actor::Viewer, Actor::BothInA].contains(&actor)
}

#[tokio::test]
async fn a_widget_on_a_hidden_field_is_null_and_its_neighbours_are_not() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let (board, _) = stage.shared("BAR", &json!({ "doctors": { "groupBy": ["EMAIL"] } })).await;
        let input = json!({ "dashboardId": board, "title": "x", "kind": "NUMBER", "query": { "overview": "DOCTORS" } });
        stage.done(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
        for actor in MEMBERS {
            let answer = stage.read(actor, RESULT, json!({ "id": board })).await;
            let null = |place: usize| answer.data(&format!("/dashboard/widgets/{place}/result")).is_null();
            let is_hidden = !may_read_addresses(actor);
            assert_eq!([null(0), null(1)], [is_hidden, false], "{kind:?} {actor:?} {}", answer.text);
            assert_eq!(answer.codes().is_empty(), !is_hidden, "{kind:?} {actor:?} {}", answer.text);
            assert!(answer.codes().iter().all(|code| *code == "FORBIDDEN"), "{kind:?} {actor:?} {}", answer.text);
            // Narrowed to a DSO in which they may read addresses, the widget has a result.
            let smile = World::id::<DsoId>("dso Smile");
            let narrowed = stage.read(actor, RESULT, json!({ "id": board, "dsos": [smile] })).await;
            let may = !is_hidden || actor == Actor::Manager;
            assert_eq!(narrowed.codes().is_empty(), may, "{kind:?} {actor:?} {}", narrowed.text);
        }
    }
}

#[tokio::test]
async fn private_list_widget_cannot_filter_by_fields_hidden_from_its_author() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let query = json!({ "doctorList": { "filter": { "email": "dr.-ada.smile@doctors.example" } } });
        for actor in MEMBERS {
            let (board, _) = stage.board(actor, "PRIVATE", "LIST", &query).await;
            let answer = stage.read(actor, RESULT, json!({ "id": board })).await;
            let is_hidden = !may_read_addresses(actor);
            let codes: &[&str] = if is_hidden { &["FORBIDDEN"] } else { &[] };
            assert_eq!(answer.codes(), codes, "{kind:?} {actor:?} {}", answer.text);
            assert_eq!(answer.data("/dashboard/widgets/0/result").is_null(), is_hidden, "{kind:?} {actor:?}");
            let smile = World::id::<DsoId>("dso Smile");
            let narrowed = stage.read(actor, RESULT, json!({ "id": board, "dsos": [smile] })).await;
            let may = !is_hidden || actor == Actor::Manager;
            assert_eq!(narrowed.codes().is_empty(), may, "{kind:?} {actor:?} {}", narrowed.text);
        }
    }
}

#[tokio::test]
async fn arguments_narrow_and_never_widen() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let [smile, bright, zenith] =
            ["Smile", "Bright", "Zenith"].map(|dso| World::id::<DsoId>(&format!("dso {dso}")));
        let bucket = json!({ "field": "OCCURRED_AT", "unit": "YEAR" });
        let query =
            json!({ "activities": { "filter": { "dsoIds": [smile, bright] }, "groupBy": ["DSO"], "bucket": bucket } });
        let (board, _) = stage.shared("LINE", &query).await;
        let ids = |answer: &tests::Answer| -> Vec<Value> {
            let rows = answer.data("/dashboard/widgets/0/result/rows").as_array().expect("rows").clone();
            rows.iter().map(|row| row["keys"][1]["id"].clone()).collect()
        };
        let asked = |dsos: Value| stage.read(Actor::Owner, RESULT, json!({ "id": board, "dsos": dsos }));
        assert_eq!(ids(&asked(Value::Null).await.clean()).len(), 2, "{kind:?}");
        assert_eq!(ids(&asked(json!([smile, zenith])).await.clean()), [json!(smile)], "{kind:?}");
        assert_eq!(ids(&asked(json!([zenith])).await.clean()).len(), 0, "{kind:?}");
        let viewer = stage.read(Actor::Viewer, RESULT, json!({ "id": board, "dsos": [smile, bright] })).await.clean();
        assert_eq!(ids(&viewer), [json!(smile)], "{kind:?}");
        // The same holds for lists.
        let query = json!({ "doctorList": { "filter": { "dsoIds": [smile, bright] } } });
        let (list, _) = stage.shared("LIST", &query).await;
        for (dsos, count) in [(json!([smile, bright]), 4), (json!([smile, zenith]), 2), (json!([zenith]), 0)] {
            let shown = stage.read(Actor::Owner, RESULT, json!({ "id": list, "dsos": dsos })).await.clean();
            let doctors = shown.data("/dashboard/widgets/0/result/doctors").as_array().expect("doctors").len();
            assert_eq!(doctors, count, "{kind:?} {dsos} {}", shown.text);
        }
        // Another range and another time zone, in place of those of the query.
        let text = "query($id: ID!, $range: TimeRange) { dashboard(id: $id) { widgets { \
                    result(range: $range, timeZone: \"Europe/Berlin\") { rows { value keys { at } } } } } }";
        let years = |from: &str, until: &str| json!({ "id": board, "range": { "from": from, "until": until } });
        let now = stage.read(Actor::Owner, text, years("2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z")).await.clean();
        assert_eq!(
            now.data("/dashboard/widgets/0/result/rows/0/keys/0/at"),
            &json!("2025-12-31T23:00:00+00:00"),
            "{kind:?} {}",
            now.text
        );
        let then = stage.read(Actor::Owner, text, years("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")).await.clean();
        assert_eq!(then.data("/dashboard/widgets/0/result/rows"), &json!([]), "{kind:?} {}", then.text);
    }
}

#[tokio::test]
async fn every_member_has_a_built_in_dashboard_and_may_duplicate_it() {
    let text = "{ viewer { defaultDashboard { id title isBuiltIn viewerMayEdit author { id } widgets { title kind result { \
                value rows { value keys { label } } doctors { name } } } } } }";
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for actor in MEMBERS.into_iter().chain([Actor::OwnerOfB]) {
            let answer = stage.read(actor, text, json!({})).await.clean();
            let board = answer.data("/viewer/defaultDashboard");
            let widgets = board["widgets"].as_array().expect("widgets");
            let count = if [Actor::Owner, Actor::Admin, Actor::OwnerOfB].contains(&actor) { 9 } else { 6 };
            assert_eq!(widgets.len(), count, "{kind:?} {actor:?}");
            assert!(widgets.iter().all(|widget| !widget["result"].is_null()), "{kind:?} {actor:?} {}", answer.text);
            assert!(actor.may_see_b() || !answer.bytes().contains(CANARY), "{kind:?} {actor:?}");
            // No caller can change it.
            let input = json!({ "dashboardId": board["id"], "title": "x" });
            let refused = stage.change(actor, "dashboardUpdate", "dashboard { id }", &input).await;
            assert_eq!(refused.codes(), ["FORBIDDEN"], "{kind:?} {actor:?}");
            let input = json!({ "dashboardId": board["id"] });
            let entity = "dashboard { isBuiltIn viewerMayEdit widgets { title kind } }";
            let copy = stage.done(actor, "dashboardDuplicate", entity, &input).await;
            assert_eq!(
                (&copy["isBuiltIn"], &copy["viewerMayEdit"]),
                (&json!(false), &json!(true)),
                "{kind:?} {actor:?}"
            );
            let titles =
                |list: &Value| list.as_array().unwrap().iter().map(|one| one["title"].clone()).collect::<Vec<_>>();
            assert_eq!(titles(&copy["widgets"]), titles(&board["widgets"]), "{kind:?} {actor:?}");
        }
    }
}
