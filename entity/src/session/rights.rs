//! A member's rights, to be compared within one operation.
//!
//! Owns: [`Rights`] and what a later transaction of an operation must find. May use: roles, rows. Invariant: an operation that has read a
//! member's rights reads and changes nothing more once they differ, unless it has changed them itself.
//!
//! Guards decide by the rights that were read first. A transaction that sees later data under those rights would show and change what the
//! member may no longer see and change.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sea_orm::{DbBackend, Statement};

use crate::{
    auth::{DsoRole, OrgContext, OrgRole},
    error::{Error, Retry},
    id::{DsoId, MemberId, OrganizationId, TypedId},
    row::Row,
};

/// The role and, of a plain member, each living DSO with the role there, ordered by the DSO's id. PostgreSQL writes the same text:
/// migration `m0025_context_rights`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rights(Arc<str>);

impl From<String> for Rights {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Rights {
    fn new(role: OrgRole, granted: &BTreeMap<DsoId, DsoRole>) -> Self {
        let mut text = role.name().to_owned();
        if !role.sees_all_dsos() {
            for (dso, role) in granted {
                // Writing to a string cannot fail.
                let _ = write!(text, " {} {}", dso.uuid(), role.name());
            }
        }
        Self::from(text)
    }

    pub(crate) fn of(context: &OrgContext) -> Self {
        let standing = context.permissions();
        Self::new(standing.org_role(), standing.granted())
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// The rights that an operation's next transaction must find. Clones share them.
#[derive(Clone)]
pub(crate) struct Expected(Arc<Mutex<Option<Rights>>>);

impl Expected {
    fn new(rights: Rights) -> Self {
        Self(Arc::new(Mutex::new(Some(rights))))
    }

    fn rights(&self) -> MutexGuard<'_, Option<Rights>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None: whichever they are.
    pub(super) fn now(&self) -> Option<Rights> {
        self.rights().clone()
    }

    /// The next transaction accepts any rights, and those after it the same.
    pub(super) fn forget_expected(&self) {
        *self.rights() = None;
    }

    /// Compares what a transaction has found; none where the caller is no active member.
    pub(super) fn accept(&self, found: Option<Rights>) -> Result<(), Error> {
        let found = found.ok_or(Error::NotFound)?;
        let mut expected = self.rights();
        if expected.get_or_insert_with(|| found.clone()) == &found {
            Ok(())
        } else {
            Err(Error::Retry(Retry::RightsChanged))
        }
    }
}

/// A member whose rights the gateway itself compares in each transaction.
pub(crate) struct OwnMembership {
    organization: OrganizationId,
    member: MemberId,
    expected: Expected,
}

const RIGHTS: &str = "\
    SELECT m.role, d.id AS dso, g.role AS dso_role \
    FROM memberships m \
    JOIN organizations o ON o.id = m.organization_id AND o.status = 'ACTIVE' AND o.deleted_at IS NULL \
    LEFT JOIN dso_grants g ON g.organization_id = m.organization_id AND g.member_id = m.id \
    LEFT JOIN dsos d ON d.organization_id = g.organization_id AND d.id = g.dso_id AND d.deleted_at IS NULL \
    WHERE m.organization_id = $1 AND m.id = $2 AND m.status = 'ACTIVE'";

impl OwnMembership {
    pub(crate) fn new(context: &OrgContext) -> Self {
        let expected = Expected::new(Rights::of(context));
        Self { organization: context.organization(), member: context.member(), expected }
    }

    pub(super) fn expected(&self) -> &Expected {
        &self.expected
    }

    pub(super) fn statement(&self, backend: DbBackend) -> Statement {
        Statement::from_sql_and_values(backend, RIGHTS, [self.organization.into(), self.member.into()])
    }

    pub(super) fn accept(&self, rows: &[Row]) -> Result<(), Error> {
        let role: Option<OrgRole> = rows.first().map(|row| row.get_by_name("role")).transpose()?;
        let mut granted = BTreeMap::new();
        for row in rows {
            let (dso, role): (Option<DsoId>, Option<DsoRole>) = (row.get_by_name("dso")?, row.get_by_name("dso_role")?);
            granted.extend(dso.zip(role));
        }
        self.expected.accept(role.map(|role| Rights::new(role, &granted)))
    }
}

impl From<&OrgContext> for Expected {
    fn from(context: &OrgContext) -> Self {
        Self::new(Rights::of(context))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    fn rights(text: &str) -> Rights {
        Rights::from(text.to_owned())
    }

    #[test]
    fn other_rights_than_the_operation_began_with_are_refused() {
        let expected = Expected::new(rights("ADMIN"));
        expected.accept(Some(rights("ADMIN"))).unwrap();
        assert!(matches!(expected.accept(Some(rights("MEMBER"))), Err(Error::Retry(Retry::RightsChanged))));
        assert!(matches!(expected.accept(None), Err(Error::NotFound)));
    }

    #[test]
    fn a_caller_who_has_changed_their_own_rights_goes_on_with_the_new_ones_and_no_others() {
        let expected = Expected::new(rights("OWNER"));
        expected.forget_expected();
        assert_eq!(expected.now(), None);
        expected.accept(Some(rights("ADMIN"))).unwrap();
        assert!(matches!(expected.accept(Some(rights("OWNER"))), Err(Error::Retry(Retry::RightsChanged))));
    }

    #[test]
    fn the_grants_of_a_plain_member_are_rights_and_those_of_an_admin_are_not() {
        let dsos = [DsoId::generate(), DsoId::generate()];
        let one = BTreeMap::from([(dsos[0], DsoRole::Viewer)]);
        let both = BTreeMap::from([(dsos[0], DsoRole::Viewer), (dsos[1], DsoRole::Viewer)]);
        let higher = BTreeMap::from([(dsos[0], DsoRole::Manager)]);
        let of = |granted: &BTreeMap<_, _>| Rights::new(OrgRole::Member, granted);
        assert_ne!(of(&one), of(&both));
        assert_ne!(of(&one), of(&higher));
        assert_eq!(Rights::new(OrgRole::Admin, &one), Rights::new(OrgRole::Admin, &both));
    }
}
