//! From what a client wants to an operation that may be run.
//!
//! Owns: [`Admitted`], and the order of all that is decided before an operation waits for its turn. May use: the library, the cache of documents,
//! the rules, the limits. Invariant: what is admitted is valid, its variables are coerced, and its cost is known; nothing of it has run.

use std::sync::Arc;

use async_graphql::{ServerError, Variables};
use entity::Origin;

use super::{Inner, Refusal, bad_request, error, sign_in_first};
use crate::{
    admission::Applicant,
    changes::Event,
    graphql::{
        Caller, Code, Limit, Operation, Permit, RefusedStatus, answer_size,
        chosen::{check_lists, check_permit, choose, name_of},
        document::Document,
        limits::Estimate,
        turn,
    },
    sight::Watch,
};

/// An operation that may be run.
pub(super) struct Admitted {
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

impl Inner {
    /// The document, and what its operation may cost, if all that is asked for is within the limits.
    pub(super) async fn admit(
        &self,
        operation: Operation,
        permit: Permit,
        caller: &Caller,
        applicant: Option<&Applicant>,
        origin: &Origin,
        watch: &mut Watch,
    ) -> Result<Admitted, Refusal> {
        let Operation { wanted, operation_name, variables, idempotency_key } = operation;
        let named = self.library.find(wanted, caller, &self.bounds.now())?;
        if let Some(takes) = named.takes {
            // Boxed: what is rare need not make the future of every request larger.
            let checking = Box::pin(self.library.check_exploring(takes, caller, &self.db, origin));
            let lane = Applicant::lane(applicant);
            turn::take(&self.admission, &self.bounds, lane, applicant, &watch.waited(), checking).await?;
        }
        let document = match caller {
            Caller::Anonymous => self.anonymous(&named.text)?,
            Caller::Person { .. } => {
                self.within(&named.text)?;
                self.documents.get(&named.text).map_err(bad_request)?
            }
        };
        self.library.keep(&named, caller);
        watch.document(document.hash);
        let chosen = choose(&document.parsed, operation_name.as_deref())?;
        let name = name_of(&document.parsed, operation_name.as_deref());
        watch.operation(chosen.ty.into(), name, name.and_then(|name| self.library.listed_name(name)));
        check_permit(chosen, permit)?;
        let checked = document.checked(&self.rules, &named.text).map_err(|errors| refuse_document(caller, errors))?;
        check_lists(&variables)?;
        let idempotency = idempotency_key.map(|key| (key, variables.clone()));
        let coerced = self.rules.coerce(checked, operation_name.as_deref(), variables);
        let variables = coerced.map_err(|errors| (RefusedStatus::BadRequest, errors))?;
        let Estimate { cost, key_bytes } = self.prices.sum(&document.parsed, chosen, &variables, &self.bounds.now());
        watch.cost(cost);
        answer_size::check(&self.bounds, key_bytes).map_err(bad_request)?;
        self.bounds.judge(Limit::Cost, cost).map_err(|most| {
            let message = format!("the operation may cost {cost}; at most {most} is allowed: ask for smaller pages");
            bad_request(error(Code::TooExpensive, message))
        })?;
        Ok(Admitted { document, query: named.text, operation_name, variables, idempotency, cost, event: None })
    }

    fn within(&self, text: &str) -> Result<(), Refusal> {
        let bytes = text.len();
        self.bounds.judge(Limit::DocumentBytes, bytes as u64).map_err(|most| {
            let message = format!("the document has {bytes} bytes; at most {most} are allowed");
            (RefusedStatus::TooLarge, vec![error(Code::TooExpensive, message)])
        })
    }

    /// What a caller without a credential may send: small, without fragments, public fields only. All else is refused
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

/// Validation errors name fields and suggest names: a caller without a credential gets none of them.
fn refuse_document(caller: &Caller, errors: Vec<ServerError>) -> Refusal {
    match caller {
        Caller::Anonymous => {
            let message = "the document does not fit the public part of the schema".to_owned();
            bad_request(error(Code::ValidationFailed, message))
        }
        Caller::Person { .. } => (RefusedStatus::BadRequest, errors),
    }
}
