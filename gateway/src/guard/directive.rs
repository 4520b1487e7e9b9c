//! The guard as a directive in the schema.
//!
//! Owns: `@guard` and `@public`. May use: the policy's guard. Invariant: what is printed is computed from the very guard
//! that is checked.

use async_graphql::{Enum, TypeDirective};
use entity::auth::policy::Guard;

use crate::guard::{DsoRole, OrgRole};

/// What a guard looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GuardScope {
    /// Any verified person.
    SignedIn,
    /// A member of the active organization with at least `orgRole`.
    Org,
    /// At least `dsoRole` on the DSO of this very row.
    Dso,
    /// The row is about the caller, or the caller has at least `orgRole`.
    #[graphql(name = "SELF")]
    Own,
}

/// Who may read or call this field. Refused, it is null and `errors` says why.
#[TypeDirective(location = "FieldDefinition")]
#[expect(non_camel_case_types, reason = "directives are spelled in lower case")]
pub(crate) fn guard(
    #[graphql(desc = "What is looked at.")] scope: GuardScope,
    #[graphql(desc = "The least role in the organization.")] org_role: Option<OrgRole>,
    #[graphql(desc = "The least role on the DSO of this very row.")] dso_role: Option<DsoRole>,
) {
}

/// Anybody may read this field, signed in or not.
#[TypeDirective(location = "FieldDefinition")]
#[expect(non_camel_case_types, reason = "directives are spelled in lower case")]
pub(crate) fn public(#[graphql(desc = "Why it may be so.")] reason: String) {}

/// The directive's `scope`.
pub(crate) fn scope(of: &Guard) -> GuardScope {
    match of {
        // A public field has its own directive; the strictest scope here shows at once if that were ever mixed up.
        Guard::Public(_) | Guard::SelfOr(_) => GuardScope::Own,
        Guard::SignedIn => GuardScope::SignedIn,
        Guard::Org(_) => GuardScope::Org,
        Guard::Dso(_) => GuardScope::Dso,
    }
}

/// The directive's `orgRole`.
pub(crate) fn org_role(of: &Guard) -> Option<OrgRole> {
    match of {
        Guard::Org(role) | Guard::SelfOr(Some(role)) => Some((*role).into()),
        Guard::Public(_) | Guard::SignedIn | Guard::Dso(_) | Guard::SelfOr(None) => None,
    }
}

/// The directive's `dsoRole`.
pub(crate) fn dso_role(of: &Guard) -> Option<DsoRole> {
    match of {
        Guard::Dso(role) => Some((*role).into()),
        Guard::Public(_) | Guard::SignedIn | Guard::Org(_) | Guard::SelfOr(_) => None,
    }
}
