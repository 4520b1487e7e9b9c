//! Running a subscription.
//!
//! Owns: [`Subscribed`]: the way of each of its messages through the same gates as an operation's. May use: the engine, the changes. Invariant: for each
//! message the organization is entered again, in its turn and paid for, so a caller gets none after their rights have ended; a change that the caller does not
//! see makes no message.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Variables};
use entity::{
    audit::RequestMetadata,
    membership::{AccessHint, NoOrganization},
};
use tokio::time::{Duration, sleep};

use super::{Executor, PreparedOperation, RejectedRequest, add_request_id, bad_request, error, refuse_entry};
use crate::{
    admission::ClientKey,
    changes::{Event, FeedFailed, Subscription, TooMany},
    errors::ErrorCode,
    graphql::{AllowedOperations, Caller, Operation, RefusedStatus, admission_step, document_cache::Document},
    telemetry::AccessLogSlot,
};

/// How often a message is tried that finds no turn, or no budget.
const MAX_RETRIES: u32 = 5;

/// Pause between two tries.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// A subscription.
pub(crate) struct SubscriptionStream {
    engine: Executor,
    caller: Caller,
    applicant: ClientKey,
    origin: RequestMetadata,
    document: Arc<Document>,
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    cost: u64,
    follower: Subscription,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No message was sent yet: the first one says that it stands.
    New,
    Standing,
}

/// The end of a subscription: the last response, and whether the caller may subscribe again as they are.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) response: Response,
    pub(crate) cause: Cause,
}

/// Why a subscription ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The operation cannot be run.
    Operation,
    /// The caller is an active member of an active organization no more.
    Rights,
    /// The gateway or its database cannot go on; the same may go well in a moment.
    Gateway,
}

impl Executor {
    /// Begins a subscription.
    pub(crate) async fn subscribe(
        &self,
        operation: Operation,
        caller: Caller,
        origin: &RequestMetadata,
    ) -> Result<SubscriptionStream, Ended> {
        self.try_subscribe(operation, caller, origin).await.map_err(|refusal| ended(refusal, origin))
    }

    async fn try_subscribe(
        &self,
        operation: Operation,
        caller: Caller,
        origin: &RequestMetadata,
    ) -> Result<SubscriptionStream, RejectedRequest> {
        let inner = &*self.0;
        let mut watch = inner.sight.observe(AccessLogSlot::default());
        let Caller::Person { principal, selector, run_as } = &caller else { return Err(super::unauthenticated()) };
        if run_as.is_some() {
            let message = "a subscription is not run as another member: leave `X-Run-As-Member` out".to_owned();
            return Err((RefusedStatus::Forbidden, vec![error(ErrorCode::Forbidden, message)]));
        }
        let applicant = inner.client_key(&caller, Some(&mut watch))?.ok_or_else(super::unauthenticated)?;
        let admitted =
            inner.prepare(operation, AllowedOperations::Subscriptions, &caller, Some(&applicant), origin, &mut watch);
        let admitted = match admitted.await {
            Ok(admitted) => admitted,
            Err(refused) => {
                inner.admission.charge_rejected(&applicant);
                return Err(refused);
            }
        };
        let waited = watch.waited();
        let following = Box::pin(async {
            let entry = inner.db.enter(principal, selector, AccessHint::Reading, origin).await.map_err(refuse_entry)?;
            let scope = entry.scope.map_err(closed)?;
            inner.changes.subscribe(principal, &scope).await.map_err(refuse_entry)?.map_err(too_many)
        });
        let lane = ClientKey::lane(Some(&applicant));
        let follower =
            admission_step::run_admitted(&inner.admission, &inner.bounds, lane, Some(&applicant), &waited, following)
                .await?;
        watch.on_response([]);
        let PreparedOperation { document, query, operation_name, variables, cost, .. } = admitted;
        Ok(SubscriptionStream {
            engine: self.clone(),
            caller,
            applicant,
            origin: origin.clone(),
            document,
            query,
            operation_name,
            variables,
            cost,
            follower,
            stage: Stage::New,
        })
    }
}

impl SubscriptionStream {
    /// The next message: the first at once, and the others as something happens that the caller sees.
    pub(crate) async fn next(&mut self) -> Result<Response, Ended> {
        loop {
            let event = match self.stage {
                Stage::New => Arc::default(),
                Stage::Standing => self.follower.next().await.map_err(|FeedFailed| {
                    let message = "changes cannot be read at the moment: subscribe again".to_owned();
                    ended((RefusedStatus::Unavailable, vec![error(ErrorCode::Unavailable, message)]), &self.origin)
                })?,
            };
            let stage = std::mem::replace(&mut self.stage, Stage::Standing);
            if let Some(response) = self.message(&event, stage).await? {
                return Ok(response);
            }
        }
    }

    /// The message of an event; none, if it is nothing to the caller.
    async fn message(&self, event: &Arc<Event>, stage: Stage) -> Result<Option<Response>, Ended> {
        let mut tries = 1;
        loop {
            let refusal = match self.try_message(event, stage).await {
                Ok(message) => return Ok(message),
                Err(refusal) => refusal,
            };
            let passes =
                matches!(refusal.0, RefusedStatus::Overdrawn(_) | RefusedStatus::Crowded | RefusedStatus::Busy);
            if !passes || tries == MAX_RETRIES {
                return Err(ended(refusal, &self.origin));
            }
            tries += 1;
            sleep(RETRY_DELAY).await;
        }
    }

    async fn try_message(&self, event: &Arc<Event>, stage: Stage) -> Result<Option<Response>, RejectedRequest> {
        let inner = &*self.engine.0;
        let mut watch = inner.sight.observe(AccessLogSlot::default());
        let waited = watch.waited();
        let Caller::Person { principal, selector, .. } = &self.caller else { return Err(super::unauthenticated()) };
        let step = Box::pin(async {
            // What the caller does not see is nothing to them: neither run, nor paid for.
            let entry =
                inner.db.enter(principal, selector, AccessHint::Reading, &self.origin).await.map_err(refuse_entry)?;
            let scope = entry.scope.map_err(closed)?;
            if stage == Stage::Standing && !event.concerns(&scope) {
                return Ok(None);
            }
            drop(scope);
            let admitted = PreparedOperation {
                document: Arc::clone(&self.document),
                query: self.query.clone(),
                operation_name: self.operation_name.clone(),
                variables: self.variables.clone(),
                idempotency: None,
                cost: self.cost,
                event: Some(Arc::clone(event)),
            };
            let spends = Some((&self.applicant, self.cost));
            inner.run(admitted, self.caller.clone(), spends, &self.origin, &mut watch).await.map(Some)
        });
        let applicant = Some(&self.applicant);
        let made = admission_step::run_admitted(
            &inner.admission,
            &inner.bounds,
            ClientKey::lane(applicant),
            applicant,
            &waited,
            step,
        )
        .await;
        let codes = |errors: &[ServerError]| {
            let code = |error| super::code_of(error).and_then(ErrorCode::named).unwrap_or(ErrorCode::Internal);
            errors.iter().map(code).collect::<Vec<_>>()
        };
        match made {
            Ok(None) => {
                watch.on_response([]);
                Ok(None)
            }
            Ok(Some(mut response)) => {
                watch.on_response(codes(&response.errors));
                add_request_id(&mut response.errors, self.origin.request());
                Ok(Some(response))
            }
            Err((status, errors)) => {
                watch.on_response(codes(&errors));
                Err((status, errors))
            }
        }
    }
}

fn closed(closed: NoOrganization) -> RejectedRequest {
    let (code, message) = match closed {
        NoOrganization::NotFound => (ErrorCode::NotFound, "not found"),
        NoOrganization::Suspended => (ErrorCode::OrgSuspended, "the organization is suspended"),
        NoOrganization::NotChosen => {
            let message = "no organization was chosen: send its id or slug as `X-Organization-Id` in the payload of `connection_init`";
            return bad_request(error(ErrorCode::OrgContextRequired, message.to_owned()));
        }
    };
    (RefusedStatus::Forbidden, vec![error(code, message.to_owned())])
}

fn too_many(too_many: TooMany) -> RejectedRequest {
    let message = match too_many {
        TooMany::OfPerson(most) => format!("you have {most} subscriptions open: end one first"),
        TooMany::OfOrganization(most) => format!("the organization has {most} subscriptions open: end one first"),
    };
    (RefusedStatus::TooLarge, vec![error(ErrorCode::RateLimited, message)])
}

fn ended((status, mut errors): RejectedRequest, origin: &RequestMetadata) -> Ended {
    add_request_id(&mut errors, origin.request());
    let cause = match status {
        RefusedStatus::Unauthenticated | RefusedStatus::Forbidden => Cause::Rights,
        RefusedStatus::BadRequest
        | RefusedStatus::MethodNotAllowed
        | RefusedStatus::Conflict
        | RefusedStatus::TooLarge => Cause::Operation,
        RefusedStatus::Overdrawn(_)
        | RefusedStatus::Crowded
        | RefusedStatus::Busy
        | RefusedStatus::TimedOut
        | RefusedStatus::Unavailable
        | RefusedStatus::Internal => Cause::Gateway,
    };
    Ended { response: Response::from_errors(errors), cause }
}
