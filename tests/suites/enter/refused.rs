//! A caller who is refused learns nothing.

use axum::http::StatusCode;
use entity::id::{OrganizationId, TypedId};
use tests::{
    Answer, CANARY, Database, Gateway, Kind, World,
    actor::token,
    world::{SLUG_A, SLUG_B, Side},
};

use super::{ask, change, named};

async fn ask_for(gateway: &Gateway, person: &str, organization: &str) -> Answer {
    ask(gateway, &token(person), &[("x-organization-id", organization)]).await
}

/// Fails unless the answer is the same as for an organization that never existed.
async fn like_unknown(gateway: &Gateway, person: &str, organization: &str, what: &str) {
    let unknown = ask_for(gateway, "owner", "nowhere").await;
    assert_eq!(unknown.codes(), ["NOT_FOUND"], "{}", unknown.text);
    let answer = ask_for(gateway, person, organization).await;
    assert_eq!(answer.stable(), unknown.stable(), "{what}: {person} asks for {organization}");
    assert_eq!((answer.status, unknown.status), (StatusCode::OK, StatusCode::OK), "{what}");
    assert!(!answer.text.contains("Aurora") && !answer.text.contains(CANARY), "{what}: {}", answer.text);
}

#[tokio::test]
async fn no_member_and_no_organization_are_one_answer() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let id = |side| OrganizationId::from_uuid(World::organization(side)).to_text();
        for name in [SLUG_A.to_owned(), id(Side::A), World::organization(Side::A).to_string(), "nowhere".to_owned()] {
            for person in ["owner-b", "removed", "suspended", "stranger"] {
                like_unknown(&gateway, person, &name, &format!("{kind:?}")).await;
            }
        }
        for name in [SLUG_B.to_owned(), id(Side::B)] {
            for person in ["owner", "manager", "viewer", "ungranted"] {
                like_unknown(&gateway, person, &name, &format!("{kind:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn a_suspended_organization_tells_its_members_only() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        let status = "UPDATE organizations SET status = $1 WHERE slug = $2";
        change(&connection, status, ["SUSPENDED".into(), SLUG_A.into()]).await;
        for person in ["owner", "viewer", "both"] {
            let answer = ask_for(&gateway, person, SLUG_A).await;
            assert_eq!(answer.codes(), ["ORG_SUSPENDED"], "{kind:?} {person} {}", answer.text);
            assert!(!answer.text.contains("Aurora"), "{kind:?} {person} {}", answer.text);
        }
        let answer = ask(&gateway, &token("viewer"), &[]).await;
        assert_eq!(answer.codes(), ["ORG_SUSPENDED"], "{kind:?} {}", answer.text);
        for person in ["owner-b", "removed", "suspended", "stranger"] {
            like_unknown(&gateway, person, SLUG_A, &format!("{kind:?} suspended")).await;
        }
        named(ask_for(&gateway, "both", SLUG_B).await, Side::B, "the other one");
        change(&connection, status, ["ACTIVE".into(), SLUG_A.into()]).await;
        named(ask_for(&gateway, "viewer", SLUG_A).await, Side::A, "active again");
    }
}

#[tokio::test]
async fn a_deleted_organization_never_was() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        let sql = "UPDATE organizations SET deleted_at = $1 WHERE slug = $2";
        change(&connection, sql, [chrono::Utc::now().into(), SLUG_A.into()]).await;
        for person in ["owner", "viewer", "both", "owner-b", "removed"] {
            like_unknown(&gateway, person, SLUG_A, &format!("{kind:?} deleted")).await;
        }
        let answer = ask(&gateway, &token("owner"), &[]).await;
        assert_eq!(answer.codes(), ["ORG_CONTEXT_REQUIRED"], "{kind:?} {}", answer.text);
        named(ask(&gateway, &token("both"), &[]).await, Side::B, "the only one left");
    }
}

#[tokio::test]
async fn removed_or_suspended_member_is_refused_on_the_next_request() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        let token = token("manager");
        let headers = [("x-organization-id", SLUG_A)];
        for status in ["REMOVED", "SUSPENDED"] {
            let sql = "UPDATE memberships SET status = $1 WHERE organization_id = $2 AND id = $3";
            let values = |status: &str| {
                [status.into(), World::organization(Side::A).into(), World::uuid("member manager").into()]
            };
            named(ask(&gateway, &token, &headers).await, Side::A, "a member");
            change(&connection, sql, values(status)).await;
            let refused = ask(&gateway, &token, &headers).await;
            assert_eq!(refused.codes(), ["NOT_FOUND"], "{kind:?} {status} {}", refused.text);
            like_unknown(&gateway, "manager", SLUG_A, status).await;
            change(&connection, sql, values("ACTIVE")).await;
        }
        named(ask(&gateway, &token, &headers).await, Side::A, "a member again");
    }
}
