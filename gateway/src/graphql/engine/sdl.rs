//! The schema's text for those who may read it.
//!
//! Owns: the way to it. May use: the engine's parts. Invariant: it costs as much as to introspect, and takes a turn.

use entity::Origin;

use super::{Engine, stamp};
use crate::{
    admission::{Lane, Spent},
    graphql::{Caller, Outcome, limits::INTROSPECTION, turn},
    sight::Waited,
};

impl Engine {
    /// The schema's text, for whoever may introspect, and what it has cost them.
    pub async fn sdl(&self, caller: &Caller, origin: &Origin) -> Result<(&str, Option<Spent>), Outcome> {
        let refused = |(status, mut errors): super::Refusal| {
            stamp(&mut errors, origin.request());
            Outcome::Refused { status, errors }
        };
        let inner = &*self.0;
        let applicant = inner.applicant(caller, None).map_err(refused)?;
        let checking = async {
            let spent = match &applicant {
                Some(applicant) => Some(inner.admission.charge_person(applicant, INTROSPECTION).await),
                None => None,
            };
            let spent = spent.transpose().map_err(turn::overdrawn)?;
            inner.library.check_reading(caller, &inner.db, origin).await?;
            Ok(spent)
        };
        let waited = Waited::default();
        // Boxed: what waits for its turn need not carry the size of what it waits for.
        let checking = Box::pin(checking);
        let lane = Lane::Introspection;
        let taken = turn::take(&inner.admission, &inner.bounds, lane, applicant.as_ref(), &waited, checking);
        let spent = taken.await.map_err(refused)?;
        Ok((&inner.sdl, spent))
    }
}
