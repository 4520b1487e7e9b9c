//! Documents made to be slow to validate: the gateway refuses them in a step of its own, before the library validates
//! them.
//!
//! Owns: the list. Measured in a release build over HTTP (2026-11-29, median of 20 each): at most 3.5 ms, and less
//! than 1 ms for all but seven. In an unoptimized build on a shared machine, each takes up to a quarter of a second
//! (`--nocapture` prints the times). The test therefore only detects documents that would take the library seconds.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Actor, Database, Gateway, Kind};

/// Longest time for a refusal in an unoptimized build on a busy machine; validation would take many times as long.
const PATIENCE: Duration = Duration::from_secs(2);

fn repeat(times: usize, part: impl Fn(usize) -> String) -> String {
    (0..times).map(part).collect()
}

/// Documents with their names and the error codes with which they are refused.
fn documents() -> Vec<(&'static str, String, &'static str)> {
    let nested = |levels: usize, spreads: usize, on: &str, inner: &str| {
        let last = format!("fragment f{levels} on {on} {{ __typename }}");
        repeat(levels, |level| {
            let spread = format!("...f{} ", level + 1).repeat(spreads);
            format!("fragment f{level} on {on} {{ {} }}", inner.replace('§', &spread))
        }) + &last
    };
    let bomb = format!("{{...f0}}{}", nested(11, 4, "Query", "§"));
    let (cost, depth, aliases) = ("COST_ESTIMATED_TOO_EXPENSIVE", "MAX_DEPTH_LIMIT", "MAX_ALIASES_LIMIT");
    vec![
        ("nested fragments in some hundred bytes", bomb, cost),
        ("nested fragments, wider", format!("{{...f0}}{}", nested(22, 3, "Query", "viewer { name } §")), cost),
        (
            "nested fragments, deeper",
            format!("{{...f0}}{}", nested(40, 2, "Query", "node(id: \"x\") { ... on Query { § } }")),
            depth,
        ),
        (
            "a fragment that spreads itself",
            "{...a} fragment a on Query {...b} fragment b on Query {...a}".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("deep fields", format!("{}{}", "{a".repeat(8_000), "}".repeat(8_000)), depth),
        ("deeper than braces may be", format!("{}{}", "{a".repeat(60), "}".repeat(60)), depth),
        ("deep inline fragments", format!("{{{}__typename{}}}", "... on Query{".repeat(500), "}".repeat(500)), depth),
        ("deep lists", format!("{{ node(id: {}{}) {{ id }} }}", "[".repeat(10_000), "]".repeat(10_000)), depth),
        (
            "deep objects",
            format!("{{ doctors(filter: {}1{}) {{ totalCount }} }}", "{a:".repeat(900), "}".repeat(900)),
            depth,
        ),
        (
            "deep types of variables",
            format!("query ($x: {}Int{}) {{ __typename }}", "[".repeat(1_500), "]".repeat(1_500)),
            depth,
        ),
        ("never closed", "{a(b:[".repeat(5_000), "GRAPHQL_PARSE_FAILED"),
        (
            "deep lists behind a comment",
            format!("{{ node(id: #\r{}{}) {{ id }} }}", "[".repeat(7_000), "]".repeat(7_000)),
            depth,
        ),
        (
            "deep lists behind a block string",
            format!("{{ a(x: \"\"\"\\\\\"\"\" \"\"\", b: {}{}) }}", "[".repeat(7_000), "]".repeat(7_000)),
            depth,
        ),
        (
            "a chain of fragments",
            format!(
                "{{...f0}}{} fragment f400 on Query {{__typename}}",
                repeat(400, |n| format!("fragment f{n} on Query{{...f{}}}", n + 1))
            ),
            depth,
        ),
        ("wide aliases", format!("{{{}}}", repeat(1_000, |n| format!("a{n}:__typename "))), aliases),
        (
            "wide aliases below one field",
            format!("{{ viewer {{{}}} }}", repeat(900, |n| format!("a{n}:name "))),
            aliases,
        ),
        (
            "aliases by fragments",
            format!(
                "{{{}}} fragment f on Query {{{}}}",
                "...f ".repeat(60),
                repeat(20, |n| format!("a{n}:__typename "))
            ),
            aliases,
        ),
        ("the same field again and again", format!("{{{}}}", "__typename ".repeat(3_000)), cost),
        (
            "overlapping fields with arguments",
            format!("{{{}}}", repeat(300, |n| format!("node(id:\"{n}\"){{id}} "))),
            cost,
        ),
        (
            "overlapping fields by fragments",
            format!("{{ viewer {{{}}} }} fragment v on Viewer {{{}}}", "...v ".repeat(1_000), "name ".repeat(100)),
            cost,
        ),
        ("many operations", repeat(600, |n| format!("query q{n}{{__typename}} ")), cost),
        (
            "a long list of values",
            format!("{{ doctors(filter: {{ dsoIds: [{}] }}) {{ totalCount }} }}", "1,".repeat(10_000)),
            cost,
        ),
        ("a huge string", format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(60_000)), cost),
        ("a huge block string", format!("{{ node(id: \"\"\"{}\"\"\") {{ id }} }}", "\n \\\"\"\"".repeat(8_000)), cost),
        ("a huge comment", format!("#{}\n{{ __typename }}", "x".repeat(60_000)), cost),
        ("nothing but commas", format!("{{ __typename {} }}", ",".repeat(60_000)), cost),
        ("nothing but punctuation", "!$&():=@[]{|}".repeat(2_000), cost),
        (
            "many definitions of variables",
            format!("query ({}) {{ __typename }}", repeat(1_200, |n| format!("$v{n}:Int "))),
            cost,
        ),
        ("many directives", format!("{{ __typename {} }}", "@include(if:true)".repeat(1_000)), cost),
        ("many directives of one field", format!("{{ viewer {{ name {} }} }}", "@include(if:true)".repeat(500)), cost),
        ("the same field below another", format!("{{ viewer {{ {} }} }}", "name ".repeat(3_900)), cost),
        ("fields that are not there", format!("{{ viewer {{ {} }} }}", repeat(3_900, |n| format!("n{n} "))), cost),
    ]
}

#[expect(clippy::print_stdout, reason = "tells how long each took")]
#[tokio::test]
async fn documents_made_to_be_slow_are_refused_before_they_are_validated() {
    let database = Database::world(Kind::Sqlite).await;
    let gateway = Gateway::over(&database).await;
    // The first request initializes caches for all later requests.
    gateway.ask(Actor::Owner, "{ viewer { name } }", json!({})).await.clean();
    let _ = gateway.recorder.take();
    let mut wrong = Vec::new();
    for (name, text, code) in documents() {
        let began = Instant::now();
        let answer = gateway.ask(Actor::Owner, &text, json!({})).await;
        let took = began.elapsed();
        println!("{:>9.3} ms  {} bytes  {name}", took.as_secs_f64() * 1e3, text.len());
        if took > PATIENCE {
            wrong.push(format!("{name} took {took:?}"));
        }
        if answer.codes() != [code] || !answer.json["data"].is_null() {
            let text: String = answer.text.chars().take(300).collect();
            wrong.push(format!("{name}: {} {text}", answer.status));
        }
        // A caller without a credential gets only `UNAUTHENTICATED`.
        let answer = gateway.ask(Actor::Anonymous, &text, json!({})).await;
        if answer.codes() != ["UNAUTHENTICATED"] {
            wrong.push(format!("{name}, anonymously: {} {}", answer.status, answer.text));
        }
    }
    assert!(
        wrong.is_empty(),
        "refuse these in `graphql/limits.rs`, before the library sees them:\n{}",
        wrong.join("\n")
    );
    assert_eq!(gateway.recorder.take(), [], "a document that is refused costs the database nothing");
}
