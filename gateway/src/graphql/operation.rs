//! What is asked of the engine, by whom, and what came of it.
//!
//! Owns: [`Operation`], [`Caller`] and [`Outcome`]. May use: the library's ways to name a document. Invariant: what was refused has no
//! `data`, and what ran has.

use async_graphql::{Response, ServerError, Variables};
use entity::{auth::Principal, id::MemberId, membership::Selector};

use super::DocumentRef;
use crate::admission::RateLimited;

/// What a client wants to be run.
#[derive(Debug)]
pub struct Operation {
    /// The document.
    pub wanted: DocumentRef,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Variables,
    /// The key under which a mutation is run at most once.
    pub idempotency_key: Option<String>,
}

/// What may be run: GET must not change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedOperations {
    /// Queries only.
    QueriesOnly,
    /// Queries and mutations.
    Any,
    /// Subscriptions: over a WebSocket.
    Subscriptions,
}

/// Who asks for it.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody that we know of.
    Anonymous,
    /// A verified person, who asks for this organization.
    Person {
        /// The person.
        principal: Principal,
        /// The organization.
        selector: Selector,
        /// As which member they want to look at it, if not as themselves.
        run_as: Option<MemberId>,
    },
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// It was not run: there is no `data`.
    Refused {
        /// In what way.
        status: RefusedStatus,
        /// Why.
        errors: Vec<ServerError>,
    },
    /// It was run: there is `data`, perhaps null, and perhaps errors.
    Ran(Response),
}

/// In what way a document was refused.
#[derive(Clone, Copy, Debug)]
pub enum RefusedStatus {
    /// It is not a document that can be run.
    BadRequest,
    /// It needs a credential.
    Unauthenticated,
    /// Who asks may not look as that member, or would change something while they do.
    Forbidden,
    /// A request under the same idempotency key has begun, and its outcome is not known yet.
    Conflict,
    /// It changes something and came by GET.
    MethodNotAllowed,
    /// It is too large.
    TooLarge,
    /// The person, or their organization, has spent too much in this minute.
    Overdrawn(RateLimited),
    /// Too many of the person's own organization wait already.
    Crowded,
    /// The gateway has too much to do.
    Busy,
    /// It took too long, and was stopped.
    TimedOut,
    /// The database is away.
    Unavailable,
    /// Our fault.
    Internal,
}
