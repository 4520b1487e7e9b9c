//! A refusal is silent towards the database and short towards the client.
//!
//! Owns: that a refused field sends nothing, that refusals are gathered, that errors quote no data, and that introspection is no
//! wall and needs none.

use entity::db::Recorded;
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind};

use super::{CONTACT_DATA, marked, relations::relations, secrets::HOSTS, takes_all_forms};
use crate::{
    matrix::{
        actor_roles::Standing,
        rows::{id_in, member_id},
    },
    schema::sdl::Sdl,
};

/// The very statements that are sent without the refused fields are sent with them: their resolvers have not run.
#[tokio::test]
async fn a_refused_field_sends_nothing() {
    let sdl = Sdl::current();
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = takes_all_forms(&database).await;
        let mut compared = 0;
        for host in HOSTS {
            let forms = host.forms();
            for relation in relations(&sdl, host.of) {
                for actor in [Actor::Viewer, Actor::Ungranted, Actor::Manager, Actor::Stranger, Actor::Removed] {
                    // Once before: figures that are kept are kept for both.
                    let harmless = relation.document("query", &host.harmless(), "");
                    let _ = gateway.ask(actor, &harmless, json!({})).await;
                    let _ = gateway.recorder.take();
                    let _ = gateway.ask(actor, &harmless, json!({})).await;
                    let without = gateway.recorder.take();
                    let query = relation.document("query($yes: Boolean!)", &forms.selection, &forms.fragments);
                    let answer = gateway.ask(actor, &query, json!({ "yes": true })).await;
                    let with = gateway.recorder.take();
                    let mut rows = Vec::new();
                    marked(&answer.json["data"], &mut rows);
                    if rows.iter().any(|row| forms.keys.iter().any(|(key, _)| !row[key].is_null())) {
                        continue;
                    }
                    compared += 1;
                    if actor == Actor::Manager {
                        // In one of their DSOs they may see it, and a list may have rows of both: then the column is read, and shown in
                        // none of the rows of the other.
                        assert_eq!(sources(&with), sources(&without), "{kind:?} {}: {}", relation.name, answer.text);
                    } else {
                        assert_eq!(with, without, "{kind:?} {} for {actor:?}: {}", relation.name, answer.text);
                    }
                }
            }
        }
        assert!(compared > 100, "{kind:?}: only {compared} were compared");
    }
}

/// From where statements read, and how many rows they found; not which columns.
fn sources(recorded: &[Recorded]) -> Vec<(String, Option<usize>)> {
    let source = |part: &'_ str| part.split_once(" FROM ").map_or(part.to_owned(), |(_, source)| source.to_owned());
    let of = |one: &Recorded| (one.sql.split("SELECT ").map(source).collect::<String>(), one.rows);
    recorded.iter().map(of).collect()
}

/// The other side of it: where the field is allowed, it does send something, so the comparison above can fail.
#[tokio::test]
async fn an_allowed_field_sends_what_it_needs() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = |below: &str| format!(r#"{{ dso(id: "{}") {{ name {below} }} }}"#, id_in("Dso", "Smile"));
    for (actor, more) in [(Actor::DsoAdmin, 1), (Actor::Manager, 0)] {
        let _ = gateway.recorder.take();
        let _ = gateway.ask(actor, &query(""), json!({})).await;
        let without = gateway.recorder.take_data().len();
        let _ = gateway.ask(actor, &query("grants { nodes { role } }"), json!({})).await;
        assert_eq!(gateway.recorder.take_data().len(), without + more, "{actor:?}");
    }
}

/// Many refused rows are one error for each field and DSO, with a count, placed at the first of them.
#[tokio::test]
async fn refusals_are_gathered_by_field_and_dso() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let query = "{ doctors { nodes { name dso { name } email phone activities { nodes { note } } } } }";
        let answer = gateway.ask(Actor::Manager, query, json!({})).await;
        let errors: Vec<_> = answer.json["errors"].as_array().expect("errors").iter().map(shape).collect();
        // Of `Bright`, whose viewer they are, two doctors with three activities each.
        let expected = [
            json!(["Doctor.email", "FORBIDDEN", "dso: MANAGER", 2]),
            json!(["Doctor.phone", "FORBIDDEN", "dso: MANAGER", 2]),
            json!(["Activity.note", "FORBIDDEN", "dso: MANAGER", 6]),
        ];
        assert_eq!(errors, expected, "{kind:?} {}", answer.text);

        // Of one field in two DSOs there are two errors.
        let answer = gateway.ask(Actor::Manager, "{ dsos { nodes { name grants { totalCount } } } }", json!({})).await;
        let errors: Vec<_> = answer.json["errors"].as_array().expect("errors").iter().map(shape).collect();
        let one = json!(["Dso.grants", "FORBIDDEN", "dso: ADMIN", 1]);
        assert_eq!(errors, [one.clone(), one], "{kind:?} {}", answer.text);
        for error in answer.json["errors"].as_array().expect("errors") {
            assert!(error["extensions"]["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{}", answer.text);
            assert!(error["locations"][0]["line"].is_u64(), "{}", answer.text);
        }
    }
}

fn shape(error: &Value) -> Value {
    let extensions = &error["extensions"];
    json!([extensions["coordinate"], extensions["code"], extensions["guard"], extensions["count"]])
}

/// Whatever is wrong with a request, its errors quote nothing of any row.
#[tokio::test]
async fn errors_quote_no_data() {
    let stale = |doctor: &str| {
        format!(
            r#"mutation {{ doctorUpdate(input: {{doctorId: "{doctor}", email: "not an address", onboardingPeriod: 13, expectedVersion: 1}})
               {{ doctor {{ name }} userErrors {{ message }} }} }}"#
        )
    };
    let doctor = id_in("Doctor", "Smile");
    let asked = [
        "{ doctors(first: 101) { nodes { email } } }".to_owned(),
        "{ doctors(first: 1, last: 1) { nodes { email } } }".to_owned(),
        r#"{ doctors(after: "Dr. Ada") { nodes { email } } }"#.to_owned(),
        "{ doctors(filter: {risk: [DREADFUL]}) { nodes { email } } }".to_owned(),
        "{ doctors { nodes { emial } } }".to_owned(),
        "{ doctors { nodes { email } ".to_owned(),
        r#"{ explainAccess(coordinate: "Doctor.emial") { allowed } }"#.to_owned(),
        format!(r#"{{ explainAccess(coordinate: "Doctor.email", memberId: "{}") {{ allowed }} }}"#, member_id("owner")),
        "{ node(id: 5) { id ... on Doctor { email } } }".to_owned(),
        format!(r#"{{ doctor(id: "{doctor}") {{ email phone notes activities {{ nodes {{ note }} }} }} }}"#),
        stale(&doctor),
        stale(&id_in("Doctor", "Bright")),
        stale("doc_nonsense"),
    ];
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for actor in Actor::ALL.into_iter().filter(|actor| Standing::of(*actor).on("Smile") < Some(2)) {
            for query in &asked {
                let answer = gateway.ask(actor, query, json!({})).await;
                let codes = answer.codes().len();
                assert_eq!(
                    answer.json["errors"].as_array().map_or(0, Vec::len),
                    codes,
                    "{actor:?} an error without a code: {}",
                    answer.text
                );
                let errors = answer.json["errors"].to_string().to_lowercase();
                for text in
                    CONTACT_DATA.into_iter().chain(["dr. ", "practice ", "aurora", "select ", "sqlx", "sea_orm", ".rs"])
                {
                    assert!(!errors.contains(text), "{kind:?} {actor:?}: an error quotes `{text}`: {}", answer.text);
                }
            }
        }
    }
}

/// All signed in see one and the same schema: nothing is hidden there, so nothing relies on its being hidden.
#[tokio::test]
async fn introspection_hides_nothing_and_gives_nothing_away() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = r#"{ __typename __schema { types { name fields { name } } } doctor: __type(name: "Doctor") { fields { name } } }"#;
    let whole = gateway.ask(Actor::Owner, query, json!({})).await.clean();
    let fields = whole.data("/doctor/fields").to_string();
    assert!(fields.contains("\"email\"") && fields.contains("\"notes\""), "{fields}");
    for actor in Actor::ALL.into_iter().filter(|actor| *actor != Actor::Anonymous) {
        let _ = gateway.recorder.take();
        let answer = gateway.ask(actor, query, json!({})).await.clean();
        assert_eq!(answer.json["data"], whole.json["data"], "{actor:?} sees another schema");
        assert_eq!(gateway.recorder.take_data(), Vec::<String>::new(), "{actor:?}: introspection asks the database");
    }
    let answer = gateway.ask(Actor::Anonymous, query, json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.codes()), (401, vec!["UNAUTHENTICATED"]), "{}", answer.text);

    // `__typename` of a row that does not exist for the asker is not told either.
    for (actor, dso, expected) in [(Actor::Viewer, "Smile", json!("Doctor")), (Actor::Viewer, "Bright", json!(null))] {
        let query = format!(r#"{{ node(id: "{}") {{ __typename }} }}"#, id_in("Doctor", dso));
        let answer = gateway.ask(actor, &query, json!({})).await.clean();
        let found = &answer.json["data"]["node"]["__typename"];
        assert_eq!(*found, expected, "{actor:?} {dso}");
    }
}
