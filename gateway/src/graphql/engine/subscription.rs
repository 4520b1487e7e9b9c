//! Running a subscription.
//!
//! Owns: [`Subscribed`]: the way of each of its messages through the same gates as an operation's. May use: the engine, the changes. Invariant: for each
//! message the organization is entered again, in its turn and paid for, so a caller gets none after their rights have ended; a change that the caller does not
//! see makes no message.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Variables};
use entity::{Ahead, Closed, Origin};
use tokio::time::{Duration, sleep};

use super::{Admitted, Engine, Refusal, bad_request, error, refuse_entry, stamp};
use crate::{
    admission::Applicant,
    changes::{Event, Follower, Silent, TooMany},
    graphql::{Caller, Code, Operation, Permit, RefusedStatus, document::Document, turn},
    sight::Line,
};

/// How often a message is tried that finds no turn, or no budget.
const TRIES: u32 = 5;

/// Pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// A subscription.
pub(crate) struct Subscribed {
    engine: Engine,
    caller: Caller,
    applicant: Applicant,
    origin: Origin,
    document: Arc<Document>,
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    cost: u64,
    follower: Follower,
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

impl Engine {
    /// Begins a subscription.
    pub(crate) async fn subscribe(
        &self,
        operation: Operation,
        caller: Caller,
        origin: &Origin,
    ) -> Result<Subscribed, Ended> {
        self.try_subscribe(operation, caller, origin).await.map_err(|refusal| ended(refusal, origin))
    }

    async fn try_subscribe(
        &self,
        operation: Operation,
        caller: Caller,
        origin: &Origin,
    ) -> Result<Subscribed, Refusal> {
        let inner = &*self.0;
        let mut watch = inner.sight.watch(Line::default());
        let Caller::Person { principal, selector, run_as } = &caller else { return Err(super::sign_in_first()) };
        if run_as.is_some() {
            let message = "a subscription is not run as another member: leave `X-Run-As-Member` out".to_owned();
            return Err((RefusedStatus::Forbidden, vec![error(Code::Forbidden, message)]));
        }
        let applicant = inner.applicant(&caller, Some(&mut watch))?.ok_or_else(super::sign_in_first)?;
        let admitted = inner.admit(operation, Permit::Subscriptions, &caller, Some(&applicant), origin, &mut watch);
        let admitted = match admitted.await {
            Ok(admitted) => admitted,
            Err(refused) => {
                inner.admission.charge_in_vain(&applicant);
                return Err(refused);
            }
        };
        let waited = watch.waited();
        let following = Box::pin(async {
            let entry = inner.db.enter(principal, selector, Ahead::Reading, origin).await.map_err(refuse_entry)?;
            let scope = entry.scope.map_err(closed)?;
            inner.changes.follow(principal, &scope).await.map_err(refuse_entry)?.map_err(too_many)
        });
        let lane = Applicant::lane(Some(&applicant));
        let follower = turn::take(&inner.admission, &inner.bounds, lane, Some(&applicant), &waited, following).await?;
        watch.answered([]);
        let Admitted { document, query, operation_name, variables, cost, .. } = admitted;
        Ok(Subscribed {
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

impl Subscribed {
    /// The next message: the first at once, and the others as something happens that the caller sees.
    pub(crate) async fn next(&mut self) -> Result<Response, Ended> {
        loop {
            let event = match self.stage {
                Stage::New => Arc::default(),
                Stage::Standing => self.follower.next().await.map_err(|Silent| {
                    let message = "changes cannot be read at the moment: subscribe again".to_owned();
                    ended((RefusedStatus::Unavailable, vec![error(Code::Unavailable, message)]), &self.origin)
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
            if !passes || tries == TRIES {
                return Err(ended(refusal, &self.origin));
            }
            tries += 1;
            sleep(PAUSE).await;
        }
    }

    async fn try_message(&self, event: &Arc<Event>, stage: Stage) -> Result<Option<Response>, Refusal> {
        let inner = &*self.engine.0;
        let mut watch = inner.sight.watch(Line::default());
        let waited = watch.waited();
        let Caller::Person { principal, selector, .. } = &self.caller else { return Err(super::sign_in_first()) };
        let step = Box::pin(async {
            // What the caller does not see is nothing to them: neither run, nor paid for.
            let entry =
                inner.db.enter(principal, selector, Ahead::Reading, &self.origin).await.map_err(refuse_entry)?;
            let scope = entry.scope.map_err(closed)?;
            if stage == Stage::Standing && !event.concerns(&scope) {
                return Ok(None);
            }
            drop(scope);
            let admitted = Admitted {
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
        let made =
            turn::take(&inner.admission, &inner.bounds, Applicant::lane(applicant), applicant, &waited, step).await;
        let codes = |errors: &[ServerError]| {
            let code = |error| super::code_of(error).and_then(Code::named).unwrap_or(Code::Internal);
            errors.iter().map(code).collect::<Vec<_>>()
        };
        match made {
            Ok(None) => {
                watch.answered([]);
                Ok(None)
            }
            Ok(Some(mut response)) => {
                watch.answered(codes(&response.errors));
                stamp(&mut response.errors, self.origin.request());
                Ok(Some(response))
            }
            Err((status, errors)) => {
                watch.answered(codes(&errors));
                Err((status, errors))
            }
        }
    }
}

fn closed(closed: Closed) -> Refusal {
    let (code, message) = match closed {
        Closed::NotFound => (Code::NotFound, "not found"),
        Closed::Suspended => (Code::OrgSuspended, "the organization is suspended"),
        Closed::NotChosen => {
            let message = "no organization was chosen: send its id or slug as `X-Organization-Id` in the payload of `connection_init`";
            return bad_request(error(Code::OrgContextRequired, message.to_owned()));
        }
    };
    (RefusedStatus::Forbidden, vec![error(code, message.to_owned())])
}

fn too_many(too_many: TooMany) -> Refusal {
    let message = match too_many {
        TooMany::OfPerson(most) => format!("you have {most} subscriptions open: end one first"),
        TooMany::OfOrganization(most) => format!("the organization has {most} subscriptions open: end one first"),
    };
    (RefusedStatus::TooLarge, vec![error(Code::RateLimited, message)])
}

fn ended((status, mut errors): Refusal, origin: &Origin) -> Ended {
    stamp(&mut errors, origin.request());
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
