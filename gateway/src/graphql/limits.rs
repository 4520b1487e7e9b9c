//! How large a document may be.
//!
//! Owns: the bounds, counting before and after parsing. May use: the parser's syntax tree. Invariant: counting itself is
//! linear: each fragment is measured once, however often it is spread.

use std::collections::HashMap;

use async_graphql::{
    Name, ServerError,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use super::{Code, engine::error};
use crate::config;

pub use config::Limits;

/// What a document amounts to with all its fragments spread out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    depth: usize,
    aliases: usize,
    fields: usize,
    root_fields: usize,
}

/// Fields that a document may spread out to, a bound that no honest query nears; 599 bytes of nested fragments would
/// otherwise keep the library's validation busy for seconds.
const MAX_FIELDS: usize = 10_000;

impl Size {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
    }

    /// Refuses what is beyond a limit.
    pub(super) fn check(self, limits: &Limits) -> Result<(), ServerError> {
        let beyond = |code, what: &str, found, most| {
            if found > most {
                Err(error(code, format!("the document has {found} {what}; at most {most} are allowed")))
            } else {
                Ok(())
            }
        };
        beyond(Code::MaxDepth, "levels", self.depth, limits.max_depth)?;
        beyond(Code::MaxAliases, "aliases", self.aliases, limits.max_aliases)?;
        beyond(Code::TooExpensive, "root fields", self.root_fields, limits.max_root_fields)?;
        beyond(Code::TooExpensive, "fields", self.fields, MAX_FIELDS)
    }
}

/// Measures the largest operation of a document.
pub(super) fn measure(document: &ExecutableDocument) -> Result<Size, ServerError> {
    let mut known = HashMap::new();
    let mut largest = Size::default();
    for (_, operation) in document.operations.iter() {
        let size = set(document, &operation.node.selection_set.node, &mut known)?;
        largest.add(Size { fields: 0, ..size });
        largest.fields = largest.fields.max(size.fields);
    }
    Ok(largest)
}

/// A fragment that is being measured, or has been.
type Known<'a> = HashMap<&'a Name, Option<Size>>;

fn set<'a>(
    document: &'a ExecutableDocument,
    selection: &'a SelectionSet,
    known: &mut Known<'a>,
) -> Result<Size, ServerError> {
    let mut size = Size::default();
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) => {
                let below = set(document, &field.node.selection_set.node, known)?;
                size.add(Size {
                    depth: below.depth + 1,
                    aliases: below.aliases + usize::from(field.node.alias.is_some()),
                    fields: below.fields.saturating_add(1),
                    root_fields: 1,
                });
            }
            Selection::InlineFragment(fragment) => size.add(set(document, &fragment.node.selection_set.node, known)?),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match known.get(name) {
                    Some(Some(measured)) => size.add(*measured),
                    Some(None) => {
                        let message = format!("the fragment `{name}` spreads itself");
                        return Err(error(Code::ValidationFailed, message));
                    }
                    None => {
                        // One that is not there is the validation's to refuse.
                        let Some(fragment) = document.fragments.get(name) else { continue };
                        known.insert(name, None);
                        let measured = set(document, &fragment.node.selection_set.node, known)?;
                        known.insert(name, Some(measured));
                        size.add(measured);
                    }
                }
            }
        }
    }
    Ok(size)
}

/// Counts tokens and nesting in the text, before the parser, which recurses, gets to see it.
pub(super) fn scan(text: &str, limits: &Limits) -> Result<(), ServerError> {
    let mut tokens = 0_usize;
    let mut nesting = 0_usize;
    let mut deepest = 0_usize;
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
    if tokens > limits.max_tokens {
        let message = format!("the document has {tokens} tokens; at most {} are allowed", limits.max_tokens);
        return Err(error(Code::TooExpensive, message));
    }
    // Braces of selections and of arguments' values: each level of the document can hold a few.
    let most = limits.max_depth * 2 + 8;
    if deepest > most {
        let message = format!("the document is nested {deepest} deep; at most {most} is allowed");
        return Err(error(Code::MaxDepth, message));
    }
    Ok(())
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

#[cfg(test)]
mod tests;
