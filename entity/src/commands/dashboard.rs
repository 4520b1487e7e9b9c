//! Commands on dashboards.
//!
//! Owns: the capabilities [`Author`] and [`Editor`], and the commands on a dashboard itself. May use: the write
//! transaction. Invariant: a dashboard and its widgets change together, under the dashboard's lock and its single
//! version. A caller who cannot see the dashboard gets "not found". A caller who sees it but may not change it is
//! refused before any of the input is validated.

mod draft;
mod entry;
mod widget;

pub use draft::{
    DashboardDraft, DashboardOrigin, DashboardPatch, PiiCheck, StoredQuery, WidgetDraft, WidgetPatch, WidgetPosition,
};

use sea_orm::{ColumnTrait, Condition};

use super::{
    transaction::{WriteEntry, WriteTransaction, check_version},
    validation::Validator,
};
use crate::{
    auth::{
        OrgRole,
        policy::{Decision, Guard, PolicyTarget, Subject, decide},
    },
    error::{Error, ValidationCode, ValidationError},
    id::{DashboardId, TypedId, WidgetId},
    models::{AuditAction, Dashboard, TargetKind, Visibility, Widget, dashboard, dashboard_widget},
    queries::{Dashboards, Widgets, sealed::Table},
    scope::Scope,
    text::TextKind,
    time::now,
};
use entry::DashboardEntry;

/// Maximum number of widgets on a dashboard.
const MAX_WIDGETS: usize = 40;

/// The right to create dashboards of one's own.
#[derive(Debug)]
pub struct Author<'a> {
    scope: &'a Scope,
}

/// The right to change one dashboard.
#[derive(Debug)]
pub struct Editor<'a> {
    scope: &'a Scope,
    dashboard: DashboardId,
    confidential: PiiCheck,
}

impl Scope {
    /// Returns an [`Author`] if the caller is a member.
    pub fn author(&self) -> Result<Author<'_>, Error> {
        self.require(Guard::Org(OrgRole::Member), PolicyTarget::Nothing)?;
        Ok(Author { scope: self })
    }

    /// Whether the caller may change a dashboard that they see: their own, or any if they are an admin.
    #[must_use]
    pub fn may_edit(&self, dashboard: &Dashboard) -> Decision {
        let standing = self.context().permissions();
        let is_own = dashboard.author_member_id == self.context().member();
        let about = if is_own { PolicyTarget::Person(standing.user()) } else { PolicyTarget::Nothing };
        decide(Subject::Member(standing), Guard::SelfOr(Some(OrgRole::Admin)), about)
    }

    /// Returns an [`Editor`] if the caller may change the dashboard.
    pub async fn editor(&self, dashboard: DashboardId, confidential: PiiCheck) -> Result<Editor<'_>, Error> {
        let found = self.by_ids::<Dashboards>(&[dashboard.uuid()]).await?.remove(&dashboard.uuid());
        self.check_editor(&found.ok_or(Error::NotFound)?)?;
        Ok(Editor { scope: self, dashboard, confidential })
    }

    /// Returns an [`Editor`] for the dashboard that contains a widget, and the widget.
    pub async fn editor_of_widget(
        &self,
        widget: WidgetId,
        confidential: PiiCheck,
    ) -> Result<(Editor<'_>, Widget), Error> {
        let found = self.by_ids::<Widgets>(&[widget.uuid()]).await?.remove(&widget.uuid());
        let found = found.ok_or(Error::NotFound)?;
        Ok((self.editor(found.dashboard_id, confidential).await?, found))
    }

    fn check_editor(&self, dashboard: &Dashboard) -> Result<(), Error> {
        match self.may_edit(dashboard) {
            Decision::Allow => Ok(()),
            Decision::Deny(reason) => Err(Error::Forbidden(reason)),
        }
    }
}

impl Author<'_> {
    /// Creates a dashboard with its widgets; the caller is its author.
    pub async fn dashboard_create(&self, making: DashboardOrigin, draft: DashboardDraft) -> Result<Dashboard, Error> {
        let mut checks = Validator::default();
        let title = checks.required("title", &draft.title, TextKind::NAME);
        let widgets: Vec<_> = draft.widgets.into_iter().map(|widget| widget.validate_widget(&mut checks)).collect();
        checks.finish()?;
        let writer = WriteTransaction::begin(self.scope).await?;
        let context = self.scope.context();
        let dashboard = Dashboard {
            organization_id: context.organization(),
            id: DashboardId::generate(),
            author_member_id: context.member(),
            title,
            visibility: draft.visibility,
            created_at: now(),
            updated_at: now(),
            version: 1,
        };
        writer.insert(dashboard.clone()).await?;
        let mut rows = Vec::with_capacity(widgets.len());
        for widget in widgets {
            let row = widget.into_row(&dashboard, bottom_row(&rows));
            writer.insert(row.clone()).await?;
            rows.push(row);
        }
        let action = match making {
            DashboardOrigin::Anew => AuditAction::DashboardCreate,
            DashboardOrigin::ACopy => AuditAction::DashboardDuplicate,
        };
        writer.commit(audit_entry(action, dashboard.id), None, &DashboardEntry::of(&dashboard, &rows)).await?;
        Ok(dashboard)
    }
}

/// A dashboard that is being changed.
struct OpenDashboard<'a> {
    writer: WriteTransaction<'a>,
    dashboard: Dashboard,
    widgets: Vec<Widget>,
    told: DashboardEntry,
}

impl<'a> Editor<'a> {
    /// Locks the dashboard and checks again whether the caller may change it.
    async fn open(&self, expected_version: Option<i32>) -> Result<OpenDashboard<'a>, Error> {
        let writer = WriteTransaction::begin(self.scope).await?;
        let dashboard = writer.find_active::<Dashboards>(self.dashboard).await?;
        self.scope.check_editor(&dashboard)?;
        check_version(expected_version, dashboard.version)?;
        let widgets = writer.find_all::<Widgets>(self.widgets(&writer)).await?;
        let told = DashboardEntry::of(&dashboard, &widgets);
        Ok(OpenDashboard { writer, dashboard, widgets, told })
    }

    /// Rejects widgets with confidential queries on a shared dashboard, because every member can read the queries.
    fn check_shared(&self, dashboard: &Dashboard, widgets: &[Widget], field: &'static str) -> Result<(), Error> {
        let mut checks = Validator::default();
        for widget in widgets.iter().filter(|_| dashboard.visibility == Visibility::Shared) {
            if let Some(reason) = (self.confidential)(&widget.query) {
                let title = &widget.title;
                let message = format!(
                    "`{field}`: all members can read the widget queries of a shared dashboard, and in `{title}` {reason}"
                );
                checks.reject(field, message);
            }
        }
        checks.finish()
    }

    fn widgets(&self, writer: &WriteTransaction<'_>) -> Condition {
        Widgets::tenant_filter(self.scope.context(), writer.backend())
            .add(dashboard_widget::Column::DashboardId.eq(self.dashboard))
    }

    /// Changes the dashboard. Only its author can make it private: any other caller would no longer see it themselves.
    /// A patch without effect writes no new version and no event.
    pub async fn dashboard_update(&self, patch: DashboardPatch) -> Result<Dashboard, Error> {
        let mut checks = Validator::default();
        let title = patch.title.map(|title| checks.required("title", &title, TextKind::NAME));
        checks.finish()?;
        let mut open = self.open(patch.expected_version).await?;
        let before = open.dashboard.clone();
        if let Some(visibility) = patch.visibility {
            let is_own = open.dashboard.author_member_id == self.scope.context().member();
            if visibility == Visibility::Private && !is_own {
                let message = "`visibility` is PRIVATE: only a dashboard's author can keep it for themselves";
                return Err(ValidationError::of(ValidationCode::WrongState, "visibility", message));
            }
            open.dashboard.visibility = visibility;
            self.check_shared(&open.dashboard, &open.widgets, "visibility")?;
        }
        if let Some(title) = title {
            open.dashboard.title = title;
        }
        if open.dashboard == before {
            return Ok(before);
        }
        open.finish(AuditAction::DashboardUpdate).await
    }

    /// Deletes the dashboard with its widgets.
    pub async fn dashboard_delete(&self, expected_version: Option<i32>) -> Result<DashboardId, Error> {
        let OpenDashboard { writer, dashboard, told, .. } = self.open(expected_version).await?;
        writer.remove::<Widgets>(self.widgets(&writer)).await?;
        let seen = Dashboards::tenant_filter(self.scope.context(), writer.backend());
        writer.remove::<Dashboards>(seen.add(dashboard::Column::Id.eq(dashboard.id))).await?;
        writer
            .commit(audit_entry(AuditAction::DashboardDelete, dashboard.id), Some(&told), &DashboardEntry::deleted())
            .await?;
        Ok(dashboard.id)
    }
}

impl OpenDashboard<'_> {
    /// Writes the dashboard's next version and commits the change.
    async fn finish(self, action: AuditAction) -> Result<Dashboard, Error> {
        let Self { writer, dashboard, widgets, told } = self;
        let next = Dashboard { version: dashboard.version + 1, updated_at: now(), ..dashboard };
        writer.save(next.clone()).await?;
        writer.commit(audit_entry(action, next.id), Some(&told), &DashboardEntry::of(&next, &widgets)).await?;
        Ok(next)
    }
}

/// The first grid row below all widgets.
fn bottom_row(widgets: &[Widget]) -> i32 {
    widgets.iter().map(|widget| widget.y + widget.height).max().unwrap_or(0)
}

fn audit_entry(action: AuditAction, dashboard: DashboardId) -> WriteEntry {
    WriteEntry { action, target: (TargetKind::Dashboard, dashboard.uuid()), dso: None }
}
