//! What a list is searched for.
//!
//! Owns: taking a text apart into words. May use: folding. Invariant: there is a word at least, and each is folded as the rows are.

use std::collections::BTreeSet;

use super::{InvalidText, TextKind, fold::fold};

/// Words that a row must all have, in any order, each as a part of a word at least.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchText {
    words: Vec<String>,
}

impl SearchText {
    /// At most 200 characters without U+0000; none, if no word is in it.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidText> {
        let Some(text) = TextKind::SEARCH.read(text)? else { return Ok(None) };
        let folded = fold(&text);
        let words: BTreeSet<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let mut words: Vec<_> = words.into_iter().map(str::to_owned).collect();
        // The longest leaves the fewest rows to the others.
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
