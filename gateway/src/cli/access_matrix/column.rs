//! Who the columns of the matrix are.
//!
//! Owns: nine imagined callers. May use: the policy's words. Invariant: a column is the least of its kind: whoever has a
//! role on the DSO is but a MEMBER of its organization, and the row is about the caller in one column only.

use entity::auth::policy::{Guard, PolicyTarget, Subject};
use entity::{
    auth::{DsoRole, MemberPermissions, OrgRole},
    id::{DsoId, TypedId as _, UserId},
};

/// A caller, and what the row is to them.
pub(super) struct Column {
    pub(super) name: &'static str,
    who: ColumnSubject,
    /// Whom a row about a person is about.
    person: UserId,
    dso: DsoId,
}

enum ColumnSubject {
    Anonymous,
    SignedIn(UserId),
    Member(MemberPermissions),
}

impl Column {
    /// From the weakest to the strongest, in the organization and then on the DSO.
    pub(super) fn all() -> Vec<Self> {
        let (caller, somebody, dso) = (UserId::generate(), UserId::generate(), DsoId::generate());
        let column = |name, who, person| Self { name, who, person, dso };
        let member = |role, granted: Option<DsoRole>| {
            ColumnSubject::Member(MemberPermissions::hypothetical(caller, role, granted.map(|role| (dso, role))))
        };
        vec![
            column("anonymous", ColumnSubject::Anonymous, somebody),
            column("signed in", ColumnSubject::SignedIn(caller), somebody),
            column("self", ColumnSubject::SignedIn(caller), caller),
            column("org MEMBER", member(OrgRole::Member, None), somebody),
            column("org ADMIN", member(OrgRole::Admin, None), somebody),
            column("org OWNER", member(OrgRole::Owner, None), somebody),
            column("dso VIEWER", member(OrgRole::Member, Some(DsoRole::Viewer)), somebody),
            column("dso MANAGER", member(OrgRole::Member, Some(DsoRole::Manager)), somebody),
            column("dso ADMIN", member(OrgRole::Member, Some(DsoRole::Admin)), somebody),
        ]
    }

    pub(super) fn caller(&self) -> Subject<'_> {
        match &self.who {
            ColumnSubject::Anonymous => Subject::Anonymous,
            ColumnSubject::SignedIn(user) => Subject::SignedIn(Some(*user)),
            ColumnSubject::Member(standing) => Subject::Member(standing),
        }
    }

    /// What the row is about, as far as this guard looks.
    pub(super) fn about(&self, guard: Guard) -> PolicyTarget {
        match guard {
            Guard::Public(_) | Guard::SignedIn | Guard::Org(_) => PolicyTarget::Nothing,
            Guard::Dso(_) => PolicyTarget::Dso(self.dso),
            Guard::SelfOr(_) => PolicyTarget::Person(self.person),
        }
    }
}
