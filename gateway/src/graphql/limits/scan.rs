//! A document as text.
//!
//! Owns: counting tokens and nesting before the parser, which recurses, gets to see them. May use: nothing. Invariant: one pass, and no
//! memory.

use async_graphql::ServerError;

use super::{Bounds, Limit};
use crate::graphql::{Code, engine::error};

/// Counts tokens and nesting in the text, before the parser, which recurses, gets to see it.
pub(in crate::graphql) fn scan(text: &str, bounds: &Bounds) -> Result<(), ServerError> {
    let mut tokens = 0_u64;
    let mut nesting = 0_u64;
    let mut deepest = 0_u64;
    let mut bytes = text.bytes().peekable();
    let mut in_word = false;
    while let Some(byte) = bytes.next() {
        let word = byte == b'_' || byte == b'-' || byte == b'.' || byte.is_ascii_alphanumeric();
        if word && in_word {
            continue;
        }
        in_word = word;
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
            }
            b'}' | b']' | b')' => nesting = nesting.saturating_sub(1),
            _ => {}
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
    })
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
