//! What the actors are: the facts that the oracle starts from.
//!
//! Owns: each actor's roles, written down by hand. May use: nothing of the gateway. Invariant: it says what the world's rows
//! say (`tests/src/world/rows.rs`), in the oracle's own words.

use tests::Actor;

/// What somebody is in the organization that they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No credential.
    Anonymous,
    /// Verified, and not an active member.
    Outside,
    /// A member: rank in the organization (lowest 1), and rank on each living DSO that was granted.
    Member(u8, &'static [(&'static str, u8)]),
}

pub(crate) const MEMBER: u8 = 1;
pub(crate) const ADMIN: u8 = 2;
pub(crate) const OWNER: u8 = 3;
pub(crate) const DSO_VIEWER: u8 = 1;
pub(crate) const DSO_MANAGER: u8 = 2;
pub(crate) const DSO_ADMIN: u8 = 3;

impl Standing {
    pub(crate) fn of(actor: Actor) -> Self {
        match actor {
            Actor::Anonymous => Self::Anonymous,
            Actor::Stranger | Actor::Removed | Actor::Suspended | Actor::Outsider => Self::Outside,
            Actor::Owner | Actor::OwnerOfB | Actor::BothInB => Self::Member(OWNER, &[]),
            Actor::Admin => Self::Member(ADMIN, &[]),
            Actor::DsoAdmin => Self::Member(MEMBER, &[("Smile", DSO_ADMIN)]),
            // Also manager of `Archived`, which does not live.
            Actor::Manager => Self::Member(MEMBER, &[("Smile", DSO_MANAGER), ("Bright", DSO_VIEWER)]),
            Actor::Viewer | Actor::BothInA => Self::Member(MEMBER, &[("Smile", DSO_VIEWER)]),
            Actor::Ungranted => Self::Member(MEMBER, &[]),
        }
    }

    /// The rank on a DSO; none if it does not exist for them.
    pub(crate) fn on(self, dso: &str) -> Option<u8> {
        match self {
            Self::Anonymous | Self::Outside => None,
            Self::Member(ADMIN | OWNER, _) => Some(DSO_ADMIN),
            Self::Member(_, granted) => granted.iter().find(|(name, _)| *name == dso).map(|(_, rank)| *rank),
        }
    }

    pub(crate) fn is_member(self) -> bool {
        matches!(self, Self::Member(..))
    }
}

/// The actor's key in `World`, if they are a person.
pub(crate) fn person(actor: Actor) -> Option<&'static str> {
    actor.person()
}

/// Whether they are an active member of any organization at all.
pub(crate) fn has_membership(actor: Actor) -> bool {
    match actor {
        Actor::Anonymous | Actor::Stranger | Actor::Removed | Actor::Suspended => false,
        Actor::Owner
        | Actor::Admin
        | Actor::DsoAdmin
        | Actor::Manager
        | Actor::Viewer
        | Actor::Ungranted
        | Actor::Outsider
        | Actor::OwnerOfB
        | Actor::BothInA
        | Actor::BothInB => true,
    }
}
