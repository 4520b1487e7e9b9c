//! Running one operation.
//!
//! Owns: the order of the steps from a text to an answer. May use: every other part of this room, and the door to the
//! database. Invariant: who asks is known before the text is looked at.

mod endpoint;
mod figures;
mod sdl;
mod subscription;

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Variables, parser::types::OperationType};
use entity::{Ahead, Db, Origin, TargetKind, TypedId, policy::Caller as Asking};
use tracing::{Instrument as _, info_span};

use super::{
    Bounds, Caller, Code, Documents, Library, Limit, Operation, Outcome, Permit, RefusedStatus, Request, Writing,
    anonymous::PublicFields,
    answer_size,
    chosen::{check_lists, check_permit, check_variables, choose, name_of},
    document::Document,
    fault::DENIED,
    idempotency,
    limits::{Estimate, Prices},
    run_as, turn,
    validation::Validated,
};
use crate::{
    admission::{Admission, Applicant, Known},
    changes::{Changes, Event},
    guard::RegistryError,
    schema,
    sight::{Line, STEPS, Sight, Watch},
};

pub(crate) use endpoint::{EndpointRequest, NotTaken};
pub(crate) use subscription::{Cause, Ended, Subscribed};

/// Runs operations.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    db: Db,
    schema: Validated,
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
            suggestions: library.suggestions(),
        };
        let schema = Validated::new(&shared);
        let registry = shared.registry;
        let sdl = schema::sdl(schema.schema());
        registry.check(&sdl)?;
        let public_fields = PublicFields::of(&registry, &sdl)?;
        let prices = Prices::of(&sdl)?;
        let documents = Documents::new(Arc::clone(&bounds));
        let changes = Changes::new(Arc::clone(&bounds));
        Ok(Self(Arc::new(Inner {
            db,
            schema,
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
        let (asked, document, cost) = match admitted {
            Ok(admitted) => admitted,
            Err(refused) => {
                if let Some(applicant) = &applicant {
                    inner.admission.charge_in_vain(applicant);
                }
                return Err(refused);
            }
        };
        let spends = applicant.as_ref().map(|applicant| (applicant, cost));
        let waited = watch.waited();
        // Boxed: what waits for its turn need not carry the size of what runs it.
        let run = Box::pin(inner.run(asked, &document, caller, spends, origin, watch));
        turn::take(&inner.admission, &inner.bounds, applicant.as_ref(), &waited, run).await
    }
}

/// An operation whose document was found.
struct Asked {
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    idempotency_key: Option<String>,
    /// The event that a message of a subscription is about.
    event: Option<Arc<Event>>,
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

    /// The document, and what its operation may cost, if all that is asked for is within the limits.
    async fn admit(
        &self,
        operation: Operation,
        permit: Permit,
        caller: &Caller,
        applicant: Option<&Applicant>,
        origin: &Origin,
        watch: &mut Watch,
    ) -> Result<(Asked, Arc<Document>, u64), Refusal> {
        let Operation { wanted, operation_name, variables, idempotency_key } = operation;
        let named = self.library.find(wanted, caller, &self.bounds.now())?;
        if let Some(takes) = named.takes {
            // Boxed: what is rare need not make the future of every request larger.
            let checking = Box::pin(self.library.check_exploring(takes, caller, &self.db, origin));
            turn::take(&self.admission, &self.bounds, applicant, &watch.waited(), checking).await?;
        }
        let document = match caller {
            Caller::Anonymous => self.anonymous(&named.text)?,
            Caller::Person { .. } => {
                self.within(&named.text)?;
                self.documents.get(&named.text).map_err(bad_request)?
            }
        };
        self.library.keep(&named, caller);
        let asked = Asked { query: named.text, operation_name, variables, idempotency_key, event: None };
        watch.document(document.hash);
        let chosen = choose(&document.parsed, asked.operation_name.as_deref())?;
        let name = name_of(&document.parsed, asked.operation_name.as_deref());
        watch.operation(chosen.ty.into(), name, name.and_then(|name| self.library.listed_name(name)));
        check_permit(chosen, permit)?;
        check_variables(chosen, &asked.variables)?;
        check_lists(&asked.variables)?;
        let Estimate { cost, key_bytes } =
            self.prices.sum(&document.parsed, chosen, &asked.variables, &self.bounds.now());
        watch.cost(cost);
        answer_size::check(&self.bounds, key_bytes).map_err(bad_request)?;
        self.bounds.judge(Limit::Cost, cost).map_err(|most| {
            let message = format!("the operation may cost {cost}; at most {most} is allowed: ask for smaller pages");
            bad_request(error(Code::TooExpensive, message))
        })?;
        Ok((asked, document, cost))
    }

    async fn run(
        &self,
        asked: Asked,
        document: &Document,
        caller: Caller,
        spends: Option<(&Applicant, u64)>,
        origin: &Origin,
        watch: &mut Watch,
    ) -> Result<Response, Refusal> {
        let chosen = choose(&document.parsed, asked.operation_name.as_deref())?;
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
        let Asked { query, operation_name, variables, idempotency_key, event } = asked;
        // Its text was parsed already.
        let mut job =
            async_graphql::Request::new(String::new()).variables(variables.clone()).data(Arc::clone(&request)).data(db);
        if let Some(event) = event {
            job = job.data(event);
        }
        job.operation_name.clone_from(&operation_name);
        job.set_parsed_query(document.parsed.clone());
        let run =
            self.execute(job, document, chosen.ty, &request, watch).instrument(info_span!(target: STEPS, "execute"));
        let mut response = match idempotency_key {
            Some(key) if is_mutation => {
                let asked = (query.as_str(), operation_name.as_deref(), &variables);
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

    /// Validates and runs, and gathers the errors.
    async fn execute(
        &self,
        job: async_graphql::Request,
        document: &Document,
        ty: OperationType,
        request: &Request,
        watch: &Watch,
    ) -> Result<Response, Refusal> {
        let ran = request.levels().drive(subscription::run(&self.schema, job, document, ty)).await;
        let mut response = ran.map_err(|mut errors| {
            if matches!(request.caller(), Asking::Anonymous) {
                // What is wrong would tell names, and might suggest some.
                let message = "the document does not fit the public part of the schema".to_owned();
                return bad_request(error(Code::ValidationFailed, message));
            }
            for error in &mut errors {
                set_code(error, Code::ValidationFailed);
            }
            (RefusedStatus::BadRequest, errors)
        })?;
        answer_size::check_written(&self.bounds, request, ty, &mut response).map_err(bad_request)?;
        response.errors.retain(|error| code_of(error) != Some(DENIED));
        for error in &mut response.errors {
            // What the library itself says while running is about arguments.
            set_code(error, Code::BadUserInput);
        }
        watch.denied(&request.denied_fields());
        write_down_refusals(request).await?;
        response.errors.extend(request.take_errors());
        answer_size::shorten(&self.bounds, &mut response);
        run_as::echo(request, &mut response);
        Ok(response)
    }

    fn within(&self, text: &str) -> Result<(), Refusal> {
        let bytes = text.len();
        self.bounds.judge(Limit::DocumentBytes, bytes as u64).map_err(|most| {
            let message = format!("the document has {bytes} bytes; at most {most} are allowed");
            (RefusedStatus::TooLarge, vec![error(Code::TooExpensive, message)])
        })
    }

    /// What somebody without a credential may send: small, without fragments, public fields only. All else is refused
    /// alike, before validation, which would tell field names.
    fn anonymous(&self, text: &str) -> Result<Arc<Document>, Refusal> {
        if text.len() > self.bounds.now().anonymous_document_bytes {
            return Err(sign_in_first());
        }
        let document = self.documents.get(text).map_err(|_| sign_in_first())?;
        let is_public = self.public_fields.cover(&document.parsed);
        if is_public { Ok(document) } else { Err(sign_in_first()) }
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
