//! Running one operation.
//!
//! Owns: the order of the steps from a text to an answer. May use: every other part of this room, and the door to the
//! database. Invariant: who asks is known before the text is looked at.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, Response, ServerError, Variables,
    parser::types::{BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use entity::{Ahead, Db, MemberId, Origin, Principal, Selector, TargetKind, TypedId};

use super::{
    Code, Documents, Limits, Request, Writing, anonymous::PublicFields, document::Document, fault::DENIED, idempotency,
    run_as,
};
use crate::{
    guard::RegistryError,
    schema::{self, Schema},
};

/// What a client wants to be run.
#[derive(Debug)]
pub struct Operation {
    /// The document.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Variables,
    /// The key under which a mutation is run at most once.
    pub idempotency_key: Option<String>,
}

/// What may be run: GET must not change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// Queries only.
    QueriesOnly,
    /// Queries and mutations.
    Any,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedStatus {
    /// It is not a document that can be run.
    BadRequest,
    /// It needs a credential.
    Unauthenticated,
    /// Who asks may not look as that member, or would change something while they do.
    Forbidden,
    /// It changes something and came by GET.
    MethodNotAllowed,
    /// It is too large.
    TooLarge,
    /// The database is away.
    Unavailable,
    /// Our fault.
    Internal,
}

/// Runs operations.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    db: Db,
    schema: Schema,
    public_fields: PublicFields,
    documents: Documents,
    limits: Limits,
    sdl: String,
}

impl Engine {
    /// An engine on a database. Refuses to start if a field of the schema is not guarded as registered.
    pub fn new(db: Db, limits: Limits, cursor_secret: Option<&[u8]>) -> Result<Self, RegistryError> {
        let registry = schema::registry();
        let schema = schema::build(registry.clone(), limits, cursor_secret, db.clone());
        let sdl = schema::sdl(&schema);
        registry.check(&sdl)?;
        let public_fields = PublicFields::of(&registry, &sdl)?;
        let documents = Documents::new(limits);
        Ok(Self(Arc::new(Inner { db, schema, public_fields, documents, limits, sdl })))
    }

    /// The schema's text.
    #[must_use]
    pub fn sdl(&self) -> &str {
        &self.0.sdl
    }

    /// Runs an operation; its origin's request id stands in every error, and all of it in the audit log.
    pub async fn run(&self, operation: Operation, permit: Permit, caller: Caller, origin: &Origin) -> Outcome {
        match self.try_run(operation, permit, caller, origin).await {
            Ok(mut response) => {
                stamp(&mut response.errors, origin.request());
                Outcome::Ran(response)
            }
            Err((status, mut errors)) => {
                stamp(&mut errors, origin.request());
                Outcome::Refused { status, errors }
            }
        }
    }

    async fn try_run(
        &self,
        operation: Operation,
        permit: Permit,
        caller: Caller,
        origin: &Origin,
    ) -> Result<Response, Refusal> {
        let inner = &*self.0;
        let document = match &caller {
            Caller::Anonymous => inner.anonymous(&operation.query)?,
            Caller::Person { .. } => {
                within(&operation.query, inner.limits.document_bytes)?;
                inner.documents.get(&operation.query).map_err(bad_request)?
            }
        };
        let chosen = choose(&document.parsed, operation.operation_name.as_deref())?;
        match chosen.ty {
            OperationType::Query => {}
            OperationType::Mutation if permit == Permit::Any => {}
            OperationType::Mutation => {
                let message = "a mutation goes by POST".to_owned();
                return Err((RefusedStatus::MethodNotAllowed, vec![error(Code::BadUserInput, message)]));
            }
            OperationType::Subscription => {
                return Err(bad_request(error(Code::ValidationFailed, "there are no subscriptions here".to_owned())));
            }
        }
        check_variables(chosen, &operation.variables)?;

        let ahead = match chosen.ty {
            OperationType::Mutation => Ahead::Changing,
            OperationType::Query | OperationType::Subscription => document.ahead,
        };
        let request = match caller {
            Caller::Anonymous => Request::anonymous(),
            Caller::Person { principal, selector, run_as } => {
                let entry = inner.db.enter(&principal, &selector, ahead, origin).await.map_err(refuse_entry)?;
                match run_as {
                    None => Request::entered(principal, entry),
                    Some(member) => Request::running(run_as::look(entry, member, chosen.ty).await?),
                }
            }
        };
        let is_mutation = chosen.ty == OperationType::Mutation;
        // Text cannot be merged, nor read again by what keeps the answers of mutations.
        let writing = if document.merges || is_mutation { Writing::Tree } else { Writing::Text };
        let request = Arc::new(request.writing_as(writing));
        let Operation { query, operation_name, variables, idempotency_key } = operation;
        let mut job =
            async_graphql::Request::new(query.clone()).variables(variables.clone()).data(Arc::clone(&request));
        job.operation_name.clone_from(&operation_name);
        job.set_parsed_query(document.parsed.clone());
        let run = inner.execute(job, &request);
        match (idempotency_key, request.scope()) {
            (Some(key), Ok(scope)) if is_mutation => {
                idempotency::once(scope, &key, (&query, operation_name.as_deref(), &variables), run).await
            }
            (Some(_), Err(_)) if is_mutation => {
                let message = "`Idempotency-Key` is kept by an organization: choose one, or leave the key out";
                Err(bad_request(error(Code::BadUserInput, message.to_owned())))
            }
            _ => run.await,
        }
    }
}

/// In what way something was refused, and why.
pub(super) type Refusal = (RefusedStatus, Vec<ServerError>);

impl Inner {
    /// Validates and runs, and gathers the errors.
    async fn execute(&self, job: async_graphql::Request, request: &Request) -> Result<Response, Refusal> {
        let mut response = request.levels().drive(self.schema.execute(job)).await;
        // Without a path nothing was run: the library found the document invalid.
        let is_invalid =
            response.data == async_graphql::Value::Null && response.errors.iter().any(|error| error.path.is_empty());
        if is_invalid {
            for error in &mut response.errors {
                set_code(error, Code::ValidationFailed);
            }
            return Err((RefusedStatus::BadRequest, response.errors));
        }
        response.errors.retain(|error| code_of(error) != Some(DENIED));
        for error in &mut response.errors {
            // What the library itself says while running is about arguments.
            set_code(error, Code::BadUserInput);
        }
        write_down_refusals(request).await?;
        response.errors.extend(request.take_errors());
        run_as::echo(request, &mut response);
        Ok(response)
    }

    /// What somebody without a credential may send: small, without fragments, public fields only. All else is refused
    /// alike, before validation, which would tell field names.
    fn anonymous(&self, text: &str) -> Result<Arc<Document>, Refusal> {
        let refused = || {
            let message = "sign in first: this needs a valid credential".to_owned();
            (RefusedStatus::Unauthenticated, vec![error(Code::Unauthenticated, message)])
        };
        if text.len() > self.limits.anonymous_document_bytes {
            return Err(refused());
        }
        let document = self.documents.get(text).map_err(|_| refused())?;
        let is_public = self.public_fields.cover(&document.parsed);
        if is_public { Ok(document) } else { Err(refused()) }
    }
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

fn within(text: &str, most: usize) -> Result<(), Refusal> {
    if text.len() <= most {
        return Ok(());
    }
    let message = format!("the document has {} bytes; at most {most} are allowed", text.len());
    Err((RefusedStatus::TooLarge, vec![error(Code::TooExpensive, message)]))
}

fn choose<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refusal> {
    let chosen = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => {
            let message = "the document has several operations: `operationName` must say which".to_owned();
            return Err(bad_request(error(Code::BadUserInput, message)));
        }
    };
    chosen.map(|operation| &operation.node).ok_or_else(|| {
        let message = format!("the document has no operation `{}`", name.unwrap_or_default());
        bad_request(error(Code::BadUserInput, message))
    })
}

/// The library looks at the variables that are given; a required one that is missing it would find only while running.
fn check_variables(operation: &OperationDefinition, given: &Variables) -> Result<(), Refusal> {
    let missing = operation.variable_definitions.iter().find(|definition| {
        let definition = &definition.node;
        !definition.var_type.node.nullable
            && definition.default_value.is_none()
            && given.get(&definition.name.node).is_none_or(|value| *value == async_graphql::Value::Null)
    });
    match missing {
        None => Ok(()),
        Some(definition) => {
            let name = &definition.node.name.node;
            let wanted = match &definition.node.var_type.node.base {
                BaseType::Named(name) => name.to_string(),
                BaseType::List(_) => "list".to_owned(),
            };
            let message = format!("the variable `${name}` is required: give it a {wanted}");
            Err(bad_request(error(Code::BadUserInput, message)))
        }
    }
}

pub(super) fn refuse_entry(cause: entity::Error) -> Refusal {
    let fault = super::Fault::from(cause);
    let status = match fault {
        super::Fault::Unavailable => RefusedStatus::Unavailable,
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

pub(super) fn code_of(error: &ServerError) -> Option<&str> {
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
