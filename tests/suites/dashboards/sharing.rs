//! The queries of a shared dashboard are readable by every member, so they may not contain a person's name or address.

use serde_json::{Value, json};
use tests::{Actor, Kind};

use super::Stage;
use crate::matrix::changes::boards::dashboard;

const ADDRESS: &str = "ada.secret@doctors.example";

/// Queries that search for a person, each with the condition that does so.
fn personal() -> [(&'static str, Value, &'static str); 4] {
    [
        ("LIST", json!({ "doctorList": { "filter": { "email": ADDRESS } } }), "`email`"),
        ("LIST", json!({ "doctorList": { "filter": { "text": ADDRESS } } }), "`text`"),
        (
            "BAR",
            json!({ "doctors": { "groupBy": ["RISK"], "filter": { "email": ADDRESS, "risk": ["HIGH"] } } }),
            "`email`",
        ),
        ("NUMBER", json!({ "doctors": { "filter": { "text": ADDRESS } } }), "`text`"),
    ]
}

/// Queries that use all conditions of a filter except those on persons.
fn impersonal() -> [(&'static str, Value); 3] {
    let since = "2026-01-01T00:00:00Z";
    let doctors = json!({
        "dsoIds": [], "risk": ["HIGH"], "periodFrom": 1, "periodTo": 3, "text": null, "email": null,
        "contactedFrom": since, "notContactedSince": since, "shelf": "LIVING",
    });
    [
        ("LIST", json!({ "doctorList": { "filter": doctors } })),
        (
            "BAR",
            json!({ "activities": { "groupBy": ["KIND"], "filter": { "kind": ["PHONE"], "actorIds": [], "from": since } } }),
        ),
        ("PIE", json!({ "cases": { "groupBy": ["STATUS"], "filter": { "openedFrom": since } } })),
    ]
}

/// Whether there is exactly one error, which names the condition and does not contain the searched value.
fn is_refused_for(errors: &[String], condition: &str) -> bool {
    let [error] = errors else { return false };
    error.starts_with("BAD_USER_INPUT ") && error.contains(condition) && !error.contains(ADDRESS)
}

#[tokio::test]
async fn a_shared_dashboard_takes_no_widget_that_names_a_person() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for (form, query, condition) in personal() {
            let (board, widget) = stage.shared(form, &impersonal_like(form)).await;
            let input = json!({ "dashboardId": board, "title": "x", "kind": form, "query": query });
            let errors = stage.to_mend(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
            assert!(is_refused_for(&errors, condition), "{kind:?} {query}: {errors:?}");
            let input = json!({ "widgetId": widget, "query": query });
            let errors = stage.to_mend(Actor::Admin, "widgetUpdate", "widget { id }", &input).await;
            assert!(is_refused_for(&errors, condition), "{kind:?} {query}: {errors:?}");
            let all = "query($id: ID!) { dashboard(id: $id) { version widgets { query } } }";
            let seen = stage.read(Actor::Viewer, all, json!({ "id": board })).await.clean();
            assert!(!seen.text.contains(ADDRESS), "{kind:?} {query}: {}", seen.text);
            assert_eq!(seen.data("/dashboard/version"), &json!(2), "{kind:?} {query}: nothing of it was saved");
        }
        for (form, query) in impersonal() {
            stage.shared(form, &query).await;
        }
    }
}

/// A query without a person that can be shown in this form.
fn impersonal_like(form: &str) -> Value {
    match form {
        "LIST" => json!({ "doctorList": {} }),
        "BAR" => json!({ "doctors": { "groupBy": ["RISK"] } }),
        _ => json!({ "doctors": {} }),
    }
}

#[tokio::test]
async fn a_dashboard_that_names_a_person_is_not_shared() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for (form, query, condition) in personal() {
            // A private dashboard may search for a person.
            let (board, widget) = stage.board(Actor::Admin, "PRIVATE", form, &query).await;
            let share = json!({ "dashboardId": board, "visibility": "SHARED" });
            let errors = stage.to_mend(Actor::Admin, "dashboardUpdate", "dashboard { id }", &share).await;
            assert!(is_refused_for(&errors, condition), "{kind:?} {query}: {errors:?}");
            let find = "query($id: ID!) { dashboard(id: $id) { id } }";
            let seen = stage.read(Actor::Owner, find, json!({ "id": board })).await.clean();
            assert!(seen.data("/dashboard").is_null(), "{kind:?} {query}: it was shared");
            // A copy has the same query, and is private like its original.
            let copy = json!({ "dashboardId": board });
            let copy = stage
                .done(Actor::Admin, "dashboardDuplicate", "dashboard { visibility widgets { query } }", &copy)
                .await;
            assert_eq!(copy, json!({ "visibility": "PRIVATE", "widgets": [{ "query": query }] }), "{kind:?}");
            // Without the person it can be shared.
            let input = json!({ "widgetId": widget, "query": impersonal_like(form) });
            stage.done(Actor::Admin, "widgetUpdate", "widget { id }", &input).await;
            stage.done(Actor::Admin, "dashboardUpdate", "dashboard { id }", &share).await;
            let log = "{ organization { auditLog(first: 50) { nodes { before after } } } }";
            let log = stage.read(Actor::Owner, log, json!({})).await.clean();
            assert!(!log.text.contains(ADDRESS), "{kind:?} {query}: the log says whom somebody looked for");
        }
    }
}

/// Two concurrent changes, repeated: one shares the dashboard, the other adds a widget that names a person.
#[tokio::test]
async fn sharing_and_adding_at_once_share_no_address() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for _ in 0..8 {
            let input = json!({ "title": "Board" });
            let board = stage.done(Actor::Admin, "dashboardCreate", "dashboard { id }", &input).await;
            let share = json!({ "dashboardId": board["id"], "visibility": "SHARED" });
            let (form, query, _) = &personal()[0];
            let add = json!({ "dashboardId": board["id"], "title": "x", "kind": form, "query": query });
            let (_shared, _added) = tokio::join!(
                stage.change(Actor::Admin, "dashboardUpdate", "dashboard { id }", &share),
                stage.change(Actor::Admin, "widgetAdd", "widget { id }", &add),
            );
            let all = "query($id: ID!) { dashboard(id: $id) { visibility widgets { query } } }";
            let seen = stage.read(Actor::Admin, all, json!({ "id": board["id"] })).await.clean();
            let is_shared = seen.data("/dashboard/visibility") == "SHARED";
            assert_ne!(
                is_shared,
                seen.text.contains(ADDRESS),
                "{kind:?}: exactly one of the two was done: {}",
                seen.text
            );
        }
    }
}

#[tokio::test]
async fn a_saved_query_that_the_schema_has_outgrown_is_not_shared() {
    let stage = Stage::new(Kind::Sqlite).await;
    let connection = stage.database.connect().await;
    let sql = r#"UPDATE dashboard_widgets SET query = '{"weather": "TODAY"}'"#;
    sea_orm::ConnectionTrait::execute_unprepared(&connection, sql).await.unwrap();
    let share = json!({ "dashboardId": dashboard("private"), "visibility": "SHARED" });
    let errors = stage.to_mend(Actor::Admin, "dashboardUpdate", "dashboard { id }", &share).await;
    assert!(errors.len() == 1 && errors[0].contains("does not fit the schema any more"), "{errors:?}");
}
