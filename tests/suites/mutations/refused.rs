//! Who is refused, and what is to be mended: nothing changes.

use entity::id::{DsoId, TypedId};
use serde_json::{Value, json};
use tests::{Actor, Answer, Kind};

use super::{ALL, Named, Stage, doctor_id, dso_id};

/// What is guarded by the organization's role, so that not the row but the role refuses.
const OF_ADMINS: [&str; 3] = ["dsoCreate", "dsoArchive", "dsoRestore"];

/// The codes and fields of the user errors; the entity must be missing.
fn to_mend(answer: Answer, mutation: &str) -> Vec<(String, Value)> {
    let answer = answer.clean();
    let payload = answer.data(&format!("/{mutation}"));
    let entity = ALL.iter().find(|(name, _)| *name == mutation).unwrap().1;
    assert!(payload[entity].is_null(), "{}", answer.text);
    let errors = payload["userErrors"].as_array().expect("user errors");
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), error["field"].clone())).collect()
}

#[tokio::test]
async fn all_problems_of_an_input_are_told_at_once_and_nothing_changes() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        let wrong = json!({ "name": "  ", "email": "no address", "onboardingPeriod": 13 });
        let expected: Vec<_> = ["name", "email", "onboardingPeriod"]
            .map(|field| ("BAD_USER_INPUT".to_owned(), json!(["input", field])))
            .into();
        for (mutation, key, id) in
            [("doctorCreate", "dsoId", dso_id("Smile")), ("doctorUpdate", "doctorId", doctor_id("Smile Ada"))]
        {
            let mut input = wrong.clone();
            input[key] = json!(id);
            let found = to_mend(stage.change(Actor::Manager, mutation, "id", &input).await, mutation);
            assert_eq!(found, expected, "{kind:?} {mutation}");
        }
        let named = Named::of("Smile", "Bright");
        for (mutation, field, value) in [
            ("dsoCreate", "name", json!(" ")),
            ("dsoUpdate", "name", json!("n".repeat(201))),
            ("doctorCreate", "notes", json!("n".repeat(20_001))),
            ("doctorUpdate", "phone", json!("1".repeat(61))),
            ("onboardingPeriodRecord", "period", json!(0)),
            ("onboardingPeriodRecord", "percent", json!(101)),
            ("activityLog", "note", json!("a\u{0}b")),
            ("activityUpdate", "note", json!("n".repeat(20_001))),
            ("caseOpen", "title", json!("")),
            ("caseUpdate", "title", json!(" ")),
        ] {
            let mut input = named.input(mutation);
            input[field] = value;
            let found = to_mend(stage.change(Actor::Owner, mutation, "id", &input).await, mutation);
            assert_eq!(found, [("BAD_USER_INPUT".to_owned(), json!(["input", field]))], "{kind:?} {mutation}");
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: a refused input changed something");
    }
}

#[tokio::test]
async fn another_version_than_the_expected_one_is_stale_and_stays() {
    let versions = [
        ("dsoUpdate", 3),
        ("dsoArchive", 3),
        ("dsoRestore", 3),
        ("doctorUpdate", 7),
        ("doctorArchive", 7),
        ("doctorRestore", 7),
        ("doctorMove", 7),
        ("onboardingPeriodRecord", 1),
        ("activityUpdate", 2),
        ("activityDelete", 2),
        ("caseUpdate", 1),
    ];
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        let named = Named::of("Smile", "Bright");
        for (mutation, version) in versions {
            for expected in [version - 1, version + 1] {
                let mut input = named.input(mutation);
                input["expectedVersion"] = json!(expected);
                let found = to_mend(stage.change(Actor::Owner, mutation, "id", &input).await, mutation);
                let stale = [("STALE_VERSION".to_owned(), json!(["input", "expectedVersion"]))];
                assert_eq!(found, stale, "{kind:?} {mutation}, expecting {expected} of {version}");
            }
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: a stale change changed something");
        for (mutation, version) in versions {
            let stage = Stage::new(kind).await;
            let mut input = named.input(mutation);
            input["expectedVersion"] = json!(version);
            let answer = stage.change(Actor::Owner, mutation, "id", &input).await.clean();
            assert_eq!(answer.data(&format!("/{mutation}"))["userErrors"], json!([]), "{kind:?} {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        for (mutation, _) in ALL {
            let input = Named::of("Smile", "Bright").input(mutation);
            let answer = stage.change(Actor::Viewer, mutation, "id", &input).await;
            assert_eq!(answer.codes(), ["FORBIDDEN"], "{kind:?} {mutation}: {}", answer.text);
            assert!(answer.data(&format!("/{mutation}")).is_null());
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: a viewer changed something");
    }
}

#[tokio::test]
async fn what_one_does_not_see_is_refused_as_what_does_not_exist() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        for (mutation, _) in ALL.iter().filter(|(mutation, _)| !OF_ADMINS.contains(mutation)) {
            let hidden = Named::of("Zenith", "Smile").input(mutation);
            let nobody = Named::nobody().input(mutation);
            let hidden = stage.change(Actor::Manager, mutation, "id", &hidden).await;
            let nobody = stage.change(Actor::Manager, mutation, "id", &nobody).await;
            assert_eq!(hidden.codes(), ["NOT_FOUND"], "{kind:?} {mutation}: {}", hidden.text);
            assert_eq!(hidden.stable(), nobody.stable(), "{kind:?} {mutation}");
            assert_eq!(hidden.status, nobody.status);
        }
        for (mutation, _) in ALL.iter().filter(|(mutation, _)| *mutation != "dsoCreate") {
            let answer = stage.change(Actor::Owner, mutation, "id", &Named::nobody().input(mutation)).await;
            assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {mutation}: {}", answer.text);
        }
        let input = json!({ "dsoId": DsoId::generate().to_text(), "name": "Dr. Nobody" });
        let answer = stage.change(Actor::Owner, "doctorCreate", "id", &input).await;
        assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?}: {}", answer.text);
        assert_eq!(stage.dump().await, before, "{kind:?}: a refused change changed something");
    }
}

#[tokio::test]
async fn a_doctor_moves_only_between_dsos_that_one_manages() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        for (actor, from, to, code) in [
            (Actor::Manager, "Smile", "Bright", "FORBIDDEN"),
            (Actor::Manager, "Bright", "Smile", "FORBIDDEN"),
            (Actor::Manager, "Smile", "Zenith", "NOT_FOUND"),
            (Actor::Manager, "Zenith", "Smile", "NOT_FOUND"),
            // Who administers every DSO administers none that is archived.
            (Actor::Owner, "Smile", "Archived", "NOT_FOUND"),
        ] {
            let input = Named::of(from, to).input("doctorMove");
            let answer = stage.change(actor, "doctorMove", "id", &input).await;
            assert_eq!(answer.codes(), [code], "{kind:?} {actor:?} from {from} to {to}: {}", answer.text);
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: a refused move changed something");
    }
}
