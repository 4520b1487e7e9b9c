//! The audit log as a file.
//!
//! Owns: who gets it and what is in it. Invariant: the file holds what the log holds, and each event's hash follows from
//! the one before it.

use axum::{body::Body, http::Request};
use entity::OrgRole;
use serde_json::Value;
use tests::{Actor, Answer, Database, Gateway, Kind, World, world::Side};

async fn export(gateway: &Gateway, actor: Actor, query: &str) -> Answer {
    let mut request = Request::get(format!("/audit-log{query}"));
    if let Some(token) = actor.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(organization) = actor.organization() {
        request = request.header("x-organization-id", organization);
    }
    gateway.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn admins_get_the_log_as_a_file_and_nobody_else_does() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // More events than are read at a time, in both halves of the world.
        for number in 0..520 {
            let text = format!("mutation {{ dsoCreate(input: {{ name: \"Dso {number}\" }}) {{ dso {{ id }} }} }}");
            let _done = gateway.ask(Actor::Admin, &text, Value::Null).await.clean();
        }
        for (actor, status, code) in [
            (Actor::Anonymous, 401, "UNAUTHENTICATED"),
            (Actor::Stranger, 404, "NOT_FOUND"),
            (Actor::Removed, 404, "NOT_FOUND"),
            (Actor::Outsider, 404, "NOT_FOUND"),
            (Actor::DsoAdmin, 403, "FORBIDDEN"),
            (Actor::Viewer, 403, "FORBIDDEN"),
        ] {
            let answer = export(&gateway, actor, "").await;
            assert_eq!((answer.status.as_u16(), answer.codes()), (status, vec![code]), "{kind:?} {actor:?}");
        }
        let answer = export(&gateway, Actor::Owner, "?format=xml").await;
        assert_eq!((answer.status.as_u16(), answer.codes()), (400, vec!["BAD_USER_INPUT"]), "{kind:?}");

        for role in [OrgRole::Admin, OrgRole::Owner] {
            let actor = if role == OrgRole::Admin { Actor::Admin } else { Actor::Owner };
            let lines = export(&gateway, actor, "").await.text;
            let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(events.len(), 522, "{kind:?}");
            for (place, event) in events.iter().enumerate() {
                assert_eq!(event["sequence"], place + 1, "{kind:?} {event}");
                assert_eq!(event["hash"].as_str().map(str::len), Some(64), "{kind:?} {event}");
            }
            assert!(!lines.contains(tests::CANARY), "{kind:?}: a string of B is in A's log");
        }
        let csv = export(&gateway, Actor::Owner, "?format=csv").await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8", "{kind:?}");
        assert_eq!(csv.text.lines().count(), 523, "{kind:?}: a head line and the events");
        assert_eq!(csv.text.matches("sequence,id,at,").count(), 1, "{kind:?}: one head line");

        let slug = World::text(Side::A, tests::world::SLUG_A);
        let verdict = gateway.db.audit_trail(&slug).await.unwrap().unwrap().verify().await.unwrap();
        assert_eq!((verdict.sound, verdict.broken), (522, None), "{kind:?}");
    }
}
