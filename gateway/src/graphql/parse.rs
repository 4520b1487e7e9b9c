//! A document's text, parsed.
//!
//! Owns: [`parse`], the only way to the parser. The parser recurses, and takes microseconds for each token. May use: the limits' scan, the
//! parser. Invariant: no text reaches the parser unless the scan has read it to its end.

use apollo_compiler::{ast, diagnostic::ToCliReport as _, parser::Parser};
use async_graphql::{ServerError, parser::types::ExecutableDocument};

use super::{
    executable::executable,
    executor::error,
    lexer::{Lexer, position},
    token_scan::scan,
};
use crate::{errors::ErrorCode, limits::LimitRegistry};

/// A document, as the validator and as the library have it.
#[derive(Debug)]
pub(super) struct ParsedDocument {
    pub(super) syntax: ast::Document,
    pub(super) executable: ExecutableDocument,
}

/// Levels that the parser goes down. More than the scan lets through: selection sets, values and types together.
const MAX_DEPTH: usize = 256;

/// Parses a document that is within the bounds of a text.
pub(super) fn parse(text: &str, bounds: &LimitRegistry) -> Result<ParsedDocument, ServerError> {
    scan(text, bounds)?;
    read(text)
}

/// Parses a document. Each token has a byte at least; what is ignored are tokens to the parser, too.
pub(super) fn read(text: &str) -> Result<ParsedDocument, ServerError> {
    let mut parser = Parser::new().recursion_limit(MAX_DEPTH).token_limit(text.len() + 2);
    let syntax = parser.parse_ast(strip_ignored(text), "document").map_err(|failed| {
        let first = failed.errors.iter().next();
        let (message, at) =
            first.map_or((String::new(), None), |found| (found.error.to_string(), found.error.location()));
        let mut refused = error(ErrorCode::ParseFailed, error_message(&message));
        refused.locations.extend(at.map(|span| position(text, span.offset())));
        refused
    })?;
    let executable = executable(&syntax, text);
    Ok(ParsedDocument { syntax, executable })
}

/// The text with blanks in place of all that is ignored: the parser takes a comma or a comment between an alias and its colon for the end of
/// the alias. Each token keeps its place.
fn strip_ignored(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    for token in Lexer::new(text) {
        // What is no token is the parser's to refuse.
        let Ok(token) = token else { return text.to_owned() };
        bare.extend(std::iter::repeat_n(' ', token.begin - bare.len()));
        bare.push_str(token.text);
    }
    bare
}

/// What the parser calls its tokens, and how they are written.
const TOKENS: [(&str, &str); 14] = [
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("BANG", "`!`"),
    ("DOLLAR", "`$`"),
    ("EQ", "`=`"),
    ("AT", "`@`"),
    ("SPREAD", "`...`"),
    ("PIPE", "`|`"),
    ("EOF", "the end"),
];

/// The parser's sentence in one line.
fn error_message(message: &str) -> String {
    let words = message.trim_start_matches("syntax error: ").split_whitespace().map(|word| {
        let bare = word.trim_end_matches([',', '.']);
        let written = TOKENS.iter().find(|(name, _)| *name == bare).map(|(_, written)| *written);
        written.map_or_else(|| word.to_owned(), |written| word.replacen(bare, written, 1))
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_one_line_with_its_place() {
        for (text, line, column) in [
            ("", 1, 1),
            ("{ viewer {", 1, 11),
            ("{\n  viewer { name(first: ) }\n}", 2, 24),
            ("{ a(b: \"\\uD83D\") }", 1, 8),
            ("query ($a: ) { a }", 1, 12),
            ("{ a } }", 1, 7),
        ] {
            let refused = read(text).unwrap_err();
            let at = refused.locations.first().map(|at| (at.line, at.column));
            assert_eq!(at, Some((line, column)), "{text:?}: {}", refused.message);
            assert!(
                !refused.message.is_empty() && !refused.message.contains(['\n', '_']),
                "{text:?}: {}",
                refused.message
            );
        }
    }

    #[test]
    fn what_is_ignored_may_stand_between_any_two_tokens() {
        let tokens = [
            "{", "a", ":", "b", "(", "c", ":", "[", "1", "\"x\"", "]", ")", "{", "...", "on", "D", "@", "e", "{", "f",
            "}", "}", "}",
        ];
        for ignored in [" ", ",", "\n", "\r\n", "\u{feff}", "# a \" {\n", " ,\t# é\r, "] {
            let text = tokens.join(ignored);
            assert!(read(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn strings_are_read_as_the_specification_has_them() {
        for (written, meant) in [
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\u{1F600}\u{41}""#, "😀A"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            ("\"\"\"\n    one\n      two\n    \"\"\"", "one\n  two"),
            (r#""""a \""" b""""#, r#"a """ b"#),
            ("\"#, ,\"", "#, ,"),
        ] {
            let parsed = read(&format!("{{ a(b: {written}) }}")).unwrap();
            let found = format!("{:?}", parsed.executable.operations);
            assert!(found.contains(&format!("{meant:?}")), "{written}: {found}");
        }
    }
}
