//! Reads a list or a table from a text, as environment variables hold them.
//!
//! Owns: the one parser for such texts. May use: figment's TOML, serde_json. Invariant: TOML and JSON mean the same here; a text that
//! begins as a list or a table and is none is an error and never a text.

use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Value};

/// Why a text is no list and no table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The value in a text that begins with a bracket; none for any other text.
pub(super) fn parse(text: &str) -> Option<Result<Value, Malformed>> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    // Written strictly first: only there can a comment stand.
    let plain = plain(text);
    let found = toml(text).or_else(|| toml(&plain)).or_else(|| json(&plain));
    Some(found.filter(|value| matches!(value, Value::Array(..) | Value::Dict(..))).ok_or(Malformed))
}

fn toml(text: &str) -> Option<Value> {
    const KEY: &str = "value";
    let mut entries: Dict = Toml::from_str(&format!("{KEY} = {text}")).ok()?;
    let value = entries.remove(KEY)?;
    // A text that closes its brackets and goes on with keys of its own.
    entries.is_empty().then_some(value)
}

fn json(text: &str) -> Option<Value> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    Value::serialize(value).ok()
}

/// The same text on one line and without commas before closing brackets. TOML wants a table, and JSON a list, to be written so.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut quote = None;
    let mut is_escaped = false;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) => {
                if letter == open && !is_escaped {
                    quote = None;
                }
                is_escaped = open == '"' && letter == '\\' && !is_escaped;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (None, ']' | '}') => {
                let kept = plain.trim_end().trim_end_matches(',').len();
                plain.truncate(kept);
            }
            (None, _) => {}
        }
        let is_blank = quote.is_none() && letter.is_ascii_whitespace();
        plain.push(if is_blank { ' ' } else { letter });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Option<Vec<String>> {
        match parse(text)?.ok()? {
            Value::Array(_, items) => items.into_iter().map(Value::into_string).collect(),
            _ => None,
        }
    }

    #[test]
    fn a_list_is_written_as_toml_or_as_json_on_one_line_or_several() {
        for text in [
            r#"["a", "b,]"]"#,
            "['a', 'b,]']",
            "[\n  \"a\",\n  \"b,]\",\n]",
            " [ \"a\" , 'b,]' , ] ",
            "[\n'a', # the first\n'b,]']",
            "[\r\n\"a\",\r\n\"b,]\"\r\n]",
        ] {
            assert_eq!(items(text), Some(vec!["a".to_owned(), "b,]".to_owned()]), "{text}");
        }
        assert_eq!(items(r#"["a\",]", "\\"]"#), Some(vec!["a\",]".to_owned(), "\\".to_owned()]));
        assert_eq!(items("[]"), Some(vec![]));
    }

    #[test]
    fn tables_are_written_as_toml_or_as_json_on_one_line_or_several() {
        let expected = parse(r#"[{ a = "1", b = { c = ["x"] } }]"#).and_then(Result::ok);
        assert!(expected.is_some());
        for text in [
            r#"[{"a": "1", "b": {"c": ["x"]}}]"#,
            "[{ 'a' = '1', b = { c = ['x',] } },]",
            "[\n  {\n    a = \"1\",\n    b = { c = [\"x\"] },\n  },\n]",
            "[\n  {\n    \"a\": \"1\",\n    \"b\": {\"c\": [\"x\",],},\n  },\n]",
        ] {
            assert_eq!(parse(text).and_then(Result::ok), expected, "{text}");
        }
    }

    #[test]
    fn what_begins_as_a_list_and_is_none_is_an_error() {
        for text in ["[", "[a]", "[\"a\"", "{", "[1]\nother = 2", "['a' 'b']", "[server]"] {
            assert_eq!(parse(text), Some(Err(Malformed)), "{text}");
        }
        for text in ["", "a", "a,b", "\"[a]\"", "https://[::1]:80"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
