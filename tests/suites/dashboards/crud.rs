//! Life cycle of a dashboard, and the rights on it.

use entity::id::{DashboardId, TypedId, WidgetId};
use serde_json::json;
use tests::{Actor, CANARY, Kind};

use super::{MEMBERS, Stage};
use crate::matrix::changes::boards::dashboard;

const FIND: &str = "query($id: ID!) { dashboard(id: $id) { title visibility version viewerMayEdit author { id } widgets { title x y } } \
     node(id: $id) { id } }";

#[tokio::test]
async fn a_dashboard_lives_from_its_making_to_its_deletion() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let me = Actor::Viewer;
        let made = stage
            .done(me, "dashboardCreate", "dashboard { id visibility version }", &json!({ "title": " Mine " }))
            .await;
        assert_eq!((&made["visibility"], &made["version"]), (&json!("PRIVATE"), &json!(1)), "{kind:?}");
        let id = made["id"].as_str().unwrap();
        let mut widgets = Vec::new();
        for title in ["First", "Second"] {
            let query = json!({ "doctors": { "groupBy": ["RISK"], "measure": { "avg": "PROGRESS" } } });
            let input = json!({ "dashboardId": id, "title": title, "kind": "BAR", "query": query });
            let entity = "widget { id y query dashboard { version } }";
            let widget = stage.done(me, "widgetAdd", entity, &input).await;
            assert_eq!(widget["query"], query, "{kind:?}: kept as it was written");
            assert_eq!(widget["y"], json!(widgets.len() * 4), "{kind:?}: below the others");
            widgets.push(widget["id"].clone());
        }
        // Swaps the two widgets in one change.
        let place = |y: i32| json!({ "x": 0, "y": y, "width": 12, "height": 1 });
        let places =
            json!([{ "widgetId": widgets[0], "place": place(1) }, { "widgetId": widgets[1], "place": place(0) }]);
        let input = json!({ "dashboardId": id, "widgets": places, "expectedVersion": 3 });
        let board = stage.done(me, "dashboardArrange", "dashboard { version widgets { title } }", &input).await;
        assert_eq!(
            board,
            json!({ "version": 4, "widgets": [{ "title": "Second" }, { "title": "First" }] }),
            "{kind:?}"
        );
        let input = json!({ "widgetId": widgets[0], "title": "Renamed", "kind": "PIE" });
        let widget = stage.done(me, "widgetUpdate", "widget { title kind }", &input).await;
        assert_eq!(widget, json!({ "title": "Renamed", "kind": "PIE" }), "{kind:?}");
        let board = stage
            .done(me, "widgetRemove", "dashboard { version widgets { title } }", &json!({ "widgetId": widgets[1] }))
            .await;
        assert_eq!(board, json!({ "version": 6, "widgets": [{ "title": "Renamed" }] }), "{kind:?}");
        let input = json!({ "dashboardId": id, "title": "Ours", "visibility": "SHARED", "expectedVersion": 6 });
        let board = stage.done(me, "dashboardUpdate", "dashboard { title visibility }", &input).await;
        assert_eq!(board, json!({ "title": "Ours", "visibility": "SHARED" }), "{kind:?}");
        // Any member may duplicate it; the copy is private to them.
        let copy = stage
            .done(
                Actor::Ungranted,
                "dashboardDuplicate",
                "dashboard { id title visibility widgets { title } }",
                &json!({ "dashboardId": id }),
            )
            .await;
        assert_eq!(
            (&copy["title"], &copy["visibility"], &copy["widgets"]),
            (&json!("Ours"), &json!("PRIVATE"), &json!([{ "title": "Renamed" }])),
            "{kind:?}"
        );
        assert!(
            stage.read(me, FIND, json!({ "id": copy["id"] })).await.clean().data("/dashboard").is_null(),
            "{kind:?}"
        );
        let gone = stage.done(me, "dashboardDelete", "dashboardId ", &json!({ "dashboardId": id })).await;
        assert_eq!(gone, json!(id), "{kind:?}");
        assert!(stage.read(me, FIND, json!({ "id": id })).await.clean().data("/dashboard").is_null(), "{kind:?}");
        // A private dashboard's title is not in the log that admins see.
        let log = "{ organization { auditLog(first: 1, filter: { actions: [DASHBOARD_CREATE] }) { nodes { action targetKind } } } }";
        let answer = stage.read(Actor::Admin, log, json!({})).await;
        assert!(!answer.text.contains("Mine"), "{kind:?} {}", answer.text);
    }
}

#[tokio::test]
async fn private_dashboard_is_visible_to_its_author_only() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let nobodys = DashboardId::generate().to_text();
        for actor in MEMBERS {
            let found = stage.read(actor, FIND, json!({ "id": dashboard("private") })).await.clean();
            let list = stage
                .read(actor, "{ dashboards { totalCount nodes { title widgets { title } } } }", json!({}))
                .await
                .clean();
            let is_author = actor == Actor::Admin;
            assert_eq!(found.data("/dashboard").is_null(), !is_author, "{kind:?} {actor:?} {}", found.text);
            assert_eq!(found.data("/node").is_null(), !is_author, "{kind:?} {actor:?} {}", found.text);
            assert_eq!(list.data("/dashboards/totalCount"), &json!(4 + i32::from(is_author)), "{kind:?} {actor:?}");
            assert_eq!(list.text.contains("private"), is_author, "{kind:?} {actor:?} {}", list.text);
            assert!(!list.bytes().contains(CANARY), "{kind:?} {actor:?}");
            if is_author {
                continue;
            }
            for (mutation, entity) in [
                ("dashboardUpdate", "dashboard { id }"),
                ("dashboardDelete", "dashboardId"),
                ("dashboardDuplicate", "dashboard { id }"),
            ] {
                for id in [dashboard("private"), nobodys.clone()] {
                    let answer = stage.change(actor, mutation, entity, &json!({ "dashboardId": id })).await;
                    assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {actor:?} {mutation} {}", answer.text);
                }
            }
            let input = json!({ "widgetId": crate::matrix::changes::boards::widget("private") });
            let answer = stage.change(actor, "widgetRemove", "dashboard { id }", &input).await;
            assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {actor:?} {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_shared_dashboard_is_seen_by_all_and_changed_by_its_author_and_admins() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        for actor in MEMBERS {
            let may = [Actor::Owner, Actor::Admin].contains(&actor);
            let found = stage.read(actor, FIND, json!({ "id": dashboard("figure") })).await.clean();
            assert_eq!(found.data("/dashboard/viewerMayEdit"), &json!(may), "{kind:?} {actor:?} {}", found.text);
            let input = json!({ "dashboardId": dashboard("figure"), "title": format!("{actor:?}") });
            let answer = stage.change(actor, "dashboardUpdate", "dashboard { title }", &input).await;
            let codes: &[&str] = if may { &[] } else { &["FORBIDDEN"] };
            assert_eq!(answer.codes(), codes, "{kind:?} {actor:?} {}", answer.text);
        }
        // Only its author may make it private: an admin who did so would take it from its author, and could no longer
        // see it.
        let input = json!({ "dashboardId": dashboard("figure"), "visibility": "PRIVATE" });
        let errors = stage.to_mend(Actor::Admin, "dashboardUpdate", "dashboard { id }", &input).await;
        assert!(errors.len() == 1 && errors[0].starts_with("WRONG_STATE "), "{kind:?} {errors:?}");
        stage.done(Actor::Owner, "dashboardUpdate", "dashboard { id }", &input).await;
        assert!(
            stage
                .read(Actor::Admin, FIND, json!({ "id": dashboard("figure") }))
                .await
                .clean()
                .data("/dashboard")
                .is_null()
        );
    }
}

#[tokio::test]
async fn all_user_errors_are_reported_together() {
    for kind in Kind::ALL {
        let stage = Stage::new(kind).await;
        let (board, widget) = stage.shared("NUMBER", &json!({ "overview": "DOCTORS" })).await;
        let stale = json!({ "dashboardId": board, "title": "x", "expectedVersion": 1 });
        let errors = stage.to_mend(Actor::Owner, "dashboardUpdate", "dashboard { id }", &stale).await;
        assert!(errors.len() == 1 && errors[0].starts_with("STALE_VERSION "), "{kind:?} {errors:?}");
        let place = json!({ "x": 8, "y": -1, "width": 5, "height": 25 });
        let input = json!({
            "dashboardId": board, "title": " ", "kind": "LINE", "place": place, "query": { "overview": "DOCTORS" },
        });
        let errors = stage.to_mend(Actor::Owner, "widgetAdd", "widget { id }", &input).await;
        // The title, y, width, height, and a figure that cannot be shown as a line.
        assert_eq!(errors.len(), 5, "{kind:?} {errors:?}");
        let place = json!({ "x": 0, "y": 0, "width": 1, "height": 1 });
        let other = WidgetId::generate().to_text();
        for widgets in [
            json!([]),
            json!([{ "widgetId": other, "place": place }, { "widgetId": widget, "place": place }]),
            json!([{ "widgetId": widget, "place": place }, { "widgetId": widget, "place": place }]),
        ] {
            let input = json!({ "dashboardId": board, "widgets": widgets });
            let errors = stage.to_mend(Actor::Owner, "dashboardArrange", "dashboard { id }", &input).await;
            assert_eq!(errors.len(), 1, "{kind:?} {errors:?}");
        }
        let seen = stage.read(Actor::Owner, FIND, json!({ "id": board })).await.clean();
        assert_eq!(seen.data("/dashboard/version"), &json!(2), "{kind:?}: nothing of it was done");
    }
}
