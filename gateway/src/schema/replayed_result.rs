//! Payloads of mutations that were run before.
//!
//! Owns: what of a payload is recorded, and how it is made from the record. May use: the request's outcomes, the loaders.
//! Invariant: what a replay shows is read by the loaders with the rights of the replay, never from the record.

use async_graphql::{Context, ID};

use crate::{
    errors::ResolverError,
    request::{MutationOutcome, RequestContext},
};

/// What a payload shows: a row, some rows, or nothing but an id.
pub(crate) trait ReplayedResult: Sized {
    /// By which it is found again.
    fn keys(&self) -> Vec<String>;
    /// As it is now; none, if it is not there for the caller.
    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError>;
}

/// A payload that can be recorded.
pub(crate) trait Recorded: Sized {
    /// The record of it.
    fn outcome(&self) -> MutationOutcome;
    /// The payload of a record; none, if there was none.
    async fn of(context: &Context<'_>, outcome: MutationOutcome) -> Result<Option<Self>, ResolverError>;
}

/// What a root field of a mutation gives back.
type MutationReturn<T> = Option<Result<T, ResolverError>>;

/// In a replay, what the mutation gives back without being run.
pub(crate) async fn replay<T: Recorded>(context: &Context<'_>) -> Option<MutationReturn<T>> {
    let outcome = RequestContext::of(context).outcome()?;
    Some(T::of(context, outcome).await.transpose())
}

/// Records what the mutation gives back.
pub(crate) fn record<T: Recorded>(context: &Context<'_>, returned: Option<&Result<T, ResolverError>>) {
    RequestContext::of(context).record(|| match returned {
        Some(Ok(payload)) => payload.outcome(),
        Some(Err(_)) | None => MutationOutcome::NoPayload,
    });
}

/// A row that its id finds.
macro_rules! replayed {
    ($node:ident: $noun:ty, $id:ty) => {
        impl $crate::schema::replayed_result::ReplayedResult for $node {
            fn keys(&self) -> Vec<String> {
                vec![::entity::id::TypedId::to_text(self.0.id)]
            }

            async fn found(
                context: &::async_graphql::Context<'_>,
                keys: &[String],
            ) -> Result<Option<Self>, $crate::errors::ResolverError> {
                let [key] = keys else { return Ok(None) };
                let id = ::entity::id::TypedId::uuid(<$id as ::entity::id::TypedId>::from_text(key));
                Ok($crate::request::RequestContext::of(context).loaders()?.row::<$noun>(id).await?.map(Self::from))
            }
        }
    };
}
pub(crate) use replayed;

/// Those that are there, in their order; none, if none of them is.
impl<T: ReplayedResult> ReplayedResult for Vec<T> {
    fn keys(&self) -> Vec<String> {
        self.iter().flat_map(T::keys).collect()
    }

    async fn found(context: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        let each = keys.iter().map(|key| T::found(context, std::slice::from_ref(key)));
        let found = futures_util::future::join_all(each).await;
        let found: Vec<T> = found.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
        Ok((!found.is_empty() || keys.is_empty()).then_some(found))
    }
}

/// The id of what is gone.
impl ReplayedResult for ID {
    fn keys(&self) -> Vec<String> {
        vec![self.to_string()]
    }

    async fn found(_: &Context<'_>, keys: &[String]) -> Result<Option<Self>, ResolverError> {
        Ok(keys.first().map(ID::from))
    }
}

/// A text of another organization, which is not recorded.
impl ReplayedResult for String {
    fn keys(&self) -> Vec<String> {
        Vec::new()
    }

    async fn found(_: &Context<'_>, _: &[String]) -> Result<Option<Self>, ResolverError> {
        Ok(None)
    }
}
