//! Rows of a version that knew no folded names: they are found after a repair.

use entity::analytics::Drift;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use serde_json::json;
use tests::{Kind, World, world::Side};

use super::Stage;

const COMPUTED: [&str; 3] = [
    "UPDATE doctors SET name_key = '', search_text = ''",
    "UPDATE dsos SET name_key = ''",
    "UPDATE attendees SET name_key = ''",
];

async fn as_by_the_version_before(connection: &DatabaseConnection) {
    for sql in COMPUTED {
        connection.execute_unprepared(sql).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_version_wrote_is_found_by_verify_and_mended_by_rebuild() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let search = async || stage.names("doctors", "filter: { text: $text }", &json!({ "text": "ada" })).await.len();
        let before = search().await;
        assert_ne!(before, 0, "{kind:?}");
        let connection = stage.database.connect().await;
        as_by_the_version_before(&connection).await;
        assert_eq!(search().await, 0, "{kind:?}");
        let side = World::organization(Side::A).to_string();
        let roll_ups = stage.gateway.db.roll_ups(&side).await.unwrap().unwrap();
        let drift = roll_ups.verify().await.unwrap();
        assert!(drift.names > before as u64, "{kind:?}: {drift:?}");
        assert_eq!(roll_ups.rebuild().await.unwrap().names, drift.names, "{kind:?}");
        assert_eq!(roll_ups.verify().await.unwrap().names, 0, "{kind:?}");
        assert_eq!(search().await, before, "{kind:?}");
        // One row is enough: one that was renamed by the other version.
        connection.execute_unprepared("UPDATE dsos SET name = 'Renamed' WHERE name = 'Smile'").await.unwrap();
        assert_eq!(roll_ups.verify().await.unwrap(), Drift { names: 1, ..Drift::default() }, "{kind:?}");
        assert_eq!(roll_ups.rebuild_names().await.unwrap(), 1, "{kind:?}");
        assert_eq!(
            stage.names("dsos", "filter: { text: $text }", &json!({ "text": "renamed" })).await,
            ["Renamed"],
            "{kind:?}"
        );
    }
}
