//! The proc-macro behind the guard.
//!
//! Owns: `#[guarded]`, which turns an `impl` into a GraphQL object whose every field carries a guard. May use: syn.
//! Invariant: the run-time check, the directive in the SDL and the registry's row come out of one attribute, so they
//! cannot drift; a method without `#[guard(..)]` or `#[public(..)]` does not compile.

mod column;
mod column_use;
mod expand;
mod field;
mod guard;
mod page_args;

use proc_macro::TokenStream;

/// Makes an `impl` block a GraphQL object of guarded fields.
///
/// `#[guarded(dso = Viewer)]` names the type's baseline: what whoever holds an object of it has passed already. The
/// name in the schema is the type's, unless `name = "Other"` is added; `part_of = "Query"` names the merged root object in
/// which the fields end up.
///
/// Each method carries one of
/// - `#[guard(signed_in)]`: any verified person;
/// - `#[guard(org = Admin)]`: at least this role in the active organization;
/// - `#[guard(dso = Manager)]`: at least this role on the DSO of this row (`Located for Self`), or with
///   `of = input.doctor` on the DSO of the row that an argument names;
/// - `#[guard(own)]`, `#[guard(own, org = Admin)]`: the row is about the caller, or the caller has at least this role;
/// - `#[public("reason")]`: anybody.
///
/// A field whose guard the baseline does not imply must be nullable, or it does not compile. A nullable fallible field is
/// written `Result<Option<T>>` and becomes null with one error at its path, never taking its parent along.
/// A parameter `page: PageArgs` becomes the four arguments of a connection.
///
/// A method of `&self` alone is a column: its body is one method, which the resolver calls behind its guard, and which a
/// list of rows (`Rows`) calls behind the same guard when it writes all of its rows at once.
#[proc_macro_attribute]
pub fn guarded(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(attribute.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
