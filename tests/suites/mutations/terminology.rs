//! A DSO's own words: what is stored of them, who changes them, and what stays as it was.

use serde_json::{Value, json};
use tests::{Actor, Kind, world::SLUG_A};

use super::{Stage, dso_id};

const WORDS: &str = "id terminology { key label }";
const READ: &str = "query($dso: ID!) { dso(id: $dso) { terminology { key label } } }";

fn input(dso: &str, terms: &Value) -> Value {
    json!({ "dsoId": dso_id(dso), "terms": terms })
}

/// The words of a DSO, by key.
async fn words(stage: &Stage, actor: Actor, dso: &str) -> Value {
    let answer = stage.read(actor, READ, json!({ "dso": dso_id(dso) })).await;
    let terms = answer.data("/dso/terminology").as_array().expect("words").iter();
    terms
        .map(|term| (term["key"].as_str().expect("a key").to_owned(), term["label"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The last event of the log, as the owner reads it.
async fn last_event(stage: &Stage) -> Value {
    let query = "{ organization { auditLog(first: 1) { nodes { action actor { user { name } } targetKind targetId before after } } } }";
    stage.read(Actor::Owner, query, json!({})).await.data("/organization/auditLog/nodes/0").clone()
}

#[tokio::test]
async fn words_are_replaced_added_and_removed_and_the_others_stay() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let others = [words(&stage, Actor::Owner, "Bright").await, words(&stage, Actor::OwnerOfB, "Smile").await];
        assert_eq!(words(&stage, Actor::Viewer, "Smile").await, json!({ "doctor": "Provider" }), "{kind:?}");

        // The one that is there, and two that are not; blanks at the ends are cut off.
        let terms = json!([
            { "key": "DOCTOR", "label": " Dentist " },
            { "key": "ONBOARDING_PERIOD", "label": "Séance №" },
            { "key": "CASE", "label": "n".repeat(200) },
        ]);
        let answer = stage.change(Actor::DsoAdmin, "terminologyUpdate", WORDS, &input("Smile", &terms)).await.clean();
        assert_eq!(answer.data("/terminologyUpdate/userErrors"), &json!([]), "{kind:?}");
        let shown = json!([
            { "key": "case", "label": "n".repeat(200) },
            { "key": "doctor", "label": "Dentist" },
            { "key": "onboarding_period", "label": "Séance №" },
        ]);
        assert_eq!(
            answer.data("/terminologyUpdate/dso/terminology"),
            &shown,
            "{kind:?}: the payload shows them by key"
        );
        let stored = json!({ "case": "n".repeat(200), "doctor": "Dentist", "onboarding_period": "Séance №" });
        assert_eq!(words(&stage, Actor::Viewer, "Smile").await, stored, "{kind:?}: every member reads them");
        let event = last_event(&stage).await;
        let told = json!({
            "action": "TERMINOLOGY_UPDATE", "actor": { "user": { "name": "dso-admin by name" } }, "targetKind": "DSO", "targetId": dso_id("Smile"),
            "before": { "case": null, "doctor": "Provider", "onboarding_period": null }, "after": stored,
        });
        assert_eq!(event, told, "{kind:?}");

        // Without a word of theirs, ours is used again; what is not named stays.
        let terms = json!([{ "key": "DOCTOR" }, { "key": "CASE", "label": null }, { "key": "MEMBER", "label": null }]);
        stage.change(Actor::DsoAdmin, "terminologyUpdate", WORDS, &input("Smile", &terms)).await.clean();
        let left = json!({ "onboarding_period": "Séance №" });
        assert_eq!(words(&stage, Actor::Viewer, "Smile").await, left, "{kind:?}");
        let event = last_event(&stage).await;
        assert_eq!(event["before"], json!({ "case": "n".repeat(200), "doctor": "Dentist" }), "{kind:?} {event}");
        assert_eq!(event["after"], json!({ "case": null, "doctor": null }), "{kind:?} {event}");

        assert_eq!(
            words(&stage, Actor::Owner, "Bright").await,
            others[0],
            "{kind:?}: another DSO's words have changed"
        );
        assert_eq!(
            words(&stage, Actor::OwnerOfB, "Smile").await,
            others[1],
            "{kind:?}: the mirror's words have changed"
        );
        let verdict = stage.gateway.db.audit_log_reader(SLUG_A).await.unwrap().unwrap().verify().await.unwrap();
        assert_eq!(verdict.broken, None, "{kind:?}: the log's chain is whole");
    }
}

#[tokio::test]
async fn only_admins_of_a_dso_change_its_words() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        let terms = json!([{ "key": "DOCTOR", "label": "Dentist" }]);
        for (actor, dso, code) in [
            (Actor::Anonymous, "Smile", "UNAUTHENTICATED"),
            (Actor::Manager, "Smile", "FORBIDDEN"),
            (Actor::Viewer, "Smile", "FORBIDDEN"),
            (Actor::BothInA, "Smile", "FORBIDDEN"),
            // What they were not granted does not exist for them.
            (Actor::DsoAdmin, "Bright", "NOT_FOUND"),
            (Actor::Ungranted, "Smile", "NOT_FOUND"),
            (Actor::Outsider, "Smile", "NOT_FOUND"),
            (Actor::Removed, "Smile", "NOT_FOUND"),
            (Actor::Owner, "Archived", "NOT_FOUND"),
        ] {
            let answer = stage.change(actor, "terminologyUpdate", WORDS, &input(dso, &terms)).await;
            assert_eq!(answer.codes(), [code], "{kind:?} {actor:?} {dso} {}", answer.text);
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: refused, and yet something has changed");
        for actor in [Actor::DsoAdmin, Actor::Admin, Actor::Owner] {
            let terms = json!([{ "key": "DOCTOR", "label": format!("{actor:?}") }]);
            stage.change(actor, "terminologyUpdate", WORDS, &input("Smile", &terms)).await.clean();
            assert_eq!(
                words(&stage, Actor::Viewer, "Smile").await,
                json!({ "doctor": format!("{actor:?}") }),
                "{kind:?}"
            );
        }
    }
}

#[tokio::test]
async fn unsound_words_are_told_all_at_once_and_none_is_stored() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let before = stage.dump().await;
        for (terms, problems) in [
            (json!([{ "key": "DOCTOR", "label": "n".repeat(201) }]), 1),
            (json!([{ "key": "DOCTOR", "label": "Dentist" }, { "key": "DOCTOR", "label": null }]), 1),
            (
                json!([{ "key": "CASE", "label": "Good" }, { "key": "DOCTOR", "label": "  " }, { "key": "DSO", "label": "" }]),
                2,
            ),
            (json!([{ "key": "DOCTOR", "label": "a\u{0}b" }]), 1),
        ] {
            let answer =
                stage.change(Actor::DsoAdmin, "terminologyUpdate", WORDS, &input("Smile", &terms)).await.clean();
            let errors = answer.data("/terminologyUpdate/userErrors").as_array().expect("user errors").clone();
            assert_eq!(errors.len(), problems, "{kind:?} {terms}: {errors:?}");
            let expected =
                |error: &Value| error["code"] == "BAD_USER_INPUT" && error["field"] == json!(["input", "terms"]);
            assert!(errors.iter().all(expected), "{kind:?} {terms}: {errors:?}");
            assert!(answer.data("/terminologyUpdate/dso").is_null(), "{kind:?} {}", answer.text);
        }
        // A noun that the schema does not know is no word at all.
        for key in ["PATIENT", "doctor", ""] {
            let answer = stage
                .change(
                    Actor::DsoAdmin,
                    "terminologyUpdate",
                    WORDS,
                    &input("Smile", &json!([{ "key": key, "label": "x" }])),
                )
                .await;
            assert_eq!(answer.status, 400, "{kind:?} `{key}` {}", answer.text);
        }
        assert_eq!(stage.dump().await, before, "{kind:?}: a refused input changed something");
    }
}
