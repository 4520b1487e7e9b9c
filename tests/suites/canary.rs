//! No data of B is in any answer, cursor or log line of callers who are not of B.
//!
//! Owns: sending broad queries as all actors, and searching for the canary that every string of B contains. May use:
//! the tests' broad queries. Invariant: for callers of B the same search finds the canary, so that this suite can
//! fail.

mod asked;
mod logs;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::{Actor, Answer, CANARY, Database, Gateway, Kind, queries::Query, sample};

use asked::{changes, owned, reads};
use logs::Log;

/// Whether a query may return a person of B their own name, or that of their organization.
fn is_about_oneself(actor: Actor, query: &Query) -> bool {
    match actor {
        Actor::Outsider => query.text.contains("viewer {"),
        Actor::BothInA => query.text.contains("memberships"),
        _ => false,
    }
}

/// All cursors of an answer, decoded as any client can decode them.
fn cursors(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Array(rows) => rows.iter().for_each(|row| cursors(row, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(cursor) if ["cursor", "startCursor", "endCursor"].contains(&name.as_str()) => {
                        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).expect("a cursor is base64url");
                        found.push(String::from_utf8_lossy(&bytes).into_owned());
                    }
                    other => cursors(other, found),
                }
            }
        }
        _ => {}
    }
}

/// Whether this query runs on this database: by default the queries alternate between the databases; a whole run sends
/// all to both.
fn is_asked(kind: Kind, number: usize) -> bool {
    let only = if number.is_multiple_of(2) { Kind::Sqlite } else { Kind::Postgres };
    sample(1, 2) == 2 || Kind::ALL.into_iter().count() == 1 || kind == only
}

fn opened(answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    cursors(&answer.json, &mut found);
    found
}

#[tokio::test]
async fn no_data_of_b_is_in_answers_to_callers_outside_b() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let mut seen = 0;
        for (place, actor) in Actor::ALL.into_iter().enumerate().filter(|(_, actor)| !actor.may_see_b()) {
            for (number, query) in reads().iter().chain(&changes()).enumerate() {
                if is_about_oneself(actor, query) || !is_asked(kind, place + number) {
                    continue;
                }
                let answer = gateway.ask(actor, &query.text, query.variables.clone()).await;
                assert!(!answer.bytes().contains(CANARY), "{kind:?} {actor:?} {}: {}", query.name, answer.bytes());
                for cursor in opened(&answer) {
                    seen += 1;
                    assert!(!cursor.contains(CANARY), "{kind:?} {actor:?} {}: the cursor {cursor}", query.name);
                }
            }
        }
        assert!(seen > 100, "{kind:?}: only {seen} cursors were looked into");
    }
}

#[tokio::test]
async fn the_same_queries_show_b_to_those_of_b() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        for actor in [Actor::OwnerOfB, Actor::BothInB] {
            for query in owned() {
                let answer = gateway.ask(actor, &query.text, query.variables.clone()).await;
                assert!(answer.text.contains(CANARY), "{kind:?} {actor:?} {}: {}", query.name, answer.text);
            }
            let mut with = 0;
            let mut bearing = 0;
            let all = reads();
            for query in &all {
                let answer = gateway.ask(actor, &query.text, query.variables.clone()).await;
                with += usize::from(answer.text.contains(CANARY));
                bearing += opened(&answer).iter().filter(|cursor| cursor.contains(CANARY)).count();
            }
            assert!(with * 3 > all.len(), "{kind:?} {actor:?}: only {with} of {} answers bear the canary", all.len());
            assert!(bearing > 0, "{kind:?} {actor:?}: no cursor bears the canary");
        }
    }
}

/// Texts that no log line may contain, for any caller.
fn secrets(actor: Actor) -> Vec<String> {
    let mut secrets: Vec<String> =
        [CANARY, "@doctors.example", "@attendees.example", "+1 555", "asked about the course", "notes on", asked::NOTE]
            .map(str::to_owned)
            .into();
    secrets.extend(actor.token());
    secrets
}

#[tokio::test(flavor = "current_thread")]
async fn no_log_line_contains_a_credential_or_row_data() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let log = Log::default();
        let _logging = log.begin();
        // Opened while the log is captured, so that lines written on opening are checked too.
        let gateway = Gateway::over(&database).await;
        for (place, actor) in Actor::ALL.into_iter().enumerate() {
            for (number, query) in reads().iter().chain(&changes()).enumerate() {
                if !is_asked(kind, place + number) {
                    continue;
                }
                // A token contains the time at which it was made, so the log is searched for the same token that is
                // sent.
                let token = actor.token();
                let answer =
                    gateway.ask_as(token.as_deref(), actor.organization(), &query.text, query.variables.clone()).await;
                let lines = log.take();
                assert!(lines.contains(answer.request_id()), "{kind:?} {actor:?} {}: nothing was logged", query.name);
                for secret in secrets(actor).iter().chain(&token) {
                    assert!(
                        !lines.contains(secret),
                        "{kind:?} {actor:?} {}: `{secret}` is in the log: {lines}",
                        query.name
                    );
                }
            }
        }
        let wrong = "a credential that nobody has signed";
        let answer = gateway.ask_as(Some(wrong), None, "{ viewer { id } }", json!({})).await;
        assert_eq!(answer.codes(), ["UNAUTHENTICATED"], "{}", answer.text);
        assert!(!log.take().contains(wrong), "{kind:?}: a refused credential is in the log");
    }
}
