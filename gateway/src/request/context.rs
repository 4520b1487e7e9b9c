//! What resolvers see of a request.
//!
//! Owns: the caller, the scope, the loaders and the refusals of one request. May use: the scope and the loaders.
//! Invariant: made anew for each request and dropped with it; nothing in it is shared.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use async_graphql::{Context, ContextBase, PathSegment, Pos, QueryPathSegment, ServerError, ServerResult};
use chrono::{DateTime, Utc};
use entity::{
    auth::{
        Principal,
        policy::{PolicyTarget, Reason, Subject},
    },
    commands::Account,
    id::{ActivityId, CaseId, DoctorId, DsoId},
    membership::{EnterResult, NoOrganization, Person},
    scope::Scope,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    denials::Denials,
    mutation_outcome::{MutationOutcome, MutationOutcomes},
};
use crate::errors::{ErrorCode, ResolverError};
use crate::{
    admission::BudgetState,
    loaders::{BatchBarrier, Loaders},
    request::{Field, IdArg},
};

/// Aggregates of one request whose groups are all in memory at once, each at most [`entity::MOST_GROUPS`].
const AGGREGATES: usize = 4;

/// One request.
pub(crate) struct RequestContext {
    principal: Option<Principal>,
    person: Option<Person>,
    visitor: Option<Account>,
    scope: Result<Arc<Scope>, NoOrganization>,
    loaders: Mutex<Option<Arc<Loaders>>>,
    levels: BatchBarrier,
    aggregates: Semaphore,
    outcomes: MutationOutcomes,
    denials: Mutex<Denials>,
    failures: Mutex<Vec<ServerError>>,
    began: DateTime<Utc>,
    sight: Identity,
    writing: ListEncoding,
    spent: Option<BudgetState>,
    /// Bytes of rows that were written into the answer.
    written: AtomicU64,
    /// Most bytes of the answer.
    most_bytes: u64,
}

/// In what form lists of rows come into the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListEncoding {
    /// As text, written at once.
    Text,
    /// As a tree of values, which the library can take apart and merge.
    Tree,
}

/// With whose eyes a request sees.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Those of whoever asks.
    Own,
    /// Those of another member, or of nobody if there is no such member for whoever asks.
    Another,
}

impl RequestContext {
    pub(crate) fn anonymous() -> Self {
        Self::new(
            None,
            EnterResult { person: None, visitor: None, scope: Err(NoOrganization::NotChosen) },
            Identity::Own,
        )
    }

    pub(crate) fn new_in_scope(principal: Principal, entry: EnterResult) -> Self {
        Self::new(Some(principal), entry, Identity::Own)
    }

    /// What another member sees. Whoever really asks is not in it, so nothing of theirs can come into the answer.
    pub(crate) fn impersonating(entry: EnterResult) -> Self {
        Self::new(None, entry, Identity::Another)
    }

    fn new(principal: Option<Principal>, entry: EnterResult, sight: Identity) -> Self {
        let EnterResult { person, visitor, scope } = entry;
        Self {
            principal,
            person,
            visitor,
            scope,
            loaders: Mutex::default(),
            levels: BatchBarrier::default(),
            aggregates: Semaphore::new(AGGREGATES),
            outcomes: MutationOutcomes::default(),
            denials: Mutex::default(),
            failures: Mutex::default(),
            began: entity::time::micros(Utc::now()),
            sight,
            writing: ListEncoding::Tree,
            spent: None,
            written: AtomicU64::default(),
            most_bytes: u64::MAX,
        }
    }

    /// The same, its lists of rows in this form.
    pub(crate) fn with_list_encoding(self, writing: ListEncoding) -> Self {
        Self { writing, ..self }
    }

    /// The same, its answer no larger than so many bytes.
    pub(crate) fn answering_within(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// The same, and what was charged for it.
    pub(crate) fn with_cost(self, spent: BudgetState) -> Self {
        Self { spent: Some(spent), ..self }
    }

    /// What was charged for it.
    pub(crate) fn spent(&self) -> Option<BudgetState> {
        self.spent
    }

    /// In what form its lists of rows are written.
    pub(crate) fn list_encoding(&self) -> ListEncoding {
        self.writing
    }

    /// Counts bytes that are written into the answer, while it is written: beyond the bound nothing more is.
    ///
    /// # Errors
    /// Where the answer is too large. The engine then answers with an error of its own.
    pub(crate) fn add_response_bytes(&self, bytes: usize, position: Pos) -> ServerResult<()> {
        let before = self.written.fetch_add(bytes as u64, Ordering::Relaxed);
        if before.saturating_add(bytes as u64) > self.most_bytes {
            return Err(ServerError::new("the answer is too large", Some(position)));
        }
        Ok(())
    }

    /// Bytes of rows that were written into the answer, or would have been.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// When it began: what `now` is to all of its fields.
    pub(crate) fn began(&self) -> DateTime<Utc> {
        self.began
    }

    /// The request of a resolver's context.
    pub(crate) fn of<'a, T>(context: &ContextBase<'a, T>) -> &'a Self {
        // The engine puts it there before any resolver runs; without it nothing may be answered.
        let Ok(request) = context.data::<std::sync::Arc<Self>>() else {
            unreachable!("the engine puts the request into each operation")
        };
        request
    }

    /// Who asks, as the policy sees them.
    pub(crate) fn caller(&self) -> Subject<'_> {
        match (&self.scope, &self.principal, self.sight) {
            (Ok(scope), _, _) => Subject::Member(scope.context().permissions()),
            (Err(_), Some(_), _) | (Err(_), None, Identity::Another) => {
                Subject::SignedIn(self.person.as_ref().map(|person| person.id))
            }
            (Err(_), None, Identity::Own) => Subject::Anonymous,
        }
    }

    /// With whose eyes it sees.
    pub(crate) fn identity(&self) -> Identity {
        self.sight
    }

    /// Lets through who asks for themselves: what is the person's own, beside any organization, is for nobody else's eyes.
    pub(crate) fn require_own_identity(&self) -> Result<(), ResolverError> {
        match self.sight {
            Identity::Own => Ok(()),
            Identity::Another => Err(ResolverError::Forbidden(Reason::RunsAs)),
        }
    }

    /// Whether an identity provider has verified the person's address. Nobody becomes a member without.
    pub(crate) fn is_verified(&self) -> bool {
        match self.sight {
            Identity::Own => self.principal.as_ref().is_some_and(|principal| principal.email().is_some()),
            Identity::Another => self.scope.is_ok(),
        }
    }

    /// The verified person, as their token tells.
    pub(crate) fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// The person, if we know them.
    pub(crate) fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    /// What the person may do apart from any organization. A caller without a person has no verified address, or the address
    /// of a person with another subject of the same identity provider: any other verified address makes a person.
    pub(crate) fn visitor(&self) -> Result<&Account, ResolverError> {
        self.require_own_identity()?;
        self.visitor.as_ref().ok_or_else(|| {
            let message = if self.is_verified() {
                "the e-mail address of this sign-in belongs to a person with another sign-in of the same identity provider: sign \
                 in with that one, or ask the operator to tie this one to the person (`gateway people relink`)"
            } else {
                "this takes an e-mail address that the identity provider has verified"
            };
            ResolverError::BadUserInput(message.to_owned())
        })
    }

    /// The entered organization.
    pub(crate) fn scope(&self) -> Result<&Scope, ResolverError> {
        self.scope.as_deref().map_err(|_| ResolverError::Denied)
    }

    /// This request's loaders.
    pub(crate) fn loaders(&self) -> Result<Arc<Loaders>, ResolverError> {
        let scope = self.scope.as_ref().map_err(|_| ResolverError::Denied)?;
        let mut loaders = self.loaders.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(loaders.get_or_insert_with(|| Arc::new(Loaders::new(Arc::clone(scope), self.levels.clone())))))
    }

    /// By which its loaders know when to send.
    pub(crate) fn batch_barrier(&self) -> &BatchBarrier {
        &self.levels
    }

    /// Who reads the groups of an aggregate holds one of these permits until only a page of them is left.
    pub(crate) async fn aggregating(&self) -> Result<SemaphorePermit<'_>, ResolverError> {
        self.aggregates.acquire().await.map_err(|_| ResolverError::Internal)
    }

    /// What its mutations did: recorded, or to be replayed.
    pub(crate) fn outcomes(&self) -> &MutationOutcomes {
        &self.outcomes
    }

    /// In a replay, the outcome of the mutation that is asked for next.
    pub(crate) fn outcome(&self) -> Option<MutationOutcome> {
        self.outcomes.next()
    }

    /// Records the outcome of the mutation that was run.
    pub(crate) fn record(&self, outcome: impl FnOnce() -> MutationOutcome) {
        self.outcomes.record(outcome);
    }

    /// Forgets what was loaded: after a change, it may be stale.
    pub(crate) fn clear_loaders(&self) {
        self.loaders.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Notes that the guard has refused a field.
    pub(crate) fn deny(&self, context: &Context<'_>, field: &'static Field, about: PolicyTarget, reason: Reason) {
        let code = match reason {
            Reason::NotSignedIn => ErrorCode::Unauthenticated,
            Reason::NoOrganization => match &self.scope {
                Err(NoOrganization::NotFound) => ErrorCode::NotFound,
                Err(NoOrganization::Suspended) => ErrorCode::OrgSuspended,
                Err(NoOrganization::NotChosen) | Ok(_) => ErrorCode::OrgContextRequired,
            },
            Reason::DsoNotVisible => ErrorCode::NotFound,
            Reason::OrgRoleTooLow | Reason::DsoRoleTooLow | Reason::NotSelf | Reason::NotBelow | Reason::RunsAs => {
                ErrorCode::Forbidden
            }
        };
        let dso = match about {
            PolicyTarget::Dso(dso) => Some(dso),
            PolicyTarget::Nothing | PolicyTarget::Person(_) => None,
        };
        let mut denials = self.denials.lock().unwrap_or_else(PoisonError::into_inner);
        denials.record(field, dso, code, reason, place(context));
    }

    /// Notes a failure beside the resolver's own: while the guard looked for a row.
    pub(crate) fn fail(&self, context: &Context<'_>, fault: ResolverError) {
        let (path, position) = place(context);
        let mut error = async_graphql::Error::from(fault).into_server_error(position);
        error.path = path;
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }

    /// The mutations that the guard has refused, each with the code of the refusal.
    pub(crate) fn refused_mutations(&self) -> Vec<(&'static str, ErrorCode)> {
        self.denials.lock().unwrap_or_else(PoisonError::into_inner).of_type("Mutation")
    }

    /// The fields that the guard has refused, each once, with the number of rows.
    pub(crate) fn denied_fields(&self) -> Vec<(&'static Field, u32)> {
        self.denials.lock().unwrap_or_else(PoisonError::into_inner).fields()
    }

    /// The errors that were noted beside those of the resolvers.
    pub(crate) fn take_errors(&self) -> Vec<ServerError> {
        let denials = std::mem::take(&mut *self.denials.lock().unwrap_or_else(PoisonError::into_inner));
        let mut errors = std::mem::take(&mut *self.failures.lock().unwrap_or_else(PoisonError::into_inner));
        errors.extend(denials.into_errors());
        errors
    }
}

fn place(context: &Context<'_>) -> (Vec<PathSegment>, Pos) {
    let mut path = Vec::new();
    let mut node = context.path_node.as_ref();
    while let Some(here) = node {
        path.push(match here.segment {
            QueryPathSegment::Index(index) => PathSegment::Index(index),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        });
        node = here.parent;
    }
    path.reverse();
    (path, context.item.pos)
}

/// An argument that names a row of some DSO.
pub(crate) trait LocateDso {
    /// The row's DSO, if the row exists for the caller.
    async fn locate(&self, scope: &Scope) -> Result<Option<DsoId>, entity::error::Error>;
}

impl LocateDso for IdArg<DsoId> {
    async fn locate(&self, scope: &Scope) -> Result<Option<DsoId>, entity::error::Error> {
        Ok(scope.visible_dso(self.0))
    }
}

impl LocateDso for IdArg<DoctorId> {
    async fn locate(&self, scope: &Scope) -> Result<Option<DsoId>, entity::error::Error> {
        scope.dso_of_doctor(self.0).await
    }
}

impl LocateDso for IdArg<ActivityId> {
    async fn locate(&self, scope: &Scope) -> Result<Option<DsoId>, entity::error::Error> {
        scope.dso_of_activity(self.0).await
    }
}

impl LocateDso for IdArg<CaseId> {
    async fn locate(&self, scope: &Scope) -> Result<Option<DsoId>, entity::error::Error> {
        scope.dso_of_case(self.0).await
    }
}
