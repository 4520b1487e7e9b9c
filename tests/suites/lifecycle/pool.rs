//! A full pool never waits for itself.
//!
//! Invariant: no request holds one connection while it waits for another; else as many requests as there are connections
//! would wait for each other until all are refused.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Kind, actor::token};
use tokio::task::JoinSet;

use super::{
    client::Gate,
    fixture::House,
    fixture_rows::{NORTH, organization_id},
};

const AT_ONCE: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_about_the_person_and_the_organization_go_through_a_small_pool() {
    let default = json!({ "organizationId": organization_id(NORTH) });
    let cases: [(&str, Value); 5] = [
        ("{ viewer { pendingInvitations { id } } organization { name } }", json!({})),
        ("{ viewer { joinRequests { id } deletedOrganizations { slug } member { role } } }", json!({})),
        ("{ invitationPreview(token: \"none\") { status } organization { name } }", json!({})),
        (
            "mutation($input: ViewerDefaultOrganizationSetInput!) {
                viewerDefaultOrganizationSet(input: $input) { userErrors { code } } }",
            json!({ "input": default }),
        ),
        ("mutation { invitationAccept(input: { token: \"none\" }) { userErrors { code } } }", json!({})),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let small =
            Gate::over(&house.database, entity::organization_settings::OrganizationSettings::default(), 4).await;
        for (text, variables) in &cases {
            let begun = Instant::now();
            let mut all = JoinSet::new();
            for _ in 0..AT_ONCE {
                let (gate, variables) = (small.clone(), variables.clone());
                let text = (*text).to_owned();
                all.spawn(async move { gate.ask_as(Some(&token("owner")), NORTH, &text, variables).await });
            }
            for answer in all.join_all().await {
                assert!(answer.codes().is_empty(), "{kind:?} {text}: {}", answer.text);
            }
            assert!(begun.elapsed() < Duration::from_secs(15), "{kind:?} {text}: a connection was waited for");
        }
    }
}
