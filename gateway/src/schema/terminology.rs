//! A DSO's own words.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject};
use entity::{
    auth::policy::PolicyTarget,
    commands::TermPatch,
    id::{DsoId, TypedId},
    queries::Dsos,
};
use gateway_macros::guarded;

use super::{
    dso::Dso,
    payload::{into_result, payload},
};
use crate::request::IdArg;
use crate::request::id;
use crate::{errors::ResolverError, guard::HasResource, request::RequestContext, row_encoding::SingleRow};

/// A DSO's own word for one of our nouns.
#[derive(Clone)]
pub struct Terminology(Arc<entity::models::Term>);

impl From<Arc<entity::models::Term>> for Terminology {
    fn from(row: Arc<entity::models::Term>) -> Self {
        Self(row)
    }
}

impl HasResource for Terminology {
    fn resource(&self) -> PolicyTarget {
        PolicyTarget::Dso(self.0.dso_id)
    }
}

/// A DSO's own word for one of our nouns.
#[guarded(dso = Viewer)]
impl Terminology {
    /// Which term.
    #[guard(dso = Viewer)]
    fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Our noun, such as `doctor`.
    #[guard(dso = Viewer)]
    fn key(&self) -> &str {
        &self.0.key
    }

    /// Their word, such as `Provider`.
    #[guard(dso = Viewer)]
    fn label(&self) -> &str {
        &self.0.label
    }

    /// Whose word it is.
    #[guard(dso = Viewer)]
    async fn dso(&self, context: &Context<'_>) -> Result<Option<SingleRow<Dso>>, ResolverError> {
        Ok(RequestContext::of(context)
            .loaders()?
            .row::<Dsos>(self.0.dso_id.uuid())
            .await?
            .map(Dso::from)
            .map(SingleRow))
    }
}

/// One of our nouns, for which a DSO may have a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TermKey {
    /// `doctor`.
    Doctor,
    /// `activity`.
    Activity,
    /// `case`.
    Case,
    /// `course`.
    Course,
    /// `attendee`.
    Attendee,
    /// `onboarding_period`.
    OnboardingPeriod,
    /// `dso`.
    Dso,
    /// `member`.
    Member,
}

impl TermKey {
    /// As `Terminology.key` shows it.
    fn key(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Activity => "activity",
            Self::Case => "case",
            Self::Course => "course",
            Self::Attendee => "attendee",
            Self::OnboardingPeriod => "onboarding_period",
            Self::Dso => "dso",
            Self::Member => "member",
        }
    }
}

/// A DSO's word for one of our nouns.
#[derive(InputObject)]
pub struct TermInput {
    /// Our noun.
    key: TermKey,
    /// Their word, 1 to 200 characters; without one, ours is used again.
    label: Option<String>,
}

/// A change of a DSO's own words: those that are not named stay.
#[derive(InputObject)]
pub struct TerminologyUpdateInput {
    /// Whose words.
    dso_id: IdArg<DsoId>,
    /// The words that change.
    terms: Vec<TermInput>,
}

payload! {
    /// The outcome of `terminologyUpdate`.
    TerminologyUpdatePayload {
        /// The DSO with its words.
        dso: Dso
    }
}

/// Changes of DSOs' own words.
#[derive(Default)]
pub struct TerminologyMutations;

#[guarded(signed_in, part_of = "Mutation")]
impl TerminologyMutations {
    /// Replaces or removes a DSO's own words for our nouns.
    #[guard(dso = Admin, of = input.dso_id)]
    async fn terminology_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The change.")] input: TerminologyUpdateInput,
    ) -> Result<Option<TerminologyUpdatePayload>, ResolverError> {
        let request = RequestContext::of(context);
        let terms = input.terms.into_iter().map(|term| TermPatch { key: term.key.key(), label: term.label }).collect();
        let settled = into_result(request.scope()?.dso_admin(input.dso_id.0)?.terminology_update(terms).await)?;
        request.clear_loaders();
        let settled = match settled {
            Ok(()) => Ok(Dso::find(context, input.dso_id.0).await?),
            Err(problems) => Err(problems),
        };
        Ok(Some(TerminologyUpdatePayload::new(settled)))
    }
}
