//! Documents made to be slow are refused, and quickly.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use async_graphql::{ServerError, parser::types::ExecutableDocument};

use crate::config::{Config, Limits, Overrides};
use crate::{
    graphql::{
        cost::{CostEstimate, CostModel},
        document_size::{Size, measure},
        token_scan::scan,
    },
    limits::{Enforcement, Limit, LimitRegistry},
};

fn limits() -> Limits {
    let overrides = Overrides { database_url: Some("sqlite://x.sqlite".to_owned()), ..Overrides::default() };
    match Config::from_layers(
        None,
        [(
            "authn.issuers".to_owned(),
            r#"[{issuer="a",audience="b",secret="0123456789012345678901234567890123456789"}]"#.to_owned(),
        )],
        overrides,
    ) {
        Ok(config) => config.limits,
        Err(problems) => panic!("{problems}"),
    }
}

fn parse_query(text: &str) -> Result<ExecutableDocument, ServerError> {
    Ok(crate::graphql::parse::read(text)?.executable)
}

fn size(text: &str) -> Size {
    measure(&parse_query(text).unwrap()).unwrap()
}

#[test]
fn fragments_count_as_often_as_they_are_spread() {
    let size = size("{ a { ...f } b: a { ...f } } fragment f on A { x y: x ... on A { z { w } } }");
    let expected = Size { depth: 3, aliases: 3, fields: 10, root_fields: 2, nesting: 5, ..Size::default() };
    assert_eq!(size, expected);
}

#[test]
fn a_bomb_of_nested_fragments_is_refused_in_no_time() {
    let mut text = String::from("{ ...f0 }");
    for level in 0..22 {
        text += &format!("fragment f{level} on Query {{ a {{ ...f{0} ...f{0} ...f{0} }} }}", level + 1);
    }
    text.push_str("fragment f22 on Query { a }");
    let started = std::time::Instant::now();
    let refused = size(&text).check(&LimitRegistry::new(limits()));
    assert!(refused.is_err());
    assert!(started.elapsed().as_millis() < 50, "measuring took {:?}", started.elapsed());
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    let document = parse_query("{ ...f } fragment f on Query { a { ...g } } fragment g on Query { ...f }").unwrap();
    assert!(measure(&document).is_err());
}

#[test]
fn a_chain_of_fragments_is_bounded_although_it_adds_no_level_of_fields() {
    let chain = |length: usize| {
        let links = (1..length).map(|link| format!("fragment f{link} on Query {{ ...f{} }}", link + 1));
        format!("{{ ...f1 }} {} fragment f{length} on Query {{ a }}", links.collect::<String>())
    };
    let check = |text: &str| measure(&parse_query(text).unwrap())?.check(&LimitRegistry::new(limits()));
    assert!(check(&chain(100)).is_ok(), "the control");
    // The last one ends the test's own process where measuring recurses without a bound.
    for length in [130, 500, 20_000] {
        let refused = check(&chain(length)).unwrap_err();
        assert!(refused.message.contains("at most 128 levels"), "{length}: {}", refused.message);
    }
}

/// Whatever else parsed a text would have to be bounded, too.
#[test]
fn there_is_one_way_to_the_parser() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]").next().unwrap_or_default();
                if product.contains("parse_query") || product.contains("parse_ast") {
                    found.push(path);
                }
            }
        }
    }
    assert!(matches!(found.as_slice(), [only] if only.ends_with("graphql/parse.rs")), "{found:?}");
}

#[test]
fn nesting_is_seen_before_the_parser_sees_it() {
    let deep = "{a".repeat(100_000);
    assert!(scan(&deep, &LimitRegistry::new(limits())).is_err());
    let lists = format!("{{ a(x: {}) }}", "[".repeat(10_000));
    assert!(scan(&lists, &LimitRegistry::new(limits())).is_err());
}

#[test]
fn brackets_in_strings_and_comments_do_not_count() {
    let brackets = "{".repeat(1000);
    for text in [
        format!("{{ a(x: \"{brackets}\") }}"),
        format!("{{ a(x: \"\\\"{brackets}\") }}"),
        format!("{{ a(x: \"\"\"{brackets} \" \"\" {brackets}\"\"\") }}"),
        format!("{{ a # {brackets}\n }}"),
        format!("{{ a # {brackets}\r }}"),
        format!("{{ a # {brackets}\r\n }}"),
        format!("{{ a(x: \"\", y: \"{brackets}\") }}"),
    ] {
        assert!(scan(&text, &LimitRegistry::new(limits())).is_ok(), "{text}");
    }
}

#[test]
fn fields_are_counted_before_they_are_parsed() {
    let least = |most: u64| LimitRegistry::new(limits().with(Limit::Fields, most, Enforcement::Refuse));
    for (text, fields) in [
        ("{ a b c }", 3),
        ("query Named($x: In = {a: {b: 1}}) @d { a }", 1),
        ("{ a: b c: d { e } }", 3),
        ("{ a(x: {b: 1, c: [d, e]}) @include(if: true) { f } @skip(if: $g) }", 2),
        ("{ ...f ... f ...on T { a } ... on T { b } ... { c } ... @include(if: true) { d } on }", 5),
        ("{ on: on ...on }", 1),
        ("{ a } fragment f on T { b c } fragment on2 on T @d { e }", 4),
        ("{ a # b c\n d(x: \"e f\") g }", 3),
    ] {
        assert!(scan(text, &least(fields)).is_ok(), "{text}: one that is none was counted");
        assert!(scan(text, &least(fields - 1)).is_err(), "{text}: one was not counted");
    }
}

#[test]
fn directives_count_as_often_as_they_are_spread() {
    let size = size("query @x { a @x @y { ...f @x ...f } } fragment f on A @z { b @x ... @x { c } }");
    assert_eq!(size.directives, 1 + 2 + 1 + 2 * 3);
}

#[test]
fn what_no_operation_spreads_is_measured_too() {
    let mut text = String::from("{ a }");
    for level in 0..22 {
        text += &format!("fragment f{level} on Query {{ a {{ ...f{0} ...f{0} ...f{0} }} }}", level + 1);
    }
    text.push_str("fragment f22 on Query { a }");
    assert!(size(&text).check(&LimitRegistry::new(limits())).is_err(), "validation goes through it all the same");
    let mut text = "fragment f on Query { a a a a } ".to_owned();
    for number in 0..600 {
        text += &format!("query q{number} {{ ...f }} ");
    }
    assert!(size(&text).check(&LimitRegistry::new(limits())).is_err(), "each operation is validated");
}

#[test]
fn the_schema_is_described_to_tools_and_not_multiplied() {
    let tool = "{ __schema { types { fields { args { type { name } } type { fields { name } } } } } }";
    assert!(size(tool).check(&LimitRegistry::new(limits())).is_ok());
    let deeper = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert!(size(deeper).check(&LimitRegistry::new(limits())).is_err());
}

#[test]
fn what_is_only_measured_is_counted_and_ends_at_the_top_of_its_range() {
    let bounds = LimitRegistry::new(limits().with(Limit::Aliases, 1, Enforcement::Measure));
    assert_eq!([1, 2, 1000, 1001].map(|found| bounds.check(Limit::Aliases, found)), [Ok(()), Ok(()), Ok(()), Err(1)]);
    let met: Vec<_> = bounds.hits().filter(|(limit, _, count)| *limit == Limit::Aliases && *count > 0).collect();
    assert_eq!(met, [(Limit::Aliases, Enforcement::Refuse, 1), (Limit::Aliases, Enforcement::Measure, 2)]);
}

fn estimate(text: &str, variables: &str) -> CostEstimate {
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let variables = async_graphql::Variables::from_json(serde_json::from_str(variables).unwrap());
    CostModel::of(&crate::schema::text()).unwrap().sum(&document, &operation.node, &variables, &limits())
}

#[test]
fn an_operation_costs_about_as_much_as_it_can_answer() {
    let nested = "query q($n: Int = 20) { dsos(first: 5) { nodes { doctors(first: $n) { nodes { activities(last: 4) { edges { node { id } } } } } } } }";
    for (text, variables, expected) in [
        ("{ viewer { name } }", "{}", 1),
        ("{ a: viewer { name } b: viewer { name } }", "{}", 2),
        ("{ doctors { nodes { id name } } }", "{}", 1 + 25),
        ("{ doctors(first: 0) { totalCount nodes { id } } }", "{}", 1 + 10),
        // Beyond the largest page it will be refused, and costs no more than one.
        ("{ doctors(first: 1000000) { nodes { id } } }", "{}", 1 + 100),
        (nested, "{}", 1 + 5 * (1 + 1 + 20 * (1 + 1 + 4 * 2))),
        (nested, "{\"n\": 2}", 1 + 5 * (1 + 1 + 2 * (1 + 1 + 4 * 2))),
        ("{ nodes(ids: [1, 2, 3]) { ... on Dso { doctors(first: 7) { nodes { id } } } } }", "{}", 3 * (1 + 1 + 7)),
        ("{ doctors { ...f } } fragment f on DoctorConnection { nodes { id } }", "{}", 1 + 25),
        ("mutation { a: nothing dsoCreate { dso { id } } }", "{}", 10 + 1),
        ("mutation { dsoGrantBulk(input: { grants: [1, 2, 3] }) { grants { id } } }", "{}", 3 * 10 + 12),
        (
            "mutation m($g: G) { dsoGrantBulk(input: $g) { grants { id } } }",
            r#"{"g": {"grants": [1, 2]}}"#,
            2 * 10 + 12,
        ),
        ("{ dashboard(id: 1) { widgets { result { value } } } }", "{}", 1 + 40 * (1 + 150)),
        ("{ __schema { queryType { name } } }", "{}", 200),
        ("{ __typename }", "{}", 1),
    ] {
        assert_eq!(cost(text, variables), expected, "{text} {variables}");
    }
}

#[test]
fn the_schemas_description_costs_what_is_asked_of_it() {
    let names = cost("{ __schema { types { name } } }", "{}");
    let aliases: String = (0..28).map(|number| format!("{}{number}: name ", "k".repeat(60))).collect();
    let many = cost(&format!("{{ __schema {{ types {{ {aliases} }} }} }}"), "{}");
    assert!(many > names * 5, "{many} for 28 long aliases, {names} for one short name");
}

fn cost(text: &str, variables: &str) -> u64 {
    estimate(text, variables).cost
}

#[test]
fn the_bytes_of_keys_are_known_before_anything_runs() {
    let key = |name: &str| name.len() as u64 + 5;
    let bytes = |text: &str| estimate(text, "{}").key_bytes;
    assert_eq!(bytes("{ a: __typename }"), key("a"));
    assert_eq!(bytes("{ viewer { name } }"), key("viewer") + key("name"));
    let row = key("id") + key("longer");
    assert_eq!(bytes("{ doctors(first: 7) { nodes { id longer: name } } }"), key("doctors") + key("nodes") + 7 * row);
    let nested = "{ dsos(first: 5) { nodes { doctors(first: 20) { nodes { ...f } } } } } fragment f on Doctor { id longer: name }";
    let inner = key("doctors") + key("nodes") + 20 * row;
    assert_eq!(bytes(nested), key("dsos") + key("nodes") + 5 * inner);
    let described = bytes("{ __schema { types { name } } }");
    assert!(described > 100 * key("name"), "{described}");
    let multiplied = bytes("{ __schema { types { fields { args { name } } } } }");
    assert!(multiplied > described * 2, "{multiplied}");
    // What the tools of the field ask is far below the limit.
    let reference = "{ __schema { queryType { name } types { ...T } directives { name args { ...I } } } }
        fragment T on __Type { kind name description fields(includeDeprecated: true) { name description args { ...I } type { ...R }
            isDeprecated deprecationReason } inputFields { ...I } interfaces { ...R } enumValues { name description } possibleTypes { ...R } }
        fragment I on __InputValue { name description type { ...R } defaultValue }
        fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";
    assert!(bytes(reference) < 4 * 1024 * 1024, "{}", bytes(reference));
}

#[test]
fn a_response_key_has_at_most_64_bytes() {
    let check = |key: &str| {
        [
            format!("{{ {key}: viewer {{ name }} }}"),
            format!("{{ viewer {{ ... {{ {key} }} }} }}"),
            format!("{{ ...f }} fragment f on Query {{ {key}: a }}"),
        ]
        .map(|text| measure(&parse_query(&text).unwrap()).map_err(|error| error.message))
    };
    assert!(check(&"x".repeat(64)).iter().all(Result::is_ok));
    for refused in check(&"x".repeat(65)) {
        assert_eq!(
            refused.unwrap_err(),
            "the alias or field `xxxxxxxxxxxxxxxxxxxx…` has 65 bytes; at most 64 are allowed"
        );
    }
}

#[test]
fn an_aggregate_costs_by_the_groups_that_it_can_make_and_by_its_conditions_and_ranks() {
    let range = r#"range: { from: "2024-01-10T00:00:00Z", until: "2026-10-01T00:00:00Z" }"#;
    let days = format!("bucket: {{ field: OCCURRED_AT, unit: DAY, fill: true, {range} }}");
    let years = format!("bucket: {{ field: OCCURRED_AT, unit: YEAR, {range} }}");
    let ranks = "orderBy: [{ bucket: true }, { dimension: KIND }], having: { measure: { count: true }, gt: 1 }";
    for (arguments, variables, expected) in [
        ("first: 1000", "{}", 50 + 1),
        ("groupBy: [KIND]", "{}", 50 + 5),
        ("groupBy: KIND, first: 3", "{}", 50 + 3),
        // Of what may be of any number, as many as the page holds.
        ("groupBy: [DSO]", "{}", 50 + 20 + 100),
        ("groupBy: [DOCTOR], first: 1000000", "{}", 50 + 200 + 1000),
        (&format!("groupBy: [DOCTOR, KIND, ACTOR], first: 1, {days}"), "{}", 50 + 1000 + 1),
        (&format!("groupBy: [KIND], {years}"), "{}", 50 + 5 * 4 / 10 + 20),
        ("groupBy: [KIND], bucket: { field: OCCURRED_AT, unit: YEAR }, first: 1", "{}", 50 + 5 * 1000 / 10 + 1),
        ("groupBy: $by, first: $n", r#"{"by": ["STATUS", "RISK"], "n": 7}"#, 50 + 2 + 7),
        (&format!("first: 1, {ranks}"), "{}", 50 + 3 * 5 + 1),
    ] {
        let text =
            format!("query q($by: [D!], $n: Int) {{ activitiesAggregate({arguments}) {{ nodes {{ count }} }} }}");
        assert_eq!(cost(&text, variables), expected, "{text} {variables}");
    }
}

#[test]
fn pricing_a_document_copies_no_variable_as_often_as_it_is_named() {
    let fields = "doctors(first: $n) { totalCount } ".repeat(900);
    let text = format!("query q($n: Int) {{ {fields} }}");
    let variables = serde_json::json!({ "n": vec![1; 60_000] }).to_string();
    let started = std::time::Instant::now();
    assert_eq!(cost(&text, &variables), 900 * 11);
    assert!(started.elapsed().as_millis() < 1000, "pricing took {:?}", started.elapsed());
}

#[test]
fn lists_within_lists_multiply_and_never_overflow() {
    let mut text = String::from("{ doctors(first: 100) { nodes { id ");
    for _ in 0..14 {
        text += "dso { doctors(first: 100) { nodes { id ";
    }
    text += &"} ".repeat(3 * 15);
    assert_eq!(cost(&text, "{}"), u64::MAX);
}
