//! Documents whose answers must be merged.
//!
//! Owns: finding two selections under one key. May use: the parser's syntax tree. Invariant: looking is cheap:
//! each fragment is looked at once, however often it is spread.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// Two fields with selections of their own stand under one key: the library resolves both and merges what they gave.
struct DuplicateKeys;

/// The keys of a set's fields, each with whether it has a selection. (One that is empty selects nothing, and is none here.)
type Keys<'a> = HashMap<&'a Name, Selects>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Selects {
    Something,
    Nothing,
}

/// Whether anything must be merged, whatever is skipped and of what type the rows are.
pub(super) fn duplicate_keys(document: &ExecutableDocument) -> bool {
    let mut known = HashMap::new();
    document.operations.iter().any(|(_, operation)| {
        let set = &operation.node.selection_set.node;
        keys(document, set, &mut known).is_err()
    })
}

fn keys<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    known: &mut HashMap<&'a Name, Keys<'a>>,
) -> Result<Keys<'a>, DuplicateKeys> {
    let mut found = Keys::new();
    for item in &set.items {
        let more = match &item.node {
            Selection::Field(field) => {
                let below = &field.node.selection_set.node;
                keys(document, below, known)?;
                let selects = if below.items.is_empty() { Selects::Nothing } else { Selects::Something };
                Keys::from([(&field.node.response_key().node, selects)])
            }
            Selection::InlineFragment(fragment) => keys(document, &fragment.node.selection_set.node, known)?,
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match (known.get(name), document.fragments.get(name)) {
                    (Some(known), _) => known.clone(),
                    // One that is not there is the validation's to refuse.
                    (None, None) => continue,
                    (None, Some(fragment)) => {
                        let fresh = keys(document, &fragment.node.selection_set.node, known)?;
                        known.insert(name, fresh.clone());
                        fresh
                    }
                }
            }
        };
        for (key, selects) in more {
            // Two leaves are one. An object of which nothing is selected is no leaf, but looks like one.
            let before = found.insert(key, selects);
            if before.is_some_and(|before| before == Selects::Something || selects == Selects::Something) {
                return Err(DuplicateKeys);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::duplicate_keys;
    use crate::graphql::parse::read;

    #[test]
    fn two_selections_under_one_key_are_found_wherever_they_stand() {
        for (text, expected) in [
            ("{ a { b } c { b } }", false),
            ("{ a { b b } ...F ...F } fragment F on Q { b }", false),
            ("{ a { b } d: a { c } }", false),
            ("{ a { b } a { c } }", true),
            ("{ a {} a { c } }", true),
            ("{ a { c } ...F } fragment F on Q { a {} }", true),
            ("{ a ...F b } fragment F on Q { a b }", false),
            ("{ a { b } x { c { d { e } d { f } } } }", true),
            ("{ x: a { b } ... { x: a { c } } }", true),
            ("{ a { b } ...F } fragment F on Q { ...G } fragment G on Q { a { c } }", true),
            ("{ ...F ...F } fragment F on Q { a { c } }", true),
            ("{ x { ...F } y { ...F } } fragment F on Q { a { c } }", false),
            ("query A { a { b } } query B { a { b } a { c } }", true),
        ] {
            let document = read(text).expect("parse").executable;
            assert_eq!(duplicate_keys(&document), expected, "{text}");
        }
    }
}
