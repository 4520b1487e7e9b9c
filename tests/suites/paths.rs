//! Every second path to a field is a path to guard.
//!
//! Owns: the proof that a guarded field gives the same whichever way it is asked for. May use: the SDL for the ways, the
//! matrix's oracle for what must come out. Invariant: what is expected is decided row by row, by what the row is about.

mod cursors;
mod filters;
mod missing;
mod no_side_effects;
mod payloads;
mod relations;
mod secrets;

use std::collections::BTreeMap;

use gateway::config::{Enforcement, Limit};
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, client::limits};

use crate::{
    matrix::{
        actor_roles::Standing,
        oracle::{Code, decide},
    },
    schema::sdl::Sdl,
};
use relations::{Relation, relations};
use secrets::{Forms, HOSTS, Host};

/// The list of hosts is the schema's.
#[test]
fn every_field_stricter_than_its_type_is_walked() {
    let sdl = Sdl::current();
    let mut stricter = Vec::new();
    for (name, object) in sdl.objects().filter(|(name, _)| !["Query", "Mutation", "Subscription"].contains(name)) {
        let baseline =
            object.fields.iter().find(|field| field.ty.ends_with('!')).map(|field| sdl.guard(name, &field.name));
        // `Viewer` has no non-null field of its own guard but its list.
        let baseline = baseline.unwrap_or_else(|| sdl.guard(name, &object.fields[0].name));
        let differ = object.fields.iter().filter(|field| sdl.guard(name, &field.name) != baseline);
        stricter.extend(differ.map(|field| format!("{name}.{}", field.name)));
    }
    let mut walked: Vec<_> = HOSTS
        .iter()
        .flat_map(|host| host.secrets.iter().map(move |secret| format!("{}.{}", host.of, secret.field)))
        .collect();
    stricter.sort();
    walked.sort();
    assert_eq!(stricter, walked, "left: the schema's stricter fields; right: those in paths/secrets.rs");
}

#[tokio::test]
async fn every_way_in_every_form_gives_what_the_guard_says_on_sqlite() {
    every_way(Kind::Sqlite).await;
}

#[tokio::test]
async fn every_way_in_every_form_gives_what_the_guard_says_on_postgres() {
    every_way(Kind::Postgres).await;
}

/// A gateway for documents that ask for all secrets of a type in every form at once: they have more aliases than people need.
async fn takes_all_forms(database: &Database) -> Gateway {
    Gateway::under(database, limits().with(Limit::Aliases, 64, Enforcement::Refuse), None).await
}

async fn every_way(kind: Kind) {
    let sdl = Sdl::current();
    let database = Database::world(kind).await;
    let gateway = takes_all_forms(&database).await;
    let (mut rows_seen, mut refused) = (0, 0);
    for host in HOSTS {
        let forms = host.forms();
        // By way, how many rows the owner saw, whichever row it began at.
        let mut of_owner: BTreeMap<String, usize> = BTreeMap::new();
        for relation in relations(&sdl, host.of) {
            for actor in Actor::ALL {
                let (rows, denied) = walk(&sdl, &gateway, host, &forms, &relation, actor).await;
                if actor == Actor::Owner {
                    let (way, rest) = relation.name.split_once(" (").unwrap_or((&relation.name, ""));
                    let below = rest.split_once(')').map_or("", |(_, below)| below);
                    *of_owner.entry(format!("{way}{below}")).or_default() += rows;
                }
                rows_seen += rows;
                refused += denied;
            }
        }
        let vacuous: Vec<_> = of_owner.iter().filter(|(_, rows)| **rows == 0).map(|(way, _)| way).collect();
        assert!(vacuous.is_empty(), "{kind:?}: these ways to {} lead the owner to no row: {vacuous:?}", host.of);
    }
    assert!(
        rows_seen > 1_000 && refused > 250,
        "{kind:?}: only {rows_seen} rows were seen, {refused} times something refused"
    );
}

/// Asks one way as one actor; says how many rows were seen and for how many something was refused.
async fn walk(
    sdl: &Sdl,
    gateway: &Gateway,
    host: &Host,
    forms: &Forms,
    relation: &Relation,
    actor: Actor,
) -> (usize, usize) {
    let query = relation.document("query($yes: Boolean!)", &forms.selection, &forms.fragments);
    let answer = gateway.ask(actor, &query, json!({ "yes": true })).await;
    let place = format!("{} by {} for {actor:?}", host.of, relation.name);
    if Standing::of(actor) == Standing::Anonymous {
        assert_eq!(
            (answer.status.as_u16(), answer.codes()),
            (401, vec!["UNAUTHENTICATED"]),
            "{place}: {}",
            answer.text
        );
        return (0, 0);
    }
    assert_eq!(answer.status, 200, "{place}: {}", answer.text);
    let mut rows = Vec::new();
    marked(&answer.json["data"], &mut rows);
    let mut expected = Refused::new();
    for row in &rows {
        let about = host.about(row);
        for (key, field) in &forms.keys {
            let decision = decide(actor, sdl.guard(host.of, field), about);
            assert_eq!(
                !row[key].is_null(),
                decision.is_ok(),
                "{place}: `{key}` of {field} on {about:?}: {}",
                answer.text
            );
            if let Err(code) = decision {
                *expected.entry((format!("{}.{field}", host.of), about.dso(), code)).or_default() += 1;
            }
        }
        for key in &forms.left_out {
            assert!(row.get(key).is_none(), "{place}: `{key}` was to be left out: {}", answer.text);
        }
    }
    errors_are(&answer, &expected, sdl, &place);
    nothing_leaks(&answer, actor, &place);
    (rows.len(), expected.len())
}

/// How often something was refused, by field, DSO and code.
type Refused = BTreeMap<(String, Option<&'static str>, Code), u64>;

/// The objects that bear a mark.
fn marked<'a>(value: &'a Value, rows: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| marked(item, rows)),
        Value::Object(fields) => {
            if fields.get("mark").is_some_and(|mark| !mark.is_null()) {
                rows.push(value);
            }
            fields.values().for_each(|field| marked(field, rows));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One error for each refused field and DSO, with its code and a count; each error at a null.
fn errors_are(answer: &Answer, expected: &Refused, sdl: &Sdl, place: &str) {
    let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |error: &Value, key: &str| error["extensions"][key].as_str().unwrap_or_default().to_owned();
    let mut found: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    for error in errors {
        assert!(at(&answer.json["data"], &error["path"]).is_null(), "{place}: an error at a value: {}", answer.text);
        let coordinate = text(error, "coordinate");
        if expected.keys().any(|(name, _, _)| *name == coordinate) {
            let (of, field) = coordinate.split_once('.').expect("a coordinate");
            assert_eq!(error["extensions"]["guard"], sdl.guard(of, field).to_string(), "{place}: {}", answer.text);
            let count = error["extensions"]["count"].as_u64().expect("a count");
            found.entry((coordinate, text(error, "code"))).or_default().push(count);
        }
    }
    let mut wanted: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    for ((name, _, code), count) in expected {
        wanted.entry((name.clone(), (*code).to_owned())).or_default().push(*count);
    }
    for counts in found.values_mut().chain(wanted.values_mut()) {
        counts.sort_unstable();
    }
    assert_eq!(
        found, wanted,
        "{place}: left the errors' counts by field and DSO, right the refused rows: {}",
        answer.text
    );
}

fn at<'a>(data: &'a Value, path: &Value) -> &'a Value {
    path.as_array().into_iter().flatten().fold(data, |here, step| match step {
        Value::String(key) => &here[key],
        Value::Number(index) => &here[usize::try_from(index.as_u64().expect("an index")).expect("a small index")],
        _ => panic!("a path of {step}"),
    })
}

/// What of A's contact data and notes nobody below a manager may get to see, by whatever way.
pub(crate) const CONTACT_DATA: [&str; 5] =
    ["@doctors.example", "555 010", "notes on", "asked about", "@attendees.example"];

/// Nothing of the guarded values is anywhere in the answer of those who may read none of them.
fn nothing_leaks(answer: &Answer, actor: Actor, place: &str) {
    let bytes = answer.bytes().to_lowercase();
    let standing = Standing::of(actor);
    let is_manager_anywhere = tests::world::DSOS.iter().any(|dso| standing.on(dso) >= Some(2));
    if !is_manager_anywhere {
        for text in CONTACT_DATA {
            assert!(!bytes.contains(text), "{place}: `{text}` leaked: {bytes}");
        }
    }
    if !matches!(standing, Standing::Member(2.., _)) {
        let own = format!("{}@people.example", actor.person().unwrap_or_default());
        let others = bytes.replace(&own, "");
        assert!(!others.contains("@people.example"), "{place}: somebody's address leaked: {bytes}");
    }
    if !actor.may_see_b() {
        // Somebody of B sees their own membership there, and nothing else of B.
        let is_known_there = actor.person() == Some("both") || actor.person() == Some("owner-b");
        assert!(is_known_there || !bytes.contains(tests::CANARY), "{place}: B leaked: {bytes}");
    }
}
