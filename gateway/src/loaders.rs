//! Batching by level.
//!
//! Owns: the loaders of one request. May use: the scope, which is their only way to rows. Invariant: made for one request
//! and one scope, never shared; keys hold typed listings and ids, and the scope holds the tenant.

mod batch;
mod batch_barrier;
mod overview;

use std::sync::{Arc, OnceLock};

use entity::{
    commands::JoinPolicy,
    models::{ColumnSet, Organization},
    queries::{
        Activities, Attendees, AuditEvents, Cases, Courses, Dashboards, Doctors, Dsos, Grants, Invitations,
        JoinRequests, ListQuery, Members, OnboardingPeriods, Page, Resource, Terms, Users, Widgets,
    },
    scope::Scope,
};
use futures_util::FutureExt as _;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::errors::ResolverError;
use batch::ResourceLoaders;
pub(crate) use batch_barrier::BatchBarrier;
use overview::OverviewLoaders;
pub(crate) use overview::{ActivityByActor, ActivityByKind, CourseCounts, Figure, Snapshots};

/// A page whose rows are shared between its loader's cache and the objects of the answer.
pub(crate) type SharedPage<N> = Arc<Page<Arc<RowOf<N>>>>;
/// A noun's row.
pub(crate) type RowOf<N> = <N as entity::queries::ResourceTypes>::Row;
/// A noun's filter.
pub(crate) type FilterOf<N> = <N as entity::queries::ResourceTypes>::Filter;
/// A noun's order.
pub(crate) type OrderOf<N> = <N as entity::queries::ResourceTypes>::Order;
/// What a noun is listed under.
pub(crate) type ParentOf<N> = <N as entity::queries::ResourceTypes>::Parent;
/// A listing of a noun.
pub(crate) type ListingOf<N> = ListQuery<FilterOf<N>, OrderOf<N>>;

/// All loaders of one request.
pub(crate) struct Loaders {
    scope: Arc<Scope>,
    levels: BatchBarrier,
    organization: OnceCell<Arc<Organization>>,
    join_policy: OnceCell<JoinPolicy>,
    overview: OnceLock<OverviewLoaders>,
    activities: OnceLock<ResourceLoaders<Activities>>,
    attendees: OnceLock<ResourceLoaders<Attendees>>,
    audit_events: OnceLock<ResourceLoaders<AuditEvents>>,
    cases: OnceLock<ResourceLoaders<Cases>>,
    courses: OnceLock<ResourceLoaders<Courses>>,
    dashboards: OnceLock<ResourceLoaders<Dashboards>>,
    doctors: OnceLock<ResourceLoaders<Doctors>>,
    dsos: OnceLock<ResourceLoaders<Dsos>>,
    grants: OnceLock<ResourceLoaders<Grants>>,
    invitations: OnceLock<ResourceLoaders<Invitations>>,
    join_requests: OnceLock<ResourceLoaders<JoinRequests>>,
    members: OnceLock<ResourceLoaders<Members>>,
    onboarding_periods: OnceLock<ResourceLoaders<OnboardingPeriods>>,
    terms: OnceLock<ResourceLoaders<Terms>>,
    users: OnceLock<ResourceLoaders<Users>>,
    widgets: OnceLock<ResourceLoaders<Widgets>>,
}

impl Loaders {
    pub(crate) fn new(scope: Arc<Scope>, levels: BatchBarrier) -> Self {
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
    pub(crate) async fn organization(&self) -> Result<Arc<Organization>, ResolverError> {
        let read = || async { Ok(Arc::new(self.scope.organization().await?)) };
        self.organization.get_or_try_init(read).await.map(Arc::clone)
    }

    /// Whether the organization takes requests to join, read once.
    pub(crate) async fn join_policy(&self) -> Result<JoinPolicy, ResolverError> {
        let read = || async { Ok(self.scope.join_policy().await?) };
        self.join_policy.get_or_try_init(read).await.copied()
    }

    /// The loaders of overviews.
    pub(crate) fn overview(&self) -> &OverviewLoaders {
        self.overview.get_or_init(|| OverviewLoaders::new(&self.scope, &self.levels))
    }

    fn of<N: Loaded>(&self) -> &ResourceLoaders<N> {
        N::loaders(self).get_or_init(|| ResourceLoaders::new(&self.scope, &self.levels))
    }

    // Boxed, these three: the compiler need not look through a loader, at each resolver that waits for one, to see that what waits may go
    // from thread to thread. That was a third of the crate's checking.

    /// The row of an id, if it exists for the caller.
    pub(crate) async fn row<N: Loaded>(&self, id: Uuid) -> Result<Option<Arc<RowOf<N>>>, ResolverError> {
        self.of::<N>().by_id.load(id).boxed().await
    }

    /// One page under a parent, or of the whole noun, with these columns of its rows.
    pub(crate) async fn page<N: Loaded>(
        &self,
        parent: Option<(ParentOf<N>, Uuid)>,
        listing: Arc<ListingOf<N>>,
        columns: ColumnSet,
    ) -> Result<SharedPage<N>, ResolverError> {
        // A list of the whole noun goes this way too: `Dso.organization.members` hangs it under every row of a list.
        let (under, parent) = parent.map_or((None, Uuid::nil()), |(under, parent)| (Some(under), parent));
        self.of::<N>().pages.load(batch::PageKey { under, parent, listing, columns }).boxed().await
    }

    /// How many rows a listing has in all.
    pub(crate) async fn count<N: Loaded>(
        &self,
        parent: Option<(ParentOf<N>, Uuid)>,
        filter: FilterOf<N>,
    ) -> Result<u64, ResolverError> {
        let (under, parent) = parent.map_or((None, Uuid::nil()), |(under, parent)| (Some(under), parent));
        self.of::<N>().counts.load(batch::CountKey { under, parent, filter }).boxed().await
    }
}

/// A noun that has loaders.
pub(crate) trait Loaded: Resource + Sized {
    fn loaders(all: &Loaders) -> &OnceLock<ResourceLoaders<Self>>;
}

macro_rules! loaded {
    ($($noun:ident: $field:ident,)+) => {$(
        impl Loaded for $noun {
            fn loaders(all: &Loaders) -> &OnceLock<ResourceLoaders<Self>> {
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
