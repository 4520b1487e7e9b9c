//! Commands on the widgets of a dashboard.

use sea_orm::ColumnTrait;

use super::{Editor, MAX_WIDGETS, OpenDashboard, WidgetDraft, WidgetPatch, WidgetPosition, bottom_row};
use crate::{
    commands::validation::Validator,
    error::{Error, ValidationCode, ValidationError},
    id::{TypedId, WidgetId},
    models::{AuditAction, Dashboard, Widget, dashboard_widget::Column},
    queries::Widgets,
    text::TextKind,
    time::now,
};

impl OpenDashboard<'_> {
    fn widget(&mut self, id: WidgetId) -> Result<&mut Widget, Error> {
        self.widgets.iter_mut().find(|widget| widget.id == id).ok_or(Error::NotFound)
    }
}

impl Editor<'_> {
    /// Adds a widget to the dashboard.
    pub async fn widget_add(&self, draft: WidgetDraft, expected_version: Option<i32>) -> Result<Widget, Error> {
        let mut checks = Validator::default();
        let checked = draft.validate_widget(&mut checks);
        checks.finish()?;
        let mut open = self.open(expected_version).await?;
        if open.widgets.len() >= MAX_WIDGETS {
            let message = format!("the dashboard has {MAX_WIDGETS} widgets, and no room for another");
            return Err(ValidationError::of(ValidationCode::WrongState, "dashboardId", message));
        }
        let row = checked.into_row(&open.dashboard, bottom_row(&open.widgets));
        self.check_shared(&open.dashboard, std::slice::from_ref(&row), "query")?;
        open.writer.insert(row.clone()).await?;
        open.widgets.push(row.clone());
        open.finish(AuditAction::WidgetAdd).await?;
        Ok(row)
    }

    /// Changes a widget of the dashboard. A patch without effect changes nothing.
    pub async fn widget_update(&self, id: WidgetId, patch: WidgetPatch) -> Result<Widget, Error> {
        let mut checks = Validator::default();
        let title = patch.title.map(|title| checks.required("title", &title, TextKind::NAME));
        if let Some(place) = patch.place {
            place.check(&mut checks);
        }
        let query = patch.query.and_then(|query| checks.accept(query));
        checks.finish()?;
        let mut open = self.open(patch.expected_version).await?;
        let widget = open.widget(id)?;
        let before = widget.clone();
        if let Some(title) = title {
            widget.title = title;
        }
        if let Some(place) = patch.place {
            place.apply(widget);
        }
        if let Some(query) = query {
            widget.query = query;
        }
        widget.kind = patch.kind.unwrap_or(widget.kind);
        if *widget == before {
            return Ok(before);
        }
        widget.updated_at = now();
        let changed = widget.clone();
        self.check_shared(&open.dashboard, std::slice::from_ref(&changed), "query")?;
        open.writer.save(changed.clone()).await?;
        open.finish(AuditAction::WidgetUpdate).await?;
        Ok(changed)
    }

    /// Removes a widget from the dashboard.
    pub async fn widget_remove(&self, id: WidgetId, expected_version: Option<i32>) -> Result<Dashboard, Error> {
        let mut open = self.open(expected_version).await?;
        open.widget(id)?;
        let these = self.widgets(&open.writer).add(Column::Id.eq(id));
        open.writer.remove::<Widgets>(these).await?;
        open.widgets.retain(|widget| widget.id != id);
        open.finish(AuditAction::WidgetRemove).await
    }

    /// Sets the positions of all widgets. If all positions are unchanged, nothing is written.
    pub async fn arrange(
        &self,
        places: &[(WidgetId, WidgetPosition)],
        expected_version: Option<i32>,
    ) -> Result<Dashboard, Error> {
        let mut checks = Validator::default();
        if places.len() > MAX_WIDGETS {
            let message = format!("`widgets` has {} entries; a dashboard has at most {MAX_WIDGETS}", places.len());
            return Err(ValidationError::of(ValidationCode::BadUserInput, "widgets", message));
        }
        for (number, (id, place)) in places.iter().enumerate() {
            place.check(&mut checks);
            if places[..number].iter().any(|(before, _)| before == id) {
                checks.reject("widgets", format!("`widgets` names `{}` twice", id.to_text()));
            }
        }
        checks.finish()?;
        let mut open = self.open(expected_version).await?;
        let mut checks = Validator::default();
        for (id, _) in places {
            if open.widgets.iter().all(|widget| widget.id != *id) {
                checks.reject("widgets", format!("`widgets` names `{}`, which is not on the dashboard", id.to_text()));
            }
        }
        for widget in &open.widgets {
            if places.iter().all(|(id, _)| *id != widget.id) {
                checks.reject("widgets", format!("`widgets` leaves out `{}`", widget.id.to_text()));
            }
        }
        checks.finish()?;
        let before = open.widgets.clone();
        for (id, place) in places {
            place.apply(open.widget(*id)?);
        }
        if open.widgets == before {
            return Ok(open.dashboard);
        }
        for widget in &mut open.widgets {
            widget.updated_at = now();
            open.writer.save(widget.clone()).await?;
        }
        open.finish(AuditAction::DashboardArrange).await
    }
}
