//! A document as text.
//!
//! Owns: counting tokens, nesting and fields before the parser gets to see them: it recurses, and takes microseconds for each. May use:
//! nothing. Invariant: one pass, and no memory; no field is counted that is not one.

use async_graphql::ServerError;

use super::{Bounds, Limit};
use crate::graphql::{Code, engine::error};

/// Counts tokens, nesting and fields in the text, before the parser gets to see it. The fields are those that are written, not those that
/// fragments spread out to.
pub(in crate::graphql) fn scan(text: &str, bounds: &Bounds) -> Result<(), ServerError> {
    let mut tokens = 0_u64;
    let mut nesting = 0_u64;
    let mut deepest = 0_u64;
    let mut fields = Fields::default();
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => continue,
            b'#' => {
                while bytes.next_if(|byte| *byte != b'\n').is_some() {}
                continue;
            }
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' | b'(' => {
                nesting += 1;
                deepest = deepest.max(nesting);
                fields.mark(byte);
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                fields.mark(byte);
            }
            _ if is_of_word(byte) => {
                let begin = text.len() - bytes.len() - 1;
                while bytes.next_if(|byte| is_of_word(*byte)).is_some() {}
                fields.word(text.get(begin..text.len() - bytes.len()).unwrap_or_default());
            }
            _ => fields.mark(byte),
        }
        tokens += 1;
    }
    bounds.judge(Limit::Tokens, tokens).map_err(|most| {
        error(Code::TooExpensive, format!("the document has {tokens} tokens; at most {most} are allowed"))
    })?;
    // Braces of selections and of arguments' values: each level of the document can hold a few.
    let levels = deepest.saturating_sub(8) / 2;
    bounds.judge(Limit::Depth, levels).map_err(|most| {
        let most = most * 2 + 8;
        error(Code::MaxDepth, format!("the document is nested {deepest} deep; at most {most} is allowed"))
    })?;
    let written = fields.found;
    // What is only measured is measured when the fragments are spread out.
    if bounds.now().allows(Limit::Fields, written) {
        return Ok(());
    }
    bounds.judge(Limit::Fields, written).map_err(|most| {
        error(Code::TooExpensive, format!("the document has {written} fields; at most {most} are allowed"))
    })
}

/// A name, a number, a spread.
fn is_of_word(byte: u8) -> bool {
    byte == b'_' || byte == b'-' || byte == b'.' || byte.is_ascii_alphanumeric()
}

/// The fields that are written.
#[derive(Default)]
struct Fields {
    found: u64,
    braces: u64,
    parentheses: u64,
    before: Before,
}

/// What stood before a word.
#[derive(Clone, Copy, Default)]
enum Before {
    /// `:` of an alias, or `@`: the word names no further field.
    Named,
    /// `...`
    Dots,
    /// `... on`
    On,
    #[default]
    Other,
}

impl Fields {
    fn mark(&mut self, byte: u8) {
        match byte {
            b'(' => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.saturating_sub(1),
            b'{' if self.parentheses == 0 => self.braces += 1,
            b'}' if self.parentheses == 0 => self.braces = self.braces.saturating_sub(1),
            _ => {}
        }
        self.before = if matches!(byte, b':' | b'@') { Before::Named } else { Before::Other };
    }

    fn word(&mut self, word: &str) {
        if self.braces == 0 || self.parentheses > 0 {
            return;
        }
        self.before = match (word, self.before) {
            ("...", _) => Before::Dots,
            ("...on", _) | ("on", Before::Dots) => Before::On,
            (_, Before::Named | Before::Dots | Before::On) => Before::Other,
            _ if word.starts_with('.') => Before::Other,
            (_, Before::Other) => {
                self.found += 1;
                Before::Other
            }
        };
    }
}

fn skip_string(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>) {
    let quotes = |bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>, most: u8| {
        let mut count = 0;
        while count < most && bytes.next_if_eq(&b'"').is_some() {
            count += 1;
        }
        count
    };
    let block = match quotes(bytes, 2) {
        // The empty string.
        1 => return,
        2 => true,
        _ => false,
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' if !block => return,
            b'"' if quotes(bytes, 2) == 2 => return,
            _ => {}
        }
    }
}
