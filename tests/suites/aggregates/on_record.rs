//! From which day on the history of DSOs is recorded.

use entity::id::DsoId;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, World, world::SLUG_A};

const STEP: &str = "standings_known_from";
const OF_DSO: &str = "query($dso: ID!) { dso(id: $dso) { overview { knownFrom } } }";
const OF_ALL: &str = "{ organization { overview { knownFrom dsoCount } } }";

async fn of_dso(gateway: &Gateway, dso: &str) -> Value {
    let variables = json!({ "dso": World::id::<DsoId>(&format!("dso {dso}")) });
    gateway.ask(Actor::Owner, OF_DSO, variables).await.clean().data("/dso/overview/knownFrom").clone()
}

async fn of_all(gateway: &Gateway, actor: Actor) -> Value {
    gateway.ask(actor, OF_ALL, json!({})).await.clean().data("/organization/overview/knownFrom").clone()
}

fn midnight(time: chrono::DateTime<chrono::Utc>) -> Value {
    json!(time.format("%Y-%m-%dT00:00:00Z").to_string())
}

/// Whether two texts are the same time.
fn same(found: &Value, expected: &Value) -> bool {
    let time = |value: &Value| value.as_str().and_then(|text| text.parse::<chrono::DateTime<chrono::Utc>>().ok());
    time(found).is_some() && time(found) == time(expected)
}

#[tokio::test]
async fn a_history_that_was_made_up_is_on_record_from_the_day_on_which_it_was_made_up() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        // As for a DSO that was created by the gateway: its whole history is recorded.
        connection.execute_unprepared("UPDATE dsos SET standings_known_from = NULL").await.unwrap();
        connection.execute_unprepared("DELETE FROM standing_rollups").await.unwrap();
        assert_eq!(of_dso(&gateway, "Smile").await, Value::Null, "{kind:?}");
        let today = chrono::Utc::now();
        let roll_ups = gateway.db.roll_ups(SLUG_A).await.unwrap().expect("the organization is there");
        let _mended = roll_ups.rebuild().await.unwrap();
        assert!(same(&of_dso(&gateway, "Smile").await, &midnight(today)), "{kind:?}");
        assert!(same(&of_all(&gateway, Actor::Owner).await, &midnight(today)), "{kind:?}");
        // A second rebuild does not reconstruct the history again.
        connection.execute_unprepared("UPDATE dsos SET standings_known_from = 20000").await.unwrap();
        let _mended = roll_ups.rebuild().await.unwrap();
        gateway.db.close().await.unwrap();
        let gateway = Gateway::over(&database).await;
        assert!(same(&of_dso(&gateway, "Smile").await, &json!("2024-10-04T00:00:00Z")), "{kind:?}");
    }
}

#[tokio::test]
async fn of_several_dsos_that_is_on_record_which_is_of_each_that_one_sees() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        let id = |dso: &str| {
            let hex = World::uuid(&format!("dso {dso}")).simple().to_string();
            if kind == Kind::Sqlite { format!("x'{hex}'") } else { format!("'{hex}'") }
        };
        for (dso, day) in [("Smile", 20_000), ("Bright", 20_100), ("Zenith", 20_050)] {
            let sql = format!("UPDATE dsos SET standings_known_from = {day} WHERE id = {}", id(dso));
            connection.execute_unprepared(&sql).await.unwrap();
        }
        let gateway = Gateway::over(&database).await;
        assert!(same(&of_dso(&gateway, "Zenith").await, &json!("2024-11-23T00:00:00Z")), "{kind:?}");
        let latest = json!("2025-01-12T00:00:00Z");
        let sees_bright = "{ dsos(first: 100) { nodes { name } } }";
        for actor in [Actor::Owner, Actor::Admin, Actor::Viewer] {
            let seen = gateway.ask(actor, sees_bright, json!({})).await.clean();
            let found = of_all(&gateway, actor).await;
            assert_eq!(same(&found, &latest), seen.text.contains("Bright"), "{kind:?} {actor:?}: {found}");
        }
    }
}

/// A widget does not compare its figure with a time before the recorded history.
#[tokio::test]
async fn a_widget_has_no_figure_of_before_where_none_is_on_record() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        connection.execute_unprepared("UPDATE dsos SET standings_known_from = 20000").await.unwrap();
        let made = gateway
            .ask(
                Actor::Owner,
                "mutation { dashboardCreate(input: { title: \"Board\" }) { dashboard { id } userErrors { code } } }",
                json!({}),
            )
            .await
            .clean();
        let board = made.data("/dashboardCreate/dashboard/id").clone();
        for figure in ["DOCTORS", "ON_TRACK", "CASES", "ACTIVITIES", "WITHOUT_CONTACT"] {
            let input =
                json!({ "dashboardId": board, "title": figure, "kind": "NUMBER", "query": { "overview": figure } });
            let add = "mutation($input: WidgetAddInput!) { widgetAdd(input: $input) { userErrors { code } } }";
            let _ = gateway.ask(Actor::Owner, add, json!({ "input": input })).await.clean();
        }
        let show = "query($id: ID!, $range: TimeRange!) { dashboard(id: $id) { widgets { title \
             result(range: $range) { value before knownFrom } } } }";
        for (from, is_on_record) in [
            ("2024-10-03T23:59:59Z", false),
            ("2024-10-04T00:00:00Z", false),
            ("2024-10-04T00:00:00.000001Z", true),
            ("2025-06-01T00:00:00Z", true),
        ] {
            let variables = json!({ "id": board, "range": { "from": from, "until": "2026-11-01T00:00:00Z" } });
            let answer = gateway.ask(Actor::Owner, show, variables).await.clean();
            for widget in answer.data("/dashboard/widgets").as_array().expect("widgets") {
                let figure = widget["title"].as_str().expect("a title");
                let stands = ["DOCTORS", "ON_TRACK", "CASES"].contains(&figure);
                let result = &widget["result"];
                assert_eq!(
                    result["knownFrom"].is_null(),
                    !stands || is_on_record,
                    "{kind:?} {figure} from {from}: {result}"
                );
                if stands && !is_on_record {
                    assert!(result["before"].is_null() && result["value"].is_number(), "{kind:?} {figure}: {result}");
                }
                if figure == "DOCTORS" && is_on_record {
                    assert!(result["before"].is_number(), "{kind:?} {figure}: {result}");
                }
            }
        }
    }
}

/// The migration recognizes a history that an older version reconstructed: it has days before any of the doctors was
/// created.
#[tokio::test]
async fn migration_recognizes_reconstructed_history_of_older_versions() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        let time = if kind == Kind::Sqlite { "'2026-06-15T12:00:00.000000+00:00'" } else { "'2026-06-15T12:00:00Z'" };
        connection.execute_unprepared(&format!("UPDATE doctors SET created_at = {time}")).await.unwrap();
        connection.close().await.unwrap();
        while !migration::down(&database.url, Some(1)).await.unwrap().iter().any(|step| step.ends_with(STEP)) {}
        migration::up(&database.url, None).await.unwrap();
        let gateway = Gateway::over(&database).await;
        assert!(same(&of_dso(&gateway, "Smile").await, &json!("2026-06-15T00:00:00Z")), "{kind:?}");
    }
}
