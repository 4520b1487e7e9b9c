//! Documents made to be slow are refused, and quickly.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use async_graphql::parser::parse_query;

use super::{Size, measure, scan};
use crate::config::{Config, Limits, Overrides};

fn limits() -> Limits {
    let overrides = Overrides { database_url: Some("sqlite://x.sqlite".to_owned()), listen: None };
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

fn size(text: &str) -> Size {
    measure(&parse_query(text).unwrap()).unwrap()
}

#[test]
fn fragments_count_as_often_as_they_are_spread() {
    let size = size("{ a { ...f } b: a { ...f } } fragment f on A { x y: x ... on A { z { w } } }");
    assert_eq!(size, Size { depth: 3, aliases: 3, fields: 10, root_fields: 2 });
}

#[test]
fn a_bomb_of_nested_fragments_is_refused_in_no_time() {
    let mut text = String::from("{ ...f0 }");
    for level in 0..22 {
        text += &format!("fragment f{level} on Query {{ a {{ ...f{0} ...f{0} ...f{0} }} }}", level + 1);
    }
    text.push_str("fragment f22 on Query { a }");
    let started = std::time::Instant::now();
    let refused = size(&text).check(&limits());
    assert!(refused.is_err());
    assert!(started.elapsed().as_millis() < 50, "measuring took {:?}", started.elapsed());
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    let document = parse_query("{ ...f } fragment f on Query { a { ...g } } fragment g on Query { ...f }").unwrap();
    assert!(measure(&document).is_err());
}

#[test]
fn nesting_is_seen_before_the_parser_sees_it() {
    let deep = "{a".repeat(100_000);
    assert!(scan(&deep, &limits()).is_err());
    let lists = format!("{{ a(x: {}) }}", "[".repeat(10_000));
    assert!(scan(&lists, &limits()).is_err());
}

#[test]
fn brackets_in_strings_and_comments_do_not_count() {
    let brackets = "{".repeat(1000);
    for text in [
        format!("{{ a(x: \"{brackets}\") }}"),
        format!("{{ a(x: \"\\\"{brackets}\") }}"),
        format!("{{ a(x: \"\"\"{brackets} \" \"\" {brackets}\"\"\") }}"),
        format!("{{ a # {brackets}\n }}"),
        format!("{{ a(x: \"\", y: \"{brackets}\") }}"),
    ] {
        assert!(scan(&text, &limits()).is_ok(), "{text}");
    }
}
