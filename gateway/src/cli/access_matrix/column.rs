//! Who the columns of the matrix are.
//!
//! Owns: nine imagined callers. May use: the policy's words. Invariant: a column is the least of its kind: whoever has a
//! role on the DSO is but a MEMBER of its organization, and the row is about the caller in one column only.

use entity::policy::{About, Caller, Guard};
use entity::{DsoId, DsoRole, OrgRole, Standing, TypedId as _, UserId};

/// A caller, and what the row is to them.
pub(super) struct Column {
    pub(super) name: &'static str,
    who: Who,
    /// Whom a row about a person is about.
    person: UserId,
    dso: DsoId,
}

enum Who {
    Anonymous,
    SignedIn(UserId),
    Member(Standing),
}

impl Column {
    /// From the weakest to the strongest, in the organization and then on the DSO.
    pub(super) fn all() -> Vec<Self> {
        let (caller, somebody, dso) = (UserId::generate(), UserId::generate(), DsoId::generate());
        let column = |name, who, person| Self { name, who, person, dso };
        let member = |role, granted: Option<DsoRole>| {
            Who::Member(Standing::supposed(caller, role, granted.map(|role| (dso, role))))
        };
        vec![
            column("anonymous", Who::Anonymous, somebody),
            column("signed in", Who::SignedIn(caller), somebody),
            column("self", Who::SignedIn(caller), caller),
            column("org MEMBER", member(OrgRole::Member, None), somebody),
            column("org ADMIN", member(OrgRole::Admin, None), somebody),
            column("org OWNER", member(OrgRole::Owner, None), somebody),
            column("dso VIEWER", member(OrgRole::Member, Some(DsoRole::Viewer)), somebody),
            column("dso MANAGER", member(OrgRole::Member, Some(DsoRole::Manager)), somebody),
            column("dso ADMIN", member(OrgRole::Member, Some(DsoRole::Admin)), somebody),
        ]
    }

    pub(super) fn caller(&self) -> Caller<'_> {
        match &self.who {
            Who::Anonymous => Caller::Anonymous,
            Who::SignedIn(user) => Caller::SignedIn(Some(*user)),
            Who::Member(standing) => Caller::Member(standing),
        }
    }

    /// What the row is about, as far as this guard looks.
    pub(super) fn about(&self, guard: Guard) -> About {
        match guard {
            Guard::Public(_) | Guard::SignedIn | Guard::Org(_) => About::Nothing,
            Guard::Dso(_) => About::Dso(self.dso),
            Guard::SelfOr(_) => About::Person(self.person),
        }
    }
}
