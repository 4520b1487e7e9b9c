//! Two requests that race about the ownership, two hundred times each.
//!
//! Owns: the rounds. Invariant: after every round there is exactly one active owner, and exactly one of the two was done.

use serde_json::{Value, json};
use tests::Kind;

use super::{
    fixture::{Change, House, change, codes, rounds},
    fixture_rows::{NORTH, member, member_id, organization, organization_id},
};

/// Who starts each round as what.
type Start = &'static [(&'static str, &'static str)];

const TWO_OWNERS: Start = &[("owner", "OWNER"), ("admin", "OWNER"), ("ann", "MEMBER")];
const ONE_OWNER: Start = &[("owner", "OWNER"), ("admin", "ADMIN"), ("ann", "MEMBER")];

async fn reset(house: &House, start: Start) {
    for (person, role) in start {
        let sql = "UPDATE memberships SET role = $1, status = 'ACTIVE' \
                   WHERE organization_id = $2 AND id = $3 AND (role <> $1 OR status <> 'ACTIVE')";
        house.sql(sql, vec![(*role).into(), organization(NORTH).into(), member(person).into()]).await;
    }
}

/// Of two changes one is done, and the other ends with one of these codes.
async fn race(start: Start, two: [Change; 2], losers: &[&str]) {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        for round in 0..rounds() {
            reset(&house, start).await;
            // By turns the one and the other has the head start.
            let two = if round % 2 == 0 { two.clone() } else { [two[1].clone(), two[0].clone()] };
            let ended = codes(&house.at_once(two).await);
            assert_eq!(house.owners().await, 1, "{kind:?} round {round}: active owners after {ended:?}");
            let lost: Vec<_> = ended.iter().filter(|code| *code != "OK").collect();
            assert!(
                lost.len() == 1 && losers.contains(&lost[0].as_str()),
                "{kind:?} round {round}: {ended:?}, but one OK and one of {losers:?} was to be expected"
            );
        }
        let done = house.news(0).await.iter().filter(|event| event.ends_with(" DONE")).count();
        assert_eq!(done, rounds(), "{kind:?}: events of what was done");
    }
}

fn leave(by: &str) -> Change {
    change(by, NORTH, "organizationLeave", json!({ "organizationId": organization_id(NORTH) }))
}

fn on(person: &str) -> Value {
    json!({ "memberId": member_id(person) })
}

fn lower(by: &str, person: &str) -> Change {
    change(by, NORTH, "memberRoleUpdate", json!({ "memberId": member_id(person), "role": "MEMBER" }))
}

fn transfer(by: &str, person: &str) -> Change {
    change(by, NORTH, "organizationOwnershipTransfer", on(person))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_leave_at_once_one_stays() {
    race(TWO_OWNERS, ["owner", "admin"].map(leave), &["LAST_OWNER"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_lower_themselves_at_once_one_stays() {
    race(TWO_OWNERS, ["owner", "admin"].map(|person| lower(person, person)), &["LAST_OWNER"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_lower_each_other_at_once_one_stays() {
    race(TWO_OWNERS, [lower("owner", "admin"), lower("admin", "owner")], &["FORBIDDEN"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_remove_each_other_at_once_one_stays() {
    let remove = |by, person| change(by, NORTH, "memberRemove", on(person));
    race(TWO_OWNERS, [remove("owner", "admin"), remove("admin", "owner")], &["NOT_FOUND"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_suspend_each_other_at_once_one_stays() {
    let suspend = |by, person| change(by, NORTH, "memberSuspend", on(person));
    race(TWO_OWNERS, [suspend("owner", "admin"), suspend("admin", "owner")], &["NOT_FOUND"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_owner_who_leaves_and_one_who_is_lowered_at_once_one_stays() {
    race(TWO_OWNERS, [leave("owner"), lower("owner", "admin")], &["LAST_OWNER", "NOT_FOUND"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_transfers_at_once_one_is_done() {
    race(ONE_OWNER, [transfer("owner", "admin"), transfer("owner", "ann")], &["FORBIDDEN"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_to_somebody_who_leaves_meanwhile_keeps_an_owner() {
    race(ONE_OWNER, [transfer("owner", "ann"), leave("ann")], &["WRONG_STATE", "LAST_OWNER"]).await;
}
