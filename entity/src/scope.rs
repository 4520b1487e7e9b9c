//! A tenant's rows, as far as the caller may see them.
//!
//! Owns: the read methods. May use: the tenant filters of the resources, the session. Invariant: every statement
//! starts with `Table::tenant_filter` or `Table::filter`, with this scope's context.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ColumnTrait, Condition, EntityName as _, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    audit::RequestMetadata,
    auth::{
        MemberPermissions, OrgContext, OrgRole,
        org_context::AccessMode,
        policy::{Decision, Guard, PolicyTarget, Reason, Subject, decide},
    },
    db::{
        Db,
        figure_cache::{ChangeToken, FigureCache},
        unscoped_test_build,
    },
    error::Error,
    id::{ActivityId, CaseId, DoctorId, DsoId, MemberId, TypedId},
    models::{self, ColumnSet, MemberStatus, Organization},
    organization_settings::OrganizationSettings,
    queries::{
        ListQuery, Page, Resource, ResourceTypes,
        pagination::{self, eq_any},
        sealed::Table as _,
    },
    session::{ExclusiveGuard, Session, TenantSettings, Tx},
};

/// A verified member's view of one organization.
pub struct Scope {
    context: OrgContext,
    session: Session,
    origin: RequestMetadata,
    organization_settings: Arc<OrganizationSettings>,
    figure_cache: FigureCache,
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope").field("context", &self.context).finish_non_exhaustive()
    }
}

/// List query of a resource.
type ListQueryOf<N> = ListQuery<<N as ResourceTypes>::Filter, <N as ResourceTypes>::Order>;

impl Scope {
    pub(crate) fn new(
        context: OrgContext,
        session: Session,
        origin: RequestMetadata,
        organization_settings: Arc<OrganizationSettings>,
        figure_cache: FigureCache,
    ) -> Self {
        Self { context, session, origin, organization_settings, figure_cache }
    }

    /// The member and the organization of this view.
    #[must_use]
    pub fn context(&self) -> &OrgContext {
        &self.context
    }

    pub(crate) fn origin(&self) -> &RequestMetadata {
        &self.origin
    }

    /// The database handle that this scope was entered through.
    pub(crate) fn db(&self) -> Db {
        self.session.db(&self.organization_settings, &self.figure_cache)
    }

    pub(crate) fn figure_cache(&self) -> &FigureCache {
        &self.figure_cache
    }

    /// Announces that the organization's change token will be needed, so that the next transaction prefetches it.
    pub(crate) fn prefetch_change_token(&self) {
        self.session.prefetch_change_token(self.context.organization());
    }

    /// The organization's change token, read before any data that is read from here on.
    pub(crate) async fn change_token(&self) -> Result<ChangeToken, Error> {
        self.session.change_token(self.context.organization()).await
    }

    pub(crate) fn organization_settings(&self) -> &OrganizationSettings {
        &self.organization_settings
    }

    /// For a read outside this scope: the scope's readers wait until the guard is dropped, so that the operation holds
    /// one connection at a time.
    pub async fn exclusive(&self) -> ExclusiveGuard {
        self.session.exclusive().await
    }

    pub(crate) async fn read(&self) -> Result<Arc<Tx>, Error> {
        self.session.read().await
    }

    pub(crate) async fn write(&self) -> Result<Tx, Error> {
        self.may_write()?;
        self.session.write().await
    }

    /// Required by every write transaction: a scope entered by another person running as the member cannot write.
    fn may_write(&self) -> Result<(), Error> {
        match self.context.reach() {
            AccessMode::All => Ok(()),
            AccessMode::Reading => Err(Error::Forbidden(Reason::RunsAs)),
        }
    }

    /// A transaction for changing the members of the organization. It also reaches the DSOs that the caller does not
    /// see, because a member may have roles on them.
    pub(crate) async fn begin_org_write(&self) -> Result<Tx, Error> {
        self.may_write()?;
        let context = &self.context;
        self.session
            .write_as(&TenantSettings::whole_organization(context.organization(), Some(context.permissions().user())))
            .await
    }

    /// Records that the caller has just changed their own role or grants: later reads of this operation use the new
    /// ones.
    pub(crate) fn note_own_rights_changed(&self) {
        self.session.note_own_rights_changed();
    }

    /// Caches the organization's row that was read on entering.
    pub(crate) fn cache_organization(&self, organization: Organization) {
        self.session.cache_organization(organization);
    }

    /// The organization itself. Sends no statement as long as nothing was changed: it was read on entering.
    pub async fn organization(&self) -> Result<Organization, Error> {
        use models::organization::{Column, Entity};
        if let Some(known) = self.session.organization() {
            return Ok(known);
        }
        let tx = self.session.read().await?;
        let select = Entity::find().filter(Column::Id.eq(self.context.organization()));
        tx.query_opt(select.build(tx.backend())).await?.ok_or(Error::NotFound)
    }

    /// One page of a resource's rows, with the given columns.
    pub async fn page<N: Resource>(
        &self,
        listing: &ListQueryOf<N>,
        columns: ColumnSet,
    ) -> Result<Page<Arc<N::Row>>, Error> {
        let tx = self.session.read().await?;
        let mut pages =
            pagination::read::<N>(&tx, self.by_ids_with_columns::<N>(&listing.filter), None, listing, columns).await?;
        Ok(pages.remove(&Uuid::nil()).unwrap_or_else(|| pagination::empty(&listing.window)))
    }

    /// One page for each parent, in one statement. A parent without rows gets an empty page.
    pub async fn pages_by_parent<N: Resource>(
        &self,
        under: N::Parent,
        parents: &[Uuid],
        listing: &ListQueryOf<N>,
        columns: ColumnSet,
    ) -> Result<HashMap<Uuid, Page<Arc<N::Row>>>, Error> {
        let tx = self.session.read().await?;
        let narrowed = self.by_ids_with_columns::<N>(&listing.filter);
        let mut pages = pagination::read::<N>(&tx, narrowed, Some((under, parents)), listing, columns).await?;
        for parent in parents {
            pages.entry(*parent).or_insert_with(|| pagination::empty(&listing.window));
        }
        Ok(pages)
    }

    /// Total number of rows of a list.
    pub async fn count<N: Resource>(&self, filter: &N::Filter) -> Result<u64, Error> {
        struct Count {
            rows: i64,
        }
        crate::row::from_row!(Count { rows });
        let tx = self.session.read().await?;
        let mut select = self.by_ids_with_columns::<N>(filter);
        select.expr_as(Expr::col(N::id_column()).count(), "rows");
        let count: Option<Count> = tx.query_opt(tx.backend().build(&select)).await?;
        Ok(count.map_or(0, |count| count.rows.unsigned_abs()))
    }

    /// Number of rows per parent, in one statement.
    pub async fn count_by_parent<N: Resource>(
        &self,
        under: N::Parent,
        parents: &[Uuid],
        filter: &N::Filter,
    ) -> Result<HashMap<Uuid, u64>, Error> {
        struct Count {
            parent: Uuid,
            rows: i64,
        }
        crate::row::from_row!(Count { parent, rows });
        let tx = self.session.read().await?;
        let column = N::parent_column(under);
        let mut select = self.by_ids_with_columns::<N>(filter);
        select
            .expr_as(Expr::col(column), "parent")
            .expr_as(Expr::col(N::id_column()).count(), "rows")
            .and_where(eq_any(tx.backend(), Expr::col(column), parents))
            .group_by_col(column);
        let counts: Vec<Count> = tx.query_as(tx.backend().build(&select)).await?;
        let mut counts: HashMap<_, _> =
            counts.into_iter().map(|count| (count.parent, count.rows.unsigned_abs())).collect();
        for parent in parents {
            counts.entry(*parent).or_insert(0);
        }
        Ok(counts)
    }

    /// The rows with these ids that exist for the caller, in one statement.
    pub async fn by_ids<N: Resource>(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, N::Row>, Error> {
        let tx = self.session.read().await?;
        let backend = tx.backend();
        let mut select = from::<N>(N::tenant_filter(&self.context, backend));
        select.and_where(eq_any(backend, Expr::col(N::id_column()), ids));
        select.columns(N::columns(ColumnSet::ALL).map(|column| (N::Entity::default(), column)));
        let rows: Vec<N::Row> = tx.query_models(backend.build(&select), ColumnSet::ALL).await?;
        Ok(rows.into_iter().map(|row| (N::id(&row), row)).collect())
    }

    fn by_ids_with_columns<N: Resource>(&self, filter: &N::Filter) -> SelectStatement {
        from::<N>(N::filter(&self.context, filter, self.session.backend()))
    }

    /// The DSO of a doctor, active or archived.
    pub async fn dso_of_doctor(&self, doctor: DoctorId) -> Result<Option<DsoId>, Error> {
        use models::doctor::{Column, Entity};
        let mut select = Entity::find().select_only().column(Column::DsoId);
        select = select.filter(Column::OrganizationId.eq(self.context.organization())).filter(Column::Id.eq(doctor));
        self.dso_of(select.into_query(), Column::DsoId).await
    }

    /// The DSO of an activity's doctor.
    pub async fn dso_of_activity(&self, activity: ActivityId) -> Result<Option<DsoId>, Error> {
        use models::activity::{Column, Entity};
        let mut select = Entity::find().select_only().column(Column::DsoId);
        select = select.filter(Column::OrganizationId.eq(self.context.organization())).filter(Column::Id.eq(activity));
        self.dso_of(select.into_query(), Column::DsoId).await
    }

    /// The DSO of a case's doctor.
    pub async fn dso_of_case(&self, case: CaseId) -> Result<Option<DsoId>, Error> {
        use models::case::{Column, Entity};
        let mut select = Entity::find().select_only().column(Column::DsoId);
        select = select.filter(Column::OrganizationId.eq(self.context.organization())).filter(Column::Id.eq(case));
        self.dso_of(select.into_query(), Column::DsoId).await
    }

    async fn dso_of<C: ColumnTrait>(&self, mut select: SelectStatement, dso: C) -> Result<Option<DsoId>, Error> {
        struct Found {
            dso_id: DsoId,
        }
        crate::row::from_row!(Found { dso_id });
        let tx = self.session.read().await?;
        let seen = unscoped_test_build::dso_filter(tx.backend(), dso, || {
            let visible: Vec<_> = self.context.visible_dsos().iter().map(|dso| dso.uuid()).collect();
            eq_any(tx.backend(), Expr::col((dso.entity_name(), dso)), &visible)
        });
        select.cond_where(Condition::all().add(seen));
        let found: Option<Found> = tx.query_opt(tx.backend().build(&select)).await?;
        Ok(found.map(|found| found.dso_id))
    }

    /// Another active member's roles, for explaining their permissions. The caller must be an admin.
    pub async fn permissions_of(&self, member: MemberId) -> Result<Option<MemberPermissions>, Error> {
        self.require(Guard::Org(OrgRole::Admin), PolicyTarget::Nothing)?;
        let tx = self.session.read().await?;
        let found = self.by_ids::<crate::queries::Members>(&[member.uuid()]).await?.remove(&member.uuid());
        let Some(found) = found.filter(|found| found.status == MemberStatus::Active) else { return Ok(None) };
        let grants = models::dso_grant::Entity::find()
            .filter(crate::queries::Grants::tenant_filter(&self.context, tx.backend()))
            .filter(models::dso_grant::Column::MemberId.eq(member));
        let grants: Vec<crate::models::DsoGrant> = tx.query_as(grants.build(tx.backend())).await?;
        let granted = grants.into_iter().map(|grant| (grant.dso_id, grant.role)).collect();
        Ok(Some(MemberPermissions::new(found.user_id, found.role, granted)))
    }

    /// A DSO that is not archived, if the caller sees it. Sends no statement: the context contains all of them.
    #[must_use]
    pub fn visible_dso(&self, dso: DsoId) -> Option<DsoId> {
        self.context.visible_dsos().binary_search(&dso).ok().map(|_| dso)
    }

    /// Checks a guard; required before every capability is returned.
    pub(crate) fn require(&self, guard: Guard, about: PolicyTarget) -> Result<(), Error> {
        if let PolicyTarget::Dso(dso) = about
            && self.visible_dso(dso).is_none()
        {
            return Err(Error::NotFound);
        }
        match decide(Subject::Member(self.context.permissions()), guard, about) {
            Decision::Allow => Ok(()),
            Decision::Deny(Reason::DsoNotVisible) => Err(Error::NotFound),
            Decision::Deny(reason) => Err(Error::Forbidden(reason)),
        }
    }
}

/// A select of a resource's rows, without columns yet. (Measured: adding all columns and removing them again takes a
/// tenth of the time to build a list query.)
fn from<N: Resource>(narrowed: Condition) -> SelectStatement {
    Query::select().from(N::Entity::default().table_ref()).cond_where(narrowed).take()
}
