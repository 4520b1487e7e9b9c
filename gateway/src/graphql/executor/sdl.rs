//! The schema's text for those who may read it.
//!
//! Owns: the way to it. May use: the engine's parts. Invariant: it costs as much as to introspect, and takes a turn.

use entity::audit::RequestMetadata;

use super::{Executor, add_request_id};
use crate::{
    admission::{BudgetState, Lane},
    graphql::cost::INTROSPECTION,
    graphql::{Caller, Outcome, admission_step},
    telemetry::DatabaseWait,
};

impl Executor {
    /// The schema's text, for whoever may introspect, and what it has cost them.
    pub async fn sdl(&self, caller: &Caller, origin: &RequestMetadata) -> Result<(&str, Option<BudgetState>), Outcome> {
        let refused = |(status, mut errors): super::RejectedRequest| {
            add_request_id(&mut errors, origin.request());
            Outcome::Refused { status, errors }
        };
        let inner = &*self.0;
        let applicant = inner.client_key(caller, None).map_err(refused)?;
        let checking = async {
            let spent = match &applicant {
                Some(applicant) => Some(inner.admission.charge_person(applicant, INTROSPECTION).await),
                None => None,
            };
            let spent = spent.transpose().map_err(admission_step::overdrawn)?;
            inner.library.check_reading(caller, &inner.db, origin).await?;
            Ok(spent)
        };
        let waited = DatabaseWait::default();
        // Boxed: what waits for its turn need not carry the size of what it waits for.
        let checking = Box::pin(checking);
        let lane = Lane::Introspection;
        let taken =
            admission_step::run_admitted(&inner.admission, &inner.bounds, lane, applicant.as_ref(), &waited, checking);
        let spent = taken.await.map_err(refused)?;
        Ok((&inner.sdl, spent))
    }
}
