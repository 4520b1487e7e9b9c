//! The whole way, once.

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

#[tokio::test]
async fn a_manager_reads_what_a_viewer_may_not() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let query = "{ dsos { nodes { name doctors(first: 1) { nodes { email } } } } }";

        let owner = gateway.ask(Actor::Owner, query, json!({})).await.clean();
        assert_eq!(owner.data("/dsos/nodes/0/doctors/nodes/0/email"), "ada@doctors.example", "{kind:?} {}", owner.text);

        let manager = gateway.ask(Actor::Manager, query, json!({})).await;
        assert_eq!(manager.data("/dsos/nodes/0/name"), "Bright", "{kind:?} {}", manager.text);
        assert_eq!(*manager.data("/dsos/nodes/0/doctors/nodes/0/email"), json!(null), "{kind:?} {}", manager.text);
        assert_eq!(
            manager.data("/dsos/nodes/1/doctors/nodes/0/email"),
            "ada@doctors.example",
            "{kind:?} {}",
            manager.text
        );
        let error = &manager.json["errors"][0]["extensions"];
        assert_eq!(error["code"], "FORBIDDEN");
        assert_eq!(error["coordinate"], "Doctor.email");
        assert_eq!(error["guard"], "dso: MANAGER");
    }
}
