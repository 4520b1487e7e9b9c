//! Cached figures equal the current figures, and are visible only to callers who can see their DSO.

use entity::id::{ActivityId, CaseId, DoctorId, DsoId};
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind, World, world::SLUG_A};

/// Every figure, over whole days, so that the figures may be cached.
const OVERVIEWS: &str = r#"query {
    dsos(first: 50) { nodes { name overview(range: { from: "2016-01-01T00:00:00Z", until: "2036-01-01T00:00:00Z" }) { ...Figures } } }
    organization { overview(range: { from: "2016-01-01T00:00:00Z", until: "2036-01-01T00:00:00Z" }) { ...Figures } }
}
fragment Figures on Overview {
    doctorsByRisk { risk doctors { count before } } doctorsByPeriod { period doctors { count before } }
    averageProgress { value } onTrack { value } activitiesByKind { kind activities { count before } }
    activitiesByActor { activities { count before } } lastContactAt withoutContact { count before }
    casesByStatus { status cases { count before } } courses { count before } attendances { count before }
}"#;

async fn ask(gateway: &Gateway, actor: Actor, query: &str) -> Value {
    gateway.ask(actor, query, json!({})).await.json["data"].clone()
}

/// Statements that read figures.
fn figures_read(gateway: &Gateway) -> Vec<String> {
    let sent = gateway.recorder.take_data();
    sent.into_iter().filter(|sql| ["_rollups", "contacts", "held"].iter().any(|of| sql.contains(of))).collect()
}

async fn change(gateway: &Gateway, mutation: &str, input: Value) {
    let ty = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!("mutation($input: {ty}!) {{ {mutation}(input: $input) {{ userErrors {{ code message }} }} }}");
    let answer = gateway.ask(Actor::Owner, &query, json!({ "input": input })).await.clean();
    assert_eq!(answer.data(&format!("/{mutation}/userErrors")), &json!([]), "{mutation} {input}");
}

#[tokio::test]
async fn cached_figures_are_current_after_every_kind_of_change_through_another_gateway() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let (changing, keeping) = (Gateway::over(&database).await, Gateway::over(&database).await);
        let (smile, bright) = (World::id::<DsoId>("dso Smile"), World::id::<DsoId>("dso Bright"));
        let (ada, ben) = (World::id::<DoctorId>("doctor Smile Ada"), World::id::<DoctorId>("doctor Smile Ben"));
        let phone = World::id::<ActivityId>("activity Smile Ada PHONE");
        let mut before = Value::Null;
        for (mutation, input) in [
            ("doctorCreate", json!({ "dsoId": smile, "name": "Dr New", "risk": "HIGH", "onboardingPeriod": 4 })),
            ("activityLog", json!({ "doctorId": ada, "kind": "MEETING" })),
            ("activityUpdate", json!({ "activityId": phone, "kind": "NOTE" })),
            ("activityUpdate", json!({ "activityId": phone, "occurredAt": "2012-12-31T23:30:00-05:00" })),
            ("activityDelete", json!({ "activityId": phone })),
            ("caseOpen", json!({ "doctorId": ada, "title": "First" })),
            ("caseUpdate", json!({ "caseId": World::id::<CaseId>("case Smile Ada"), "status": "COMPLETED" })),
            ("onboardingPeriodRecord", json!({ "doctorId": ben, "period": 9, "percent": 73 })),
            ("doctorUpdate", json!({ "doctorId": ben, "risk": null, "onboardingPeriod": 5 })),
            ("doctorMove", json!({ "doctorId": ada, "toDsoId": bright })),
            ("doctorArchive", json!({ "doctorId": ada })),
            ("doctorRestore", json!({ "doctorId": ada })),
            ("dsoArchive", json!({ "dsoId": bright })),
            ("dsoRestore", json!({ "dsoId": bright })),
        ] {
            change(&changing, mutation, input.clone()).await;
            let kept = ask(&keeping, Actor::Owner, OVERVIEWS).await;
            let anew = ask(&Gateway::over(&database).await, Actor::Owner, OVERVIEWS).await;
            assert_eq!(kept, anew, "{kind:?} {mutation} {input}: what was kept is not forgotten");
            assert_ne!(kept, before, "{kind:?} {mutation} {input}: the control: it changes a figure");
            let _ = keeping.recorder.take();
            assert_eq!(ask(&keeping, Actor::Owner, OVERVIEWS).await, kept, "{kind:?} {mutation} {input}");
            assert_eq!(figures_read(&keeping), Vec::<String>::new(), "{kind:?} {mutation}: nothing was kept");
            before = kept;
        }
        assert!(keeping.db.figure_cache_stats().hits > 0);
    }
}

#[tokio::test]
async fn cached_figures_cover_only_the_callers_visible_dsos() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let keeping = Gateway::over(&database).await;
        // No two DSOs have the same figures: otherwise the figures of one could be served for another unnoticed.
        for (dso, activities) in [("Smile", 1), ("Bright", 2), ("Zenith", 3)] {
            let doctor = World::id::<DoctorId>(&format!("doctor {dso} Ada"));
            for _ in 0..activities {
                change(&keeping, "activityLog", json!({ "doctorId": doctor, "kind": "MEETING" })).await;
            }
        }
        let _ = ask(&keeping, Actor::Owner, OVERVIEWS).await;
        let mut told = Vec::new();
        for actor in Actor::ALL {
            let anew = ask(&Gateway::over(&database).await, actor, OVERVIEWS).await;
            assert_eq!(ask(&keeping, actor, OVERVIEWS).await, anew, "{kind:?} {actor:?}");
            told.push(anew.to_string());
        }
        told.sort();
        told.dedup();
        assert!(told.len() > 4, "{kind:?}: the control: different people see different figures");
    }
}

/// The answer to each change of an operation contains the figures after that change.
#[tokio::test]
async fn an_operation_that_changes_something_twice_sees_both() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let log = "activityLog(input: { doctorId: $doctor, kind: TEXT }) { activity { doctor { dso { \
                   overview(range: { from: \"2016-01-01T00:00:00Z\", until: \"2036-01-01T00:00:00Z\" }) { activities { count } } } } } }";
        let query = format!("mutation($doctor: ID!) {{ first: {log} second: {log} }}");
        let ada = World::id::<DoctorId>("doctor Smile Ada");
        let answer = gateway.ask(Actor::Owner, &query, json!({ "doctor": ada })).await.clean();
        let count = |name: &str| {
            answer.data(&format!("/{name}/activity/doctor/dso/overview/activities/count")).as_u64().expect("a count")
        };
        assert_eq!(count("second"), count("first") + 1, "{kind:?}");
    }
}

/// The change counter is read before the figures that are cached under it, so it is never newer than they are.
#[tokio::test]
async fn changes_concurrent_with_figure_reads_are_in_the_next_answer() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let keeping = Gateway::over(&database).await;
        let ada = World::id::<DoctorId>("doctor Smile Ada");
        let looks = async || {
            for _ in 0..12 {
                let _ = ask(&keeping, Actor::Owner, OVERVIEWS).await;
            }
        };
        let changes = async || {
            for _ in 0..12 {
                change(&keeping, "activityLog", json!({ "doctorId": ada, "kind": "TEXT" })).await;
            }
        };
        futures_util::join!(looks(), looks(), changes());
        let anew = ask(&Gateway::over(&database).await, Actor::Owner, OVERVIEWS).await;
        assert_eq!(ask(&keeping, Actor::Owner, OVERVIEWS).await, anew, "{kind:?}");
    }
}

#[tokio::test]
async fn figures_of_a_range_that_ends_within_a_day_are_not_cached() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for query in [
        "{ organization { overview { activities { count } } } }",
        "{ organization { overview(range: { from: \"2016-01-01T00:00:00Z\", until: \"2036-01-01T12:00:00Z\" }) { activities { count } } } }",
    ] {
        for _ in 0..2 {
            let _ = gateway.recorder.take();
            let _ = ask(&gateway, Actor::Owner, query).await;
            assert_ne!(figures_read(&gateway), Vec::<String>::new(), "{query}");
        }
    }
    assert_eq!(gateway.db.figure_cache_stats(), entity::db::FigureCacheStats::default());
}

/// An operator who has changed rows without a gateway invalidates the cache by rebuilding the roll-ups.
#[tokio::test]
async fn rebuilding_roll_ups_invalidates_cached_figures() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let kept = ask(&gateway, Actor::Owner, OVERVIEWS).await;
        let rows = database.connect().await;
        sea_orm::ConnectionTrait::execute_unprepared(
            &rows,
            "UPDATE courses SET held_at = '2010-05-05T10:00:00.000000Z'",
        )
        .await
        .unwrap();
        let roll_ups = gateway.db.roll_ups(SLUG_A).await.unwrap().expect("the organization is there");
        let _mended = roll_ups.rebuild().await.unwrap();
        let anew = ask(&gateway, Actor::Owner, OVERVIEWS).await;
        assert_eq!(anew, ask(&Gateway::over(&database).await, Actor::Owner, OVERVIEWS).await, "{kind:?}");
        assert_ne!(anew, kept, "{kind:?}: the control: the courses went to the range before");
    }
}

/// Refusals, and views as another member, do not change any rows from which figures are computed.
#[tokio::test]
async fn audit_events_without_a_change_do_not_invalidate_cached_figures() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let (keeping, refusing) = (Gateway::over(&database).await, Gateway::over(&database).await);
        let kept = ask(&keeping, Actor::Owner, OVERVIEWS).await;
        let rows = database.connect().await;
        let events = async || {
            let sql = "SELECT count(*) AS n FROM audit_events";
            let statement = sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&rows), sql);
            let row = sea_orm::ConnectionTrait::query_one_raw(&rows, statement).await.unwrap().unwrap();
            row.try_get::<i64>("", "n").unwrap()
        };
        let before = events().await;
        let viewer = World::id::<entity::id::MemberId>("member viewer");
        let headers = [("x-organization-id", SLUG_A), ("x-run-as-member", viewer.as_str())];
        for actor in [Actor::Admin, Actor::Viewer] {
            let token = actor.token();
            let _looked = refusing.ask_with(token.as_deref(), &headers, "{ viewer { name } }", json!({})).await;
        }
        let refused = "mutation($id: ID!) { memberRemove(input: { memberId: $id }) { userErrors { code } } }";
        let _refused = refusing.ask(Actor::Viewer, refused, json!({ "id": viewer })).await;
        assert!(events().await >= before + 3, "{kind:?}: the control: they are in the log");
        let _ = keeping.recorder.take();
        assert_eq!(ask(&keeping, Actor::Owner, OVERVIEWS).await, kept, "{kind:?}");
        assert_eq!(figures_read(&keeping), Vec::<String>::new(), "{kind:?}");
        // A change does invalidate them.
        let ada = World::id::<DoctorId>("doctor Smile Ada");
        change(&refusing, "activityLog", json!({ "doctorId": ada, "kind": "MEETING" })).await;
        assert_ne!(ask(&keeping, Actor::Owner, OVERVIEWS).await, kept, "{kind:?}");
    }
}

/// The event chain is as long as it was in the lost history, but of different events.
#[tokio::test]
async fn after_a_restore_under_a_running_gateway_figures_are_those_of_the_restored_history() {
    let database = Database::world(Kind::Postgres).await;
    let name = database.url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.dump");
    let gateway = Gateway::over(&database).await;
    let log = async |doctor: &str| {
        let doctor = World::id::<DoctorId>(doctor);
        change(&gateway, "activityLog", json!({ "doctorId": doctor, "kind": "MEETING" })).await;
    };
    tests::postgres::cluster().run("pg_dump", &format!("-Fc -f {} {name}", file.display()));
    for _ in 0..3 {
        log("doctor Smile Ada").await;
    }
    let lost = ask(&gateway, Actor::Owner, OVERVIEWS).await;
    let restore = format!("--clean --if-exists --exit-on-error -d {name} {}", file.display());
    tests::postgres::cluster().run("pg_restore", &restore);
    let restored = ask(&gateway, Actor::Owner, OVERVIEWS).await;
    assert_eq!(restored, ask(&Gateway::over(&database).await, Actor::Owner, OVERVIEWS).await, "what the backup had");
    for _ in 0..3 {
        log("doctor Bright Ada").await;
    }
    let kept = ask(&gateway, Actor::Owner, OVERVIEWS).await;
    assert_eq!(kept, ask(&Gateway::over(&database).await, Actor::Owner, OVERVIEWS).await, "as many events, and others");
    assert_ne!(kept, lost, "the control");
}
