//! From what a client wants to an operation that may be run.
//!
//! Owns: [`Admitted`], and the order of all that is decided before an operation waits for its turn. May use: the library, the cache of documents,
//! the rules, the limits. Invariant: what is admitted is valid, its variables are coerced, and its cost is known; nothing of it has run.

use std::sync::Arc;

use async_graphql::{ServerError, Variables};
use entity::audit::RequestMetadata;

use super::{RejectedRequest, Shared, bad_request, error, unauthenticated};
use crate::{
    admission::ClientKey,
    changes::Event,
    errors::ErrorCode,
    graphql::cost::CostEstimate,
    graphql::{
        AllowedOperations, Caller, Operation, RefusedStatus, admission_step, answer_size,
        document_cache::Document,
        operation_selection::{self, check_allowed, check_lists, select_operation},
    },
    limits::Limit,
    telemetry::OperationObserver,
};

/// An operation that may be run.
pub(super) struct PreparedOperation {
    pub(super) document: Arc<Document>,
    /// The document's text.
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// The key under which a mutation is run at most once, and the variables as they came: they are what the key stands for.
    pub(super) idempotency: Option<(String, Variables)>,
    pub(super) cost: u64,
    /// The event that a message of a subscription is about.
    pub(super) event: Option<Arc<Event>>,
}

impl Shared {
    /// The document, and what its operation may cost, if all that is asked for is within the limits.
    pub(super) async fn prepare(
        &self,
        operation: Operation,
        permit: AllowedOperations,
        caller: &Caller,
        applicant: Option<&ClientKey>,
        origin: &RequestMetadata,
        watch: &mut OperationObserver,
    ) -> Result<PreparedOperation, RejectedRequest> {
        let Operation { wanted, operation_name, variables, idempotency_key } = operation;
        let named = self.library.find(wanted, caller, &self.bounds.now())?;
        if let Some(takes) = named.takes {
            // Boxed: what is rare need not make the future of every request larger.
            let checking = Box::pin(self.library.check_ad_hoc(takes, caller, &self.db, origin));
            let lane = ClientKey::lane(applicant);
            admission_step::run_admitted(&self.admission, &self.bounds, lane, applicant, &watch.waited(), checking)
                .await?;
        }
        let document = match caller {
            Caller::Anonymous => self.anonymous(&named.text)?,
            Caller::Person { .. } => {
                self.check_size(&named.text)?;
                self.documents.get(&named.text).map_err(bad_request)?
            }
        };
        self.library.keep(&named, caller);
        watch.document(document.hash);
        let chosen = select_operation(&document.parsed, operation_name.as_deref())?;
        let name = operation_selection::operation_name(&document.parsed, operation_name.as_deref());
        watch.operation(chosen.ty.into(), name, name.and_then(|name| self.library.listed_name(name)));
        check_allowed(chosen, permit)?;
        let checked = document.validated(&self.rules, &named.text).map_err(|errors| refuse_document(caller, errors))?;
        check_lists(&variables)?;
        let idempotency = idempotency_key.map(|key| (key, variables.clone()));
        let coerced = self.rules.coerce(checked, operation_name.as_deref(), variables);
        let variables = coerced.map_err(|errors| (RefusedStatus::BadRequest, errors))?;
        let CostEstimate { cost, key_bytes } =
            self.prices.sum(&document.parsed, chosen, &variables, &self.bounds.now());
        watch.cost(cost);
        answer_size::check(&self.bounds, key_bytes).map_err(bad_request)?;
        self.bounds.check(Limit::Cost, cost).map_err(|most| {
            let message = format!("the operation may cost {cost}; at most {most} is allowed: ask for smaller pages");
            bad_request(error(ErrorCode::TooExpensive, message))
        })?;
        Ok(PreparedOperation { document, query: named.text, operation_name, variables, idempotency, cost, event: None })
    }

    fn check_size(&self, text: &str) -> Result<(), RejectedRequest> {
        let bytes = text.len();
        self.bounds.check(Limit::DocumentBytes, bytes as u64).map_err(|most| {
            let message = format!("the document has {bytes} bytes; at most {most} are allowed");
            (RefusedStatus::TooLarge, vec![error(ErrorCode::TooExpensive, message)])
        })
    }

    /// What a caller without a credential may send: small, without fragments, public fields only. All else is refused
    /// alike, before validation, which would tell field names.
    fn anonymous(&self, text: &str) -> Result<Arc<Document>, RejectedRequest> {
        if text.len() > self.bounds.now().anonymous_document_bytes {
            return Err(unauthenticated());
        }
        let document = self.documents.get(text).map_err(|_| unauthenticated())?;
        let is_public = self.public_fields.cover(&document.parsed);
        if is_public { Ok(document) } else { Err(unauthenticated()) }
    }
}

/// Validation errors name fields and suggest names: a caller without a credential gets none of them.
fn refuse_document(caller: &Caller, errors: Vec<ServerError>) -> RejectedRequest {
    match caller {
        Caller::Anonymous => {
            let message = "the document does not fit the public part of the schema".to_owned();
            bad_request(error(ErrorCode::ValidationFailed, message))
        }
        Caller::Person { .. } => (RefusedStatus::BadRequest, errors),
    }
}
