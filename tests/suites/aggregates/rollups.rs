//! The roll-ups match the rows after every change.

use entity::{
    analytics::Drift,
    id::{ActivityId, CaseId, DoctorId, DsoId},
};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, World, world::SLUG_A};

use super::{expected::scatter, recount::Dice};

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
async fn roll_ups_match_the_rows_after_every_kind_of_change() {
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
async fn drift_from_changes_outside_the_gateway_is_found_and_repaired() {
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

/// State of a DSO at a time, computed from its current doctors and their cases: those who had joined, or were opened,
/// before that time.
fn stood_by(dso: &Value, until: &str) -> Value {
    let since = |row: &Value, names: [&str; 2]| {
        let time = names.iter().find_map(|name| row[*name].as_str()).expect("a time");
        time < until
    };
    let nodes = |name: &str| dso[name]["nodes"].as_array().expect("rows").clone();
    let doctors: Vec<_> = nodes("doctors").into_iter().filter(|row| since(row, ["joinedAt", "createdAt"])).collect();
    let cases: Vec<_> = nodes("cases").into_iter().filter(|row| since(row, ["openedAt", "openedAt"])).collect();
    let is_on_track = |doctor: &&Value| {
        let behind = doctor["onboardingPeriod"].as_f64().map(|period| 100.0 * (period - 1.0));
        behind.is_some_and(|behind| doctor["progress"].as_f64().expect("a number") * 12.0 >= behind - 1e-6)
    };
    let on_track = doctors.iter().filter(is_on_track).count();
    let at = |risk: &str| doctors.iter().filter(|doctor| doctor["risk"] == risk).count();
    let within = |period: u32| doctors.iter().filter(|doctor| doctor["onboardingPeriod"] == period).count();
    let are = |status: &str| cases.iter().filter(|case| case["status"] == status).count();
    json!({
        "doctors": doctors.len(), "onTrack": on_track, "high": at("HIGH"), "critical": at("CRITICAL"),
        "third": within(3), "twelfth": within(12), "submitted": are("SUBMITTED"), "cancelled": are("CANCELLED"),
    })
}

#[tokio::test]
async fn rebuilt_history_counts_the_doctors_who_had_joined_by_each_day() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let connection = database.connect().await;
        scatter(&connection, &mut Dice::new(7)).await;
        connection.execute_unprepared("DELETE FROM standing_rollups").await.unwrap();
        let gateway = Gateway::over(&database).await;
        let roll_ups = gateway.db.roll_ups(SLUG_A).await.unwrap().expect("the organization is there");
        assert_eq!(roll_ups.rebuild().await.unwrap().standings, 4, "{kind:?}: each DSO got a history");
        assert_eq!(drift(&gateway).await, Drift::default(), "{kind:?}");
        let mut seen = Vec::new();
        for dso in ["Smile", "Bright", "Zenith"] {
            for until in ["2025-11-02T00:00:00", "2025-12-01T00:00:00", "2026-02-01T00:00:00", "2026-11-01T00:00:00"] {
                let query = format!(
                    "query($dso: ID!) {{ dso(id: $dso) {{
                       doctors(first: 100) {{ nodes {{ joinedAt createdAt risk onboardingPeriod progress }} }}
                       cases(first: 100) {{ nodes {{ openedAt status }} }}
                       overview(range: {{ from: \"2020-01-01T00:00:00Z\", until: \"{until}Z\" }}) {{
                         doctors {{ count }} onTrack {{ value }} doctorsByRisk {{ risk doctors {{ count }} }}
                         doctorsByPeriod {{ period doctors {{ count }} }} casesByStatus {{ status cases {{ count }} }} }} }} }}"
                );
                let variables = json!({ "dso": World::id::<DsoId>(&format!("dso {dso}")) });
                let answer = gateway.ask(Actor::Owner, &query, variables).await.clean();
                let told = answer.data("/dso/overview");
                let expected = stood_by(answer.data("/dso"), until);
                let count = |list: &str, key: &str, is: Value, of: &str| {
                    let list = told[list].as_array().expect("counts").iter();
                    list.filter(|one| one[key] == is).map(|one| one[of]["count"].clone()).next()
                };
                let doctors = told["doctors"]["count"].as_f64().expect("a count");
                let on_track = told["onTrack"]["value"].as_f64().unwrap_or_default() * doctors;
                let found = json!({
                    "doctors": told["doctors"]["count"],
                    "onTrack": format!("{on_track:.0}").parse::<u32>().expect("a count"),
                    "high": count("doctorsByRisk", "risk", json!("HIGH"), "doctors"),
                    "critical": count("doctorsByRisk", "risk", json!("CRITICAL"), "doctors"),
                    "third": count("doctorsByPeriod", "period", json!(3), "doctors"),
                    "twelfth": count("doctorsByPeriod", "period", json!(12), "doctors"),
                    "submitted": count("casesByStatus", "status", json!("SUBMITTED"), "cases"),
                    "cancelled": count("casesByStatus", "status", json!("CANCELLED"), "cases"),
                });
                assert_eq!(found, expected, "{kind:?} {dso} at {until}: {}", answer.text);
                seen.push(doctors);
            }
        }
        assert!(
            seen.windows(2).any(|pair| pair[0] > 0.0 && pair[0] < pair[1]),
            "{kind:?}: nobody joined meanwhile: {seen:?}"
        );
    }
}
