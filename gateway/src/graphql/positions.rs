//! Lines and columns of a text.
//!
//! Owns: [`Positions`]. May use: nothing. Invariant: offsets that are asked for in their order cost one walk over the text in all.

use async_graphql::Pos;

/// Finds the line and the column of offsets in a text.
#[derive(Debug)]
pub(super) struct Positions<'a> {
    text: &'a str,
    at: usize,
    position: Pos,
}

/// The first character of a text.
const START: Pos = Pos { line: 1, column: 1 };

impl<'a> Positions<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, position: START }
    }

    /// Line and column of an offset, both from 1; a line ends at `\n`, `\r\n` or `\r`, and a column is a character.
    pub(super) fn of(&mut self, offset: usize) -> Pos {
        if offset < self.at {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        let mut characters = passed.chars().peekable();
        while let Some(character) = characters.next() {
            let ends_line = match character {
                '\n' => true,
                '\r' => {
                    let behind = || self.text.get(offset..)?.chars().next();
                    characters.peek().copied().or_else(behind) != Some('\n')
                }
                _ => false,
            };
            if ends_line {
                self.position = Pos { line: self.position.line + 1, column: 1 };
            } else {
                self.position.column += 1;
            }
        }
        self.at = self.at.max(offset.min(self.text.len()));
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_the_same_in_whatever_order_it_is_asked_for() {
        let text = "a\nbé\r\nc\rd";
        let expected = [(0, 1, 1), (2, 2, 1), (5, 2, 3), (7, 3, 1), (9, 4, 1), (10, 4, 2)];
        let mut forward = Positions::new(text);
        for (offset, line, column) in expected {
            assert_eq!(forward.of(offset), Pos { line, column }, "{offset}");
        }
        let mut backward = Positions::new(text);
        for (offset, line, column) in expected.into_iter().rev() {
            assert_eq!(backward.of(offset), Pos { line, column }, "{offset}");
        }
    }
}
