//! What people call themselves and their organizations, fit for a mail.
//!
//! Owns: the tidying. May use: nothing. Invariant: one line of bounded length whose letters run the way that they seem
//! to: a name can neither begin a header nor turn the text around it.

/// Characters that are kept of a name: enough for a long one, too few for a message of one's own in our mail.
const LONGEST: usize = 80;

/// The name on one line; none if nothing is left of it.
pub(super) fn tidy(name: &str) -> Option<String> {
    let visible: String = name.chars().filter(|letter| !turns_text(*letter)).collect();
    let words: Vec<&str> = visible
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    let tidy = match line.char_indices().nth(LONGEST) {
        None => line,
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
    };
    Some(tidy).filter(|tidy| !tidy.is_empty())
}

/// Marks, embeddings, overrides and isolates of direction (Unicode UAX #9): invisible, and they reorder what follows.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
