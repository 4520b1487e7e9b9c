//! The lexical grammar of GraphQL documents.
//!
//! Owns: [`Lexer`], the only tokenizer of the gateway. May use: `positions`. Invariant: it follows the specification (October 2021, section 2.1),
//! and it puts the borders of comments and strings where the parser puts them. Limits are checked on its tokens, before the parser runs; a text
//! that the two read differently would pass the limits unseen.

use std::fmt::{Display, Formatter};

use async_graphql::Pos;

use super::positions::Positions;

/// A lexical token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    /// The token as it is written, a string with its quotes.
    pub(super) text: &'a str,
    /// Offset of its first byte.
    pub(super) begin: usize,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A punctuator of one byte: one of `!$&():=@[]{|}`.
    Punctuator(u8),
    /// `...`
    Spread,
    Name,
    /// An integer or a float.
    Number,
    /// A string, or a block string.
    String,
}

/// A text that is not GraphQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LexError {
    pub(super) wrong: Wrong,
    /// Offset of the byte or of the token that is wrong.
    pub(super) at: usize,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A character that begins no token.
    Character(char),
    /// A number that has no digit where one must be, a leading zero, or a letter behind it.
    Number,
    /// A string that does not end on its line.
    OpenString,
    /// A block string that does not end.
    OpenBlock,
    /// An escape sequence that does not exist.
    Escape,
}

impl Display for Wrong {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            // Escaped: control characters and marks of writing direction must not reach a log or a terminal as they are.
            Self::Character(character) => write!(f, "unexpected character `{}`", character.escape_debug()),
            Self::Number => {
                f.write_str("malformed number: write digits without a leading zero, and no letter after them")
            }
            Self::OpenString => f.write_str("unterminated string: end it with `\"` on the line on which it begins"),
            Self::OpenBlock => f.write_str("unterminated block string: end it with `\"\"\"`"),
            Self::Escape => f.write_str("unknown escape sequence in a string: write a backslash as `\\\\`"),
        }
    }
}

/// Reads a text token by token; after an error it ends.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Skips blanks, line ends, commas, byte order marks and comments. A comment ends at `\n` and at `\r`.
    fn skip_ignored(&mut self) {
        loop {
            self.at += match self.rest() {
                [b' ' | b'\t' | b'\r' | b'\n' | b',', ..] => 1,
                [0xef, 0xbb, 0xbf, ..] => 3,
                rest @ [b'#', ..] => count(rest, |byte| !matches!(byte, b'\r' | b'\n')),
                _ => return,
            };
        }
    }

    fn token(&self) -> Result<Option<(TokenKind, usize)>, LexError> {
        let rest = self.rest();
        let refuse = |wrong, offset| Err(LexError { wrong, at: self.at + offset });
        let (kind, length) = match rest {
            [] => return Ok(None),
            [byte @ (b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}'), ..] => {
                (TokenKind::Punctuator(*byte), 1)
            }
            [b'.', b'.', b'.', ..] => (TokenKind::Spread, 3),
            [byte, ..] if is_name_start(*byte) => (TokenKind::Name, count(rest, is_name)),
            [b'-' | b'0'..=b'9', ..] => match number(rest) {
                Some(length) => (TokenKind::Number, length),
                None => return refuse(Wrong::Number, 0),
            },
            [b'"', b'"', b'"', block @ ..] => match block_string(block) {
                Some(length) => (TokenKind::String, 3 + length),
                None => return refuse(Wrong::OpenBlock, 0),
            },
            [b'"', string @ ..] => match quoted(string) {
                Ok(length) => (TokenKind::String, 1 + length),
                Err((Wrong::Escape, offset)) => return refuse(Wrong::Escape, 1 + offset),
                Err((wrong, _)) => return refuse(wrong, 0),
            },
            _ => {
                let character = self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                return refuse(Wrong::Character(character), 0);
            }
        };
        Ok(Some((kind, length)))
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Token<'a>, LexError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_ignored();
        let begin = self.at;
        match self.token() {
            Ok(None) => None,
            Ok(Some((kind, length))) => {
                self.at += length;
                let text = self.text.get(begin..self.at).unwrap_or_default();
                Some(Ok(Token { kind, text, begin }))
            }
            Err(error) => {
                self.at = self.text.len();
                Some(Err(error))
            }
        }
    }
}

/// Line and column of an offset.
pub(super) fn position(text: &str, offset: usize) -> Pos {
    Positions::new(text).of(offset)
}

fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is(**byte)).count()
}

fn is_name_start(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The length of the number at the beginning.
fn number(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| count(bytes.get(from..).unwrap_or_default(), |byte| byte.is_ascii_digit());
    let mut end = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(end);
    if whole == 0 || (whole > 1 && bytes.get(end) == Some(&b'0')) {
        return None;
    }
    end += whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == 0 {
            return None;
        }
        end += 1 + sign + exponent;
    }
    // Otherwise `1.2.3` and `0x1` would be two tokens.
    let is_followed = bytes.get(end).is_some_and(|byte| *byte == b'.' || is_name_start(*byte));
    (!is_followed).then_some(end)
}

/// The length of a block string behind its opening quotes, with its closing ones. `\"""` alone is an escape.
fn block_string(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match bytes.get(at..)? {
            [b'\\', b'"', b'"', b'"', ..] => at += 4,
            [b'"', b'"', b'"', ..] => return Some(at + 3),
            [_, ..] => at += 1,
            [] => return None,
        }
    }
}

/// The length of a string behind its opening quote, with its closing one. Which characters `\u` may name is left to the parser.
fn quoted(bytes: &[u8]) -> Result<usize, (Wrong, usize)> {
    let mut at = 0;
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [b'"', ..] => return Ok(at + 1),
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => at += 2,
            [b'\\', b'u', b'{', digits @ ..] => match count(digits, |byte| byte.is_ascii_hexdigit()) {
                length @ 1.. if digits.get(length) == Some(&b'}') => at += 4 + length,
                _ => return Err((Wrong::Escape, at)),
            },
            [b'\\', b'u', digits @ ..] if count(digits, |byte| byte.is_ascii_hexdigit()) >= 4 => at += 6,
            [b'\\', ..] => return Err((Wrong::Escape, at)),
            [] | [b'\r' | b'\n', ..] => return Err((Wrong::OpenString, at)),
            [_, ..] => at += 1,
        }
    }
}

#[cfg(test)]
mod tests;
