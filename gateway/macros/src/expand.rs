//! A whole `impl`.
//!
//! Owns: the object, its registry rows, its columns and its compile-time checks. May use: the expansion of a field.
//! Invariant: every method of the block is a field, and every field has a row.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, ItemImpl, Type, parse_quote, spanned::Spanned};

use crate::{field, guard::GuardedAttributes};

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let header: GuardedAttributes = syn::parse2(attribute)?;
    let mut block: ItemImpl = syn::parse2(item)?;
    let own_name = match &header.name {
        Some(name) => name.value(),
        None => type_name(&block.self_ty)?,
    };
    let name = header.part_of.as_ref().map_or_else(|| own_name.clone(), syn::LitStr::value);
    let mut rows = Vec::new();
    let mut checks = Vec::new();
    let mut columns = Vec::new();
    let mut reads = Vec::new();
    let mut looks_at_row = false;
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else {
            return Err(syn::Error::new(item.span(), "a guarded impl holds fields only"));
        };
        let expanded = field::expand(&name, method)?;
        rows.push(expanded.row);
        checks.extend(expanded.check);
        columns.extend(expanded.column);
        reads.push(expanded.reads);
        looks_at_row |= expanded.looks_at_row;
    }
    block.attrs.push(parse_quote!(#[allow(clippy::too_many_arguments, clippy::unused_async, clippy::redundant_closure_call, clippy::needless_pass_by_value, clippy::unused_self)]));
    let self_ty = &block.self_ty;
    let baseline = header.baseline.expression();
    let (bodies, columns): (Vec<_>, Vec<_>) = columns.into_iter().map(|column| (column.body, column.entry)).unzip();
    let about = if looks_at_row {
        quote!(crate::guard::HasResource::resource(self))
    } else {
        quote!(::entity::auth::policy::PolicyTarget::Nothing)
    };
    Ok(quote! {
        #[::async_graphql::Object(name = #own_name)]
        #block

        impl crate::guard::Guarded for #self_ty {
            const TYPE: &'static str = #name;
            const FIELDS: &'static [crate::request::Field] = &[#(#rows),*];
        }

        #[allow(clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, clippy::unused_self)]
        impl #self_ty {
            #(#bodies)*
        }

        impl crate::row_encoding::Row for #self_ty {
            const COLUMNS: &'static [crate::row_encoding::Column<Self>] = &[#(#columns),*];
            const FIELD_COLUMNS: &'static [crate::row_encoding::FieldColumns] = &[#(#reads),*];

            fn about(&self) -> ::entity::auth::policy::PolicyTarget {
                #about
            }
        }

        impl crate::row_encoding::JsonScalar for #self_ty {
            const IS_PLAIN: bool = false;

            fn write(&self, _: &mut ::std::vec::Vec<u8>) {}
        }

        const _: () = {
            const BASELINE: ::entity::auth::policy::Guard = #baseline;
            #(#checks)*
            const _: ::entity::auth::policy::Guard = BASELINE;
        };
    })
}

fn type_name(ty: &Type) -> syn::Result<String> {
    match ty {
        Type::Path(path) => match path.path.segments.last() {
            Some(last) => Ok(last.ident.to_string()),
            None => Err(syn::Error::new(ty.span(), "this type has no name")),
        },
        Type::Group(group) => type_name(&group.elem),
        _ => Err(syn::Error::new(ty.span(), "a guarded impl is on a named type")),
    }
}

#[cfg(test)]
mod tests;
