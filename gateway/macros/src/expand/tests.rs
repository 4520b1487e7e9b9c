//! What the macro takes and what it refuses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use quote::quote;

use super::expand;

fn refusal(header: proc_macro2::TokenStream, block: proc_macro2::TokenStream) -> String {
    match expand(header, block) {
        Ok(tokens) => panic!("this should not compile, but it does: {tokens}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_field_without_a_guard_does_not_compile() {
    let error = refusal(quote!(dso = Viewer), quote!(impl Doctor { async fn email(&self) -> Option<&str> { None } }));
    assert_eq!(
        error,
        "the field `Doctor.email` has no guard: add `#[guard(..)]`, or `#[public(\"reason\")]` if it is for everybody"
    );
}

#[test]
fn a_guard_outside_the_vocabulary_does_not_compile() {
    let field = |guard| quote!(impl Doctor { #[guard(#guard)] fn name(&self) -> &str { "" } });
    let refused = |guard| refusal(quote!(org = Member), field(guard));
    assert!(refused(quote!(team = Admin)).contains("no word `team`"));
    assert!(refused(quote!(dso = Owner)).contains("there is no role `Owner` here"));
    assert!(refused(quote!(org = Viewer)).contains("there is no role `Viewer` here"));
    assert!(refused(quote!()).contains("a guard is one of"));
    assert!(refused(quote!(org = Admin, dso = Admin)).contains("a guard is one of"));
    assert!(refused(quote!(org = Admin, of = input.id)).contains("goes with `dso = ..`"));
    assert!(refused(quote!(dso = Admin, of = input.id)).contains("must be async"));
}

#[test]
fn a_field_has_one_guard() {
    let twice = quote!(impl Doctor { #[guard(signed_in)] #[public("x")] fn name(&self) -> &str { "" } });
    assert_eq!(refusal(quote!(org = Member), twice), "a field has one guard");
}

#[test]
fn check_directive_and_row_come_from_one_attribute() {
    let block = quote!(impl Doctor { #[guard(dso = Manager)] fn email_address(&self) -> Option<&str> { None } });
    let tokens = expand(quote!(dso = Viewer), block).unwrap().to_string();
    let guard = "Guard :: Dso (:: entity :: auth :: DsoRole :: Manager)";
    assert_eq!(
        tokens.matches(guard).count(),
        7,
        "three arguments of the directive, the check, the registry, the column, what it looks at: {tokens}"
    );
    assert_eq!(
        tokens.matches("\"Doctor.emailAddress\"").count(),
        2,
        "once in the check, once in the registry: {tokens}"
    );
}

#[test]
fn a_column_and_its_resolver_have_one_body() {
    let block = quote!(
        impl Doctor {
            #[guard(dso = Viewer)]
            fn name(&self) -> &str { &self.the_name }
            #[guard(dso = Viewer)]
            async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, ResolverError> { find(context).await }
            #[guard(dso = Viewer)]
            fn fails(&self) -> Result<Option<Dso>, ResolverError> { Ok(None) }
        }
    );
    let tokens = expand(quote!(dso = Viewer), block).unwrap().to_string();
    assert_eq!(tokens.matches("the_name").count(), 1, "{tokens}");
    assert_eq!(tokens.matches("column_name ()").count(), 2, "the resolver and the column call it: {tokens}");
    assert_eq!(
        tokens.matches("row_encoding :: Column {").count(),
        1,
        "what takes more or may fail is resolved: {tokens}"
    );
}
