//! A document's text as tokens, without a parser.
//!
//! Owns: [`definitions`] and [`fold`]. May use: nothing of the room. Invariant: linear in the text, without recursion; and
//! whatever it takes for equal, what is run is the listed text and never the one that came, so a mistake here can run
//! nothing that is not listed.

use sha2::{Digest, Sha256};

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
pub(super) fn fold(text: &str) -> Option<[u8; 32]> {
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
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut tokens = Vec::new();
    let (mut begin, mut nesting, mut at) = (0, 0_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
                continue;
            }
            b'"' => end_of_string(bytes, at)?,
            b'.' if bytes[at..].starts_with(b"...") => at + 3,
            _ if is_word(byte) => at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
            b'{' | b'[' | b'(' => {
                nesting += 1;
                at + 1
            }
            b'}' | b']' | b')' => {
                nesting = nesting.checked_sub(1)?;
                at + 1
            }
            b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' => at + 1,
            _ => return None,
        };
        if tokens.is_empty() {
            begin = at;
        }
        tokens.push(text.get(at..end)?);
        at = end;
        if byte == b'}' && nesting == 0 {
            found.push(Definition { text: text.get(begin..end)?, tokens: std::mem::take(&mut tokens) });
        }
    }
    // What is left over was never closed.
    tokens.is_empty().then_some(found)
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte == b'-' || byte == b'+' || byte.is_ascii_alphanumeric()
}

/// Where the string that begins at a place ends.
fn end_of_string(bytes: &[u8], begin: usize) -> Option<usize> {
    let rest = bytes.get(begin..)?;
    if rest.starts_with(b"\"\"\"") {
        let mut at = 3;
        loop {
            match rest.get(at..)? {
                inner if inner.starts_with(b"\\\"\"\"") => at += 4,
                inner if inner.starts_with(b"\"\"\"") => return Some(begin + at + 3),
                [_, ..] => at += 1,
                [] => return None,
            }
        }
    }
    let mut at = 1;
    loop {
        match rest.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(begin + at + 1),
            b'\r' | b'\n' => return None,
            _ => at += 1,
        }
    }
}
