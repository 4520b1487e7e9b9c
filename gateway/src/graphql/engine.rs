//! Running one operation.
//!
//! Owns: the order of the steps from a text to an answer. May use: every other part of this room, and the door to the
//! database. Invariant: who asks is known before the text is looked at.

mod admit;
mod endpoint;
mod figures;
mod sdl;
mod subscription;

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, parser::types::OperationType};
use entity::{Ahead, Db, Origin, TargetKind, TypedId};
use tracing::{Instrument as _, info_span};

use super::{
    Bounds, Caller, Code, Documents, Library, Limit, Operation, Outcome, Permit, RefusedStatus, Request, Writing,
    anonymous::PublicFields, answer_size, chosen::choose, document::Document, execution::Runner, fault::DENIED,
    idempotency, limits::Prices, rules::Rules, run_as, turn,
};
use crate::{
    admission::{Admission, Applicant, Known, Lane},
    changes::Changes,
    guard::RegistryError,
    schema,
    sight::{Line, STEPS, Sight, Watch},
};

use admit::Admitted;
pub(crate) use endpoint::{EndpointRequest, NotTaken};
pub(crate) use subscription::{Cause, Ended, Subscribed};

/// Runs operations.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    db: Db,
    runner: Runner,
    rules: Rules,
    public_fields: PublicFields,
    documents: Documents,
    library: Library,
    bounds: Arc<Bounds>,
    prices: Prices,
    admission: Admission,
    changes: Changes,
    sdl: String,
    sight: Sight,
}

impl Engine {
    /// An engine on a database. Refuses to start if a field of the schema is not guarded as registered.
    pub fn new(
        db: Db,
        bounds: Arc<Bounds>,
        admission: Admission,
        library: Library,
        cursor_secret: Option<&[u8]>,
        sight: Sight,
    ) -> Result<Self, RegistryError> {
        let shared = schema::Shared {
            registry: schema::registry(),
            bounds: Arc::clone(&bounds),
            cursors: schema::Cursors::new(cursor_secret),
            db: db.clone(),
        };
        let runner = Runner::new(&shared);
        let rules = Rules::new(library.suggestions())?;
        let registry = shared.registry;
        let sdl = schema::sdl(runner.schema());
        registry.check(&sdl)?;
        let public_fields = PublicFields::of(&registry, &sdl)?;
        let prices = Prices::of(&sdl)?;
        let documents = Documents::new(Arc::clone(&bounds));
        let changes = Changes::new(Arc::clone(&bounds));
        Ok(Self(Arc::new(Inner {
            db,
            runner,
            rules,
            public_fields,
            documents,
            library,
            bounds,
            prices,
            admission,
            changes,
            sdl,
            sight,
        })))
    }

    /// Which documents may be run.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.0.library
    }

    /// Runs an operation; its origin's request id stands in every error, and all of it in the audit log. What is to be told of it in the
    /// log comes into the line.
    pub async fn run(
        &self,
        operation: Operation,
        permit: Permit,
        caller: Caller,
        origin: &Origin,
        line: Line,
    ) -> Outcome {
        let mut watch = self.0.sight.watch(line);
        let mut outcome = match self.try_run(operation, permit, caller, origin, &mut watch).await {
            Ok(response) => Outcome::Ran(response),
            Err((status, errors)) => Outcome::Refused { status, errors },
        };
        let (Outcome::Ran(Response { errors, .. }) | Outcome::Refused { errors, .. }) = &mut outcome;
        watch.answered(errors.iter().map(|error| code_of(error).and_then(Code::named).unwrap_or(Code::Internal)));
        stamp(errors, origin.request());
        outcome
    }

    async fn try_run(
        &self,
        operation: Operation,
        permit: Permit,
        caller: Caller,
        origin: &Origin,
        watch: &mut Watch,
    ) -> Result<Response, Refusal> {
        let inner = &*self.0;
        let applicant = inner.applicant(&caller, Some(&mut *watch))?;
        let admitted = inner.admit(operation, permit, &caller, applicant.as_ref(), origin, watch).await;
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(refused) => {
                if let Some(applicant) = &applicant {
                    inner.admission.charge_in_vain(applicant);
                }
                return Err(refused);
            }
        };
        let spends = applicant.as_ref().map(|applicant| (applicant, admitted.cost));
        let waited = watch.waited();
        let lane =
            if admitted.document.introspects { Lane::Introspection } else { Applicant::lane(applicant.as_ref()) };
        // Boxed: what waits for its turn need not carry the size of what runs it.
        let run = Box::pin(inner.run(admitted, caller, spends, origin, watch));
        turn::take(&inner.admission, &inner.bounds, lane, applicant.as_ref(), &waited, run).await
    }
}

/// In what way something was refused, and why.
pub(super) type Refusal = (RefusedStatus, Vec<ServerError>);

impl Inner {
    /// Whoever asks, if they have not spent too much already. The log can name them before anything refuses them.
    fn applicant(&self, caller: &Caller, watch: Option<&mut Watch>) -> Result<Option<Applicant>, Refusal> {
        let Caller::Person { principal, selector, .. } = caller else { return Ok(None) };
        let applicant = self.admission.applicant(principal, selector);
        if let Some(watch) = watch {
            let Known { user, organization } = applicant.known();
            watch.asked(user, organization);
        }
        self.admission.precheck(&applicant).map_err(turn::overdrawn)?;
        Ok(Some(applicant))
    }

    async fn run(
        &self,
        admitted: Admitted,
        caller: Caller,
        spends: Option<(&Applicant, u64)>,
        origin: &Origin,
        watch: &mut Watch,
    ) -> Result<Response, Refusal> {
        let Admitted { document, query, operation_name, variables, idempotency, event, .. } = admitted;
        let chosen = choose(&document.parsed, operation_name.as_deref())?;
        let ahead = match chosen.ty {
            OperationType::Mutation => Ahead::Changing,
            OperationType::Query | OperationType::Subscription => document.ahead,
        };
        let (db, statements) = self.db.counted();
        watch.statements(statements);
        let (request, spent) = match (caller, spends) {
            (Caller::Anonymous, _) | (_, None) => (Request::anonymous(), None),
            (Caller::Person { principal, selector, run_as }, Some((applicant, cost))) => {
                let entering = db.enter(&principal, &selector, ahead, origin);
                let entry = entering.instrument(info_span!(target: STEPS, "enter")).await.map_err(refuse_entry)?;
                watch.entered(&entry);
                let spent = self.admission.charge(applicant, Known::of(&entry), cost).await.map_err(turn::overdrawn)?;
                let request = match run_as {
                    None => Request::entered(principal, entry),
                    Some(member) => Request::running(run_as::look(entry, member, chosen.ty).await?),
                };
                (request.having_spent(spent), Some(spent))
            }
        };
        if document.introspects {
            self.library.check_introspection(request.caller())?;
        }
        let is_mutation = chosen.ty == OperationType::Mutation;
        // Text cannot be merged.
        let writing = if document.merges || is_mutation { Writing::Tree } else { Writing::Text };
        let most_bytes = self.bounds.now().of(Limit::AnswerBytes).allowed();
        let request = Arc::new(request.writing_as(writing).answering_within(most_bytes));
        let mut job =
            async_graphql::Request::new(String::new()).variables(variables).data(Arc::clone(&request)).data(db);
        if let Some(event) = event {
            job = job.data(event);
        }
        job.operation_name.clone_from(&operation_name);
        let run = self
            .execute(job, (&document, &query), chosen.ty, &request, watch)
            .instrument(info_span!(target: STEPS, "execute"));
        let mut response = match idempotency {
            Some((key, given)) if is_mutation => {
                let asked = (query.as_str(), operation_name.as_deref(), &given);
                // Boxed: queries need not carry the size of what records a mutation.
                Box::pin(idempotency::once(&request, &key, asked, run)).await?
            }
            _ => run.await?,
        };
        if let Some(spent) = spent {
            response.http_headers.extend(spent.headers());
        }
        Ok(response)
    }

    /// Runs what is valid, and gathers the errors.
    async fn execute(
        &self,
        job: async_graphql::Request,
        (document, text): (&Document, &str),
        ty: OperationType,
        request: &Request,
        watch: &Watch,
    ) -> Result<Response, Refusal> {
        let refused = |errors| (RefusedStatus::BadRequest, errors);
        let checked = document.checked(&self.rules, text).map_err(refused)?;
        let mut response =
            request.levels().drive(self.runner.run(job, document, checked, ty)).await.map_err(|mut errors| {
                for error in &mut errors {
                    set_code(error, Code::ValidationFailed);
                }
                refused(errors)
            })?;
        answer_size::check_written(&self.bounds, request, ty, &mut response).map_err(bad_request)?;
        response.errors.retain(|error| code_of(error) != Some(DENIED));
        for error in &mut response.errors {
            // What the library itself says while running is about null where a variable may not be null.
            set_code(error, Code::BadUserInput);
        }
        watch.denied(&request.denied_fields());
        write_down_refusals(request).await?;
        response.errors.extend(request.take_errors());
        answer_size::shorten(&self.bounds, &mut response);
        run_as::echo(request, &mut response);
        Ok(response)
    }
}

/// The one answer to somebody without a credential who asks for more than they may.
pub(super) fn sign_in_first() -> Refusal {
    let message = "sign in first: this needs a valid credential".to_owned();
    (RefusedStatus::Unauthenticated, vec![error(Code::Unauthenticated, message)])
}

/// Who may not decide about access, and tried, stands in the audit log.
async fn write_down_refusals(request: &Request) -> Result<(), Refusal> {
    let Ok(scope) = request.scope() else { return Ok(()) };
    for (mutation, code) in request.refused_mutations() {
        let Some(action) = schema::action_of(mutation).filter(|action| action.is_about_access()) else { continue };
        let target = (TargetKind::Organization, scope.context().organization().uuid());
        scope.note_refusal(action, target, code.as_str()).await.map_err(refuse_entry)?;
    }
    Ok(())
}

pub(super) fn refuse_entry(cause: entity::Error) -> Refusal {
    let fault = super::Fault::from(cause);
    let status = match fault {
        super::Fault::Unavailable | super::Fault::Retry(_) => RefusedStatus::Unavailable,
        _ => RefusedStatus::Internal,
    };
    (status, vec![async_graphql::Error::from(fault).into_server_error(async_graphql::Pos::default())])
}

pub(super) fn bad_request(error: ServerError) -> Refusal {
    (RefusedStatus::BadRequest, vec![error])
}

/// An error of ours without a place in the document.
pub(super) fn error(code: Code, message: String) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code);
    error
}

fn set_code(error: &mut ServerError, code: Code) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", code.as_str());
    }
}

pub(crate) fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code),
        _ => None,
    }
}

fn stamp(errors: &mut [ServerError], request_id: &str) {
    for error in errors {
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("requestId", request_id);
    }
}
