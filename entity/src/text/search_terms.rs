//! Search texts.
//!
//! Owns: splitting a text into words. May use: folding. Invariant: there is at least one word, and each is folded like
//! the rows.

use std::collections::BTreeSet;

use super::{InvalidText, TextKind, fold::fold};

/// Words that must all occur in a row, in any order, each at least as a part of a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchText {
    words: Vec<String>,
}

impl SearchText {
    /// Parses a text of at most 200 characters without U+0000; none if it contains no word.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidText> {
        let Some(text) = TextKind::SEARCH.read(text)? else { return Ok(None) };
        let folded = fold(&text);
        let words: BTreeSet<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let mut words: Vec<_> = words.into_iter().map(str::to_owned).collect();
        // The longest word is tested first, since it leaves the fewest rows for the others.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Ok((!words.is_empty()).then_some(Self { words }))
    }

    /// The words, each once.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<String>> {
        SearchText::parse(text).ok().flatten().map(|text| text.words)
    }

    #[test]
    fn a_text_is_taken_apart_into_folded_words() {
        assert_eq!(words(" Schule  \u{d6}ZTU schule "), Some(vec!["schule".to_owned(), "oztu".to_owned()]));
        assert_eq!(words("100% _\\"), Some(vec!["100%".to_owned(), "_\\".to_owned()]));
    }

    #[test]
    fn a_text_without_words_is_none() {
        for text in ["", "   ", "\u{200b}", "\n\t", "\u{301}", "\u{a0}\u{3000}"] {
            assert_eq!(SearchText::parse(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn a_text_is_bounded_and_has_no_zero_byte() {
        assert_eq!(SearchText::parse("a\0b"), Err(InvalidText::Holds('\0')));
        assert_eq!(SearchText::parse(&"a".repeat(201)), Err(InvalidText::TooLong { count: 201, most: 200 }));
        assert!(words(&"a ".repeat(100)).is_some());
    }
}
