//! Requests to endpoints beside GraphQL.
//!
//! Owns: [`EndpointRequest`]: the way of a signed-in person's request through the same gates as an operation's. May use: the engine's
//! admission, its limits and the door. Invariant: nothing is read for it but in its turn, for an organization that has just let the person
//! in, and paid for.

use std::sync::Arc;

use entity::{Ahead, Closed, Entry, OrganizationId, Origin, Principal, Scope, Selector, policy::Reason};

use super::{Engine, Inner, Refusal, refuse_entry, stamp};
use crate::{
    admission::{Applicant, Known, Spent},
    graphql::{Outcome, RefusedStatus, turn},
    sight::Watch,
};

/// A person's request to an endpoint beside GraphQL.
pub(crate) struct EndpointRequest {
    engine: Engine,
    principal: Principal,
    selector: Selector,
    origin: Origin,
    applicant: Applicant,
}

/// Why a step of it was not taken.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// The limits, the database, or a fault of ours.
    Refused(Box<Outcome>),
    /// There is no such organization for the person, or it is closed.
    Closed(Closed),
    /// The person may not do this.
    Forbidden(Reason),
}

impl NotTaken {
    /// Whether the same may be let through in a moment, and after how many seconds it is worth trying.
    pub(crate) fn seconds(&self) -> Option<u64> {
        let Self::Refused(outcome) = self else { return None };
        match &**outcome {
            Outcome::Refused { status: RefusedStatus::Overdrawn(overdrawn), .. } => Some(overdrawn.seconds()),
            Outcome::Refused { status: RefusedStatus::Crowded | RefusedStatus::Busy, .. } => Some(1),
            Outcome::Refused { .. } | Outcome::Ran(_) => None,
        }
    }
}

impl From<entity::Error> for NotTaken {
    fn from(error: entity::Error) -> Self {
        match error {
            entity::Error::Forbidden(reason) => Self::Forbidden(reason),
            entity::Error::NotFound | entity::Error::Invalid(_) => Self::Closed(Closed::NotFound),
            other => refused(refuse_entry(other), ""),
        }
    }
}

impl Engine {
    /// A person's request, if they have not spent too much already.
    pub(crate) fn endpoint_request(
        &self,
        principal: Principal,
        selector: Selector,
        origin: Origin,
    ) -> Result<EndpointRequest, NotTaken> {
        let applicant = self.0.admission.applicant(&principal, &selector);
        let checked = self.0.admission.precheck(&applicant).map_err(turn::overdrawn);
        checked.map_err(|refusal| refused(refusal, origin.request()))?;
        Ok(EndpointRequest { engine: self.clone(), principal, selector, origin, applicant })
    }
}

impl EndpointRequest {
    /// Takes a step when its turn has come: enters the organization once more, charges the price and runs. A watch is told who asks.
    pub(crate) async fn step<T>(
        &self,
        ahead: Ahead,
        price: u64,
        watch: Option<&mut Watch>,
        run: impl AsyncFnOnce(Arc<Scope>, Spent) -> Result<T, NotTaken>,
    ) -> Result<T, NotTaken> {
        let inner = &*self.engine.0;
        let waited = watch.as_ref().map(|watch| watch.waited()).unwrap_or_default();
        // Boxed: what waits for its turn need not carry the size of what it waits for.
        let step = Box::pin(async {
            let (db, statements) = inner.db.counted();
            let entry = db.enter(&self.principal, &self.selector, ahead, &self.origin).await.map_err(refuse_entry)?;
            if let Some(watch) = watch {
                watch.statements(statements);
                watch.entered(&entry);
                watch.cost(price);
            }
            let spent = self.spend(inner, Known::of(&entry), price).await?;
            let Entry { scope, .. } = entry;
            Ok(match scope {
                Ok(scope) => run(scope, spent).await,
                Err(closed) => Err(NotTaken::Closed(closed)),
            })
        });
        let applicant = Some(&self.applicant);
        let lane = Applicant::lane(applicant);
        match turn::take(&inner.admission, &inner.bounds, lane, applicant, &waited, step).await {
            Ok(outcome) => outcome,
            Err(refusal) => Err(refused(refusal, self.origin.request())),
        }
    }

    /// Charges what turns out to be asked for besides.
    pub(crate) async fn charge(&self, organization: OrganizationId, price: u64) -> Result<Spent, NotTaken> {
        let known = Known { organization: Some(organization), ..self.applicant.known() };
        let spent = self.spend(&self.engine.0, known, price).await;
        spent.map_err(|refusal| refused(refusal, self.origin.request()))
    }

    async fn spend(&self, inner: &Inner, known: Known, price: u64) -> Result<Spent, Refusal> {
        inner.admission.charge(&self.applicant, known, price).await.map_err(turn::overdrawn)
    }
}

fn refused((status, mut errors): Refusal, request_id: &str) -> NotTaken {
    stamp(&mut errors, request_id);
    NotTaken::Refused(Box::new(Outcome::Refused { status, errors }))
}
