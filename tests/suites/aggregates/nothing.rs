//! Figures over no rows, and an empty condition.

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

/// Each noun with a filter that matches no row, some of its figures, and its time field.
const NOUNS: [(&str, &str, &str, &str); 3] = [
    (
        "doctors",
        r#"text: "no doctor is called so""#,
        "sum(of: PROGRESS) avg(of: PROGRESS) median(of: PROGRESS)",
        "JOINED_AT",
    ),
    (
        "activities",
        r#"from: "1990-01-01T00:00:00Z", until: "1990-01-02T00:00:00Z""#,
        "countDistinct(of: KIND)",
        "OCCURRED_AT",
    ),
    (
        "cases",
        r#"openedFrom: "1990-01-01T00:00:00Z", openedUntil: "1990-01-02T00:00:00Z""#,
        "countDistinct(of: STATUS)",
        "OPENED_AT",
    ),
];

#[tokio::test]
async fn without_groups_there_is_one_group_also_of_no_rows_and_its_count_is_zero() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for (noun, filter, figures, time) in NOUNS {
            for actor in [Actor::Owner, Actor::Viewer, Actor::Ungranted] {
                let ask = async |more: &str| {
                    let query = format!(
                        "{{ {noun}Aggregate(filter: {{ {filter} }}{more}) {{ totalCount nodes {{ count {figures} }} }} }}"
                    );
                    gateway.ask(actor, &query, json!({})).await.clean().data(&format!("/{noun}Aggregate")).clone()
                };
                let whole = ask("").await;
                assert_eq!(
                    (&whole["totalCount"], &whole["nodes"][0]["count"]),
                    (&json!(1), &json!(0)),
                    "{kind:?} {noun} {whole}"
                );
                let none = json!({ "totalCount": 0, "nodes": [] });
                let dimension = if noun == "cases" { "STATUS" } else { "DSO" };
                assert_eq!(ask(&format!(", groupBy: [{dimension}]")).await, none, "{kind:?} {noun}: in groups");
                let bucket = format!(", bucket: {{ field: {time}, unit: YEAR }}");
                assert_eq!(ask(&bucket).await, none, "{kind:?} {noun}: in intervals");
                let above = ", having: [{ measure: { count: true }, gt: 0 }]";
                assert_eq!(ask(above).await, none, "{kind:?} {noun}: under a condition");
                let most = ", having: [{ measure: { count: true }, lte: 0 }]";
                assert_eq!(ask(most).await, whole, "{kind:?} {noun}: under a condition that holds");
            }
        }
    }
}

#[tokio::test]
async fn a_number_of_no_rows_is_zero() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let made =
        r#"mutation { dashboardCreate(input: { title: "Figures" }) { dashboard { id } userErrors { message } } }"#;
    let made = gateway.ask(Actor::Owner, made, json!({})).await.clean();
    let add = "mutation($id: ID!) { widgetAdd(input: { dashboardId: $id, title: \"None\", kind: NUMBER, \
               query: { doctors: { filter: { text: \"no doctor is called so\" } } } }) { widget { result { value } } userErrors { message } } }";
    let answer =
        gateway.ask(Actor::Owner, add, json!({ "id": made.data("/dashboardCreate/dashboard/id") })).await.clean();
    assert_eq!(*answer.data("/widgetAdd/widget/result/value"), json!(0.0), "{}", answer.text);
}

#[tokio::test]
async fn empty_condition_is_refused() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (noun, ..) in NOUNS {
        for (having, is_refused) in [
            ("[{ measure: { count: true } }]", true),
            ("[{ measure: { count: true }, gt: null, lte: null }]", true),
            ("[{ measure: { count: true }, gte: 0 }, { measure: { countDistinct: DSO } }]", true),
            ("[{ measure: { count: true }, eq: 0 }]", false),
            ("[]", false),
            ("null", false),
        ] {
            let query = format!("{{ {noun}Aggregate(having: {having}) {{ totalCount }} }}");
            let answer = gateway.ask(Actor::Owner, &query, json!({})).await;
            if is_refused {
                assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{having}: {}", answer.text);
                assert!(answer.text.contains("`having` has an entry without a condition"), "{having}: {}", answer.text);
            } else {
                answer.clean();
            }
        }
    }
}

#[tokio::test]
async fn a_time_zone_is_named_in_any_letter_case() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let ask = async |zone: &str| {
        let query = format!(
            r#"{{ activitiesAggregate(bucket: {{ field: OCCURRED_AT, unit: DAY, timeZone: "{zone}" }}) {{ nodes {{ bucket }} }} }}"#
        );
        gateway.ask(Actor::Owner, &query, json!({})).await
    };
    for (one, other) in [("UTC", "utc"), ("Europe/Berlin", "europe/BERLIN")] {
        assert_eq!(ask(one).await.clean().stable(), ask(other).await.clean().stable());
    }
    assert_eq!(ask("Etc/Unknown").await.codes(), ["BAD_USER_INPUT"]);
}
