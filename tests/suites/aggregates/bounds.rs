//! Limits on the size of an aggregate, and the requests that are refused.

use serde_json::{Value, json};
use tests::{
    Actor, Database, Gateway, Kind,
    actor::token,
    tenants::{Size, Tenant},
};

const TENANT: Tenant = Tenant(1);
const SIZE: Size = Size { dsos: 1, members: 2, grants: 1, doctors: 12, activities: 2, cases: 0, courses: 0 };

/// 1,000 days for each doctor, kind and actor.
const FILLED: &str = r#"{ activitiesAggregate(groupBy: [DOCTOR, KIND, ACTOR], first: 1, bucket: { field: OCCURRED_AT, unit: DAY, fill: true,
    range: { from: "2024-01-10T00:00:00Z", until: "2026-10-01T00:00:00Z" } }) { nodes { count } } }"#;

#[tokio::test]
async fn an_aggregate_that_would_make_more_than_the_most_groups_is_refused() {
    for kind in Kind::ALL {
        let database = Database::empty(kind).await;
        TENANT.seed(&database.connect().await, SIZE).await;
        let gateway = Gateway::over(&database).await;
        let ask = async |query: &str| {
            gateway.ask_as(Some(&token(&TENANT.owner())), Some(&TENANT.slug()), query, json!({})).await
        };
        let refused = ask(FILLED).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{kind:?} {}", refused.text);
        assert!(refused.text.contains("`fill` would make"), "{kind:?} {}", refused.text);
        assert!(refused.data("/activitiesAggregate").is_null(), "{kind:?} {}", refused.text);
        // Without filled gaps there are few groups; with gaps filled in a single series there are as many groups as
        // intervals, which is allowed.
        ask(&FILLED.replace("fill: true", "fill: false")).await.clean();
        ask(&FILLED.replace("groupBy: [DOCTOR, KIND, ACTOR], ", "")).await.clean();
    }
}

/// Arguments of the aggregate, and the message with which they are refused.
fn refused() -> Vec<(String, &'static str)> {
    let count = "{ measure: { count: true } }";
    let ranks = |number: usize| format!("orderBy: [{}]", [count].repeat(number).join(", "));
    let condition = "{ measure: { count: true }, gte: 0 }";
    let conditions = |number: usize| format!("having: [{}]", [condition].repeat(number).join(", "));
    vec![
        ("groupBy: [RISK, DSO, RISK]".to_owned(), "`groupBy` names a dimension twice"),
        (ranks(2), "`orderBy` names a dimension, a figure or the bucket twice"),
        ("groupBy: [RISK], orderBy: [{ dimension: RISK }, { dimension: RISK, direction: DESC }]".to_owned(), "twice"),
        (ranks(9), "`orderBy` has 9 entries; at most 8 are allowed"),
        (conditions(2), "`having` names a figure twice"),
        (conditions(17), "`having` has 17 entries; at most 16 are allowed"),
    ]
}

#[tokio::test]
async fn duplicate_or_excess_aggregate_arguments_are_refused_before_data_is_read() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for (asked, why) in refused() {
        let _before = gateway.recorder.take();
        let query = format!("{{ doctorsAggregate({asked}) {{ nodes {{ count }} }} }}");
        let answer = gateway.ask(Actor::Owner, &query, json!({})).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{asked} {}", answer.text);
        assert!(answer.text.contains(why), "{asked} {}", answer.text);
        let sent = gateway.recorder.take();
        assert!(sent.iter().all(|sent| sent.purpose != entity::db::Purpose::Data), "{asked}: something was read");
    }
}

#[tokio::test]
async fn a_list_of_any_length_is_refused_before_anything_runs() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let ids = |number: usize| vec![Value::from("x"); number];
    for (query, variables) in [
        ("query($ids: [ID!]) { doctors(filter: { dsoIds: $ids }) { totalCount } }", json!({ "ids": ids(1001) })),
        (
            "query($f: ActivityFilter) { activitiesAggregate(filter: $f) { totalCount } }",
            json!({ "f": { "actorIds": ids(1001) } }),
        ),
        (
            "mutation($input: InvitationCreateInput!) { invitationCreate(input: $input) { userErrors { code } } }",
            json!({ "input": { "email": "a@b.example", "grants": vec![json!({ "dsoId": "x", "role": "VIEWER" }); 1001] } }),
        ),
    ] {
        let answer = gateway.ask(Actor::Owner, query, variables).await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{}", answer.text);
        assert!(answer.text.contains("holds a list of 1001 entries; at most 1000 are allowed"), "{}", answer.text);
    }
    let query = "query($ids: [ID!]) { doctors(filter: { dsoIds: $ids }) { totalCount } }";
    gateway.ask(Actor::Owner, query, json!({ "ids": ids(1000) })).await.clean();
}
