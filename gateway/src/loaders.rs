//! Batching by level.
//!
//! Owns: the loaders of one request. May use: the scope, which is their only way to rows. Invariant: made for one request
//! and one scope, never shared; keys hold typed listings and ids, and the scope holds the tenant.

mod batch;
mod level;
mod overview;

use std::sync::{Arc, OnceLock};

use entity::{
    Activities, Attendees, AuditEvents, Cases, Columns, Courses, Dashboards, Doctors, Dsos, Grants, Invitations,
    JoinPolicy, JoinRequests, Listing, Members, Noun, OnboardingPeriods, Organization, Page, Scope, Terms, Users,
    Widgets,
};
use futures_util::FutureExt as _;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::graphql::Fault;
use batch::NounLoaders;
pub(crate) use level::Levels;
use overview::OverviewLoaders;
pub(crate) use overview::{Actors, Figure, Kinds, Stood, Taught};

/// A page whose rows are shared between its loader's cache and the objects of the answer.
pub(crate) type SharedPage<N> = Arc<Page<Arc<RowOf<N>>>>;
/// A noun's row.
pub(crate) type RowOf<N> = <N as entity::Rows>::Row;
/// A noun's filter.
pub(crate) type FilterOf<N> = <N as entity::Rows>::Filter;
/// A noun's order.
pub(crate) type OrderOf<N> = <N as entity::Rows>::Order;
/// What a noun is listed under.
pub(crate) type UnderOf<N> = <N as entity::Rows>::Under;
/// A listing of a noun.
pub(crate) type ListingOf<N> = Listing<FilterOf<N>, OrderOf<N>>;

/// All loaders of one request.
pub(crate) struct Loaders {
    scope: Arc<Scope>,
    levels: Levels,
    organization: OnceCell<Arc<Organization>>,
    join_policy: OnceCell<JoinPolicy>,
    overview: OnceLock<OverviewLoaders>,
    activities: OnceLock<NounLoaders<Activities>>,
    attendees: OnceLock<NounLoaders<Attendees>>,
    audit_events: OnceLock<NounLoaders<AuditEvents>>,
    cases: OnceLock<NounLoaders<Cases>>,
    courses: OnceLock<NounLoaders<Courses>>,
    dashboards: OnceLock<NounLoaders<Dashboards>>,
    doctors: OnceLock<NounLoaders<Doctors>>,
    dsos: OnceLock<NounLoaders<Dsos>>,
    grants: OnceLock<NounLoaders<Grants>>,
    invitations: OnceLock<NounLoaders<Invitations>>,
    join_requests: OnceLock<NounLoaders<JoinRequests>>,
    members: OnceLock<NounLoaders<Members>>,
    onboarding_periods: OnceLock<NounLoaders<OnboardingPeriods>>,
    terms: OnceLock<NounLoaders<Terms>>,
    users: OnceLock<NounLoaders<Users>>,
    widgets: OnceLock<NounLoaders<Widgets>>,
}

impl Loaders {
    pub(crate) fn new(scope: Arc<Scope>, levels: Levels) -> Self {
        Self {
            scope,
            levels,
            organization: OnceCell::new(),
            join_policy: OnceCell::new(),
            overview: OnceLock::new(),
            activities: OnceLock::new(),
            attendees: OnceLock::new(),
            audit_events: OnceLock::new(),
            cases: OnceLock::new(),
            courses: OnceLock::new(),
            dashboards: OnceLock::new(),
            doctors: OnceLock::new(),
            dsos: OnceLock::new(),
            grants: OnceLock::new(),
            invitations: OnceLock::new(),
            join_requests: OnceLock::new(),
            members: OnceLock::new(),
            onboarding_periods: OnceLock::new(),
            terms: OnceLock::new(),
            users: OnceLock::new(),
            widgets: OnceLock::new(),
        }
    }

    /// The organization itself, read once.
    pub(crate) async fn organization(&self) -> Result<Arc<Organization>, Fault> {
        let read = || async { Ok(Arc::new(self.scope.organization().await?)) };
        self.organization.get_or_try_init(read).await.map(Arc::clone)
    }

    /// Whether the organization takes requests to join, read once.
    pub(crate) async fn join_policy(&self) -> Result<JoinPolicy, Fault> {
        let read = || async { Ok(self.scope.join_policy().await?) };
        self.join_policy.get_or_try_init(read).await.copied()
    }

    /// The loaders of overviews.
    pub(crate) fn overview(&self) -> &OverviewLoaders {
        self.overview.get_or_init(|| OverviewLoaders::new(&self.scope, &self.levels))
    }

    fn of<N: Loaded>(&self) -> &NounLoaders<N> {
        N::loaders(self).get_or_init(|| NounLoaders::new(&self.scope, &self.levels))
    }

    // Boxed, these three: the compiler need not look through a loader, at each resolver that waits for one, to see that what waits may go
    // from thread to thread. That was a third of the crate's checking.

    /// The row of an id, if it exists for the caller.
    pub(crate) async fn row<N: Loaded>(&self, id: Uuid) -> Result<Option<Arc<RowOf<N>>>, Fault> {
        self.of::<N>().by_id.load(id).boxed().await
    }

    /// One page under a parent, or of the whole noun, with these columns of its rows.
    pub(crate) async fn page<N: Loaded>(
        &self,
        parent: Option<(UnderOf<N>, Uuid)>,
        listing: Arc<ListingOf<N>>,
        columns: Columns,
    ) -> Result<SharedPage<N>, Fault> {
        // A list of the whole noun goes this way too: `Dso.organization.members` hangs it under every row of a list.
        let (under, parent) = parent.map_or((None, Uuid::nil()), |(under, parent)| (Some(under), parent));
        self.of::<N>().pages.load(batch::PageKey { under, parent, listing, columns }).boxed().await
    }

    /// How many rows a listing has in all.
    pub(crate) async fn count<N: Loaded>(
        &self,
        parent: Option<(UnderOf<N>, Uuid)>,
        filter: FilterOf<N>,
    ) -> Result<u64, Fault> {
        let (under, parent) = parent.map_or((None, Uuid::nil()), |(under, parent)| (Some(under), parent));
        self.of::<N>().counts.load(batch::CountKey { under, parent, filter }).boxed().await
    }
}

/// A noun that has loaders.
pub(crate) trait Loaded: Noun + Sized {
    fn loaders(all: &Loaders) -> &OnceLock<NounLoaders<Self>>;
}

macro_rules! loaded {
    ($($noun:ident: $field:ident,)+) => {$(
        impl Loaded for $noun {
            fn loaders(all: &Loaders) -> &OnceLock<NounLoaders<Self>> {
                &all.$field
            }
        }
    )+};
}

loaded! {
    Activities: activities,
    Attendees: attendees,
    AuditEvents: audit_events,
    Cases: cases,
    Courses: courses,
    Dashboards: dashboards,
    Doctors: doctors,
    Dsos: dsos,
    Grants: grants,
    Invitations: invitations,
    JoinRequests: join_requests,
    Members: members,
    OnboardingPeriods: onboarding_periods,
    Terms: terms,
    Users: users,
    Widgets: widgets,
}
