//! Who becomes what, and whose access differs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeSet, HashSet};

use entity::{
    auth::{DsoRole, OrgRole},
    id::{DsoGrantId, DsoId, TypedId as _, UserId},
    models::MemberStatus,
};
use uuid::Uuid;

use super::{Difference, Plan};
use crate::legacy_import::{
    LegacyError, LegacyFile, Options,
    people::{People, Person},
    row_parsers::AccessRow,
    tally::{ImportTally, Origin},
};

const ANN: u128 = 1;
const BOB: u128 = 2;
const CEM: u128 = 3;

fn user(user: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(user))
}

fn dso(dso: u128) -> DsoId {
    DsoId::from_uuid(Uuid::from_u128(dso))
}

/// Ann came last but stands first, Bob came first, Cem's time is not known.
fn people() -> People {
    let mut people = People::default();
    for (id, name, created_at) in [(ANN, "ann", "2025-03-03"), (BOB, "Bob", "2025-01-01"), (CEM, "cem", "")] {
        let created_at = format!("{created_at}T00:00:00Z").parse().ok();
        people.add(Person { user: user(id), email: format!("{name}@x.example"), created_at });
    }
    people
}

fn options(owner: Option<&str>, exclude: &[&str]) -> Options {
    Options {
        organization: "Test".to_owned(),
        owner: owner.map(str::to_owned),
        exclude: exclude.iter().map(|email| (*email).to_owned()).collect(),
        refused: None,
        at: chrono::Utc::now(),
    }
}

/// A plan for the DSOs 1 and 2 from `(user, dso, role)`, and how many rows were merged and refused.
fn plan(rows: &[(u128, u128, DsoRole)], options: &Options) -> Result<(Plan, u64, u64), LegacyError> {
    let mut ledger = ImportTally::default();
    let rows = rows.iter().zip(1..).map(|((of, on, role), line)| {
        ledger.read(LegacyFile::Access);
        let id = DsoGrantId::from_uuid(Uuid::from_u128(u128::from(line)));
        let row = AccessRow { id, user: user(*of), dso: dso(*on), role: *role, created_at: None };
        (row, Origin { file: LegacyFile::Access, line, text: String::new() })
    });
    let rows = rows.collect();
    let plan = Plan::new(rows, &people(), &HashSet::from([dso(1), dso(2)]), options, &mut ledger)?;
    let taken = entity::import::ImportCount { taken: plan.grants.len() as u64, merged: 0 };
    ledger.accept(LegacyFile::Access, taken);
    let tally = ledger.check()?[&LegacyFile::Access];
    Ok((plan, tally.merged, tally.refused))
}

const EVERYTHING: [(u128, u128, DsoRole); 5] = [
    (ANN, 1, DsoRole::Admin),
    (ANN, 2, DsoRole::Admin),
    (BOB, 1, DsoRole::Admin),
    (BOB, 2, DsoRole::Admin),
    (CEM, 1, DsoRole::Admin),
];

fn roles(plan: &Plan) -> Vec<(OrgRole, MemberStatus)> {
    plan.members.iter().map(|member| (member.role, member.status)).collect()
}

#[test]
fn the_first_admin_of_everything_owns_and_the_others_administer() {
    let (plan, ..) = plan(&EVERYTHING, &options(None, &[])).unwrap();
    assert_eq!(plan.owner, user(BOB));
    let active = |role| (role, MemberStatus::Active);
    assert_eq!(roles(&plan), [active(OrgRole::Admin), active(OrgRole::Owner), active(OrgRole::Member)]);
}

#[test]
fn an_owner_can_be_named_and_somebody_excluded() {
    let (plan, merged, refused) = plan(&EVERYTHING, &options(Some(" ANN@x.example"), &["BOB@X.example"])).unwrap();
    assert_eq!((plan.owner, merged, refused), (user(ANN), 0, 2));
    assert_eq!(roles(&plan)[1], (OrgRole::Member, MemberStatus::Removed));
    assert_eq!(plan.excluded, BTreeSet::from([(user(BOB), dso(1)), (user(BOB), dso(2))]));
    assert_eq!((plan.before.len(), plan.grants.len()), (5, 3));
}

#[test]
fn wrong_addresses_stop_everything() {
    let error =
        |owner, exclude: &[&str]| plan(&EVERYTHING, &options(owner, exclude)).err().map(|error| error.to_string());
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(
        error(Some("dan@x.example"), &[]),
        told("the owner `dan@x.example` is not among the users of the export")
    );
    assert_eq!(error(Some("ann@x.example"), &["ann@x.example"]), told("the owner `ann@x.example` cannot be excluded"));
    assert!(error(None, &["dan@x.example"]).is_some_and(|text| text.starts_with("`dan@x.example` cannot be excluded")));
    assert!(matches!(plan(&EVERYTHING[4..], &options(None, &[])), Err(LegacyError::NoOwner)));
    assert!(matches!(plan(&[], &options(None, &[])), Err(LegacyError::NoOwner)));
    assert_eq!(plan(&EVERYTHING, &options(None, &["bob@x.example"])).unwrap().0.owner, user(ANN), "not the excluded");
}

#[test]
fn of_double_grants_the_strongest_stays() {
    let rows =
        [(CEM, 1, DsoRole::Viewer), (CEM, 1, DsoRole::Manager), (CEM, 1, DsoRole::Viewer), (CEM, 1, DsoRole::Manager)];
    let (plan, merged, refused) = plan(&rows, &options(Some("ann@x.example"), &[])).unwrap();
    let kept: Vec<_> = plan.grants.iter().map(|grant| (grant.id.uuid().as_u128(), grant.role)).collect();
    assert_eq!((kept, merged, refused), (vec![(2, DsoRole::Manager)], 3, 0));
}

#[test]
fn every_difference_of_access_is_found() {
    let (plan, ..) = plan(&EVERYTHING, &options(Some("ann@x.example"), &["bob@x.example"])).unwrap();
    let right = BTreeSet::from([(user(ANN), dso(1)), (user(ANN), dso(2)), (user(CEM), dso(1))]);
    assert_eq!(plan.differences(&right), []);
    let lost = BTreeSet::from([(user(ANN), dso(1)), (user(ANN), dso(2))]);
    assert_eq!(plan.differences(&lost), [((user(CEM), dso(1)), Difference::Lost)]);
    let mut gained = right.clone();
    gained.extend([(user(CEM), dso(2)), (user(BOB), dso(1)), (user(ANN), dso(3))]);
    let expected = [((user(BOB), dso(1)), Difference::Gained), ((user(CEM), dso(2)), Difference::Gained)];
    assert_eq!(plan.differences(&gained), expected, "an owner may gain, nobody else");
}
