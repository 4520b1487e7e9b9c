//! Validation of texts.
//!
//! Owns: the length and the characters of each kind of text, and its normal form. May use: Unicode's properties.
//! Invariant: a text that was read is in NFC, trimmed, within its length, and has at least one visible character.

mod fold;
mod search_terms;

pub use fold::{name_key, search_text};
pub use search_terms::SearchText;

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use unicode_normalization::UnicodeNormalization as _;

/// A kind of text.
#[derive(Clone, Copy, Debug)]
pub struct TextKind {
    /// Maximum number of characters.
    most: usize,
    lines: Lines,
}

#[derive(Clone, Copy, Debug)]
enum Lines {
    /// A single line: no line breaks, no control characters, no invisible characters and none that change the
    /// direction.
    One,
    /// Several lines: any character except U+0000.
    Many,
}

impl TextKind {
    /// A name, a title, a label or a practice.
    pub const NAME: Self = Self { most: 200, lines: Lines::One };
    /// A phone number with any formatting.
    pub const PHONE: Self = Self { most: 60, lines: Lines::One };
    /// A note or a message.
    pub const NOTE: Self = Self { most: 20_000, lines: Lines::Many };
    /// A search text: a line break in it counts as a blank.
    const SEARCH: Self = Self { most: 200, lines: Lines::Many };

    /// The text in its normal form; none if it has no visible character.
    pub fn read(self, text: &str) -> Result<Option<String>, InvalidText> {
        let text: String = text.trim_matches(is_margin).nfc().collect();
        let count = text.chars().count();
        if count > self.most {
            return Err(InvalidText::TooLong { count, most: self.most });
        }
        if let Some(letter) = text.chars().find(|letter| self.rejects(*letter)) {
            return Err(InvalidText::Holds(letter));
        }
        Ok(text.chars().any(is_visible).then_some(text))
    }

    /// Lenient variant for a text whose author cannot correct it, such as a name from an identity provider: rejected
    /// characters are removed, and the text is cut to its maximum length.
    #[must_use]
    pub fn normalize(self, text: &str) -> Option<String> {
        let text: String = text.nfc().filter(|letter| !self.rejects(*letter)).collect();
        let text: String = text.trim_matches(is_margin).chars().take(self.most).collect();
        self.read(&text).ok().flatten()
    }

    fn rejects(self, letter: char) -> bool {
        match self.lines {
            Lines::Many => letter == '\0',
            Lines::One => {
                letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') || is_invisible_or_bidi(letter)
            }
        }
    }
}

/// Why a text is rejected. The message continues a sentence that begins with the input's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// It has more characters than its kind allows.
    #[error("has {count} characters; at most {most} are allowed")]
    TooLong {
        /// Number of characters.
        count: usize,
        /// Maximum number of characters.
        most: usize,
    },
    /// It contains a character that its kind does not allow.
    #[error("contains {}", named(*.0))]
    Holds(char),
}

fn named(letter: char) -> String {
    let code = u32::from(letter);
    match letter {
        '\0' => "a zero byte".to_owned(),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break; write it on one line".to_owned(),
        letter if letter.is_control() => format!("the control character U+{code:04X}; leave it out"),
        _ => format!("the invisible character U+{code:04X}; leave it out"),
    }
}

/// Zero-width characters that join nothing, and characters that embed, override or isolate a writing direction: two
/// names that appear identical would differ by them, or a name would be displayed backwards. (Joiners and direction
/// marks are allowed: Persian, Hindi and emoji need them.)
fn is_invisible_or_bidi(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Characters that are trimmed at both ends: blanks, and invisible characters that copying brings along.
fn is_margin(letter: char) -> bool {
    letter.is_whitespace() || is_invisible_or_bidi(letter) || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Whether the character is visible. (U+2800 is the Braille pattern without a dot.)
fn is_visible(letter: char) -> bool {
    !letter.is_whitespace() && !letter.is_control() && letter != '\u{2800}' && !is_ignorable(letter)
}

/// Whether the character is not displayed at all.
fn is_ignorable(letter: char) -> bool {
    const IGNORABLE: icu_properties::CodePointSetDataBorrowed<'static> =
        CodePointSetData::new::<DefaultIgnorableCodePoint>();
    IGNORABLE.contains(letter)
}

/// The input in backticks, shortened so that it fits in a message.
#[must_use]
pub fn quoted(text: &str) -> String {
    const MAX_QUOTED: usize = 60;
    let shown: String = text.chars().take(MAX_QUOTED).flat_map(char::escape_debug).collect();
    let rest = if text.chars().nth(MAX_QUOTED).is_some() { "\u{2026}" } else { "" };
    format!("`{shown}{rest}`")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_in_nfc() {
        for (written, name) in [
            ("  Jos\u{e9} ", "Jos\u{e9}"),
            ("Jose\u{301}", "Jos\u{e9}"),
            // As copied from a telephone, and from a word processor.
            ("\u{202a}+49 170 1\u{202c}", "+49 170 1"),
            ("\u{feff}Ada\u{200b}", "Ada"),
            // The joiners of emoji and of Persian are part of the text.
            ("\u{1f468}\u{200d}\u{2695}\u{fe0f}", "\u{1f468}\u{200d}\u{2695}\u{fe0f}"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}"),
        ] {
            assert_eq!(TextKind::NAME.read(written).unwrap().as_deref(), Some(name), "{written:?}");
        }
    }

    #[test]
    fn a_name_without_anything_to_see_is_none() {
        for written in [
            "",
            " \t\n",
            "\u{200b}",
            "\u{200d}\u{200d}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}",
            "\u{e0041}",
            "\u{feff} \u{2060}",
        ] {
            assert_eq!(TextKind::NAME.read(written), Ok(None), "{written:?}");
        }
    }

    #[test]
    fn a_name_has_no_character_that_hides_or_turns() {
        for letter in [
            '\0', '\u{7}', '\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{ad}',
            '\u{feff}',
        ] {
            let written = format!("A{letter}b");
            assert_eq!(TextKind::NAME.read(&written), Err(InvalidText::Holds(letter)), "{written:?}");
        }
        assert_eq!(InvalidText::Holds('\u{202e}').to_string(), "contains the invisible character U+202E; leave it out");
        assert_eq!(InvalidText::Holds('\n').to_string(), "contains a line break; write it on one line");
    }

    #[test]
    fn a_name_by_others_is_tidied() {
        assert_eq!(TextKind::NAME.normalize(" Ada\u{202e}\0\nB\u{200b} ").as_deref(), Some("AdaB"));
        assert_eq!(TextKind::NAME.normalize(&"e\u{301}".repeat(300)), Some("\u{e9}".repeat(200)));
        assert_eq!(TextKind::NAME.normalize("\u{202e}\u{200d}"), None);
    }

    #[test]
    fn a_note_has_lines_but_no_zero_byte() {
        assert_eq!(TextKind::NOTE.read("one\r\ntwo\t3").unwrap().as_deref(), Some("one\r\ntwo\t3"));
        assert_eq!(TextKind::NOTE.read("one\0"), Err(InvalidText::Holds('\0')));
        let flaw = TextKind::NOTE.read(&"a".repeat(20_001)).unwrap_err();
        assert_eq!(flaw.to_string(), "has 20001 characters; at most 20000 are allowed");
    }
}
