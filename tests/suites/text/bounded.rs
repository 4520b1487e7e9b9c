//! What is no text, no time and no address is refused by every input that takes one, with a word that names it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Actor, Answer, Kind as Of};

use super::{
    Stage,
    catalog::{Kind, inputs},
};
use crate::{
    matrix::changes::{Ends, changes, entity},
    schema::sdl::Sdl,
};

/// Inputs of queries, each in an operation in which `$$` is the value.
const READS: [(&str, &str); 24] = [
    ("DoctorFilter.text", "{ doctors(filter: { text: $$ }) { totalCount } }"),
    ("DoctorFilter.email", "{ doctors(filter: { email: $$ }) { totalCount } }"),
    ("DoctorFilter.contactedFrom", "{ doctors(filter: { contactedFrom: $$ }) { totalCount } }"),
    ("DoctorFilter.notContactedSince", "{ doctors(filter: { notContactedSince: $$ }) { totalCount } }"),
    ("DsoFilter.text", "{ dsos(filter: { text: $$ }) { totalCount } }"),
    ("ActivityFilter.from", "{ activities(filter: { from: $$ }) { totalCount } }"),
    ("ActivityFilter.until", "{ activities(filter: { until: $$ }) { totalCount } }"),
    ("AuditEventFilter.from", "{ organization { auditEvents(filter: { from: $$ }) { totalCount } } }"),
    ("AuditEventFilter.until", "{ organization { auditEvents(filter: { until: $$ }) { totalCount } } }"),
    ("CaseFilter.openedFrom", "{ casesAggregate(filter: { openedFrom: $$ }) { totalCount } }"),
    ("CaseFilter.openedUntil", "{ casesAggregate(filter: { openedUntil: $$ }) { totalCount } }"),
    (
        "TimeRange.from",
        "{ organization { overview(range: { from: $$, until: \"2026-01-02T00:00:00Z\" }) { dsoCount } } }",
    ),
    (
        "TimeRange.until",
        "{ organization { overview(range: { from: \"2026-01-02T00:00:00Z\", until: $$ }) { dsoCount } } }",
    ),
    (
        "ActivityBucket.timeZone",
        "{ activitiesAggregate(bucket: { field: OCCURRED_AT, unit: DAY, timeZone: $$ }) { totalCount } }",
    ),
    ("CaseBucket.timeZone", "{ casesAggregate(bucket: { field: OPENED_AT, unit: DAY, timeZone: $$ }) { totalCount } }"),
    (
        "DoctorBucket.timeZone",
        "{ doctorsAggregate(bucket: { field: JOINED_AT, unit: DAY, timeZone: $$ }) { totalCount } }",
    ),
    ("Query.explainAccess(coordinate:)", "{ explainAccess(coordinate: $$) { allowed } }"),
    ("Query.invitationPreview(token:)", "{ invitationPreview(token: $$) { organizationName } }"),
    ("Query.doctors(after:)", "{ doctors(after: $$) { totalCount } }"),
    ("Query.doctors(before:)", "{ doctors(last: 1, before: $$) { totalCount } }"),
    ("Query.doctorsAggregate(after:)", "{ doctorsAggregate(after: $$) { totalCount } }"),
    ("Query.activitiesAggregate(after:)", "{ activitiesAggregate(after: $$) { totalCount } }"),
    ("Query.casesAggregate(after:)", "{ casesAggregate(after: $$) { totalCount } }"),
    ("Dso.doctors(after:)", "{ dsos { nodes { doctors(after: $$) { totalCount } } } }"),
];

fn is_refused(answer: &Answer) -> bool {
    let codes = answer.codes();
    let of_the_caller = ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "NOT_FOUND"];
    !codes.is_empty() && codes.iter().all(|code| of_the_caller.contains(code))
}

/// Whether anything beside `null` stands where the operation's own answer would.
fn says_something(answer: &Answer) -> bool {
    fn leaf(value: &Value) -> bool {
        match value {
            Value::Object(fields) => fields.values().any(leaf),
            Value::Array(items) => items.iter().any(leaf),
            Value::Null => false,
            _ => true,
        }
    }
    answer.json.get("data").is_some_and(leaf)
}

#[tokio::test]
async fn a_query_refuses_what_its_inputs_cannot_hold() {
    for kind in Of::ALL {
        let stage = Stage::new(kind).await;
        for (coordinate, query) in READS {
            let (_, field) =
                inputs(&Sdl::current()).into_iter().find(|(name, _)| name == coordinate).expect(coordinate);
            let of = Kind::of(&field).expect("a kind");
            for value in of.refused() {
                let query = query.replace("$$", &Value::from(value.as_str()).to_string());
                let answer = stage.ask(&query, json!({})).await;
                let place = format!("{kind:?} {coordinate} {:.40?}: {:.400}", value, answer.text);
                // A word that is compared may be one that there is not.
                if of == Kind::Word {
                    assert!(!answer.codes().contains(&"INTERNAL"), "{place}");
                    continue;
                }
                assert!(is_refused(&answer) && !says_something(&answer), "{place}");
                let messages = answer.json["errors"].as_array().expect("errors").clone();
                let said = messages.iter().filter_map(|error| error["message"].as_str()).collect::<Vec<_>>().join(" ");
                assert!(said.len() < 1_000 && !said.contains('\0'), "{place}");
            }
        }
    }
}

#[test]
fn every_text_and_time_of_a_query_is_asked() {
    let known: BTreeSet<_> = READS.iter().map(|(coordinate, _)| (*coordinate).to_owned()).collect();
    let sdl = Sdl::current();
    // Of a mutation's own inputs the other test takes care, of which each field is sent; a widget's query holds filters that are here,
    // its result a zone; and a cursor is opened at one place, whatever the list.
    let missing: Vec<_> = inputs(&sdl)
        .into_iter()
        .filter(|(name, field)| {
            !known.contains(name)
                && !name.split('.').next().is_some_and(|ty| ty.ends_with("Input"))
                && Kind::of(field) != Some(Kind::Cursor)
                && name != "Widget.result(timeZone:)"
        })
        .map(|(name, _)| name)
        .collect();
    assert!(missing.is_empty(), "say in `text/bounded.rs` how they are asked: {missing:?}");
}

#[tokio::test]
async fn a_mutation_refuses_what_its_inputs_cannot_hold() {
    let sdl = Sdl::current();
    for kind in Of::ALL {
        let stage = Stage::new(kind).await;
        let mut sent = BTreeSet::new();
        for change in changes(&sdl).into_iter().filter(|change| change.ends == Ends::Done) {
            let argument = &sdl.field("Mutation", change.mutation).arguments[0];
            for field in &sdl.get(&argument.named).fields {
                let Some(of) = Kind::of(field).filter(|_| field.named == "String" || field.named == "DateTime") else {
                    continue;
                };
                let is_first = sent.insert(format!("{}.{}", argument.named, field.name));
                if !is_first {
                    continue;
                }
                let needed = field.ty.ends_with('!') || field.name == "name" || field.name == "title";
                let blanks = if needed { of.blank() } else { &[] };
                for value in of.refused().into_iter().chain(blanks.iter().map(|blank| (*blank).to_owned())) {
                    let mut input = change.input(Actor::Owner);
                    input[&field.name] = json!(value);
                    let answer = stage.ask(&change.text(&sdl), json!({ "input": input })).await;
                    let place =
                        format!("{kind:?} {}.{} {:.40?}: {:.400}", argument.named, field.name, value, answer.text);
                    let payload = &answer.json["data"][change.mutation];
                    assert!(payload[entity(&sdl, change.mutation)].is_null(), "{place}");
                    assert!(!answer.codes().contains(&"INTERNAL"), "{place}");
                    if matches!(of, Kind::Word | Kind::Time) {
                        // A time is refused with the whole document, or the field.
                        assert!(is_refused(&answer) || payload["userErrors"][0].is_object(), "{place}");
                        continue;
                    }
                    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{place}"));
                    let names_it = |error: &Value| {
                        error["code"] == "BAD_USER_INPUT" && error["field"] == json!(["input", field.name])
                    };
                    assert!(errors.len() == 1 && names_it(&errors[0]), "{place}");
                }
            }
        }
        assert!(sent.len() > 30, "{sent:?}");
    }
}

/// A word of a DSO stands in a list.
#[tokio::test]
async fn a_label_is_a_name() {
    for kind in Of::ALL {
        let stage = Stage::new(kind).await;
        let text = "mutation ($input: TerminologyUpdateInput!) { terminologyUpdate(input: $input) { dso { id } userErrors { code field } } }";
        for label in Kind::Name.refused().into_iter().chain(Kind::Name.blank().iter().map(|blank| (*blank).to_owned()))
        {
            let input = json!({ "dsoId": super::dso("Smile"), "terms": [{ "key": "DOCTOR", "label": label }] });
            let answer = stage.ask(text, json!({ "input": input })).await.clean();
            let expected = json!([{ "code": "BAD_USER_INPUT", "field": ["input", "terms"] }]);
            assert_eq!(answer.data("/terminologyUpdate/userErrors"), &expected, "{kind:?} {label:.40?}");
        }
    }
}

#[tokio::test]
async fn a_text_is_written_in_its_normal_form() {
    for kind in Of::ALL {
        let stage = Stage::new(kind).await;
        let text = "mutation ($input: DoctorCreateInput!) { doctorCreate(input: $input) {
            doctor { name phone practice notes email joinedAt } userErrors { message } } }";
        let input = json!({
            "dsoId": super::dso("Smile"), "name": "\u{feff} Jose\u{301}\u{200b} ", "phone": "\u{202a}+49 170 1\u{202c}", "practice": "\u{200b}",
            "notes": " one\r\ntwo ", "email": "  ", "joinedAt": "2026-01-01T00:00+01",
        });
        let answer = stage.ask(text, json!({ "input": input })).await.clean();
        let expected = json!({
            "name": "Jos\u{e9}", "phone": "+49 170 1", "practice": null, "notes": "one\r\ntwo", "email": null,
            "joinedAt": "2025-12-31T23:00:00+00:00",
        });
        assert_eq!(answer.data("/doctorCreate/doctor"), &expected, "{kind:?} {}", answer.text);
    }
}

/// Each end of a range is named with what is wrong with it.
#[tokio::test]
async fn a_range_that_is_none_says_which_end_is_wrong() {
    for kind in Of::ALL {
        let stage = Stage::new(kind).await;
        for (from, until, wrong) in [
            (
                "2026-01-02T00:00Z",
                "2026-01-02T01:00+01",
                "is empty: `until` is `2026-01-02T00:00:00Z`, as `from` is; it must be later",
            ),
            (
                "2026-01-02T00:00Z",
                "2026-01-01T00:00Z",
                "ends before it begins: `until` is `2026-01-01T00:00:00Z`, and `from` is `2026-01-02T00:00:00Z`",
            ),
            (
                "1900-01-01T00:00Z",
                "2026-01-01T00:00Z",
                "is longer than a hundred years: `until` is `2026-01-01T00:00:00Z`; the latest is `2000-01-02T00:00:00Z`",
            ),
        ] {
            let range = format!("range: {{ from: \"{from}\", until: \"{until}\" }}");
            for (query, name) in [
                (format!("{{ organization {{ overview({range}) {{ dsoCount }} }} }}"), "range"),
                (
                    format!(
                        "{{ activitiesAggregate(bucket: {{ field: OCCURRED_AT, unit: YEAR, {range} }}) {{ totalCount }} }}"
                    ),
                    "range",
                ),
            ] {
                let answer = stage.ask(&query, json!({})).await;
                assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{kind:?} {query} {}", answer.text);
                let message = answer.json["errors"][0]["message"].as_str().unwrap();
                assert!(
                    message.starts_with('`') && message.contains(name) && message.ends_with(wrong),
                    "{kind:?} {query}: {message}"
                );
            }
        }
    }
}
