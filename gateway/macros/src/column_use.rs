//! What of a row a field looks at.
//!
//! Owns: finding it in the field's body. May use: nothing but the body's tokens. Invariant: whatever is done with `self` but reading one
//! column of its row (`self.0.name`) counts as reading all of them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Block;

/// The columns, or all of them.
pub(crate) struct ColumnUse(Option<Vec<String>>);

impl ColumnUse {
    pub(crate) fn of(body: &Block) -> Self {
        let mut columns = Vec::new();
        Self(find(body.to_token_stream(), &mut columns).then_some(columns))
    }

    pub(crate) fn expression(&self) -> TokenStream {
        if let Some(columns) = &self.0 {
            quote!(crate::row_encoding::ColumnUse::Columns(&[#(#columns),*]))
        } else {
            quote!(crate::row_encoding::ColumnUse::All)
        }
    }
}

/// False where `self` is used otherwise.
fn find(tokens: TokenStream, columns: &mut Vec<String>) -> bool {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_dot = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(dot)) if dot.as_char() == '.');
    let is_call = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        // `self.0.name::<T>()`
        Some(TokenTree::Punct(colon)) => colon.as_char() == ':',
        _ => false,
    };
    tokens.iter().enumerate().all(|(place, token)| match token {
        TokenTree::Group(group) => find(group.stream(), columns),
        TokenTree::Ident(word) if word == "self" => {
            let after = |steps: usize| tokens.get(place + steps);
            let is_row = is_dot(after(1))
                && matches!(after(2), Some(TokenTree::Literal(number)) if number.to_string() == "0")
                && is_dot(after(3));
            match after(4) {
                Some(TokenTree::Ident(column)) if is_row && !is_call(after(5)) => {
                    columns.push(column.to_string());
                    true
                }
                _ => false,
            }
        }
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use syn::{Block, parse_quote};

    use super::ColumnUse;

    fn of(body: &Block) -> Option<Vec<String>> {
        ColumnUse::of(body).0
    }

    #[test]
    fn columns_of_the_row_are_named() {
        let columns = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect());
        assert_eq!(of(&parse_quote!({ self.0.email.as_deref() })), columns(&["email"]));
        assert_eq!(of(&parse_quote!({ f64::from(self.0.progress) / 12.0 })), columns(&["progress"]));
        assert_eq!(
            of(&parse_quote!({ load(|id| vec![(id, self.0.dso_id)], self.0.id.uuid()) })),
            columns(&["dso_id", "id"])
        );
        assert_eq!(of(&parse_quote!({ 7 })), columns(&[]));
    }

    #[test]
    fn whatever_else_is_done_with_it_reads_everything() {
        let others: [Block; 7] = [
            parse_quote!({ self.label() }),
            parse_quote!({ self.0.label() }),
            parse_quote!({ self.0.label::<u8>() }),
            parse_quote!({ label(&self.0) }),
            parse_quote!({ label(self) }),
            parse_quote!({ vec![self.row.name] }),
            parse_quote!({ self.0.0.name }),
        ];
        for body in &others {
            assert_eq!(of(body), None, "{}", quote::quote!(#body));
        }
    }
}
