//! Who saw what before, who will see what, and who is what in the organization.
//!
//! Owns: the union of double grants, the choice of the owner, the comparison. May use: nothing of the database. Invariant:
//! nobody sees less than before but those excluded, and nobody more but an owner.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entity::{
    auth::{DsoRole, OrgRole},
    id::{DsoId, UserId},
    import::MemberRow,
    models::MemberStatus,
};

use super::{
    LegacyError, LegacyFile, Options,
    people::{People, Person, normalized},
    row_parsers::AccessRow,
    tally::{ImportTally, Origin},
};

/// A person and a DSO that they see.
pub(super) type MemberDso = (UserId, DsoId);

/// What the rows of access come to.
#[derive(Debug)]
pub(super) struct Plan {
    /// Every pair before the import.
    pub(super) before: BTreeSet<MemberDso>,
    /// The pairs of those who are excluded.
    pub(super) excluded: BTreeSet<MemberDso>,
    /// One row for each pair that stays.
    pub(super) grants: Vec<AccessRow>,
    /// Who owns the organization.
    pub(super) owner: UserId,
    /// Everybody, with their role.
    pub(super) members: Vec<MemberRow>,
}

impl Plan {
    /// Decides; counts what is merged or refused. The grants are counted when they are written.
    pub(super) fn new(
        rows: Vec<(AccessRow, Origin)>,
        people: &People,
        dsos: &HashSet<DsoId>,
        options: &Options,
        ledger: &mut ImportTally,
    ) -> Result<Self, LegacyError> {
        let gone = excluded(people, options)?;
        let (out, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(row, _)| gone.contains(&row.user));
        let excluded: BTreeSet<_> = out.iter().map(|(row, _)| (row.user, row.dso)).collect();
        for (_, origin) in out {
            ledger.reject(origin, "excluded");
        }
        let mut strongest: BTreeMap<MemberDso, AccessRow> = BTreeMap::new();
        for (row, _) in rows {
            match strongest.get_mut(&(row.user, row.dso)) {
                None => drop(strongest.insert((row.user, row.dso), row)),
                Some(held) => {
                    ledger.merge(LegacyFile::Access);
                    // On a tie the first row wins.
                    if row.role > held.role {
                        *held = row;
                    }
                }
            }
        }
        let admins = organization_admins(&strongest, dsos);
        let owner = owner(people, &admins, &gone, options)?;
        let member = |person: &Person| MemberRow {
            user: person.user,
            role: match person.user {
                user if user == owner => OrgRole::Owner,
                user if admins.contains(&user) => OrgRole::Admin,
                _ => OrgRole::Member,
            },
            status: if gone.contains(&person.user) { MemberStatus::Removed } else { MemberStatus::Active },
        };
        Ok(Self {
            before: strongest.keys().copied().chain(excluded.iter().copied()).collect(),
            excluded,
            grants: strongest.into_values().collect(),
            owner,
            members: people.all.iter().map(member).collect(),
        })
    }

    /// Who would see less or more than they should, each with the DSO; empty if all is right.
    pub(super) fn differences(&self, after: &BTreeSet<MemberDso>) -> Vec<(MemberDso, Difference)> {
        let should: BTreeSet<_> = self.before.difference(&self.excluded).copied().collect();
        let lost = should.difference(after).map(|pair| (*pair, Difference::Lost));
        // Who is named the owner sees everything from now on: the one gain that is meant.
        let gained = after.difference(&should).filter(|(user, _)| *user != self.owner);
        lost.chain(gained.map(|pair| (*pair, Difference::Gained))).collect()
    }
}

/// How access after the import differs from access before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Lost,
    Gained,
}

fn excluded(people: &People, options: &Options) -> Result<HashSet<UserId>, LegacyError> {
    let find = |email: &String| {
        let person = people.by_email(email).ok_or_else(|| LegacyError::UnknownExclude(email.clone()))?;
        Ok(person.user)
    };
    options.exclude.iter().map(find).collect()
}

/// Who has the role of an admin on every DSO; nobody, if there is none.
fn organization_admins(grants: &BTreeMap<MemberDso, AccessRow>, dsos: &HashSet<DsoId>) -> HashSet<UserId> {
    let mut counts: BTreeMap<UserId, usize> = BTreeMap::new();
    for grant in grants.values().filter(|grant| grant.role == DsoRole::Admin) {
        *counts.entry(grant.user).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count == dsos.len()).map(|(user, _)| user).collect()
}

fn owner(
    people: &People,
    admins: &HashSet<UserId>,
    gone: &HashSet<UserId>,
    options: &Options,
) -> Result<UserId, LegacyError> {
    let Some(email) = &options.owner else {
        let candidates = people.all.iter().filter(|person| admins.contains(&person.user));
        // `min_by_key` keeps the first of equals, which is the file's order.
        let first = candidates.min_by_key(|person| (person.created_at.is_none(), person.created_at));
        return first.map(|person| person.user).ok_or(LegacyError::NoOwner);
    };
    let person = people.by_email(email).ok_or_else(|| LegacyError::UnknownOwner(normalized(email)))?;
    if gone.contains(&person.user) { Err(LegacyError::ExcludesOwner(normalized(email))) } else { Ok(person.user) }
}
