//! Running one operation.
//!
//! Owns: the order of the steps from a text to an answer. May use: every other part of this room, and the door to the
//! database. Invariant: who asks is known before the text is looked at.

mod endpoint;
mod prepare;
mod sdl;
mod stats;
mod subscription;

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, parser::types::OperationType};
use entity::{audit::RequestMetadata, db::Db, id::TypedId, membership::AccessHint, models::TargetKind};
use tracing::{Instrument as _, info_span};

use super::{
    AllowedOperations, Caller, DocumentCache, DocumentRegistry, Operation, Outcome, RefusedStatus, admission_step,
    anonymous::PublicFields, answer_size, document_cache::Document, execution::Runner, idempotency,
    operation_selection::select_operation, rules::Rules, run_as,
};
use crate::{
    admission::{Admission, ClientKey, Lane, TenantHint},
    changes::ChangeFeeds,
    guard::RegistryError,
    schema,
    telemetry::{AccessLogSlot, OperationObserver, SPAN_TARGET, Telemetry},
};
use crate::{
    errors::{DENIED_MARKER, ErrorCode},
    graphql::cost::CostModel,
    limits::{Limit, LimitRegistry},
    request::{ListEncoding, RequestContext},
};

pub(crate) use endpoint::{EndpointRejected, EndpointRequest};
use prepare::PreparedOperation;
pub(crate) use subscription::{Cause, Ended, SubscriptionStream};

/// Runs operations.
#[derive(Clone)]
pub struct Executor(Arc<Shared>);

struct Shared {
    db: Db,
    runner: Runner,
    rules: Rules,
    public_fields: PublicFields,
    documents: DocumentCache,
    library: DocumentRegistry,
    bounds: Arc<LimitRegistry>,
    prices: CostModel,
    admission: Admission,
    changes: ChangeFeeds,
    sdl: String,
    sight: Telemetry,
}

impl Executor {
    /// An engine on a database. Refuses to start if a field of the schema is not guarded as registered.
    pub fn new(
        db: Db,
        bounds: Arc<LimitRegistry>,
        admission: Admission,
        library: DocumentRegistry,
        cursor_secret: Option<&[u8]>,
        sight: Telemetry,
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
        let prices = CostModel::of(&sdl)?;
        let documents = DocumentCache::new(Arc::clone(&bounds));
        let changes = ChangeFeeds::new(Arc::clone(&bounds));
        Ok(Self(Arc::new(Shared {
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
    pub fn library(&self) -> &DocumentRegistry {
        &self.0.library
    }

    /// Runs an operation; its origin's request id stands in every error, and all of it in the audit log. What is to be told of it in the
    /// log comes into the line.
    pub async fn run(
        &self,
        operation: Operation,
        permit: AllowedOperations,
        caller: Caller,
        origin: &RequestMetadata,
        line: AccessLogSlot,
    ) -> Outcome {
        let mut watch = self.0.sight.observe(line);
        let mut outcome = match self.try_run(operation, permit, caller, origin, &mut watch).await {
            Ok(response) => Outcome::Ran(response),
            Err((status, errors)) => Outcome::Refused { status, errors },
        };
        let (Outcome::Ran(Response { errors, .. }) | Outcome::Refused { errors, .. }) = &mut outcome;
        watch.on_response(
            errors.iter().map(|error| code_of(error).and_then(ErrorCode::named).unwrap_or(ErrorCode::Internal)),
        );
        add_request_id(errors, origin.request());
        outcome
    }

    async fn try_run(
        &self,
        operation: Operation,
        permit: AllowedOperations,
        caller: Caller,
        origin: &RequestMetadata,
        watch: &mut OperationObserver,
    ) -> Result<Response, RejectedRequest> {
        let inner = &*self.0;
        let applicant = inner.client_key(&caller, Some(&mut *watch))?;
        let admitted = inner.prepare(operation, permit, &caller, applicant.as_ref(), origin, watch).await;
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(refused) => {
                if let Some(applicant) = &applicant {
                    inner.admission.charge_rejected(applicant);
                }
                return Err(refused);
            }
        };
        let spends = applicant.as_ref().map(|applicant| (applicant, admitted.cost));
        let waited = watch.waited();
        let lane =
            if admitted.document.introspects { Lane::Introspection } else { ClientKey::lane(applicant.as_ref()) };
        // Boxed: what waits for its turn need not carry the size of what runs it.
        let run = Box::pin(inner.run(admitted, caller, spends, origin, watch));
        admission_step::run_admitted(&inner.admission, &inner.bounds, lane, applicant.as_ref(), &waited, run).await
    }
}

/// In what way something was refused, and why.
pub(super) type RejectedRequest = (RefusedStatus, Vec<ServerError>);

impl Shared {
    /// Whoever asks, if they have not spent too much already. The log can name them before anything refuses them.
    fn client_key(
        &self,
        caller: &Caller,
        watch: Option<&mut OperationObserver>,
    ) -> Result<Option<ClientKey>, RejectedRequest> {
        let Caller::Person { principal, selector, .. } = caller else { return Ok(None) };
        let applicant = self.admission.applicant(principal, selector);
        if let Some(watch) = watch {
            let TenantHint { user, organization } = applicant.known();
            watch.on_request(user, organization);
        }
        self.admission.check_budget(&applicant).map_err(admission_step::overdrawn)?;
        Ok(Some(applicant))
    }

    async fn run(
        &self,
        admitted: PreparedOperation,
        caller: Caller,
        spends: Option<(&ClientKey, u64)>,
        origin: &RequestMetadata,
        watch: &mut OperationObserver,
    ) -> Result<Response, RejectedRequest> {
        let PreparedOperation { document, query, operation_name, variables, idempotency, event, .. } = admitted;
        let chosen = select_operation(&document.parsed, operation_name.as_deref())?;
        let ahead = match chosen.ty {
            OperationType::Mutation => AccessHint::Changing,
            OperationType::Query | OperationType::Subscription => document.ahead,
        };
        let (db, statements) = self.db.with_statement_counter();
        watch.statements(statements);
        let (request, spent) = match (caller, spends) {
            (Caller::Anonymous, _) | (_, None) => (RequestContext::anonymous(), None),
            (Caller::Person { principal, selector, run_as }, Some((applicant, cost))) => {
                let entering = db.enter(&principal, &selector, ahead, origin);
                let entry =
                    entering.instrument(info_span!(target: SPAN_TARGET, "enter")).await.map_err(refuse_entry)?;
                watch.entered(&entry);
                let spent = self
                    .admission
                    .charge(applicant, TenantHint::of(&entry), cost)
                    .await
                    .map_err(admission_step::overdrawn)?;
                let request = match run_as {
                    None => RequestContext::new_in_scope(principal, entry),
                    Some(member) => RequestContext::impersonating(run_as::impersonate(entry, member, chosen.ty).await?),
                };
                (request.with_cost(spent), Some(spent))
            }
        };
        if document.introspects {
            self.library.check_introspection(request.caller())?;
        }
        let is_mutation = chosen.ty == OperationType::Mutation;
        // Text cannot be merged.
        let writing = if document.merges || is_mutation { ListEncoding::Tree } else { ListEncoding::Text };
        let most_bytes = self.bounds.now().of(Limit::AnswerBytes).allowed();
        let request = Arc::new(request.with_list_encoding(writing).answering_within(most_bytes));
        let mut job =
            async_graphql::Request::new(String::new()).variables(variables).data(Arc::clone(&request)).data(db);
        if let Some(event) = event {
            job = job.data(event);
        }
        job.operation_name.clone_from(&operation_name);
        let run = self
            .execute(job, (&document, &query), chosen.ty, &request, watch)
            .instrument(info_span!(target: SPAN_TARGET, "execute"));
        let mut response = match idempotency {
            Some((key, given)) if is_mutation => {
                let asked = (query.as_str(), operation_name.as_deref(), &given);
                // Boxed: queries need not carry the size of what records a mutation.
                Box::pin(idempotency::run_once(&request, &key, asked, run)).await?
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
        request: &RequestContext,
        watch: &OperationObserver,
    ) -> Result<Response, RejectedRequest> {
        let refused = |errors| (RefusedStatus::BadRequest, errors);
        let checked = document.validated(&self.rules, text).map_err(refused)?;
        let mut response =
            request.batch_barrier().run(self.runner.run(job, document, checked, ty)).await.map_err(|mut errors| {
                for error in &mut errors {
                    set_code(error, ErrorCode::ValidationFailed);
                }
                refused(errors)
            })?;
        answer_size::check_written(&self.bounds, request, ty, &mut response).map_err(bad_request)?;
        response.errors.retain(|error| code_of(error) != Some(DENIED_MARKER));
        for error in &mut response.errors {
            // What the library itself says while running is about null where a variable may not be null.
            set_code(error, ErrorCode::BadUserInput);
        }
        watch.on_denied(&request.denied_fields());
        audit_denied_mutations(request).await?;
        response.errors.extend(request.take_errors());
        answer_size::truncate_errors(&self.bounds, &mut response);
        run_as::response_headers(request, &mut response);
        Ok(response)
    }
}

/// The one answer to somebody without a credential who asks for more than they may.
pub(super) fn unauthenticated() -> RejectedRequest {
    let message = "sign in first: this needs a valid credential".to_owned();
    (RefusedStatus::Unauthenticated, vec![error(ErrorCode::Unauthenticated, message)])
}

/// Who may not decide about access, and tried, stands in the audit log.
async fn audit_denied_mutations(request: &RequestContext) -> Result<(), RejectedRequest> {
    let Ok(scope) = request.scope() else { return Ok(()) };
    for (mutation, code) in request.refused_mutations() {
        let Some(action) = schema::action_of(mutation).filter(|action| action.changes_access()) else { continue };
        let target = (TargetKind::Organization, scope.context().organization().uuid());
        scope.audit_refusal(action, target, code.as_str()).await.map_err(refuse_entry)?;
    }
    Ok(())
}

pub(super) fn refuse_entry(cause: entity::error::Error) -> RejectedRequest {
    let fault = crate::errors::ResolverError::from(cause);
    let status = match fault {
        crate::errors::ResolverError::Unavailable | crate::errors::ResolverError::Retry(_) => {
            RefusedStatus::Unavailable
        }
        _ => RefusedStatus::Internal,
    };
    (status, vec![async_graphql::Error::from(fault).into_server_error(async_graphql::Pos::default())])
}

pub(super) fn bad_request(error: ServerError) -> RejectedRequest {
    (RefusedStatus::BadRequest, vec![error])
}

/// An error of ours without a place in the document.
pub(super) fn error(code: ErrorCode, message: String) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code);
    error
}

fn set_code(error: &mut ServerError, code: ErrorCode) {
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

fn add_request_id(errors: &mut [ServerError], request_id: &str) {
    for error in errors {
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("requestId", request_id);
    }
}
