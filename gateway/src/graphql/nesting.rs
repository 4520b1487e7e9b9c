//! How deep a document is nested, as its tokens tell.
//!
//! Owns: [`Nesting`]. May use: the lexer's tokens. Invariant: whatever the parser would recurse into is open in [`Nesting`] at that token, and
//! the number of open brackets is bounded by constants that the document cannot move.

use crate::graphql::lexer::{Token, TokenKind};

/// Most selection sets within each other; the parser has the same bound, but applies it only after it has recursed.
pub(super) const MAX_SETS: usize = 64;

/// Most lists and objects within each other in an argument, a default or a directive's argument. The schema needs 5.
pub(super) const MAX_VALUES: usize = 10;

/// Most lists within each other in the type of a variable.
pub(super) const MAX_TYPES: usize = 5;

/// Most parentheses within each other: a directive of a variable has them within those of the variables.
pub(super) const MAX_PARENTHESES: usize = 2;

/// A bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// `{` of a selection set.
    Set,
    /// `(` of arguments or of variables' definitions.
    Parentheses,
    /// `[` of a list.
    List,
    /// `{` of an object.
    Object,
    /// `[` of a list type.
    Type,
}

/// Why a document is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Selection sets are nested too deep.
    Sets,
    /// Lists and objects are nested too deep.
    Values,
    /// List types are nested too deep.
    Types,
    /// Parentheses are nested too deep.
    Parentheses,
    /// A bracket closes another than the one that is open.
    Closed,
}

/// The brackets that are open.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<Open>,
    sets: usize,
    parentheses: usize,
    values: usize,
    types: usize,
    /// The deepest that was seen of each.
    deepest: Deepest,
    before: Before,
}

/// The deepest nesting of selection sets, of values and of list types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Deepest {
    pub(super) sets: usize,
    pub(super) values: usize,
    pub(super) types: usize,
}

/// How much of a variable's definition stands before a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Other,
    /// `$`
    Dollar,
    /// `$name`
    Variable,
    /// `$name:`, or that and `[`: a type follows.
    Typed,
}

impl Nesting {
    /// The innermost open bracket.
    pub(super) fn innermost(&self) -> Option<Open> {
        self.open.last().copied()
    }

    pub(super) fn deepest(&self) -> Deepest {
        self.deepest
    }

    /// Goes on by a token.
    pub(super) fn step(&mut self, token: Token<'_>) -> Result<(), Refused> {
        let before = std::mem::take(&mut self.before);
        match (token.kind, before) {
            (TokenKind::Punctuator(b'$'), _) => self.before = Before::Dollar,
            (TokenKind::Name, Before::Dollar) => self.before = Before::Variable,
            (TokenKind::Punctuator(b':'), Before::Variable) => self.before = Before::Typed,
            (TokenKind::Punctuator(b'['), Before::Typed) => {
                self.before = Before::Typed;
                self.push(Open::Type)?;
            }
            (TokenKind::Punctuator(b'['), _) => self.push(Open::List)?,
            (TokenKind::Punctuator(b'('), _) => self.push(Open::Parentheses)?,
            (TokenKind::Punctuator(b'{'), _) if self.parentheses == 0 => self.push(Open::Set)?,
            (TokenKind::Punctuator(b'{'), _) => self.push(Open::Object)?,
            (TokenKind::Punctuator(byte @ (b'}' | b']' | b')')), _) => self.close(byte)?,
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, open: Open) -> Result<(), Refused> {
        self.open.push(open);
        let (depth, most, refused) = match open {
            Open::Set => (&mut self.sets, MAX_SETS, Refused::Sets),
            Open::Parentheses => (&mut self.parentheses, MAX_PARENTHESES, Refused::Parentheses),
            Open::List | Open::Object => (&mut self.values, MAX_VALUES, Refused::Values),
            Open::Type => (&mut self.types, MAX_TYPES, Refused::Types),
        };
        *depth += 1;
        if *depth > most {
            return Err(refused);
        }
        let Deepest { sets, values, types } = &mut self.deepest;
        *sets = self.sets.max(*sets);
        *values = self.values.max(*values);
        *types = self.types.max(*types);
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), Refused> {
        let (depth, closes) = match self.open.pop() {
            Some(Open::Set) => (&mut self.sets, b'}'),
            Some(Open::Object) => (&mut self.values, b'}'),
            Some(Open::List) => (&mut self.values, b']'),
            Some(Open::Type) => (&mut self.types, b']'),
            Some(Open::Parentheses) => (&mut self.parentheses, b')'),
            None => return Err(Refused::Closed),
        };
        *depth -= 1;
        if closes == byte { Ok(()) } else { Err(Refused::Closed) }
    }
}

#[cfg(test)]
mod tests;
