//! What a text may hold.
//!
//! Owns: the length and the characters of each kind of text, and its one normal form. May use: Unicode's properties. Invariant: a
//! text that was read is in NFC, trimmed, within its length, and has something to see.

mod fold;
mod search_terms;

pub use fold::{name_key, search_text};
pub use search_terms::SearchText;

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use unicode_normalization::UnicodeNormalization as _;

/// A kind of text.
#[derive(Clone, Copy, Debug)]
pub struct TextKind {
    /// Most characters.
    most: usize,
    lines: Lines,
}

#[derive(Clone, Copy, Debug)]
enum Lines {
    /// No line breaks, no control characters, nothing that changes the direction or hides.
    One,
    /// Whatever is written down, but U+0000.
    Many,
}

impl TextKind {
    /// A name, a title, a label or a practice.
    pub const NAME: Self = Self { most: 200, lines: Lines::One };
    /// A phone number with all its decoration.
    pub const PHONE: Self = Self { most: 60, lines: Lines::One };
    /// A note or a message.
    pub const NOTE: Self = Self { most: 20_000, lines: Lines::Many };
    /// What a list is searched for: a line break in it is a blank.
    const SEARCH: Self = Self { most: 200, lines: Lines::Many };

    /// The text in its normal form; none, if there is nothing to see.
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

    /// The same of a text whose author cannot be asked to mend it, such as a name by an identity provider: what is refused is left out, and so is what is too long.
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

/// Why a text is refused. It continues the sentence that begins with the input's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// More characters than its kind has.
    #[error("has {count} characters; at most {most} are allowed")]
    TooLong {
        /// It has so many.
        count: usize,
        /// So many are allowed.
        most: usize,
    },
    /// A character that its kind does not have.
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

/// Zero-width characters that join nothing, and those that embed, override or isolate a direction of writing: two names that look
/// alike would differ by them, or a name would be read backwards. (Joiners and marks of direction stay: Persian, Hindi and emoji
/// need them.)
fn is_invisible_or_bidi(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// What is cut off at both ends: blanks, and what copying brings along unseen.
fn is_margin(letter: char) -> bool {
    letter.is_whitespace() || is_invisible_or_bidi(letter) || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Whether there is something to see. (U+2800 is the Braille pattern without a dot.)
fn is_visible(letter: char) -> bool {
    !letter.is_whitespace() && !letter.is_control() && letter != '\u{2800}' && !is_ignorable(letter)
}

/// Whether it is shown as nothing at all.
fn is_ignorable(letter: char) -> bool {
    const IGNORABLE: icu_properties::CodePointSetDataBorrowed<'static> =
        CodePointSetData::new::<DefaultIgnorableCodePoint>();
    IGNORABLE.contains(letter)
}

/// What was written, in backticks and short enough to be repeated in a message.
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
            // As a telephone copies it, and as a word processor does.
            ("\u{202a}+49 170 1\u{202c}", "+49 170 1"),
            ("\u{feff}Ada\u{200b}", "Ada"),
            // The joiners of emoji and of Persian are part of what is written.
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
