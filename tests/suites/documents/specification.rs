//! Documents and values according to the specification: an error in one is reported before anything is executed.
//! Thousands more are compared with the reference implementation in `tests/spec`; this file has the cases that users
//! have encountered.

use entity::id::DoctorId;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World};

async fn over() -> Gateway {
    let database = Database::world(Kind::Sqlite).await;
    Gateway::over(&database).await
}

/// Checks a refusal: 400, no data, a one-line message that contains these words, and a location. Returns the error.
fn refused<'a>(answer: &'a Answer, name: &str, words: &[&str]) -> &'a Value {
    assert_eq!(answer.status, 400, "{name}: {}", answer.text);
    assert!(answer.json.get("data").is_none(), "{name}: {}", answer.text);
    let error = &answer.json["errors"][0];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty() && !message.contains('\n'), "{name}: {message}");
    assert!(error["locations"][0]["line"].is_u64(), "{name}: {}", answer.text);
    for word in words {
        assert!(message.contains(word), "{name}: `{word}` is not in: {message}");
    }
    error
}

#[tokio::test]
async fn a_variable_that_is_left_out_has_its_default_in_directives_too() {
    let gateway = over().await;
    for (query, variables, has) in [
        ("query ($s: Boolean = true) { viewer { name @skip(if: $s) id } }", json!({}), false),
        ("query ($s: Boolean = true) { viewer { name @skip(if: $s) id } }", json!({ "s": false }), true),
        ("query ($s: Boolean = false) { viewer { name @include(if: $s) id } }", json!({}), false),
        ("query ($s: Boolean! = false) { viewer { ... @include(if: $s) { name } id } }", json!({}), false),
        (
            "query ($s: Boolean = true) { viewer { ...F @skip(if: $s) id } } fragment F on Viewer { name }",
            json!({}),
            false,
        ),
        (
            "query ($s: Boolean = true) { viewer { ...F @include(if: $s) id } } fragment F on Viewer { name }",
            json!({}),
            true,
        ),
    ] {
        let answer = gateway.ask(Actor::Owner, query, variables.clone()).await.clean();
        assert_eq!(answer.data("/viewer/name").is_string(), has, "{query} {variables}: {}", answer.text);
        assert!(answer.data("/viewer/id").is_string(), "{query}: {}", answer.text);
    }
}

/// The library would treat `null` as false.
#[tokio::test]
async fn a_directive_takes_no_null() {
    let gateway = over().await;
    let query = "query ($s: Boolean = true) { viewer { ...F id } } fragment F on Viewer { name @include(if: $s) }";
    refused(&gateway.ask(Actor::Owner, query, json!({ "s": null })).await, query, &["`$s`", "Boolean", "`true`"]);
}

async fn dsos(gateway: &Gateway) -> Value {
    gateway.ask(Actor::Owner, "{ dsos { totalCount } }", json!({})).await.clean().data("/dsos/totalCount").clone()
}

#[tokio::test]
async fn invalid_values_are_reported_before_execution() {
    let gateway = over().await;
    let before = dsos(&gateway).await;
    let doctor = World::id::<DoctorId>("doctor Smile Ada");
    let time = ["DateTime", "2026-01-31T09:00:00Z"];
    let mutation = |log: &str| {
        format!(
            "mutation ($d: ID!, $t: DateTime) {{ a: dsoCreate(input: {{ name: \"Half\" }}) {{ dso {{ id }} }} b: activityLog(input: {{ doctorId: $d, kind: NOTE, {log} }}) {{ userErrors {{ message }} }} }}"
        )
    };
    let given = json!({ "d": doctor, "t": "2026-01-01" });
    for (name, query, variables, words) in [
        ("a time in a variable", mutation("occurredAt: $t"), given.clone(), &["`$t`", time[0], time[1]][..]),
        (
            "a time as a literal",
            mutation("note: \"x\", occurredAt: \"2026-01-01\"").replace(", $t: DateTime", ""),
            given.clone(),
            &time,
        ),
        ("an id that is none", mutation("occurredAt: $t"), json!({ "d": 1.5 }), &["`$d`", "ID"]),
        ("a missing variable", mutation("occurredAt: $t"), json!({}), &["`$d`", "required", "ID"]),
        ("null", mutation("occurredAt: $t"), json!({ "d": null }), &["`$d`", "required"]),
        (
            "a kind that is none",
            mutation("occurredAt: $t").replace("NOTE", "LETTER"),
            given.clone(),
            &["`LETTER`", "ActivityKind"],
        ),
        (
            "a kind in quotes",
            mutation("occurredAt: $t").replace("NOTE", "\"NOTE\""),
            given,
            &["ActivityKind", "`PHONE`"],
        ),
    ] {
        refused(&gateway.ask(Actor::Owner, &query, variables).await, name, words);
    }
    for (name, query, words) in [
        (
            "a filter's time",
            "{ a: viewer { name } b: activities(first: 1, filter: { from: \"2026-01-01\" }) { totalCount } }",
            &time[..],
        ),
        ("a number for a time", "{ activities(filter: { from: 2026 }) { totalCount } }", &time),
        ("a name for a time", "{ activities(filter: { from: NOW }) { totalCount } }", &time),
        (
            "a default's time",
            "query ($t: DateTime = \"now\") { activities(filter: { from: $t }) { totalCount } }",
            &time,
        ),
        (
            "a time within a list of one",
            "{ doctors(filter: { contactedFrom: [\"2026-01-01T00:00:00Z\"] }) { totalCount } }",
            &["DateTime"],
        ),
        (
            "an id of more than 64 bits",
            "{ nodes(ids: [1, 123456789012345678901]) { id } }",
            &["`123456789012345678901`", "ID", "`\"123456789012345678901\"`"],
        ),
        (
            "an id beyond a signed number of 64 bits",
            "{ nodes(ids: [9223372036854775808]) { id } }",
            &["`9223372036854775808`", "ID", "`\"9223372036854775808\"`"],
        ),
        ("text for a number", "{ doctors(first: \"1\") { totalCount } }", &["Int", "`25`"]),
        ("more than 32 bits", "{ doctors(first: 2147483648) { totalCount } }", &["32-bit"]),
        ("a number for a text", "{ doctors(filter: { text: 1 }) { totalCount } }", &["String", "`\"text\"`"]),
        ("an object for a value", "{ doctors(filter: { risk: [{ a: LOW }] }) { totalCount } }", &["Risk", "`LOW`"]),
        (
            "a field twice",
            "{ doctors(first: 1, filter: { risk: [LOW], risk: [HIGH] }) { totalCount } }",
            &["`risk`", "twice"],
        ),
        (
            "a field twice, deeper",
            "{ doctors(orderBy: { field: NAME, field: NAME }) { totalCount } }",
            &["`field`", "twice"],
        ),
        (
            "two of one",
            "{ activitiesAggregate(having: { measure: { count: true, countDistinct: KIND } }) { totalCount } }",
            &["ActivityMeasure", "exactly one"],
        ),
        ("null for a default", "query ($s: Boolean = null) { viewer { name @skip(if: $s) } }", &["`$s`", "Boolean!"]),
        (
            "two lists under one key",
            "{ doctors(filter: { risk: [LOW, HIGH] }) { totalCount } doctors(filter: { risk: [LOW] }) { totalCount } }",
            &["conflicting"],
        ),
    ] {
        refused(&gateway.ask(Actor::Owner, query, json!({})).await, name, words);
    }
    assert_eq!(dsos(&gateway).await, before, "a part of a refused mutation was run");
}

#[tokio::test]
async fn values_of_variables_are_taken_in_every_form_that_the_specification_has() {
    let gateway = over().await;
    let first = "query ($n: Int) { doctors(first: $n) { nodes { id } } }";
    for (query, variables, fits) in [
        (first, json!({ "n": 2.0 }), true),
        (first, json!({ "n": 2 }), true),
        (first, json!({ "n": 2.5 }), false),
        (first, json!({ "n": "2" }), false),
        (first, json!({ "n": 3_000_000_000_u64 }), false),
        (first, json!({ "n": [2] }), false),
        ("query ($id: ID!) { dso(id: $id) { id } }", json!({ "id": 7 }), true),
        ("query ($id: ID!) { dso(id: $id) { id } }", json!({ "id": true }), false),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": "x" }), true),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [null] }), false),
        ("query ($r: [Risk!]) { doctors(filter: { risk: $r }) { totalCount } }", json!({ "r": ["LOW"] }), true),
        ("query ($r: [Risk!]) { doctors(filter: { risk: $r }) { totalCount } }", json!({ "r": ["low"] }), false),
        (
            "query ($m: ActivityMeasure!) { activitiesAggregate(having: { measure: $m, gte: 1 }) { totalCount } }",
            json!({ "m": { "count": true } }),
            true,
        ),
        (
            "query ($m: ActivityMeasure!) { activitiesAggregate(having: { measure: $m, gte: 1 }) { totalCount } }",
            json!({ "m": {} }),
            false,
        ),
        (
            "query ($m: ActivityMeasure!) { activitiesAggregate(having: { measure: $m, gte: 1 }) { totalCount } }",
            json!({ "m": { "count": null } }),
            false,
        ),
        ("query ($f: DoctorFilter) { doctors(filter: $f) { totalCount } }", json!({ "f": { "tex": "x" } }), false),
        (
            "query ($f: DoctorFilter) { doctors(filter: $f) { totalCount } }",
            json!({ "f": { "text": "x" }, "more": 1 }),
            true,
        ),
        ("query ($t: String) { doctors(filter: { text: $t }) { totalCount } }", json!({}), true),
    ] {
        let answer = gateway.ask(Actor::Owner, query, variables.clone()).await;
        if fits {
            answer.clean();
        } else {
            let error = refused(&answer, &format!("{query} {variables}"), &["$"]);
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{query} {variables}");
        }
    }
    let filter = "query ($f: DoctorFilter) { doctors(filter: $f) { totalCount } }";
    let answer = gateway.ask(Actor::Owner, filter, json!({ "f": { "tex": "x" } })).await;
    refused(&answer, "a field that is none", &["`$f.tex`", "`DoctorFilter`", "\"text\""]);
}

#[tokio::test]
async fn an_argument_whose_variable_is_left_out_has_its_own_default() {
    let gateway = over().await;
    let query = "query ($all: Boolean) { __type(name: \"Risk\") { enumValues(includeDeprecated: $all) { name } } }";
    for variables in [json!({}), json!({ "all": true })] {
        let answer = gateway.ask(Actor::Owner, query, variables).await.clean();
        assert_eq!(answer.data("/__type/enumValues/0/name"), "LOW", "{}", answer.text);
    }
}

/// Introspection fields that the schema cannot answer do not exist, instead of returning null for a non-null field.
#[tokio::test]
async fn unsupported_introspection_fields_are_refused() {
    let gateway = over().await;
    for query in [
        "{ __schema { directives { name isDeprecated } } }",
        "{ __schema { directives(includeDeprecated: true) { name } } }",
    ] {
        refused(&gateway.ask(Actor::Owner, query, json!({})).await, query, &["eprecated`"]);
    }
    gateway.ask(Actor::Owner, "{ __schema { directives { name isRepeatable locations } } }", json!({})).await.clean();
}

/// A selection set may be empty. The result is still an object, merged with selections of the same object elsewhere.
#[tokio::test]
async fn of_an_object_nothing_may_be_selected() {
    let gateway = over().await;
    let answer = gateway.ask(Actor::Owner, "{ viewer {} organization { id } }", json!({})).await.clean();
    assert_eq!(answer.data("/viewer"), &json!({}), "{}", answer.text);
    let twice = "{ doctors(first: 2) { edges { node {} node { name } ...F } } } fragment F on DoctorEdge { node {} node { id } }";
    let answer = gateway.ask(Actor::Owner, twice, json!({})).await.clean();
    for edge in ["0", "1"] {
        let node = answer.data(&format!("/doctors/edges/{edge}/node"));
        assert!(node["name"].is_string() && node["id"].is_string(), "{}", answer.text);
    }
    gateway.ask(Actor::Owner, "{}", json!({})).await.clean();
}

#[tokio::test]
async fn strings_are_escaped_as_the_specification_has_it() {
    let gateway = over().await;
    for text in [r#""\ud83d\ude00""#, r#""\u{1F600}""#, "\"😀\"", r#""\u00d6""#, "\"\"\"a \\\"\"\" b\"\"\""] {
        let query = format!("{{ doctors(first: 1, filter: {{ text: {text} }}) {{ totalCount }} }}");
        gateway.ask(Actor::Owner, &query, json!({})).await.clean();
    }
    for text in [r#""\ud83d""#, r#""\ude00\ud83d""#, r#""\u{110000}""#, r#""\u{}""#, r#""\q""#, "\"a\nb\""] {
        let query = format!("{{ doctors(first: 1, filter: {{ text: {text} }}) {{ totalCount }} }}");
        let answer = gateway.ask(Actor::Owner, &query, json!({})).await;
        assert_eq!(refused(&answer, text, &[])["extensions"]["code"], "GRAPHQL_PARSE_FAILED", "{text}");
    }
}

#[tokio::test]
async fn syntax_errors_are_refused_with_a_one_line_message() {
    let gateway = over().await;
    for text in [
        "",
        " ",
        "# nothing",
        "{",
        "{ viewer { name }",
        "{ viewer { name } } }",
        "{ doctors(first) { totalCount } }",
        "{ doctors(filter: { text }) { totalCount } }",
        "query ($a) { viewer { name } }",
        "query ($a: ) { viewer { name } }",
        "{ doctors(first: 01) { totalCount } }",
        "{ doctors(first: 1.) { totalCount } }",
        "{ doctors() { totalCount } }",
        "query () { viewer { name } }",
        "fragment on on Query { viewer { name } } { ...on }",
        "nothing { viewer }",
        "{ viewer { name } } ;",
    ] {
        let answer = gateway.ask(Actor::Owner, text, json!({})).await;
        assert_eq!(
            refused(&answer, text, &[])["extensions"]["code"],
            "GRAPHQL_PARSE_FAILED",
            "{text}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_mutation_under_one_key_is_run_once() {
    let gateway = over().await;
    for (index, query) in [
        "mutation ($n: String!) { dsoCreate(input: { name: $n }) { dso { id } } dsoCreate(input: { name: $n }) { dso { name } } }",
        "mutation ($n: String!) { a: dsoCreate(input: { name: $n }) { dso { id } } ...F } fragment F on Mutation { a: dsoCreate(input: { name: $n }) { dso { name } } }",
        "mutation ($n: String!, $no: Boolean = false) { ... { a: dsoCreate(input: { name: $n }) { dso { id name } } } ...F ...F @include(if: $no) } fragment F on Mutation { a: dsoCreate(input: { name: $n }) { userErrors { code } } }",
    ]
    .into_iter()
    .enumerate()
    {
        let before = dsos(&gateway).await.as_u64();
        let answer = gateway.ask(Actor::Owner, query, json!({ "n": format!("Once {index}") })).await.clean();
        let made = answer.json["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
        assert!(made["dso"]["id"].is_string() && made["dso"]["name"].is_string(), "{query}: {}", answer.text);
        assert_eq!(dsos(&gateway).await.as_u64(), before.map(|before| before + 1), "{query}");
    }
    let twice = "mutation { a: dsoCreate(input: { name: \"One\" }) { dso { id } } b: dsoCreate(input: { name: \"Two\" }) { dso { id } } }";
    let before = dsos(&gateway).await.as_u64();
    gateway.ask(Actor::Owner, twice, json!({})).await.clean();
    assert_eq!(dsos(&gateway).await.as_u64(), before.map(|before| before + 2), "two keys are two mutations");
}
