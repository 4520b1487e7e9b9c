//! Lists of rows are written as text, and a document whose answers must be merged has them taken apart by the library.
//!
//! Owns: comparing the two ways byte by byte. May use: the schema's text, to ask for anything. Invariant: both ways are
//! asked for the same; the second document has one more selection under a key that stands there already, which is all
//! that sends it the other way.

mod selection;

use std::cell::Cell;

use entity::id::DoctorId;
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Value, json};
use tests::{
    Actor, Answer, Database, Gateway, Kind, World,
    queries::{Sdl, by_id, by_type},
};

use selection::Writer;

/// Owner and admin see all, a manager of one DSO is a viewer of another, a viewer is refused much.
const ACTORS: [Actor; 6] =
    [Actor::Owner, Actor::Admin, Actor::Manager, Actor::Viewer, Actor::BothInA, Actor::Ungranted];

/// What is added at the end of an operation, once, and twice under one key. Both are as long, or errors would stand at
/// other places.
const ONCE: &str = " again: viewer { id }                     ";
const TWICE: &str = " again: viewer { id } again: viewer { id }";

/// A document that is answered in both ways.
struct Pair {
    text: String,
    tree: String,
}

impl Pair {
    /// Of an operation, and the fragments behind it.
    fn of(operation: &str, fragments: &str) -> Self {
        let open = operation.trim_end().strip_suffix('}').expect("an operation ends in a brace");
        let with = |more| format!("{open}{more} }} {fragments}");
        Self { text: with(ONCE), tree: with(TWICE) }
    }

    async fn asked(&self, gateway: &Gateway, actor: Actor, variables: &Value) -> (Answer, Answer) {
        let text = gateway.ask(actor, &self.text, variables.clone()).await;
        let tree = gateway.ask(actor, &self.tree, variables.clone()).await;
        (text, tree)
    }
}

/// The bytes of `data`, and those of each error, but for the request's id, which is new each time. The errors are put in
/// order: of two statements that run at once, either may be answered first, and what it leads to be refused first.
fn parts(answer: &Answer) -> (String, Vec<String>) {
    let data = answer.text.find("\"data\":").map_or("", |start| &answer.text[start..]);
    let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut errors: Vec<_> = errors.iter().map(|error| error.to_string().replace(answer.request_id(), "")).collect();
    errors.sort();
    (data.to_owned(), errors)
}

#[tokio::test]
async fn every_type_is_written_as_the_library_would() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    for query in by_type().iter().chain(&by_id()) {
        let pair = Pair::of(&query.text, "");
        for actor in ACTORS {
            let (text, tree) = pair.asked(&gateway, actor, &query.variables).await;
            assert_eq!(parts(&text), parts(&tree), "{actor:?} {}", pair.text);
        }
    }
}

#[test]
fn any_selection_is_written_as_the_library_would() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(Database::world(Kind::Sqlite));
    let gateway = runtime.block_on(Gateway::over(&database));
    let sdl = Sdl::now();
    let (ran, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: 384, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&vec(any::<u16>(), 60..240), |choices| {
        let (operation, fragments) = Writer::new(&sdl, &choices).document();
        let pair = Pair::of(&operation, &fragments);
        for actor in [ACTORS[usize::from(choices[0]) % ACTORS.len()], Actor::Manager] {
            let (text, tree) = runtime.block_on(pair.asked(&gateway, actor, &json!({ "yes": true, "no": false })));
            let is_too_large = |code: &&str| code.starts_with("COST") || code.starts_with("MAX");
            if tree.codes().iter().any(is_too_large) {
                continue;
            }
            if parts(&text) != parts(&tree) {
                let both = format!("{}\n{}", text.text, tree.text);
                return Err(TestCaseError::fail(format!("{actor:?} {}\n{both}", pair.text)));
            }
            ran.update(|ran| ran + usize::from(text.json["data"].is_object()));
            refused.update(|refused| refused + usize::from(text.codes().contains(&"FORBIDDEN")));
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let (ran, refused) = (ran.get(), refused.get());
    assert!(ran > 700 && refused > 60, "too few have run ({ran}), or been refused something ({refused})");
}

#[tokio::test]
async fn what_is_asked_for_twice_is_merged() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = "{ dsos(first: 1) { nodes { id doctors { nodes { name } } } } ...More }
                 fragment More on Query { dsos(first: 1) { nodes { name doctors { nodes { id risk name } } } } }";
    let merged = gateway.ask(Actor::Owner, query, json!({})).await.clean();
    let dso = merged.data("/dsos/nodes/0");
    let keys = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(dso), ["doctors", "id", "name"]);
    assert_eq!(keys(&dso["doctors"]["nodes"][0]), ["id", "name", "risk"]);
}

#[tokio::test]
async fn an_answer_that_is_kept_is_given_again_as_it_was() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    let query = "mutation ($id: ID!) {
        activityLog(input: { doctorId: $id, kind: PHONE }) {
            activity { id doctor { activities { nodes { id kind occurredAt } } } }
        }
    }";
    let variables = json!({ "id": World::id::<DoctorId>("doctor Smile Ada") });
    let organization = Actor::Owner.organization().unwrap_or_default();
    let headers = [("x-organization-id", organization), ("idempotency-key", "kept")];
    let first = gateway.ask_with(Actor::Owner.token().as_deref(), &headers, query, variables.clone()).await.clean();
    let again = gateway.ask_with(Actor::Owner.token().as_deref(), &headers, query, variables).await.clean();
    assert!(first.data("/activityLog/activity/doctor/activities/nodes").is_array(), "{}", first.text);
    assert_eq!(first.text, again.text);
}
