//! A document's definitions, without a parser.
//!
//! Owns: [`definitions`] and [`fold`]. May use: the lexer. Invariant: linear in the text, without recursion; and
//! whatever it takes for equal, what is run is the listed text and never the one that came, so a mistake here can run
//! nothing that is not listed.

use sha2::{Digest, Sha256};

use crate::graphql::lexer::{Lexer, TokenKind};

/// One definition of a document: an operation or a fragment.
#[derive(Debug)]
pub(super) struct Definition<'a> {
    /// From its first token to its last.
    pub(super) text: &'a str,
    /// Its tokens; blanks, commas and comments are none.
    pub(super) tokens: Vec<&'a str>,
}

impl<'a> Definition<'a> {
    /// The fragment that it defines, if it is one.
    pub(super) fn fragment(&self) -> Option<&'a str> {
        match self.tokens.as_slice() {
            ["fragment", name, "on", ..] => Some(name),
            _ => None,
        }
    }

    /// The fragments that it spreads.
    pub(super) fn spreads(&self) -> impl Iterator<Item = &'a str> {
        self.tokens.windows(2).filter_map(|pair| match pair {
            ["...", name] if *name != "on" && *name != "{" && *name != "@" => Some(*name),
            _ => None,
        })
    }
}

/// What is the same for two texts that differ in blanks, commas, comments and the order of their definitions only.
pub(super) fn normalized_hash(text: &str) -> Option<[u8; 32]> {
    let mut parts: Vec<[u8; 32]> = definitions(text)?
        .iter()
        .map(|definition| {
            let mut hash = Sha256::new();
            for token in &definition.tokens {
                hash.update(token.as_bytes());
                hash.update([0]);
            }
            hash.finalize().into()
        })
        .collect();
    parts.sort_unstable();
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    Some(hash.finalize().into())
}

/// The definitions of a text; none if it cannot be one of GraphQL.
pub(super) fn definitions(text: &str) -> Option<Vec<Definition<'_>>> {
    let mut found = Vec::new();
    let mut tokens = Vec::new();
    let (mut begin, mut nesting) = (0, 0_usize);
    for token in Lexer::new(text) {
        let token = token.ok()?;
        if tokens.is_empty() {
            begin = token.begin;
        }
        tokens.push(token.text);
        match token.kind {
            TokenKind::Punctuator(b'{' | b'[' | b'(') => nesting += 1,
            TokenKind::Punctuator(b'}' | b']' | b')') => nesting = nesting.checked_sub(1)?,
            _ => {}
        }
        if nesting == 0 && token.text == "}" {
            let end = token.begin + token.text.len();
            found.push(Definition { text: text.get(begin..end)?, tokens: std::mem::take(&mut tokens) });
        }
    }
    // What is left over was never closed.
    tokens.is_empty().then_some(found)
}
