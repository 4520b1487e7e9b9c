//! The roll-ups follow the rows through every change.

use entity::{ActivityId, CaseId, DoctorId, Drift, DsoId};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, World, world::SLUG_A};

async fn drift(gateway: &Gateway) -> Drift {
    let roll_ups = gateway.db.roll_ups(SLUG_A).await.unwrap().expect("the organization is there");
    roll_ups.verify().await.unwrap()
}

async fn change(gateway: &Gateway, mutation: &str, input: Value, shown: &str) -> Value {
    let ty = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {ty}!) {{ done: {mutation}(input: $input) {{ {shown} userErrors {{ code message }} }} }}"
    );
    let answer = gateway.ask(Actor::Owner, &query, json!({ "input": input })).await.clean();
    assert_eq!(answer.data("/done")["userErrors"], json!([]), "{mutation} {input}");
    answer.data("/done").clone()
}

#[tokio::test]
async fn after_every_kind_of_change_they_are_what_the_rows_say() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        assert_eq!(drift(&gateway).await, Drift::default(), "{kind:?}: the world begins with sound roll-ups");
        let (smile, bright) = (World::id::<DsoId>("dso Smile"), World::id::<DsoId>("dso Bright"));
        let ada = World::id::<DoctorId>("doctor Smile Ada");
        let phone = World::id::<ActivityId>("activity Smile Ada PHONE");
        let case = World::id::<CaseId>("case Smile Ada");
        let draft = json!({ "dsoId": smile, "name": "Dr New", "risk": "HIGH", "onboardingPeriod": 4 });
        let made = change(&gateway, "doctorCreate", draft, "doctor { id }").await;
        let new = made["doctor"]["id"].as_str().expect("an id").to_owned();
        for (mutation, input) in [
            ("activityLog", json!({ "doctorId": new, "kind": "MEETING", "occurredAt": "2019-02-28T23:59:59.999999Z" })),
            ("activityLog", json!({ "doctorId": ada, "kind": "PHONE" })),
            ("activityUpdate", json!({ "activityId": phone, "kind": "NOTE" })),
            ("activityUpdate", json!({ "activityId": phone, "occurredAt": "2024-12-31T23:30:00-05:00" })),
            ("activityDelete", json!({ "activityId": phone })),
            ("caseOpen", json!({ "doctorId": new, "title": "First" })),
            ("caseUpdate", json!({ "caseId": case, "status": "COMPLETED" })),
            ("onboardingPeriodRecord", json!({ "doctorId": new, "period": 1, "percent": 100 })),
            ("onboardingPeriodRecord", json!({ "doctorId": new, "period": 2, "percent": 60 })),
            ("onboardingPeriodRecord", json!({ "doctorId": new, "period": 2, "percent": 100 })),
            ("onboardingPeriodRecord", json!({ "doctorId": new, "period": 3, "percent": 100 })),
            ("doctorUpdate", json!({ "doctorId": new, "risk": null, "onboardingPeriod": 5 })),
            ("doctorUpdate", json!({ "doctorId": new, "name": "Dr Newer" })),
            ("doctorMove", json!({ "doctorId": new, "toDsoId": bright })),
            ("doctorMove", json!({ "doctorId": ada, "toDsoId": bright })),
            ("doctorArchive", json!({ "doctorId": ada })),
            ("doctorRestore", json!({ "doctorId": ada })),
            ("dsoArchive", json!({ "dsoId": bright })),
            ("dsoRestore", json!({ "dsoId": bright })),
        ] {
            let _ = change(&gateway, mutation, input.clone(), "__typename").await;
            assert_eq!(drift(&gateway).await, Drift::default(), "{kind:?} {mutation} {input}");
        }
        let overview = "query($dso: ID!) { dso(id: $dso) { overview { doctors { count } onTrack { value } } } }";
        let answer = gateway.ask(Actor::Owner, overview, json!({ "dso": bright })).await.clean();
        assert_ne!(answer.data("/dso/overview/doctors/count"), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn sixteen_changes_at_once_are_all_counted() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::with_connections(&database, 16).await;
        let doctors = ["Smile Ada", "Smile Ben", "Bright Ada", "Bright Ben"];
        let log = async |number: usize| {
            let doctor = World::id::<DoctorId>(&format!("doctor {}", doctors[number % doctors.len()]));
            let kinds = ["PHONE", "EMAIL", "TEXT"];
            for round in 0..6 {
                let input = json!({ "doctorId": doctor, "kind": kinds[(number + round) % kinds.len()] });
                let made = change(&gateway, "activityLog", input, "activity { id }").await;
                let id = made["activity"]["id"].clone();
                let next = json!({ "activityId": id, "kind": kinds[(number + round + 1) % kinds.len()] });
                let _ = change(&gateway, "activityUpdate", next, "__typename").await;
                let record =
                    json!({ "doctorId": doctor, "period": 1 + number % 12, "percent": (7 * number + round) % 101 });
                let _ = change(&gateway, "onboardingPeriodRecord", record, "__typename").await;
            }
        };
        join_all((0..16).map(log)).await;
        assert_eq!(drift(&gateway).await, Drift::default(), "{kind:?}");
    }
}

#[tokio::test]
async fn what_was_changed_past_the_gateway_is_found_and_mended() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        for sql in [
            "UPDATE activities SET kind = 'NOTE' WHERE kind = 'PHONE'",
            "UPDATE doctors SET risk = 'LOW', progress = 7",
            "DELETE FROM cases WHERE status = 'SUBMITTED'",
        ] {
            connection.execute_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
        }
        let roll_ups = gateway.db.roll_ups(SLUG_A).await.unwrap().expect("the organization is there");
        let found = roll_ups.verify().await.unwrap();
        assert!(found.activities > 0 && found.standings > 0 && found.progress > 0, "{kind:?} {found:?}");
        assert_eq!(roll_ups.rebuild().await.unwrap(), found, "{kind:?}");
        assert_eq!(drift(&gateway).await, Drift::default(), "{kind:?}");
    }
}
