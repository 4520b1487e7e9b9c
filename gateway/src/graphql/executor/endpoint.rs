//! Requests to endpoints beside GraphQL.
//!
//! Owns: [`EndpointRequest`]: the way of a signed-in person's request through the same gates as an operation's. May use: the engine's
//! admission, its limits and the door. Invariant: nothing is read for it but in its turn, for an organization that has just let the person
//! in, and paid for.

use std::sync::Arc;

use entity::{
    audit::RequestMetadata,
    auth::{Principal, policy::Reason},
    id::OrganizationId,
    membership::{AccessHint, EnterResult, NoOrganization, Selector},
    scope::Scope,
};

use super::{Executor, RejectedRequest, Shared, add_request_id, refuse_entry};
use crate::{
    admission::{BudgetState, ClientKey, TenantHint},
    graphql::{Outcome, RefusedStatus, admission_step},
    telemetry::OperationObserver,
};

/// A person's request to an endpoint beside GraphQL.
pub(crate) struct EndpointRequest {
    engine: Executor,
    principal: Principal,
    selector: Selector,
    origin: RequestMetadata,
    applicant: ClientKey,
}

/// Why a step of it was not taken.
#[derive(Debug)]
pub(crate) enum EndpointRejected {
    /// The limits, the database, or a fault of ours.
    Refused(Box<Outcome>),
    /// There is no such organization for the person, or it is closed.
    Closed(NoOrganization),
    /// The person may not do this.
    Forbidden(Reason),
}

impl EndpointRejected {
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

impl From<entity::error::Error> for EndpointRejected {
    fn from(error: entity::error::Error) -> Self {
        match error {
            entity::error::Error::Forbidden(reason) => Self::Forbidden(reason),
            entity::error::Error::NotFound | entity::error::Error::Invalid(_) => Self::Closed(NoOrganization::NotFound),
            other => refused(refuse_entry(other), ""),
        }
    }
}

impl Executor {
    /// A person's request, if they have not spent too much already.
    pub(crate) fn endpoint_request(
        &self,
        principal: Principal,
        selector: Selector,
        origin: RequestMetadata,
    ) -> Result<EndpointRequest, EndpointRejected> {
        let applicant = self.0.admission.applicant(&principal, &selector);
        let checked = self.0.admission.check_budget(&applicant).map_err(admission_step::overdrawn);
        checked.map_err(|refusal| refused(refusal, origin.request()))?;
        Ok(EndpointRequest { engine: self.clone(), principal, selector, origin, applicant })
    }
}

impl EndpointRequest {
    /// Takes a step when its turn has come: enters the organization once more, charges the price and runs. A watch is told who asks.
    pub(crate) async fn step<T>(
        &self,
        ahead: AccessHint,
        price: u64,
        watch: Option<&mut OperationObserver>,
        run: impl AsyncFnOnce(Arc<Scope>, BudgetState) -> Result<T, EndpointRejected>,
    ) -> Result<T, EndpointRejected> {
        let inner = &*self.engine.0;
        let waited = watch.as_ref().map(|watch| watch.waited()).unwrap_or_default();
        // Boxed: what waits for its turn need not carry the size of what it waits for.
        let step = Box::pin(async {
            let (db, statements) = inner.db.with_statement_counter();
            let entry = db.enter(&self.principal, &self.selector, ahead, &self.origin).await.map_err(refuse_entry)?;
            if let Some(watch) = watch {
                watch.statements(statements);
                watch.entered(&entry);
                watch.cost(price);
            }
            let spent = self.spend(inner, TenantHint::of(&entry), price).await?;
            let EnterResult { scope, .. } = entry;
            Ok(match scope {
                Ok(scope) => run(scope, spent).await,
                Err(closed) => Err(EndpointRejected::Closed(closed)),
            })
        });
        let applicant = Some(&self.applicant);
        let lane = ClientKey::lane(applicant);
        match admission_step::run_admitted(&inner.admission, &inner.bounds, lane, applicant, &waited, step).await {
            Ok(outcome) => outcome,
            Err(refusal) => Err(refused(refusal, self.origin.request())),
        }
    }

    /// Charges what turns out to be asked for besides.
    pub(crate) async fn charge(
        &self,
        organization: OrganizationId,
        price: u64,
    ) -> Result<BudgetState, EndpointRejected> {
        let known = TenantHint { organization: Some(organization), ..self.applicant.known() };
        let spent = self.spend(&self.engine.0, known, price).await;
        spent.map_err(|refusal| refused(refusal, self.origin.request()))
    }

    async fn spend(&self, inner: &Shared, known: TenantHint, price: u64) -> Result<BudgetState, RejectedRequest> {
        inner.admission.charge(&self.applicant, known, price).await.map_err(admission_step::overdrawn)
    }
}

fn refused((status, mut errors): RejectedRequest, request_id: &str) -> EndpointRejected {
    add_request_id(&mut errors, request_id);
    EndpointRejected::Refused(Box::new(Outcome::Refused { status, errors }))
}
