//! Folding of texts for comparison.
//!
//! Owns: folding, and the two columns computed by it. May use: Unicode's tables. Invariant: both databases compare the
//! folded texts byte by byte, so they find and order alike.

use any_ascii::any_ascii_char;
use caseless::default_case_fold_str;
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed, props::Script};
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

use super::is_ignorable;

/// Maximum number of characters of the folded name in a sort key: an index of PostgreSQL takes no more than 2,700
/// bytes.
const MAX_CHARS: usize = 200;

/// Removes case, accents and variants of a letter: `Ö` becomes `o`, `ß` becomes `ss`, `ł` becomes `l`, `’` becomes
/// `'`, full width becomes half width; a run of blanks becomes one. Letters of other scripts stay in their script.
pub(super) fn fold(text: &str) -> String {
    let bare: String = text.nfkd().filter(|letter| !is_accent(*letter) && !is_ignorable(*letter)).collect();
    let mut folded = String::with_capacity(bare.len());
    for letter in default_case_fold_str(&bare).chars() {
        match letter {
            letter if letter.is_ascii_control() || letter.is_whitespace() => folded.push(' '),
            letter if letter.is_ascii() || !has_plain_form(letter) => folded.push(letter),
            letter => folded.extend(any_ascii_char(letter).chars().map(|plain| plain.to_ascii_lowercase())),
        }
    }
    let words: Vec<&str> = folded.split_ascii_whitespace().collect();
    // Recomposes the remaining letters of other scripts: Hangul, and the voiced letters of Kana.
    words.join(" ").nfc().collect()
}

/// The sort key of a name: the folded name; names that fold alike are ordered by their exact spelling.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded: String = fold(name).chars().take(MAX_CHARS).collect();
    // No name contains U+0001, and no character that a name can contain sorts before it.
    format!("{folded}\u{1}{name}")
}

/// The search text of a row: each of its texts, folded, on its own line.
#[must_use]
pub fn search_text<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(fold).collect::<Vec<_>>().join("\n")
}

/// Accents, vowel points and the like. Excludes marks that make a different letter in Indian scripts and in Kana
/// (classes 7 to 9).
fn is_accent(letter: char) -> bool {
    !matches!(canonical_combining_class(letter), 0 | 7..=9)
}

/// Latin letters without a decomposition (`ø`, `đ`, `þ`), and typographic quotes and dashes.
fn has_plain_form(letter: char) -> bool {
    const SCRIPTS: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::<Script>::new();
    matches!(letter, '\u{2010}'..='\u{205e}' | '\u{2b0}'..='\u{2bf}') || SCRIPTS.get(letter) == Script::Latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_folded_as_a_reader_compares_it() {
        for (text, folded) in [
            ("\u{d6}zt\u{fc}rk  \u{15e}ule", "ozturk sule"),
            ("Stra\u{df}e", "strasse"),
            ("STRA\u{1e9e}E", "strasse"),
            ("\u{141}\u{f3}d\u{17a}", "lodz"),
            ("S\u{f8}ren \u{c6}r\u{f8}", "soren aero"),
            ("\u{130}stanbul I\u{131}", "istanbul ii"),
            ("\u{18f}liyev", "eliyev"),
            ("\u{110}or\u{111}e", "dorde"),
            ("Fran\u{e7}ois \u{152}uvre", "francois oeuvre"),
            ("O\u{2019}Brien \u{2013} Smith", "o'brien - smith"),
            ("cafe\u{301}", "cafe"),
            ("caf\u{e9}", "cafe"),
            ("\u{ff21}\u{ff22}", "ab"),
            ("\u{fb01}n", "fin"),
            ("An\u{200d}na\u{ad}", "anna"),
            ("\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}", "\u{3c3}\u{3b9}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c3}"),
            ("\u{419}\u{41e}\u{416}", "\u{438}\u{43e}\u{436}"),
            ("\u{ac00}\u{ac01}", "\u{ac00}\u{ac01}"),
            ("\u{304c}", "\u{304c}"),
            ("\u{5317}\u{4eac}", "\u{5317}\u{4eac}"),
            ("a\nb\tc", "a b c"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
            assert_eq!(fold(folded), folded, "{folded:?}: folded once is folded");
        }
    }

    #[test]
    fn names_are_ordered_without_case_and_accents_and_then_as_written() {
        let ordered = ["adam", "Adam B", "\u{c4}pfel", "Zoe", "Zoe\u{301}", "Zo\u{eb}", "zoe", "\u{416}"];
        let mut names = ordered;
        names.reverse();
        names.sort_by_key(|name| name_key(name));
        assert_eq!(names, ordered);
    }

    #[test]
    fn a_key_fits_into_an_index() {
        // One letter that folds to eighteen, and the longest letters there are.
        for letter in ["\u{fdfa}", "\u{1f600}", "\u{2167}"] {
            assert!(name_key(&letter.repeat(200)).len() < 2_000, "{letter}");
        }
    }
}
