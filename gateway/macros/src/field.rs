//! One method as one guarded field.
//!
//! Owns: the check in front of the body, and the form of the result. May use: the parsed guard. Invariant: the body does
//! not run unless the check has passed. (The check is inside the method, not an attribute of the library: those are
//! skipped on the way through an interface.)

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Block, FnArg, GenericArgument, ImplItemFn, LitStr, PathArguments, ReturnType, Type, ext::IdentExt,
    parse_quote, spanned::Spanned,
};

use crate::{
    column::{self, Column},
    column_use::ColumnUse,
    guard::{Guard, Kind},
    page_args,
};

/// What a method gives back, by its written type.
enum Output {
    /// `T`: never null.
    Value(Box<Type>),
    /// `Result<T, E>`: never null, may fail.
    Fallible(Box<Type>, Box<Type>),
    /// `Option<T>`: nullable.
    Nullable(Box<Type>),
    /// `Result<Option<T>, E>`: nullable, may fail.
    FallibleNullable(Box<Type>, Box<Type>),
}

/// A field's row in the registry, and what goes with it.
pub(crate) struct Expanded {
    pub(crate) row: TokenStream,
    pub(crate) check: Option<TokenStream>,
    pub(crate) column: Option<Column>,
    /// What of the row it looks at.
    pub(crate) reads: TokenStream,
    pub(crate) looks_at_row: bool,
}

pub(crate) fn expand(type_name: &str, method: &mut ImplItemFn) -> syn::Result<Expanded> {
    let guard = take_guard(type_name, method)?;
    let name = field_name(method)?;
    let coordinate = format!("{type_name}.{name}");
    let expression = guard.expression();
    merge_graphql(method, &guard)?;
    let reads = ColumnUse::of(&method.block).expression();
    let reads = quote!(crate::row_encoding::FieldColumns { name: #name, guard: #expression, at: #reads });
    let output = output(&method.sig.output)?;
    let column = match output {
        Output::Value(_) | Output::Nullable(_) => column::extract_getter(method, &name, &expression),
        Output::Fallible(..) | Output::FallibleNullable(..) => None,
    };
    let gather = page_args::replace(method);
    let context = ensure_context(method);
    let target = if guard.of.is_some() { quote!(Argument) } else { quote!(Row) };
    let field: TokenStream = quote!(crate::request::Field {
        coordinate: #coordinate,
        guard: #expression,
        target: crate::request::GuardTarget::#target,
    });

    let is_mutation = type_name == "Mutation";
    if is_mutation && (method.sig.asyncness.is_none() || !matches!(output, Output::FallibleNullable(..))) {
        let message = "a mutation is async and gives back `Result<Option<Payload>, Fault>`: its outcome is recorded";
        return Err(syn::Error::new(method.sig.ident.span(), message));
    }
    let admitted = admission(&guard, &context, &field, method)?;
    let body = &method.block;
    let check = match &output {
        Output::Value(_) | Output::Fallible(..) => {
            let message = format!(
                "`{coordinate}` has a guard that its type's baseline does not imply, so it must be nullable: make it an Option"
            );
            Some(quote!(
                const _: () = assert!(#expression.implied_by(BASELINE), #message);
            ))
        }
        Output::Nullable(_) | Output::FallibleNullable(..) => None,
    };
    let (ty, run): (Type, TokenStream) = match output {
        Output::Value(ty) => {
            let run = inner(method, body, &ty, gather.as_ref());
            (
                parse_quote!(::core::result::Result<#ty, crate::errors::ResolverError>),
                quote!({ #admitted.ok_or(crate::errors::ResolverError::Denied)?; ::core::result::Result::Ok(#run) }),
            )
        }
        Output::Fallible(ty, error) => {
            let whole: Type = parse_quote!(::core::result::Result<#ty, #error>);
            let run = inner(method, body, &whole, gather.as_ref());
            (whole, quote!({ #admitted.ok_or(crate::errors::ResolverError::Denied)?; #run }))
        }
        Output::Nullable(ty) => {
            let whole: Type = parse_quote!(::core::option::Option<#ty>);
            let run = inner(method, body, &whole, gather.as_ref());
            (whole, quote!({ #admitted?; #run }))
        }
        Output::FallibleNullable(ty, error) => {
            let written: Type = parse_quote!(::core::result::Result<::core::option::Option<#ty>, #error>);
            let run = inner(method, body, &written, gather.as_ref());
            let whole: Type = parse_quote!(::core::option::Option<::core::result::Result<#ty, #error>>);
            let run = if is_mutation {
                // A replay shows what was done, with the rights of now, and does nothing: so it comes before the guard, which
                // decides who may do it.
                quote!({
                    if let ::core::option::Option::Some(__replayed) = crate::schema::replay(#context).await {
                        return __replayed;
                    }
                    let __returned: #whole = async {
                        #admitted?;
                        ::core::result::Result::transpose(#run)
                    }
                    .await;
                    crate::schema::record(#context, __returned.as_ref());
                    __returned
                })
            } else {
                quote!({
                    #admitted?;
                    ::core::result::Result::transpose(#run)
                })
            };
            (whole, run)
        }
    };
    method.sig.output = parse_quote!(-> #ty);
    let block: Block = syn::parse2(run)?;
    method.block = block;
    let looks_at_row = guard.of.is_none() && matches!(guard.kind, Kind::Dso(_) | Kind::Own(_));
    Ok(Expanded { row: field, check, column, reads, looks_at_row })
}

/// The body as an expression of its own type, so that a `return` in it stays in it.
fn inner(method: &ImplItemFn, body: &Block, ty: &Type, gather: Option<&syn::Stmt>) -> TokenStream {
    if method.sig.asyncness.is_some() {
        quote!(async move { #gather let __field: #ty = #body; __field }.await)
    } else {
        quote!((move || -> #ty { #gather #body })())
    }
}

/// An expression that is `Some` if the caller may pass. The denial has been noted when it is `None`.
fn admission(
    guard: &Guard,
    context: &syn::Ident,
    field: &TokenStream,
    method: &ImplItemFn,
) -> syn::Result<TokenStream> {
    let Some(of) = &guard.of else {
        let about = guard.about();
        return Ok(quote!(crate::guard::check(#context, &const { #field }, || #about)));
    };
    if method.sig.asyncness.is_none() {
        return Err(syn::Error::new(of.span(), "a guard with `of` looks the row up: the field must be async"));
    }
    Ok(quote!(crate::guard::check_argument(#context, &const { #field }, #of).await))
}

fn take_guard(type_name: &str, method: &mut ImplItemFn) -> syn::Result<Guard> {
    let mut found = None;
    let mut kept = Vec::with_capacity(method.attrs.len());
    for attribute in std::mem::take(&mut method.attrs) {
        let guard = if attribute.path().is_ident("guard") {
            attribute.parse_args::<Guard>()?
        } else if attribute.path().is_ident("public") {
            Guard::public(attribute.parse_args::<LitStr>()?)
        } else {
            kept.push(attribute);
            continue;
        };
        if found.replace(guard).is_some() {
            return Err(syn::Error::new(method.sig.ident.span(), "a field has one guard"));
        }
    }
    method.attrs = kept;
    found.ok_or_else(|| {
        let name = method.sig.ident.unraw();
        syn::Error::new(
            method.sig.ident.span(),
            format!("the field `{type_name}.{name}` has no guard: add `#[guard(..)]`, or `#[public(\"reason\")]` if it is for everybody"),
        )
    })
}

fn field_name(method: &ImplItemFn) -> syn::Result<String> {
    let mut given = None;
    for attribute in method.attrs.iter().filter(|attribute| attribute.path().is_ident("graphql")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                given = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            } else if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        })?;
    }
    Ok(given.unwrap_or_else(|| camel_case(&method.sig.ident.unraw().to_string())))
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

/// Adds the directive to the field's own `#[graphql(..)]`: the library reads only one.
fn merge_graphql(method: &mut ImplItemFn, guard: &Guard) -> syn::Result<()> {
    let mut words = TokenStream::new();
    let mut kept = Vec::with_capacity(method.attrs.len());
    for attribute in std::mem::take(&mut method.attrs) {
        if attribute.path().is_ident("graphql") {
            let list = attribute.meta.require_list()?.tokens.clone();
            words = quote!(#words #list,);
        } else {
            kept.push(attribute);
        }
    }
    let directive = guard.directive();
    let merged: Attribute = parse_quote!(#[graphql(#words directive = #directive)]);
    kept.push(merged);
    method.attrs = kept;
    Ok(())
}

/// The context's name; the parameter is added where the method has none.
fn ensure_context(method: &mut ImplItemFn) -> syn::Ident {
    for input in &method.sig.inputs {
        if let FnArg::Typed(typed) = input
            && let Type::Reference(reference) = &*typed.ty
            && let Type::Path(path) = &*reference.elem
            && path.path.segments.last().is_some_and(|last| last.ident == "Context")
            && let syn::Pat::Ident(name) = &*typed.pat
        {
            return name.ident.clone();
        }
    }
    let name: syn::Ident = syn::Ident::new("__context", proc_macro2::Span::call_site());
    let context: FnArg = parse_quote!(#name: &::async_graphql::Context<'_>);
    method.sig.inputs.insert(1, context);
    name
}

fn output(output: &ReturnType) -> syn::Result<Output> {
    let ReturnType::Type(_, ty) = output else {
        return Err(syn::Error::new(output.span(), "a field gives something back"));
    };
    if let Some([inner]) = arguments_of(ty, "Option").as_deref() {
        return Ok(Output::Nullable(Box::new(inner.clone())));
    }
    if let Some([inner, error]) = arguments_of(ty, "Result").as_deref() {
        let error = Box::new(error.clone());
        return Ok(match arguments_of(inner, "Option").as_deref() {
            Some([inner]) => Output::FallibleNullable(Box::new(inner.clone()), error),
            _ => Output::Fallible(Box::new(inner.clone()), error),
        });
    }
    Ok(Output::Value(ty.clone()))
}

/// The type arguments of `name<..>`.
fn arguments_of(ty: &Type, name: &str) -> Option<Vec<Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    Some(types.collect())
}
