//! Changes that change nothing.

use entity::id::{ActivityId, CaseId, DoctorId, DsoId, TypedId};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use serde_json::json;
use tests::{Actor, Kind, World, world::Side};

use super::Stage;

fn id<I: TypedId>(name: &str) -> String {
    World::id::<I>(name)
}

/// A text of a row as it is.
async fn text(rows: &DatabaseConnection, column: &str, table: &str, name: &str) -> Option<String> {
    let sql = format!("SELECT {column} AS word FROM {table} WHERE organization_id = $1 AND id = $2");
    let values: [Value; 2] = [World::organization(Side::A).into(), World::uuid(name).into()];
    let statement = Statement::from_sql_and_values(rows.get_database_backend(), sql, values);
    rows.query_one_raw(statement).await.unwrap().unwrap().try_get("", "word").unwrap()
}

#[tokio::test]
async fn what_is_so_already_is_no_change_no_version_and_no_event() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let name = text(&stage.rows, "name", "doctors", "doctor Smile Ada").await;
        let practice = text(&stage.rows, "practice", "doctors", "doctor Smile Ada").await;
        let title = text(&stage.rows, "title", "cases", "case Smile Ada").await;
        let note = text(&stage.rows, "note", "activities", "activity Smile Ada TEXT").await;
        let dso = text(&stage.rows, "name", "dsos", "dso Smile").await;
        let (doctor, smile) = (id::<DoctorId>("doctor Smile Ada"), id::<DsoId>("dso Smile"));
        let before = stage.dump().await;
        for (mutation, input) in [
            ("doctorUpdate", json!({ "doctorId": doctor })),
            ("doctorUpdate", json!({ "doctorId": doctor, "name": null })),
            ("doctorUpdate", json!({ "doctorId": doctor, "name": name, "practice": practice })),
            ("doctorMove", json!({ "doctorId": doctor, "toDsoId": smile })),
            ("dsoUpdate", json!({ "dsoId": smile, "name": dso })),
            ("activityUpdate", json!({ "activityId": id::<ActivityId>("activity Smile Ada TEXT"), "note": note })),
            ("caseUpdate", json!({ "caseId": id::<CaseId>("case Smile Ada"), "title": title })),
        ] {
            let answer = stage.change(Actor::Owner, mutation, "id", &input).await.clean();
            assert_eq!(*answer.data(&format!("/{mutation}/userErrors")), json!([]), "{kind:?} {mutation}");
            assert_eq!(stage.dump().await, before, "{kind:?} {mutation} {input}");
        }
        let stale = json!({ "doctorId": doctor, "name": name, "expectedVersion": 1 });
        let answer = stage.change(Actor::Owner, "doctorUpdate", "id", &stale).await;
        assert_eq!(
            *answer.data("/doctorUpdate/userErrors/0/code"),
            json!("STALE_VERSION"),
            "{kind:?}: a stale version is still refused"
        );
        // An empty text of an optional field, unlike a missing one, is a change.
        let emptied = json!({ "doctorId": doctor, "practice": null });
        stage.change(Actor::Owner, "doctorUpdate", "id", &emptied).await.clean();
        assert_eq!(text(&stage.rows, "practice", "doctors", "doctor Smile Ada").await, None, "{kind:?}");
        assert_eq!(text(&stage.rows, "name", "doctors", "doctor Smile Ada").await, name, "{kind:?}");
    }
}
