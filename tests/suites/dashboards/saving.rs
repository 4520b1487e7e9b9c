//! Reasons for which a widget's query is refused when it is saved.

use serde_json::{Value, json};
use tests::{Actor, Kind};

use super::Stage;

fn rank() -> Value {
    json!({ "measure": { "count": true } })
}

/// A condition on groups.
fn bound() -> Value {
    json!({ "measure": { "count": true }, "gte": 1 })
}

/// A kind, a query, and the number of expected errors.
fn wrong() -> Vec<(&'static str, Value, usize)> {
    let bucket = |zone: &str| json!({ "field": "JOINED_AT", "unit": "MONTH", "timeZone": zone });
    let hours = json!({
        "field": "OCCURRED_AT", "unit": "HOUR", "range": { "from": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z" },
    });
    vec![
        ("BAR", json!({ "doctors": { "groupBy": ["RISK", "RISK"] } }), 1),
        (
            "BAR",
            json!({ "doctors": { "groupBy": ["RISK"], "orderBy": vec![rank(); 2], "having": vec![bound(); 2] } }),
            2,
        ),
        (
            "BAR",
            json!({ "doctors": { "groupBy": ["RISK"], "orderBy": vec![rank(); 9], "having": vec![bound(); 17] } }),
            2,
        ),
        (
            "BAR",
            json!({ "doctors": { "groupBy": ["RISK"], "orderBy": [{ "dimension": "DSO" }, { "bucket": true }], "first": 1001 } }),
            3,
        ),
        ("BAR", json!({ "doctors": { "groupBy": ["RISK"], "orderBy": [{}], "lastDays": 0 } }), 2),
        ("LINE", json!({ "doctors": { "bucket": bucket("Nowhere") } }), 1),
        ("LINE", json!({ "activities": { "bucket": hours } }), 1),
        ("LIST", json!({ "doctorList": { "first": 101, "withoutContactDays": 5000 } }), 2),
        ("LIST", json!({ "doctors": {} }), 1),
        ("NUMBER", json!({ "doctors": { "groupBy": ["RISK"] } }), 1),
        ("PIE", json!({ "overview": "DOCTORS" }), 1),
        (
            "TABLE",
            json!({ "cases": { "groupBy": ["STATUS", "STATUS"], "filter": { "dsoIds": ["a".repeat(20_000)] } } }),
            2,
        ),
    ]
}

#[tokio::test]
async fn an_unsound_query_is_refused_when_it_is_saved() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let (board, widget) = stage.shared("NUMBER", &json!({ "overview": "DOCTORS" })).await;
        for (form, query, problems) in wrong() {
            let input = json!({ "dashboardId": board, "title": "x", "kind": form, "query": query });
            let added = stage.to_mend(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
            assert_eq!(added.len(), problems, "{kind:?} {query}: {added:?}");
            assert!(added.iter().all(|error| error.starts_with("BAD_USER_INPUT ")), "{kind:?} {added:?}");
            let input = json!({ "widgetId": widget, "kind": form, "query": query });
            assert_eq!(stage.to_mend(Actor::Owner, "widgetUpdate", "widget { id }", &input).await, added, "{kind:?}");
        }
        // A new kind must be compatible with the existing query.
        let errors = stage
            .to_mend(Actor::Owner, "widgetUpdate", "widget { id }", &json!({ "widgetId": widget, "kind": "LIST" }))
            .await;
        assert_eq!(errors.len(), 1, "{kind:?} {errors:?}");
        // A query must have exactly one member, with a value from the schema.
        for query in [json!({}), json!({ "overview": "DOCTORS", "cases": {} }), json!({ "overview": "WEATHER" })] {
            let input = json!({ "dashboardId": board, "title": "x", "kind": "NUMBER", "query": query });
            let answer = stage.change(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
            assert_eq!(answer.status, 400, "{kind:?} {query} {}", answer.text);
        }
        let all = "query($id: ID!) { dashboard(id: $id) { version widgets { id } } }";
        let seen = stage.read(Actor::Owner, all, json!({ "id": board })).await.clean();
        assert_eq!(seen.data("/dashboard/version"), &json!(2), "{kind:?}: nothing of it was saved");
    }
}

#[tokio::test]
async fn a_query_that_was_saved_before_it_was_refused_is_not_run() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let (board, _) = stage.shared("NUMBER", &json!({ "overview": "DOCTORS" })).await;
        let query = json!({ "doctors": { "groupBy": ["RISK"], "orderBy": vec![rank(); 3000] } });
        let connection = stage.database.connect().await;
        let sql = format!("UPDATE dashboard_widgets SET kind = 'BAR', query = '{query}'");
        sea_orm::ConnectionTrait::execute_unprepared(&connection, &sql).await.unwrap();
        let all = "query($id: ID!) { dashboard(id: $id) { widgets { result { value } } } }";
        let answer = stage.read(Actor::Owner, all, json!({ "id": board })).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{kind:?} {}", answer.text);
        assert!(answer.text.contains("`orderBy` has 3000 entries"), "{kind:?} {}", answer.text);
    }
}
