//! `page: PageArgs` as four arguments.
//!
//! Owns: the arguments `first after last before` of every connection, with their descriptions. May use: syn. Invariant:
//! every connection takes the same four.

use syn::{FnArg, ImplItemFn, Pat, Stmt, Type, parse_quote};

/// Replaces a parameter of type `PageArgs` by the four arguments and returns the statement that gathers them again.
pub(crate) fn replace(method: &mut ImplItemFn) -> Option<Stmt> {
    let (position, name, ty) = method.sig.inputs.iter().enumerate().find_map(|(position, input)| match input {
        FnArg::Typed(typed) if is_page_args(&typed.ty) => match &*typed.pat {
            Pat::Ident(name) => Some((position, name.ident.clone(), typed.ty.clone())),
            _ => None,
        },
        _ => None,
    })?;
    let four: [FnArg; 4] = [
        parse_quote!(#[graphql(desc = "How many rows from the start; 25 when neither this nor `last` is given, at most 100.")] first: ::core::option::Option<i32>),
        parse_quote!(#[graphql(desc = "Only rows behind this cursor.")] after: ::core::option::Option<crate::schema::Cursor>),
        parse_quote!(#[graphql(desc = "How many rows from the end, at most 100; not together with `first`.")] last: ::core::option::Option<i32>),
        parse_quote!(#[graphql(desc = "Only rows before this cursor.")] before: ::core::option::Option<crate::schema::Cursor>),
    ];
    let inputs = std::mem::take(&mut method.sig.inputs);
    for (index, input) in inputs.into_iter().enumerate() {
        if index == position {
            method.sig.inputs.extend(four.clone());
        } else {
            method.sig.inputs.push(input);
        }
    }
    Some(parse_quote!(let #name: #ty = #ty { first, after, last, before };))
}

fn is_page_args(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "PageArgs"))
}
