//! A document as tokens.
//!
//! Owns: [`scan`]: the bounds that a text must pass before it is parsed, and what the parser would pass over. May use: the lexer, `nesting`.
//! Invariant: what is refused here has cost no more than reading it once.

use async_graphql::ServerError;

use super::nesting::{self, Nesting, Open, Refused};
use crate::limits::{Limit, LimitRegistry};
use crate::{
    errors::ErrorCode,
    graphql::{
        executor::error,
        lexer::{Lexer, TokenKind, position},
    },
};

/// Counts tokens, nesting, fields and directives in the text. The fields are those that are written, not those that fragments spread out to.
pub(in crate::graphql) fn scan(text: &str, bounds: &LimitRegistry) -> Result<(), ServerError> {
    // Inline fragments are selection sets, too: each level of the document can hold a few.
    let most_sets = (bounds.now().of(Limit::Depth).allowed() as usize * 2 + 8).min(nesting::MAX_SETS);
    let (mut tokens, mut directives) = (0_u64, 0_u64);
    let mut nesting = Nesting::default();
    let mut fields = Fields::default();
    let mut keys = Keys::default();
    for token in Lexer::new(text) {
        let token = token.map_err(|wrong| not_graphql(text, wrong.at, wrong.wrong.to_string()))?;
        tokens += 1;
        nesting.step(token).map_err(|refused| refuse(refused, text, token.begin, token.text))?;
        if nesting.deepest().sets > most_sets {
            return Err(too_deep("selection sets", most_sets));
        }
        directives += u64::from(token.kind == TokenKind::Punctuator(b'@'));
        fields.step(token.kind, token.text, nesting.innermost());
        if keys.step(token.kind, nesting.innermost()) == Key::WithoutValue {
            let message =
                format!("expected `:` and a value after the name of an argument or a field, found `{}`", token.text);
            return Err(not_graphql(text, token.begin, message));
        }
    }
    bounds.check(Limit::Tokens, tokens).map_err(|most| {
        error(ErrorCode::TooExpensive, format!("the document has {tokens} tokens; at most {most} are allowed"))
    })?;
    written(bounds, Limit::Directives, directives, "directives")?;
    written(bounds, Limit::Fields, fields.found, "fields")
}

/// Refuses too many of what is written. What is only measured is measured when the fragments are spread out.
fn written(bounds: &LimitRegistry, limit: Limit, found: u64, what: &str) -> Result<(), ServerError> {
    if bounds.now().allows(limit, found) {
        return Ok(());
    }
    bounds.check(limit, found).map_err(|most| {
        error(ErrorCode::TooExpensive, format!("the document has {found} {what}; at most {most} are allowed"))
    })
}

fn refuse(refused: Refused, text: &str, at: usize, token: &str) -> ServerError {
    match refused {
        Refused::Sets => too_deep("selection sets", nesting::MAX_SETS),
        Refused::Values => too_deep("lists and objects", nesting::MAX_VALUES),
        Refused::Types => too_deep("list types", nesting::MAX_TYPES),
        Refused::Parentheses => too_deep("parentheses", nesting::MAX_PARENTHESES),
        Refused::Closed => {
            not_graphql(text, at, format!("unexpected `{token}`: it does not close the bracket before it"))
        }
    }
}

fn too_deep(what: &str, most: usize) -> ServerError {
    error(ErrorCode::MaxDepth, format!("{what} are nested too deep in the document; at most {most} levels are allowed"))
}

fn not_graphql(text: &str, at: usize, message: String) -> ServerError {
    let mut refused = error(ErrorCode::ParseFailed, message);
    refused.locations = vec![position(text, at)];
    refused
}

/// The names of arguments and of objects' fields. The parser leaves those away that have no value.
#[derive(Default)]
struct Keys {
    before: Option<TokenKind>,
    is_open: bool,
}

/// What is known of the last name.
#[derive(PartialEq, Eq)]
enum Key {
    Fine,
    WithoutValue,
}

impl Keys {
    fn step(&mut self, kind: TokenKind, inside: Option<Open>) -> Key {
        let is_colon = kind == TokenKind::Punctuator(b':');
        let key = if self.is_open && !is_colon { Key::WithoutValue } else { Key::Fine };
        let is_value = matches!(self.before, Some(TokenKind::Punctuator(b':' | b'$' | b'=' | b'@')));
        self.is_open = kind == TokenKind::Name && !is_value && matches!(inside, Some(Open::Parentheses | Open::Object));
        self.before = Some(kind);
        key
    }
}

/// The fields that are written.
#[derive(Default)]
struct Fields {
    found: u64,
    before: Before,
}

/// What stood before a name.
#[derive(Clone, Copy, Default)]
enum Before {
    /// `:` of an alias, or `@`: the name is no further field.
    Named,
    /// `...`
    Dots,
    /// `... on`
    On,
    #[default]
    Other,
}

impl Fields {
    fn step(&mut self, kind: TokenKind, text: &str, inside: Option<Open>) {
        self.before = match (kind, self.before) {
            (TokenKind::Spread, _) => Before::Dots,
            (TokenKind::Punctuator(b':' | b'@'), _) => Before::Named,
            (TokenKind::Name, Before::Dots) if text == "on" => Before::On,
            (TokenKind::Name, Before::Other) if inside == Some(Open::Set) => {
                self.found += 1;
                Before::Other
            }
            _ => Before::Other,
        };
    }
}
