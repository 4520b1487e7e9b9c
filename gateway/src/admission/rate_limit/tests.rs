//! Who is refused, and until when.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use chrono::{TimeDelta, TimeZone, Utc};
use entity::{
    auth::Principal,
    id::{OrganizationId, TypedId},
};

use super::{Budget, BudgetKey, BudgetOwner, ClientId, InMemoryStore, RateLimiter, seconds_until};
use crate::{
    config::{Enforcement, Limit},
    limits::{LimitRegistry, Limits},
};

fn spender(subject: &str) -> ClientId {
    ClientId::of(&Principal::verified("issuer".to_owned(), subject.to_owned()))
}

fn rates(beyond: Enforcement) -> RateLimiter {
    let limits = Limits::defaults().with(Limit::PersonRate, 100, beyond).with(Limit::OrganizationRate, 150, beyond);
    RateLimiter::new(Arc::new(LimitRegistry::new(limits)), None)
}

#[tokio::test]
async fn a_person_spends_their_own_and_their_organizations_budget() {
    let (rates, organization) = (rates(Enforcement::Refuse), Some(OrganizationId::generate()));
    let (ann, bob) = (spender("ann"), spender("bob"));
    let spent = rates.charge(ann, organization, 60).await.unwrap();
    assert_eq!((spent.whose, spent.limit, spent.remaining), (BudgetOwner::Person, 100, 40));
    let spent = rates.charge(bob, organization, 60).await.unwrap();
    assert_eq!((spent.whose, spent.limit, spent.remaining), (BudgetOwner::Organization, 150, 30));
    let refused = rates.charge(bob, organization, 31).await.unwrap_err();
    assert_eq!((refused.whose, refused.limit), (BudgetOwner::Organization, 150));
    let refused = rates.charge(ann, organization, 41).await.unwrap_err();
    assert_eq!(refused.whose, BudgetOwner::Person);
    assert!((1..=60).contains(&refused.seconds()));
    // Whoever was refused has not paid.
    assert_eq!(rates.charge(ann, organization, 30).await.unwrap().remaining, 0);
    assert_eq!(rates.charge(bob, None, 40).await.unwrap().remaining, 0, "outside of the organization");
    assert!(rates.check_budget(bob).is_err(), "nothing is left, so nothing is looked at");
    assert!(rates.check_budget(ann).is_ok());
}

#[tokio::test]
async fn what_is_only_measured_refuses_nobody() {
    let rates = rates(Enforcement::Measure);
    for _ in 0..5 {
        assert!(rates.charge(spender("ann"), None, 60).await.is_ok());
    }
    assert!(rates.check_budget(spender("ann")).is_ok());
    let measured =
        rates.bounds.hits().find(|(limit, beyond, _)| (*limit, *beyond) == (Limit::PersonRate, Enforcement::Measure));
    assert_eq!(measured.unwrap().2, 4, "the first sixty were within");
}

#[test]
fn a_minute_ends_with_the_clocks_and_a_clock_that_is_set_locks_nobody_out() {
    let memory = InMemoryStore::default();
    let budgets = [Budget { account: BudgetKey::Person(spender("ann")), most: 100 }];
    let at = |hour, minute, second| Utc.with_ymd_and_hms(2026, 3, 1, hour, minute, second).unwrap();
    let charged = memory.charge(&budgets, 100, at(12, 0, 59));
    assert_eq!((charged.refused, charged.resets), (None, at(12, 1, 0)));
    assert_eq!(memory.charge(&budgets, 1, at(12, 0, 59)).refused, Some(0));
    assert_eq!(memory.charge(&budgets, 100, at(12, 1, 0)).refused, None);
    for step in [TimeDelta::hours(-3), TimeDelta::hours(5), TimeDelta::days(-400)] {
        let charged = memory.charge(&budgets, 100, at(12, 1, 30) + step);
        assert_eq!(charged.refused, None, "the clock was set by {step}");
    }
}

#[test]
fn nobody_is_told_to_wait_longer_than_a_minute_whatever_the_clocks_say() {
    let now = Utc::now();
    for (then, seconds) in [
        (now + TimeDelta::seconds(30), 29..=30),
        (now + TimeDelta::hours(3), 60..=60),
        (now - TimeDelta::hours(3), 1..=1),
    ] {
        assert!(seconds.contains(&seconds_until(then)), "{then}, asked at {now}: {}", seconds_until(then));
    }
}

#[test]
fn persons_are_told_apart_by_issuer_and_subject() {
    let of = |issuer: &str, subject: &str| ClientId::of(&Principal::verified(issuer.to_owned(), subject.to_owned()));
    assert_ne!(of("ab", "c"), of("a", "bc"));
    assert_eq!(of("a", "b"), of("a", "b"));
}
