//! A DSO's own words.

use std::sync::Arc;

use async_graphql::{Context, ID};
use entity::{Dsos, TypedId, policy::About};
use gateway_macros::guarded;

use super::{dso::Dso, id};
use crate::{
    graphql::{Fault, Request},
    guard::Located,
};

/// A DSO's own word for one of our nouns.
#[derive(Clone)]
pub struct Terminology(Arc<entity::Term>);

impl From<Arc<entity::Term>> for Terminology {
    fn from(row: Arc<entity::Term>) -> Self {
        Self(row)
    }
}

impl Located for Terminology {
    fn about(&self) -> About {
        About::Dso(self.0.dso_id)
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
    async fn dso(&self, context: &Context<'_>) -> Result<Option<Dso>, Fault> {
        Ok(Request::of(context).loaders()?.row::<Dsos>(self.0.dso_id.uuid()).await?.map(Dso::from))
    }
}
