//! There is always an active owner: what one request can try. What two try at once stands in `races`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::Kind;

use super::{
    fixture::{House, change, tally},
    fixture_rows::{NORTH, SOUTH, belongs, known, member_id, nobody_id, organization_id, restore_members, south_id},
};

fn leave(slug: &str) -> Value {
    json!({ "organizationId": organization_id(slug) })
}

fn to(person: &str) -> Value {
    json!({ "memberId": member_id(person) })
}

#[tokio::test]
async fn the_last_active_owner_stays_one_whoever_tries_what() {
    let lower = |role: &str| json!({ "memberId": member_id("owner"), "role": role });
    let cases = [
        ("owner", "organizationLeave", leave(NORTH), "LAST_OWNER"),
        ("owner", "memberRoleUpdate", lower("ADMIN"), "LAST_OWNER"),
        ("owner", "memberRoleUpdate", lower("MEMBER"), "LAST_OWNER"),
        ("owner", "memberRemove", to("owner"), "ONESELF"),
        ("owner", "memberSuspend", to("owner"), "ONESELF"),
        ("admin", "memberRemove", to("owner"), "FORBIDDEN"),
        ("admin", "memberSuspend", to("owner"), "FORBIDDEN"),
        ("admin", "memberRoleUpdate", lower("ADMIN"), "FORBIDDEN"),
        ("admin", "organizationOwnershipTransfer", to("admin"), "FORBIDDEN"),
        ("ann", "organizationOwnershipTransfer", to("ann"), "FORBIDDEN"),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        // A suspended or former owner does not count.
        for second in ["SUSPENDED", "REMOVED"] {
            house.set("dee", "OWNER", second).await;
            for (by, mutation, input, code) in &cases {
                let ended = house.change(by, NORTH, mutation, input.clone()).await;
                assert_eq!(ended.code(), *code, "{kind:?} {by} {mutation} {input} beside a {second} owner");
                assert_eq!(house.standing("owner").await, "OWNER ACTIVE", "{kind:?} {by} {mutation}");
            }
        }
        // With another active one, they may.
        house.set("dee", "OWNER", "ACTIVE").await;
        let ended = house.change("owner", NORTH, "organizationLeave", leave(NORTH)).await;
        assert_eq!(ended.code(), "OK", "{kind:?} {}", ended.answer.text);
        assert_eq!((house.owners().await, house.standing("owner").await.as_str()), (1, "OWNER REMOVED"), "{kind:?}");
    }
}

#[tokio::test]
async fn leaving_names_the_active_organization_once_more() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let seen = house.seen().await;
        let other_tab = house.change("ann", NORTH, "organizationLeave", leave(SOUTH)).await;
        assert_eq!(other_tab.code(), "NOT_FOUND", "{kind:?}");
        assert_eq!(house.standing("ann").await, "MEMBER ACTIVE", "{kind:?}");
        let left = house.change("ann", NORTH, "organizationLeave", leave(NORTH)).await;
        assert_eq!(left.text("/member/status"), "REMOVED", "{kind:?} {}", left.answer.text);
        assert!(house.grants("ann").await.is_empty(), "{kind:?}: grants of one who has left");
        let done: Vec<_> = house.news(seen).await.into_iter().filter(|event| event.ends_with("DONE")).collect();
        assert_eq!(done, ["ORGANIZATION_LEAVE DONE"], "{kind:?}");
        let again = house.change("ann", NORTH, "organizationLeave", leave(NORTH)).await;
        assert_eq!(again.code(), "NOT_FOUND", "{kind:?}");
    }
}

#[tokio::test]
async fn the_ownership_goes_to_an_active_member_and_to_nobody_else() {
    let cases = [
        (to("admin"), "OK"),
        (to("ann"), "OK"),
        (to("owner"), "ONESELF"),
        (to("sam"), "WRONG_STATE"),
        (to("gone"), "WRONG_STATE"),
        (json!({ "memberId": south_id("sue") }), "NOT_FOUND"),
        (json!({ "memberId": nobody_id() }), "NOT_FOUND"),
    ];
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for (input, code) in &cases {
            restore_members(&house.rows).await;
            house.forget_refusals().await;
            let seen = house.seen().await;
            let ended = house.change("owner", NORTH, "organizationOwnershipTransfer", input.clone()).await;
            assert_eq!(ended.code(), *code, "{kind:?} to {input}");
            assert_eq!(house.owners().await, 1, "{kind:?} to {input}");
            let standing = if *code == "OK" { "ADMIN ACTIVE" } else { "OWNER ACTIVE" };
            assert_eq!(house.standing("owner").await, standing, "{kind:?} to {input}");
            let outcome = if *code == "OK" { "DONE".to_owned() } else { format!("REFUSED {code}") };
            let event = format!("ORGANIZATION_OWNERSHIP_TRANSFER {outcome}");
            assert_eq!(house.news(seen).await, [event], "{kind:?} to {input}");
        }
        // Among two owners, it goes from the one who gives it.
        restore_members(&house.rows).await;
        house.set("admin", "OWNER", "ACTIVE").await;
        let ended = house.change("owner", NORTH, "organizationOwnershipTransfer", to("admin")).await;
        assert_eq!((ended.code().as_str(), house.owners().await), ("OK", 1), "{kind:?}");
        // The former owner is an admin from the next request on.
        let ended = house.change("owner", NORTH, "organizationRename", json!({ "name": "Mine" })).await;
        assert_eq!(ended.code(), "FORBIDDEN", "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_more_than_a_hundred_owners_who_leave_at_once_one_stays() {
    const MANY: usize = 110;
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let people: Vec<_> = (0..MANY).map(|number| format!("owner {number}")).collect();
        for person in &people {
            known(&house.rows, person).await;
            belongs(&house.rows, NORTH, person, "OWNER", "ACTIVE").await;
        }
        house.set("owner", "OWNER", "SUSPENDED").await;
        let all = people.iter().map(|person| change(person, NORTH, "organizationLeave", leave(NORTH)));
        let ended = house.at_once(all).await;
        let expected = BTreeMap::from([("OK".to_owned(), MANY - 1), ("LAST_OWNER".to_owned(), 1)]);
        assert_eq!(tally(&ended), expected, "{kind:?}");
        assert_eq!(house.owners().await, 1, "{kind:?}");
    }
}
