//! Access policy as one total, pure function.
//!
//! Owns: the vocabulary of guards and [`decide`]. May use: roles, ids and a member's permissions; never a database.
//! Invariant: no `match` here has a `_` arm, so that a new role, scope or kind of caller does not compile until its
//! permissions have been decided.

use std::fmt;

use crate::{
    auth::{DsoRole, MemberPermissions, OrgRole},
    id::{DsoId, UserId},
};

/// The permission that a field requires of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Any caller, signed in or not; the reason is given in the schema.
    Public(&'static str),
    /// Any verified person, with or without an organization.
    SignedIn,
    /// A member of the active organization with at least this role.
    Org(OrgRole),
    /// At least this role on the DSO of the row.
    Dso(DsoRole),
    /// The row is about the caller, or the caller has at least this role in the organization.
    SelfOr(Option<OrgRole>),
}

/// The caller.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// No credential at all.
    Anonymous,
    /// A verified person who has not entered an organization.
    SignedIn(Option<UserId>),
    /// A member of the active organization.
    Member(&'a MemberPermissions),
}

/// The target of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyTarget {
    /// No target that a guard could check.
    Nothing,
    /// A row of this DSO.
    Dso(DsoId),
    /// A row about this person.
    Person(UserId),
}

/// The outcome, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Allowed.
    Allow,
    /// Denied for this reason.
    Deny(Reason),
}

/// Reason for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The caller is not authenticated.
    NotSignedIn,
    /// The caller has entered no organization.
    NoOrganization,
    /// The caller's role in the organization is too low.
    OrgRoleTooLow,
    /// The caller has no role on the DSO of the row: for them it does not exist.
    DsoNotVisible,
    /// The caller's role on the DSO is too low.
    DsoRoleTooLow,
    /// The row is about another person.
    NotSelf,
    /// The other member's role, or the role to be given, is not below the caller's.
    NotBelow,
    /// The caller runs as another member, and the action is reserved for that person or would change data.
    RunsAs,
}

/// Decides whether `caller` passes `guard` on a row that is about `about`.
#[must_use]
pub fn decide(caller: Subject<'_>, guard: Guard, about: PolicyTarget) -> Decision {
    match guard {
        Guard::Public(_) => Decision::Allow,
        Guard::SignedIn => match caller {
            Subject::Anonymous => Decision::Deny(Reason::NotSignedIn),
            Subject::SignedIn(_) | Subject::Member(_) => Decision::Allow,
        },
        Guard::Org(least) => match caller {
            Subject::Anonymous => Decision::Deny(Reason::NotSignedIn),
            Subject::SignedIn(_) => Decision::Deny(Reason::NoOrganization),
            Subject::Member(standing) => allow_if(standing.org_role() >= least, Reason::OrgRoleTooLow),
        },
        Guard::Dso(least) => match caller {
            Subject::Anonymous => Decision::Deny(Reason::NotSignedIn),
            Subject::SignedIn(_) => Decision::Deny(Reason::NoOrganization),
            Subject::Member(standing) => match about {
                PolicyTarget::Dso(dso) => match standing.dso_role(dso) {
                    Some(role) => allow_if(role >= least, Reason::DsoRoleTooLow),
                    None => Decision::Deny(Reason::DsoNotVisible),
                },
                PolicyTarget::Nothing | PolicyTarget::Person(_) => Decision::Deny(Reason::DsoNotVisible),
            },
        },
        Guard::SelfOr(least) => match caller {
            Subject::Anonymous => Decision::Deny(Reason::NotSignedIn),
            Subject::SignedIn(user) => match about {
                PolicyTarget::Person(person) => allow_if(user == Some(person), Reason::NotSelf),
                PolicyTarget::Nothing | PolicyTarget::Dso(_) => Decision::Deny(Reason::NotSelf),
            },
            Subject::Member(standing) => {
                let is_self = match about {
                    PolicyTarget::Person(person) => person == standing.user(),
                    PolicyTarget::Nothing | PolicyTarget::Dso(_) => false,
                };
                allow_if(is_self || least.is_some_and(|least| standing.org_role() >= least), Reason::NotSelf)
            }
        },
    }
}

/// Decides whether a member may act on another member with this role, or give this role: roles below their own, and
/// owners also owners.
#[must_use]
pub fn decide_rank(actor: OrgRole, other: OrgRole) -> Decision {
    match actor {
        OrgRole::Owner => Decision::Allow,
        OrgRole::Admin | OrgRole::Member => allow_if(other < actor, Reason::NotBelow),
    }
}

fn allow_if(allowed: bool, otherwise: Reason) -> Decision {
    if allowed { Decision::Allow } else { Decision::Deny(otherwise) }
}

impl Guard {
    /// Whether a caller who passes `baseline` on a row also passes this guard on the same row.
    ///
    /// A field whose guard is not implied by the baseline of its type is nullable; the guard macro checks this at
    /// compile time.
    #[must_use]
    pub const fn implied_by(self, baseline: Self) -> bool {
        match (self, baseline) {
            (Self::Public(_), Self::Public(_) | Self::SignedIn | Self::Org(_) | Self::Dso(_) | Self::SelfOr(_))
            | (Self::SignedIn, Self::SignedIn | Self::Org(_) | Self::Dso(_) | Self::SelfOr(_)) => true,
            (Self::Org(least), Self::Org(given)) => least as u8 <= given as u8,
            // A caller with a role on a DSO is a member of its organization, but need not have a higher role there.
            (Self::Org(least), Self::Dso(_)) => least as u8 == OrgRole::Member as u8,
            (Self::Dso(least), Self::Dso(given)) => least as u8 <= given as u8,
            (Self::SelfOr(None), Self::SelfOr(None)) => true,
            (Self::SelfOr(Some(least)), Self::Org(given) | Self::SelfOr(Some(given))) => least as u8 <= given as u8,
            (Self::SignedIn | Self::Org(_) | Self::Dso(_) | Self::SelfOr(_), Self::Public(_))
            | (Self::Org(_) | Self::Dso(_) | Self::SelfOr(_), Self::SignedIn)
            | (Self::Org(_) | Self::Dso(_), Self::SelfOr(_))
            | (Self::Dso(_), Self::Org(_))
            | (Self::SelfOr(_), Self::Dso(_))
            | (Self::SelfOr(None), Self::Org(_) | Self::SelfOr(Some(_)))
            | (Self::SelfOr(Some(_)), Self::SelfOr(None)) => false,
        }
    }
}

/// The format used in errors and documentation: `dso: MANAGER`.
impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(_) => f.write_str("public"),
            Self::SignedIn => f.write_str("signed in"),
            Self::Org(role) => write!(f, "org: {}", role.name()),
            Self::Dso(role) => write!(f, "dso: {}", role.name()),
            Self::SelfOr(None) => f.write_str("self"),
            Self::SelfOr(Some(role)) => write!(f, "self, or org: {}", role.name()),
        }
    }
}

/// The reason as a message for the refused person.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSignedIn => "not signed in",
            Self::NoOrganization => "no organization was chosen",
            Self::OrgRoleTooLow => "the role in the organization is too low",
            Self::DsoNotVisible => "no role on this dso",
            Self::DsoRoleTooLow => "the role on this dso is too low",
            Self::NotSelf => "the row is about another person",
            Self::NotBelow => "the role in question is not below one's own",
            Self::RunsAs => "not while running as another member",
        })
    }
}

#[cfg(test)]
mod tests;
