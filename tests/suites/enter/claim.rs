//! An organization that the token requests: only a preference. The organization that the request names takes
//! precedence, and membership is required.

use entity::id::{OrganizationId, TypedId};
use serde_json::json;
use tests::{
    Database, Gateway, Kind, World,
    actor::token_saying,
    world::{SLUG_A, SLUG_B, Side},
};

use super::{ask, change, named, user};

fn wishing(person: &str, organization: &str) -> String {
    token_saying(json!({ "sub": person, "org_id": organization }))
}

#[tokio::test]
async fn a_claim_chooses_before_the_default_and_after_the_header() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        let connection = database.connect().await;
        let default = "UPDATE users SET default_organization_id = $1 WHERE id = $2";
        change(&connection, default, [World::organization(Side::A).into(), user("both")]).await;
        let id = OrganizationId::from_uuid(World::organization(Side::B)).to_text();
        for name in [SLUG_B, &id, &id.to_uppercase()] {
            named(ask(&gateway, &wishing("both", name), &[]).await, Side::B, "the claim before the default");
        }
        let header = [("x-organization-id", SLUG_A)];
        named(ask(&gateway, &wishing("both", SLUG_B), &header).await, Side::A, "the header before the claim");
    }
}

#[tokio::test]
async fn a_claim_gives_no_right() {
    for kind in Kind::ALL {
        let database = Database::world(kind).await;
        let gateway = Gateway::over(&database).await;
        // Refused even if the person has only one organization.
        for (person, name) in
            [("owner", SLUG_B), ("manager", SLUG_B), ("owner-b", SLUG_A), ("removed", SLUG_A), ("viewer", "nowhere")]
        {
            let answer = ask(&gateway, &wishing(person, name), &[]).await;
            assert_eq!(answer.codes(), ["NOT_FOUND"], "{kind:?} {person} {name} {}", answer.text);
        }
    }
}
