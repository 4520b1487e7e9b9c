//! Concurrent changes of the same rows.

use entity::id::{DoctorId, TypedId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World};
use tokio::task::JoinSet;

async fn sixteen(gateway: &Gateway, query: &'static str, variables: impl Fn(usize) -> Value) -> Vec<Answer> {
    let mut all = JoinSet::new();
    for turn in 0..16 {
        let (gateway, variables) = (gateway.clone(), variables(turn));
        all.spawn(async move { gateway.ask(Actor::Manager, query, variables).await });
    }
    all.join_all().await
}

fn doctor() -> String {
    World::id::<DoctorId>("doctor Smile Ada")
}

async fn count(database: &Database, sql: &str) -> i64 {
    let connection = database.connect().await;
    let values = [World::organization(tests::world::Side::A).into(), DoctorId::from_text(&doctor()).uuid().into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_sixteen_concurrent_updates_with_the_same_expected_version_succeeds() {
    let query = "mutation ($id: ID!, $name: String) {
        doctorUpdate(input: { doctorId: $id, name: $name, expectedVersion: 7 }) { doctor { version } userErrors { code } }
    }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let answers = sixteen(&gateway, query, |turn| json!({ "id": doctor(), "name": format!("name {turn}") })).await;
        let won = answers.iter().filter(|answer| *answer.data("/doctorUpdate/doctor/version") == json!(8)).count();
        let stale =
            answers.iter().filter(|answer| answer.data("/doctorUpdate/userErrors/0/code") == "STALE_VERSION").count();
        assert_eq!((won, stale), (1, 15), "{kind:?} {answers:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_first_records_of_one_period_make_one_row() {
    let query = "mutation ($id: ID!, $percent: Int!) {
        onboardingPeriodRecord(input: { doctorId: $id, period: 9, percent: $percent }) { onboardingPeriod { id } userErrors { code } }
    }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for answer in sixteen(&gateway, query, |turn| json!({ "id": doctor(), "percent": turn })).await {
            let _ = answer.clean();
        }
        let sql =
            "SELECT count(*) AS n FROM onboarding_periods WHERE organization_id = $1 AND doctor_id = $2 AND period = 9";
        assert_eq!(count(&database, sql).await, 1, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_writers_lose_nothing_and_the_last_contact_is_the_latest() {
    let query = "mutation ($id: ID!, $at: DateTime!) {
        activityLog(input: { doctorId: $id, kind: PHONE, occurredAt: $at }) { activity { id } userErrors { code } }
    }";
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let sql = "SELECT count(*) AS n FROM activities WHERE organization_id = $1 AND doctor_id = $2";
        let before = count(&database, sql).await;
        for answer in sixteen(
            &gateway,
            query,
            |turn| json!({ "id": doctor(), "at": format!("2026-05-{:02}T12:00:00Z", turn + 1) }),
        )
        .await
        {
            let _ = answer.clean();
        }
        assert_eq!(count(&database, sql).await, before + 16, "{kind:?}");
        let asked = gateway
            .ask(Actor::Owner, "query ($id: ID!) { doctor(id: $id) { lastContactAt } }", json!({ "id": doctor() }))
            .await
            .clean();
        assert_eq!(asked.data("/doctor/lastContactAt"), "2026-05-16T12:00:00+00:00", "{kind:?}");
    }
}
