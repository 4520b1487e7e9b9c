//! The guard on every field.
//!
//! Owns: the check that `#[guarded]` puts in front of each resolver, the directive it prints and the registry of all
//! fields. May use: the policy's `decide`, and the request. Invariant: a refused resolver's body does not run, and the
//! refusal is noted once with its coordinate, guard and DSO.
//!
//! A field without a guard does not compile:
//!
//! ```compile_fail
//! use gateway::schema::Version;
//! #[gateway_macros::guarded(org = Member)]
//! impl Probe {
//!     fn version(&self) -> i32 { 1 }
//! }
//! ```

pub mod directive;
mod registry;
mod roles;

pub use registry::{Registry, RegistryError};
pub use roles::{DsoRole, OrgRole};

use async_graphql::Context;
use entity::{
    auth::policy::{Decision, Guard, PolicyTarget},
    id::DsoId,
};

use crate::{
    errors::ResolverError,
    request::{Field, LocateDso, RequestContext},
};

/// An object type whose every field carries a guard. Implemented by `#[guarded]` only.
pub trait Guarded {
    /// The type's name in the schema.
    const TYPE: &'static str;
    /// Its fields.
    const FIELDS: &'static [Field];
}

/// A row that knows what it is about.
pub trait HasResource {
    /// The DSO or the person of the row.
    fn resource(&self) -> PolicyTarget;
}

/// Whether the caller may pass; a refusal is noted in the request.
pub(crate) fn check(context: &Context<'_>, field: &'static Field, about: impl FnOnce() -> PolicyTarget) -> Option<()> {
    let request = RequestContext::of(context);
    let about = match field.guard {
        Guard::Public(_) => return Some(()),
        Guard::SignedIn | Guard::Org(_) => PolicyTarget::Nothing,
        Guard::Dso(_) | Guard::SelfOr(_) => about(),
    };
    match decide(request, field.guard, about) {
        Decision::Allow => Some(()),
        Decision::Deny(reason) => {
            request.deny(context, field, about, reason);
            None
        }
    }
}

/// Whether the caller may pass a guard on a row that is about this. Notes nothing: a refusal is noted where it is met.
pub(crate) fn allows(request: &RequestContext, guard: Guard, about: PolicyTarget) -> bool {
    decide(request, guard, about) == Decision::Allow
}

#[cfg(not(no_guards))]
fn decide(request: &RequestContext, guard: Guard, about: PolicyTarget) -> Decision {
    entity::auth::policy::decide(request.caller(), guard, about)
}

/// What guards cost is measured by leaving them out: `tests/without-guards`. No program compiles so.
#[cfg(no_guards)]
fn decide(_: &RequestContext, _: Guard, _: PolicyTarget) -> Decision {
    Decision::Allow
}

/// What [`admit`] tells, for a guard on the row that an argument names: finds the row's DSO through the scope first.
pub(crate) async fn check_argument(context: &Context<'_>, field: &'static Field, named: impl LocateDso) -> Option<()> {
    let request = RequestContext::of(context);
    let located = match request.scope() {
        Ok(scope) => named.locate(scope).await,
        Err(_) => Ok(None),
    };
    match located {
        // Without a row there is nothing to be about, and the decision says why: no person, no organization, no row.
        Ok(dso) => check(context, field, || dso.map_or(PolicyTarget::Nothing, PolicyTarget::Dso)),
        Err(error) => {
            request.fail(context, error.into());
            None
        }
    }
}

/// Whether the caller may read these fields in every DSO concerned: what a filter or an order by them demands.
pub(crate) fn check_fields(context: &Context<'_>, coordinates: &[&str], concerned: &[DsoId]) -> Option<()> {
    let request = RequestContext::of(context);
    let Ok(registry) = context.data::<Registry>() else {
        request.fail(context, ResolverError::Internal);
        return None;
    };
    for coordinate in coordinates {
        let Some(field) = registry.get(coordinate) else {
            // A filter that names no field of the schema is our mistake, and it must not filter.
            tracing::error!(coordinate, "a filter looks at a field that is not registered");
            request.fail(context, ResolverError::Internal);
            return None;
        };
        match field.guard {
            Guard::Dso(_) => {
                for dso in concerned {
                    check(context, field, || PolicyTarget::Dso(*dso))?;
                }
            }
            Guard::Public(_) | Guard::SignedIn | Guard::Org(_) | Guard::SelfOr(_) => {
                check(context, field, || PolicyTarget::Nothing)?;
            }
        }
    }
    Some(())
}
