//! What must come out, by the guard that the schema prints and by what the actor is.
//!
//! Owns: the suites' own reading of the guards. May use: the SDL and the actors' standing, never the gateway's policy: two
//! readings that agree are worth more than one. Invariant: no `match` here has a `_` arm over a guard or a standing.

use tests::Actor;

use super::actor_roles::{Standing, has_membership, person};
use crate::schema::sdl::Guard;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum About {
    /// Nothing that a guard or the scope looks at.
    Nothing,
    /// A row of this DSO.
    Dso(&'static str),
    /// A row about this person, whom every member may know of.
    Person(&'static str),
    /// One of the asker's own memberships.
    OwnMembership,
}

impl About {
    /// The DSO, if it is a DSO's row.
    pub(crate) fn dso(self) -> Option<&'static str> {
        match self {
            Self::Dso(dso) => Some(dso),
            Self::Nothing | Self::Person(_) | Self::OwnMembership => None,
        }
    }

    /// Whether the row exists for them, once they are in the organization.
    pub(crate) fn exists_for(self, actor: Actor) -> bool {
        match self {
            Self::Nothing | Self::Person(_) => true,
            Self::Dso(dso) => Standing::of(actor).on(dso).is_some(),
            Self::OwnMembership => has_membership(actor),
        }
    }
}

/// The code of a refusal.
pub(crate) type Code = &'static str;

/// Whether the guard lets the actor pass on a row, else the refusal's code.
pub(crate) fn decide(actor: Actor, guard: Guard, about: About) -> Result<(), Code> {
    let standing = Standing::of(actor);
    let or = |allowed: bool, code: Code| if allowed { Ok(()) } else { Err(code) };
    match (guard, standing) {
        (Guard::Public, _) | (Guard::SignedIn, Standing::Outside | Standing::Member(..)) => Ok(()),
        (Guard::SignedIn | Guard::Org(_) | Guard::Dso(_) | Guard::Own(_), Standing::Anonymous) => {
            Err("UNAUTHENTICATED")
        }
        // To somebody outside, the organization that they named does not exist.
        (Guard::Org(_) | Guard::Dso(_), Standing::Outside) => Err("NOT_FOUND"),
        (Guard::Org(least), Standing::Member(rank, _)) => or(rank >= least, "FORBIDDEN"),
        (Guard::Dso(least), Standing::Member(..)) => match about {
            About::Dso(dso) => match standing.on(dso) {
                None => Err("NOT_FOUND"),
                Some(rank) => or(rank >= least, "FORBIDDEN"),
            },
            About::Nothing | About::Person(_) | About::OwnMembership => Err("NOT_FOUND"),
        },
        (Guard::Own(least), Standing::Outside | Standing::Member(..)) => {
            let own = match about {
                About::Person(of) => person(actor) == Some(of),
                About::Nothing | About::Dso(_) | About::OwnMembership => false,
            };
            let by_role = match (least, standing) {
                (Some(least), Standing::Member(rank, _)) => rank >= least,
                (None, _) | (_, Standing::Anonymous | Standing::Outside) => false,
            };
            or(own || by_role, "FORBIDDEN")
        }
    }
}
