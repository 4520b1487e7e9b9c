//! The attribute's words.
//!
//! Owns: parsing `dso = Manager, of = input.doctor` and turning it into an expression of `entity::policy::Guard`. May
//! use: syn. Invariant: what is not in the closed vocabulary is a compile error that says what is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Ident, LitStr, Token, parse::Parse, parse::ParseStream};

/// A parsed guard.
pub(crate) struct Guard {
    pub(crate) kind: Kind,
    /// The argument whose row it is about, when it is not about `self`.
    pub(crate) of: Option<Expr>,
}

pub(crate) enum Kind {
    Public(LitStr),
    SignedIn,
    Org(Ident),
    Dso(Ident),
    Own(Option<Ident>),
}

/// `#[guarded(..)]`'s words: a baseline and perhaps a name.
pub(crate) struct GuardedAttributes {
    pub(crate) baseline: Guard,
    pub(crate) name: Option<LitStr>,
    /// The merged root object in which the fields end up.
    pub(crate) part_of: Option<LitStr>,
}

impl Parse for Guard {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let header: GuardedAttributes = input.parse()?;
        match header.name.or(header.part_of) {
            Some(word) => Err(syn::Error::new(word.span(), "`name` and `part_of` belong to `#[guarded(..)]`")),
            None => Ok(header.baseline),
        }
    }
}

impl Parse for GuardedAttributes {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        parse_attributes(input)
    }
}

fn parse_attributes(input: ParseStream<'_>) -> syn::Result<GuardedAttributes> {
    let (mut org, mut dso, mut own, mut signed_in, mut public, mut of) = (None, None, None, None, None, None);
    let (mut name, mut part_of) = (None, None);
    while !input.is_empty() {
        let word: Ident = input.parse()?;
        match word.to_string().as_str() {
            "signed_in" => signed_in = Some(word),
            "own" => own = Some(word),
            "public" => {
                input.parse::<Token![=]>()?;
                public = Some(input.parse::<LitStr>()?);
            }
            "org" => {
                input.parse::<Token![=]>()?;
                org = Some(role(input, &["Member", "Admin", "Owner"])?);
            }
            "dso" => {
                input.parse::<Token![=]>()?;
                dso = Some(role(input, &["Viewer", "Manager", "Admin"])?);
            }
            "of" => {
                input.parse::<Token![=]>()?;
                of = Some(input.parse::<Expr>()?);
            }
            "name" => {
                input.parse::<Token![=]>()?;
                name = Some(input.parse::<LitStr>()?);
            }
            "part_of" => {
                input.parse::<Token![=]>()?;
                part_of = Some(input.parse::<LitStr>()?);
            }
            other => {
                let words = "`signed_in`, `org = ..`, `dso = ..`, `own` and `of = ..`";
                return Err(syn::Error::new(word.span(), format!("a guard has no word `{other}`; it has {words}")));
            }
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    let kind = match (signed_in, own, dso, org, public) {
        (Some(_), None, None, None, None) => Kind::SignedIn,
        (None, Some(_), None, org, None) => Kind::Own(org),
        (None, None, Some(role), None, None) => Kind::Dso(role),
        (None, None, None, Some(role), None) => Kind::Org(role),
        (None, None, None, None, Some(reason)) => Kind::Public(reason),
        _ => return Err(input.error("a guard is one of `signed_in`, `org = ..`, `dso = ..`, `own`, `own, org = ..`")),
    };
    if of.is_some() && !matches!(kind, Kind::Dso(_)) {
        return Err(input.error("`of` names the row whose DSO is meant; it goes with `dso = ..`"));
    }
    Ok(GuardedAttributes { baseline: Guard { kind, of }, name, part_of })
}

fn role(input: ParseStream<'_>, known: &[&str]) -> syn::Result<Ident> {
    let role: Ident = input.parse()?;
    if known.iter().any(|name| role == name) {
        return Ok(role);
    }
    Err(syn::Error::new(role.span(), format!("there is no role `{role}` here; there are {}", known.join(", "))))
}

impl Guard {
    pub(crate) fn public(reason: LitStr) -> Self {
        Self { kind: Kind::Public(reason), of: None }
    }

    /// The guard as a constant expression.
    pub(crate) fn expression(&self) -> TokenStream {
        let guard = quote!(::entity::auth::policy::Guard);
        match &self.kind {
            Kind::Public(reason) => quote!(#guard::Public(#reason)),
            Kind::SignedIn => quote!(#guard::SignedIn),
            Kind::Org(role) => quote!(#guard::Org(::entity::auth::OrgRole::#role)),
            Kind::Dso(role) => quote!(#guard::Dso(::entity::auth::DsoRole::#role)),
            Kind::Own(None) => quote!(#guard::SelfOr(::core::option::Option::None)),
            Kind::Own(Some(role)) => {
                quote!(#guard::SelfOr(::core::option::Option::Some(::entity::auth::OrgRole::#role)))
            }
        }
    }

    /// The directive as the library wants it: a call of `apply`.
    pub(crate) fn directive(&self) -> TokenStream {
        let directive = quote!(crate::guard::directive);
        let expression = self.expression();
        match &self.kind {
            Kind::Public(reason) => quote!(#directive::public::apply(::std::string::String::from(#reason))),
            Kind::SignedIn | Kind::Org(_) | Kind::Dso(_) | Kind::Own(_) => quote!(#directive::guard::apply(
                #directive::scope(&#expression),
                #directive::org_role(&#expression),
                #directive::dso_role(&#expression)
            )),
        }
    }

    /// What the row in question is about, as an expression; evaluated before the body.
    pub(crate) fn about(&self) -> TokenStream {
        match (&self.kind, &self.of) {
            (Kind::Public(_) | Kind::SignedIn | Kind::Org(_), _) => {
                quote!(::entity::auth::policy::PolicyTarget::Nothing)
            }
            (Kind::Dso(_) | Kind::Own(_), _) => quote!(crate::guard::HasResource::resource(self)),
        }
    }
}
