//! What people call themselves and their organizations, fit for a mail.
//!
//! Owns: the cleaning. May use: nothing. Invariant: one line of bounded length whose letters run the way that they seem
//! to, and in which no mail program finds an address to link: a name can neither begin a header, nor turn the text around it,
//! nor send its reader anywhere.

/// Characters that are left of a name: enough for a long one, too few for a message in a mail of ours.
const MAX_CHARS: usize = 40;

/// Digits from which on mail programs take a name for a phone number.
const MAX_DIGITS: usize = 7;

/// The name on one line; none if nothing is left of it, or if it is an address rather than a name.
pub(super) fn sanitize_name(name: &str) -> Option<String> {
    let visible: String = name.chars().filter(|letter| !is_invisible(*letter)).map(plain).collect();
    if is_address(&visible) {
        return None;
    }
    let words: Vec<&str> = visible
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = split_address_like(&words.join(" "));
    let tidy = match line.char_indices().nth(MAX_CHARS) {
        None => line,
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
    };
    Some(tidy).filter(|tidy| tidy.chars().any(char::is_alphanumeric))
}

/// Characters that are not visible: marks, embeddings, overrides and isolates of direction (Unicode UAX #9), which reorder what follows;
/// letters without width, which part a word that a mail program puts together; tags and variation selectors.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// What programs that read an address take for a dot, a slash, a colon or an at sign, as that; everything else as it is.
fn plain(letter: char) -> char {
    match letter {
        '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}' => '/',
        '\u{2236}' | '\u{a789}' | '\u{fe55}' | '\u{ff1a}' => ':',
        '\u{fe6b}' | '\u{ff20}' => '@',
        // Letters and digits of full width.
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter)
        }
        other => other,
    }
}

/// Whether a name reads like an address or a phone number. No name of a person or company does, so all of it is left out.
fn is_address(name: &str) -> bool {
    let small = name.to_lowercase();
    let close: String = small.split_whitespace().collect();
    close.contains("://")
        || small.contains("www.")
        || close.contains("mailto:")
        || small.contains('@')
        || name.chars().filter(|letter| letter.is_numeric()).count() > MAX_DIGITS
}

/// Parts what stands before a dot from what follows it: `St. Mary's` stays, and `evil.example` is no host any more.
fn split_address_like(line: &str) -> String {
    let mut parted = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let joins = letter == '.' && letters.peek().is_some_and(|next| !next.is_whitespace());
        parted.push(if joins { ' ' } else { letter });
    }
    parted.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
