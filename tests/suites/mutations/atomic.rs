//! A change is seen at once, and made whole or not at all.

use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::{Actor, Kind};

use super::{ALL, Named, Stage, doctor_id, dso_id};

#[tokio::test]
async fn what_was_loaded_before_a_change_is_not_shown_after_it() {
    let text = "mutation($doctor: ID!, $dso: ID!) {
        first: doctorUpdate(input: { doctorId: $doctor, practice: \"Other\" }) { doctor { name dso { name doctors(first: 1) { nodes { name dso { name } } } } } }
        second: dsoUpdate(input: { dsoId: $dso, name: \"Renamed\" }) { dso { name doctors(first: 1) { nodes { name dso { name } } } } }
        third: doctorUpdate(input: { doctorId: $doctor, name: \"Dr. A\" }) { doctor { name dso { name doctors(first: 1) { nodes { name dso { name } } } } } }
    }";
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let variables = json!({ "doctor": doctor_id("Smile Ada"), "dso": dso_id("Smile") });
        let answer = stage.gateway.ask(Actor::Owner, text, variables).await.clean();
        let dso = |name: &str, doctor: &str| json!({ "name": name, "doctors": { "nodes": [{ "name": doctor, "dso": { "name": name } }] } });
        assert_eq!(answer.data("/first/doctor/dso"), &dso("Smile", "Dr. Ada"), "{kind:?}: {}", answer.text);
        assert_eq!(answer.data("/second/dso"), &dso("Renamed", "Dr. Ada"), "{kind:?}: {}", answer.text);
        assert_eq!(answer.data("/third/doctor/name"), "Dr. A", "{kind:?}: {}", answer.text);
        assert_eq!(answer.data("/third/doctor/dso"), &dso("Renamed", "Dr. A"), "{kind:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_done() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let refuse = match kind {
            Kind::Sqlite => "CREATE TRIGGER refuse BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'the log is full'); END",
            Kind::Postgres => {
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$;
                 CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse()"
            }
        };
        stage.rows.execute_unprepared(refuse).await.unwrap();
        let before = stage.dump().await;
        for (mutation, _) in ALL {
            let input = Named::of("Smile", "Zenith").input(mutation);
            let answer = stage.change(Actor::Owner, mutation, "id", &input).await;
            assert_eq!(answer.codes(), ["INTERNAL"], "{:?} {mutation}: {}", stage.kind, answer.text);
            assert!(!answer.text.contains("log is full"), "{kind:?} {mutation}: {}", answer.text);
            assert_eq!(stage.dump().await, before, "{kind:?} {mutation}: done, and not written down");
        }
    }
}
