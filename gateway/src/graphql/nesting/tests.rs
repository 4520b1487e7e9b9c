//! The lexer and the parser see the same nesting, wherever a text hides it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::convert::Infallible;

use async_graphql::{
    Positioned, ServerError, Value,
    parser::types::{BaseType, Directive, ExecutableDocument, Selection, SelectionSet, Type},
};
use proptest::{prelude::*, strategy::ValueTree as _};

use super::{Deepest, MAX_TYPES, MAX_VALUES, Nesting, Refused};
use crate::graphql::lexer::{Lexer, Wrong};

fn parse_query(text: &str) -> Result<ExecutableDocument, ServerError> {
    Ok(crate::graphql::parse::read(text)?.executable)
}

/// What the lexer sees.
#[derive(Debug, PartialEq)]
enum Seen {
    Deepest(Deepest),
    Refused(Refused),
    Wrong(Wrong),
}

fn lexed(text: &str) -> Seen {
    let mut nesting = Nesting::default();
    for token in Lexer::new(text) {
        match token {
            Err(error) => return Seen::Wrong(error.wrong),
            Ok(token) => {
                if let Err(refused) = nesting.step(token) {
                    return Seen::Refused(refused);
                }
            }
        }
    }
    Seen::Deepest(nesting.deepest())
}

/// What the parser has made of it.
fn parsed(document: &ExecutableDocument) -> Deepest {
    let mut deepest = Deepest::default();
    for (_, operation) in document.operations.iter() {
        for variable in &operation.node.variable_definitions {
            deepest.types = deepest.types.max(of_type(&variable.node.var_type.node));
            if let Some(default) = &variable.node.default_value {
                deepest.values = deepest.values.max(of_value(&default.node));
            }
            deepest.values = deepest.values.max(of_directives(&variable.node.directives));
        }
        deepest.values = deepest.values.max(of_directives(&operation.node.directives));
        of_set(&operation.node.selection_set.node, 1, &mut deepest);
    }
    for fragment in document.fragments.values() {
        deepest.values = deepest.values.max(of_directives(&fragment.node.directives));
        of_set(&fragment.node.selection_set.node, 1, &mut deepest);
    }
    deepest
}

fn of_set(set: &SelectionSet, depth: usize, deepest: &mut Deepest) {
    if set.items.is_empty() {
        return;
    }
    deepest.sets = deepest.sets.max(depth);
    for item in &set.items {
        let (directives, below) = match &item.node {
            Selection::Field(field) => {
                for (_, value) in &field.node.arguments {
                    let Ok(value) = value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null));
                    deepest.values = deepest.values.max(of_value(&value));
                }
                (&field.node.directives, Some(&field.node.selection_set.node))
            }
            Selection::InlineFragment(fragment) => (&fragment.node.directives, Some(&fragment.node.selection_set.node)),
            Selection::FragmentSpread(spread) => (&spread.node.directives, None),
        };
        deepest.values = deepest.values.max(of_directives(directives));
        if let Some(below) = below {
            of_set(below, depth + 1, deepest);
        }
    }
}

fn of_type(ty: &Type) -> usize {
    match &ty.base {
        BaseType::Named(_) => 0,
        BaseType::List(of) => 1 + of_type(of),
    }
}

fn of_directives(directives: &[Positioned<Directive>]) -> usize {
    let values = directives.iter().flat_map(|directive| &directive.node.arguments).map(|(_, value)| {
        let Ok(value) = value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null));
        of_value(&value)
    });
    values.max().unwrap_or_default()
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::List(values) => 1 + values.iter().map(of_value).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(of_value).max().unwrap_or_default(),
        _ => 0,
    }
}

/// The two agree: the same depth, or both refuse.
fn agree(text: &str) -> Result<(), TestCaseError> {
    match (lexed(text), parse_query(text)) {
        (Seen::Deepest(seen), Ok(document)) => {
            let parsed = parsed(&document);
            // The tree does not tell a selection set without selections from none; the lexer counts it.
            prop_assert!(seen.sets >= parsed.sets, "{:?} {:?} {:?}", seen, parsed, text);
            prop_assert_eq!((seen.values, seen.types), (parsed.values, parsed.types), "{:?}", text);
        }
        (Seen::Refused(Refused::Values | Refused::Types), Ok(document)) => {
            let Deepest { values, types, .. } = parsed(&document);
            prop_assert!(values > MAX_VALUES || types > MAX_TYPES, "{:?}", text);
        }
        // The parser lets a carriage return stand in a string. What the lexer refuses does not come to the parser.
        (Seen::Wrong(Wrong::OpenBlock | Wrong::OpenString), Ok(_)) | (_, Err(_)) => {}
        (seen, Ok(_)) => prop_assert!(false, "the parser takes what the lexer refuses: {:?} {:?}", seen, text),
    }
    Ok(())
}

/// What may stand between two tokens, and hides what is in it; or does not.
fn ignored() -> impl Strategy<Value = String> {
    let comment = (prop::collection::vec(fragment(), 0..4), prop::sample::select(vec!["\r", "\n", "\r\n"]))
        .prop_map(|(inside, end)| format!("#{}{end}", inside.concat().replace(['\r', '\n'], " ")));
    prop_oneof![
        4 => Just(" ".to_owned()),
        1 => prop::sample::select(vec![",", "\t", "\r", "\n", "\r\n", "\u{feff}", " , "]).prop_map(str::to_owned),
        2 => comment,
    ]
}

/// Pieces of text that matter in comments and strings.
fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        "[[[[[[[[[[[[",
        "]]]]]]]]]]]]",
        "(",
        ")",
        "#",
        "\"",
        "\"\"",
        "\"\"\"",
        "\\",
        "\\\\",
        "\\\"",
        "\\\"\"\"",
        "\r",
        "\n",
        "é",
        "\u{feff}",
        "a",
        ",",
        "...",
        "1",
        "$a",
        ":",
        "$a:[",
        "\\u0041",
        "\\n",
    ])
}

fn string() -> impl Strategy<Value = String> {
    let parts = || prop::collection::vec(fragment(), 0..5).prop_map(|parts| parts.concat());
    prop_oneof![
        parts().prop_map(|text| {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "\\r").replace('\n', "\\n");
            format!("\"{escaped}\"")
        }),
        parts().prop_map(|text| format!("\"\"\"{}\"\"\"", text.replace("\"\"\"", "\\\"\"\""))),
        parts().prop_map(|text| format!("\"\"\"{text}\"\"\"")),
        parts().prop_map(|text| format!("\"{text}\"")),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        string(),
        prop::sample::select(vec!["1", "-1.5e3", "true", "null", "RED", "[]", "{}"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(14, 40, 3, |inner| {
        let spaced = (ignored(), inner).prop_map(|(ignored, value)| format!("{ignored}{value} ")).boxed();
        prop_oneof![
            prop::collection::vec(spaced.clone(), 1..3).prop_map(|values| format!("[{}]", values.concat())),
            prop::collection::vec(spaced, 1..3).prop_map(|values| {
                let fields = values.iter().enumerate().map(|(n, value)| format!("f{n}:{value}"));
                format!("{{{}}}", fields.collect::<String>())
            }),
        ]
    })
}

fn ty() -> impl Strategy<Value = String> {
    (0_usize..8).prop_map(|depth| format!("{}Int!{}", "[".repeat(depth), "]".repeat(depth)))
}

/// Documents, most of which are right.
fn document() -> impl Strategy<Value = String> {
    let argument = (ignored(), value(), ignored())
        .prop_map(|(before, value, after)| format!("(x:{before}{value}{after})"))
        .boxed();
    let field = (ignored(), prop::option::of(argument.clone()), prop::option::of(argument)).prop_map(
        |(before, argument, directive)| {
            let directive = directive.map(|arguments| format!("@d{arguments}")).unwrap_or_default();
            format!("{before}a{}{directive} ", argument.unwrap_or_default())
        },
    );
    let set = prop::collection::vec(field, 1..3).prop_map(|fields| fields.concat());
    let sets = set.prop_recursive(6, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|set| format!("b{{{set}}}")),
            inner.prop_map(|set| format!("...on A{{{set}}}")),
        ]
    });
    let variables = (ty(), prop::option::of(value()), ignored()).prop_map(|(ty, value, after)| {
        let default = value.map(|value| format!("={value}")).unwrap_or_default();
        format!("query($v:{ty}{default}{after})")
    });
    (ignored(), prop::option::of(variables), sets, ignored()).prop_map(|(before, variables, set, after)| {
        format!("{before}{}{{{set}}}{after}", variables.unwrap_or_default())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_lexer_sees_what_the_parser_sees(text in document()) {
        agree(&text)?;
        if let (Seen::Deepest(seen), Ok(document)) = (lexed(&text), parse_query(&text)) {
            prop_assert_eq!(seen.sets, parsed(&document).sets, "{:?}", text);
        }
    }

    #[test]
    fn the_lexer_sees_what_the_parser_sees_in_noise(parts in prop::collection::vec(fragment(), 0..24)) {
        agree(&format!("{{a(x:[{}])}}", parts.concat()))?;
        agree(&parts.concat())?;
    }
}

#[test]
fn most_generated_documents_are_parsed_and_many_are_nested() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<_> = (0..200).map(|_| document().new_tree(&mut runner).unwrap().current()).collect();
    let right = texts.iter().filter(|text| parse_query(text).is_ok()).count();
    let refused = texts.iter().filter(|text| matches!(lexed(text), Seen::Refused(_))).count();
    assert!(right > 60 && refused > 10, "{right} of 200 are right, {refused} are refused");
}

#[test]
fn nothing_hides_from_the_lexer() {
    let lists = "[".repeat(7_000);
    for (name, text) in [
        ("behind a comment that `\\r` ends", format!("{{a(b:#\r{lists}")),
        ("behind a block string with backslashes", format!("{{a(x:\"\"\"\\\\\"\"\" \"\"\",b:{lists}")),
        ("behind an empty block string", format!("{{a(x:\"\"\"\"\"\",b:{lists}")),
        ("behind a byte order mark", format!("\u{feff}{{a(b:\u{feff}{lists}")),
        ("in a default", format!("query($x:Int={lists}")),
        ("in a default's objects", format!("query($x:Int={}", "{a:".repeat(7_000))),
        ("in a directive", format!("{{a@d(x:{lists}")),
        ("in a directive of the operation", format!("query@d(x:{lists}")),
        ("in a directive of a variable", format!("query($x:Int@d(x:{lists}")),
        ("in no argument at all", format!("{lists}{{a}}")),
    ] {
        assert_eq!(lexed(&text), Seen::Refused(Refused::Values), "{name}");
    }
    assert_eq!(lexed(&format!("query($x:{lists}")), Seen::Refused(Refused::Types));
    assert_eq!(lexed(&"{a".repeat(100)), Seen::Refused(Refused::Sets));
    assert_eq!(lexed(&"{a(b:".repeat(100)), Seen::Refused(Refused::Parentheses));
    for open in [
        "{a(x:\"",
        "{a(x:\"\n\")}",
        "{a(x:\"\r\")}",
        "{a(x:\"\"\"\\\"\"\")}",
        "{a(x:\"\\\")}",
        "{a(x:\"\\q\")}",
        "{a}}",
        "{a)",
        "{%}",
    ] {
        assert!(matches!(lexed(open), Seen::Wrong(_) | Seen::Refused(Refused::Closed)), "{open:?}");
    }
}
