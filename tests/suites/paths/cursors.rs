//! Cursors: what is in them, and whose they are.
//!
//! Owns: that no cursor holds a guarded value, and that none opens where it was not made.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::{Actor, Database, Gateway, Kind};

use super::CONTACT_DATA;
use crate::{
    matrix::type_paths::{selection, ways},
    schema::sdl::Sdl,
};

/// Every text below a key of this name.
fn texts<'a>(value: &'a Value, keys: &[&str], found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, keys, found)),
        Value::Object(fields) => {
            for (key, field) in fields {
                if let (true, Some(text)) = (keys.contains(&key.as_str()), field.as_str()) {
                    found.push(text);
                }
                texts(field, keys, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn holds_nothing_guarded(cursor: &str, place: &str) {
    let bytes =
        BASE64URL_NOPAD.decode(cursor.as_bytes()).unwrap_or_else(|error| panic!("{place}: `{cursor}`: {error}"));
    let readable = String::from_utf8_lossy(&bytes).to_lowercase();
    for text in CONTACT_DATA.into_iter().chain(["@people.example"]) {
        assert!(!readable.contains(text), "{place}: a cursor holds `{text}`: {readable}");
    }
}

/// Every list of the schema, whoever asks: an owner's cursor too may be pasted into a chat.
#[tokio::test]
async fn no_cursor_holds_a_guarded_value() {
    let sdl = Sdl::current();
    let ways = ways(&sdl);
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let mut seen = 0;
        for (of, ways) in ways.iter().filter(|(of, _)| of.ends_with("Connection")) {
            for way in ways {
                let leaf = "edges { cursor } pageInfo { startCursor endCursor }";
                let text = format!("{{ {} }}", selection(&way.steps, leaf));
                for actor in [Actor::Owner, Actor::Manager, Actor::Viewer, Actor::OwnerOfB] {
                    let answer = gateway.ask(actor, &text, json!({})).await;
                    let mut cursors = Vec::new();
                    texts(&answer.json["data"], &["cursor", "startCursor", "endCursor"], &mut cursors);
                    for cursor in cursors {
                        seen += 1;
                        holds_nothing_guarded(cursor, &format!("{kind:?} {of} for {actor:?}"));
                    }
                }
            }
        }
        for order in &sdl.get("DoctorOrderField").fields {
            let query = format!("{{ doctors(orderBy: {{field: {}}}) {{ edges {{ cursor }} }} }}", order.name);
            let answer = gateway.ask(Actor::Owner, &query, json!({})).await.clean();
            let mut cursors = Vec::new();
            texts(&answer.json["data"], &["cursor"], &mut cursors);
            assert!(!cursors.is_empty(), "{}: no cursors", order.name);
            for cursor in &cursors {
                holds_nothing_guarded(cursor, &format!("{kind:?} by {}", order.name));
            }
        }
        assert!(seen > 100, "{kind:?}: only {seen} cursors were seen");
    }
}

async fn first_cursor(gateway: &Gateway, actor: Actor, list: &str) -> String {
    let answer = gateway.ask(actor, &format!("{{ {list} {{ pageInfo {{ startCursor }} }} }}"), json!({})).await.clean();
    let mut cursors = Vec::new();
    texts(&answer.json["data"], &["startCursor"], &mut cursors);
    cursors.first().unwrap_or_else(|| panic!("{list}: no cursor")).to_string()
}

/// A cursor of another organization, of another list or order, or one that was changed: all are refused alike, before
/// anything is sent for them.
#[tokio::test]
async fn a_cursor_opens_only_where_it_was_made() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let own = first_cursor(&gateway, Actor::Viewer, "doctors").await;
        let mut changed = BASE64URL_NOPAD.decode(own.as_bytes()).expect("base64");
        *changed.last_mut().expect("bytes") ^= 1;
        let foreign = [
            ("of B", first_cursor(&gateway, Actor::OwnerOfB, "doctors").await),
            ("of the same person in B", first_cursor(&gateway, Actor::BothInB, "doctors").await),
            ("of another list", first_cursor(&gateway, Actor::Viewer, "dsos").await),
            ("of another order", first_cursor(&gateway, Actor::Viewer, "doctors(orderBy: {field: RISK})").await),
            (
                "of the other direction",
                first_cursor(&gateway, Actor::Viewer, "doctors(orderBy: {field: NAME, direction: DESC})").await,
            ),
            ("changed", BASE64URL_NOPAD.encode(&changed)),
            ("cut", own[..own.len() - 4].to_owned()),
            (
                "made up",
                BASE64URL_NOPAD.encode(br#"{"key":{"Text":"Dr. Ada"},"id":"00000000-0000-0000-0000-000000000000"}"#),
            ),
        ];
        let query = "query($after: String) { doctors(after: $after) { nodes { name } } }";
        let answer = gateway.ask(Actor::Viewer, query, json!({ "after": own })).await.clean();
        assert_eq!(*answer.data("/doctors/nodes"), json!([{ "name": "Dr. Ben" }]), "{kind:?} {}", answer.text);
        let mut bodies = Vec::new();
        for (whose, cursor) in foreign {
            let _ = gateway.recorder.take();
            let answer = gateway.ask(Actor::Viewer, query, json!({ "after": cursor })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{kind:?} a cursor {whose}: {}", answer.text);
            assert_eq!(gateway.recorder.take_data(), Vec::<String>::new(), "{kind:?} a cursor {whose} was looked for");
            bodies.push(answer.stable());
        }
        assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{kind:?}: refused cursors are told apart: {bodies:?}");
    }
}
