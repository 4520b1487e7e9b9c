//! Tokens, as the specification has them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use async_graphql::Pos;

use super::{LexError, Lexer, TokenKind, Wrong, position};

fn texts(text: &str) -> Vec<&str> {
    Lexer::new(text).map(|token| token.unwrap().text).collect()
}

fn wrong(text: &str) -> (Wrong, usize) {
    let LexError { wrong, at } = Lexer::new(text).find_map(Result::err).unwrap();
    (wrong, at)
}

#[test]
fn tokens_end_where_the_specification_ends_them() {
    for (text, tokens) in [
        ("{a...on B@c}", &["{", "a", "...", "on", "B", "@", "c", "}"][..]),
        ("\u{feff}a,\u{feff},b\t", &["a", "b"]),
        ("a#b\rc#d\r\ne#f\ng#h", &["a", "c", "e", "g"]),
        ("\"\"\"\"a\"", &["\"\"\"\"a\""][..0]),
        ("\"\" \"a\"", &["\"\"", "\"a\""]),
        ("\"\\\\\" \"\\\"\"", &["\"\\\\\"", "\"\\\"\""]),
        ("\"#\" \"\\u0041\\u{1F600}\"", &["\"#\"", "\"\\u0041\\u{1F600}\""]),
        ("\"\"\"\\\\\"\"\" \"\"\"", &["\"\"\"\\\\\"\"\" \"\"\""]),
        ("\"\"\"\\\"\"\"\r\n\" \"\"\"a", &["\"\"\"\\\"\"\"\r\n\" \"\"\"", "a"]),
        ("\"\"\"\\\"\"\"", &["\"\"\"\\\"\"\""][..0]),
        ("-0 10 1.5 1e-3 -1.0E+9", &["-0", "10", "1.5", "1e-3", "-1.0E+9"]),
        ("[1-2]", &["[", "1", "-2", "]"]),
    ] {
        if tokens.is_empty() {
            assert_eq!(wrong(text), (Wrong::OpenBlock, 0), "{text:?}");
        } else {
            assert_eq!(texts(text), tokens, "{text:?}");
        }
    }
    let kinds: Vec<_> = Lexer::new("a 1 \"\" ... !").map(|token| token.unwrap().kind).collect();
    let expected =
        [TokenKind::Name, TokenKind::Number, TokenKind::String, TokenKind::Spread, TokenKind::Punctuator(b'!')];
    assert_eq!(kinds, expected);
}

#[test]
fn what_is_no_token_is_refused_where_it_stands() {
    for (text, expected) in [
        ("{a(x: \"b", (Wrong::OpenString, 6)),
        ("\"a\r\"", (Wrong::OpenString, 0)),
        ("a \"\"\"b\"\"", (Wrong::OpenBlock, 2)),
        ("\"a\\q\"", (Wrong::Escape, 2)),
        ("\"\\u12\"", (Wrong::Escape, 1)),
        ("\"\\u{}\"", (Wrong::Escape, 1)),
        ("{ é }", (Wrong::Character('é'), 2)),
        ("a\u{0}", (Wrong::Character('\u{0}'), 1)),
        ("..", (Wrong::Character('.'), 0)),
        ("01", (Wrong::Number, 0)),
        ("-", (Wrong::Number, 0)),
        ("1.", (Wrong::Number, 0)),
        ("1.5.2", (Wrong::Number, 0)),
        ("0x1", (Wrong::Number, 0)),
        ("1e", (Wrong::Number, 0)),
    ] {
        assert_eq!(wrong(text), expected, "{text:?}");
    }
}

#[test]
fn a_place_is_told_by_line_and_column() {
    let text = "a\r\nbé\rc\n\nd";
    for (offset, line, column) in [(0, 1, 1), (3, 2, 1), (6, 2, 3), (7, 3, 1), (10, 5, 1)] {
        assert_eq!(position(text, offset), Pos { line, column }, "{offset}");
    }
}
