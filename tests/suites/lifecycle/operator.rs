//! What an operator finds out at the command line.

use entity::{
    audit::{ChainFault, ChainHeadHash, ExpectedHead, Verdict},
    id::{OrganizationId, TypedId},
    models::OrganizationStatus,
};
use serde_json::json;
use tests::Kind;

use super::{
    fixture::House,
    fixture_rows::{NORTH, SOUTH, organization, organization_id},
};

async fn verify(house: &House, noted: Option<&ChainHeadHash>) -> Verdict {
    let trail = house.db.audit_log_reader(NORTH).await.unwrap().unwrap();
    match noted {
        Some(noted) => trail.verify_holding(noted).await.unwrap(),
        None => trail.verify().await.unwrap(),
    }
}

/// As the owner of the tables may.
async fn without_triggers(house: &House, sql: &str) {
    match house.kind {
        Kind::Sqlite => {
            house.sql("DROP TRIGGER IF EXISTS audit_events_are_not_removed", vec![]).await;
            house.sql("DROP TRIGGER IF EXISTS audit_events_are_not_changed", vec![]).await;
        }
        Kind::Postgres => {
            house.sql("ALTER TABLE audit_events DISABLE TRIGGER USER", vec![]).await;
        }
    }
    assert!(house.sql(sql, vec![organization(NORTH).into()]).await > 0, "{sql}");
}

#[tokio::test]
async fn a_log_whose_end_was_cut_off_does_not_hold_the_event_that_was_noted() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let mut noted = None;
        for number in 1..=5 {
            house.invited(&format!("guest{number}@people.example"), json!({})).await;
            let verdict = verify(&house, noted.as_ref()).await;
            assert_eq!((verdict.sound, verdict.broken), (number, None), "{kind:?}");
            assert_eq!(
                verdict.expected,
                if number == 1 { ExpectedHead::NotAsked } else { ExpectedHead::Found },
                "{kind:?}"
            );
            noted = verdict.last;
        }
        let noted = noted.expect("the last event");
        assert_eq!((noted.sequence, noted.hash.len()), (5, 64), "{kind:?}");
        without_triggers(&house, "DELETE FROM audit_events WHERE organization_id = $1 AND sequence > 3").await;
        // The chain alone does not show it.
        let alone = verify(&house, None).await;
        assert_eq!((alone.sound, alone.broken, alone.expected), (3, None, ExpectedHead::NotAsked), "{kind:?}");
        assert_eq!(verify(&house, Some(&noted)).await.expected, ExpectedHead::Missing, "{kind:?}");
        // Nor do other events in the place of those that were removed.
        for number in 6..=8 {
            house.invited(&format!("guest{number}@people.example"), json!({})).await;
        }
        let anew = verify(&house, Some(&noted)).await;
        assert_eq!((anew.sound, anew.broken, anew.expected), (6, None, ExpectedHead::Differs), "{kind:?}");
        without_triggers(&house, "UPDATE audit_events SET reason = 'x' WHERE organization_id = $1 AND sequence = 2")
            .await;
        let broken = verify(&house, Some(&noted)).await;
        assert_eq!(
            (broken.sound, broken.broken.map(|broken| broken.fault)),
            (1, Some(ChainFault::Changed)),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn an_operator_names_an_organization_by_its_slug_its_id_or_its_uuid() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        let north = OrganizationId::from_uuid(organization(NORTH));
        for name in [NORTH.to_owned(), organization_id(NORTH), organization(NORTH).to_string()] {
            assert_eq!(house.db.organization_named(&name).await.unwrap(), Some(north), "{kind:?} {name}");
            assert!(house.db.audit_log_reader(&name).await.unwrap().is_some(), "{kind:?} {name}");
            assert!(house.db.roll_ups(&name).await.unwrap().is_some(), "{kind:?} {name}");
        }
        for name in
            ["", "nowhere-dental", &OrganizationId::generate().to_text(), &uuid::Uuid::nil().to_string(), "org_"]
        {
            assert_eq!(house.db.organization_named(name).await.unwrap(), None, "{kind:?} {name}");
        }
    }
}

#[tokio::test]
async fn the_list_of_organizations_has_all_of_them_with_their_members() {
    for kind in Kind::ALL {
        let house = House::new(kind).await;
        house.sql("UPDATE organizations SET status = 'SUSPENDED' WHERE slug = $1", vec![SOUTH.into()]).await;
        house.sql("UPDATE organizations SET deleted_at = created_at WHERE slug = $1", vec![NORTH.into()]).await;
        let listed = house.db.organizations().await.unwrap();
        let told: Vec<_> =
            listed.iter().map(|one| (one.slug.as_str(), one.status, one.deleted_at.is_some(), one.members)).collect();
        let expected = [(NORTH, OrganizationStatus::Active, true, 4), (SOUTH, OrganizationStatus::Suspended, false, 3)];
        assert_eq!(told, expected, "{kind:?}");
        assert_eq!(listed[0].id.to_text(), organization_id(NORTH), "{kind:?}");
    }
}
