//! A field that the row itself answers.
//!
//! Owns: taking the body of such a field out of its resolver, so that a list of rows can write it without. May use: syn.
//! Invariant: there is one body, which the resolver and the column both call.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, ImplItemFn, ReturnType, ext::IdentExt, parse_quote};

/// One column.
pub(crate) struct Column {
    /// The method that holds the body.
    pub(crate) body: ImplItemFn,
    /// Its entry among the type's columns.
    pub(crate) entry: TokenStream,
}

/// Moves the body of a method of `&self` alone into a method of its own; whatever takes more is no column.
pub(crate) fn extract_getter(method: &mut ImplItemFn, name: &str, guard: &TokenStream) -> Option<Column> {
    let (FnArg::Receiver(receiver), 1) = (method.sig.inputs.first()?, method.sig.inputs.len()) else { return None };
    let ReturnType::Type(_, ty) = &method.sig.output else { return None };
    let own = format_ident!("column_{}", method.sig.ident.unraw());
    let this = receiver.self_token;
    let entry = quote!(crate::row_encoding::Column {
        name: #name,
        guard: #guard,
        is_plain: <#ty as crate::row_encoding::JsonScalar>::IS_PLAIN,
        write: |row, text| crate::row_encoding::JsonScalar::write(&row.#own(), text),
    });
    let call = parse_quote!({ #this.#own() });
    let block = std::mem::replace(&mut method.block, call);
    let mut sig = method.sig.clone();
    sig.ident = own;
    // It has nothing to wait for: whatever a field waits for comes through the context.
    sig.asyncness = None;
    let body = ImplItemFn { attrs: Vec::new(), vis: syn::Visibility::Inherited, defaultness: None, sig, block };
    Some(Column { body, entry })
}
