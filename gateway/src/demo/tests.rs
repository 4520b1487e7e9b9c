//! The demo's people see what the demo says they see.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use entity::{
    auth::{DsoRole, OrgRole, Principal, VerifiedEmail},
    db::Db,
    membership::{NoOrganization, Selector},
};

use super::{Demo, PEOPLE};
use crate::legacy_import::tests::World;

async fn enters(
    db: &Db,
    email: &str,
    subject: &str,
    organization: &str,
) -> Result<(OrgRole, Vec<Option<DsoRole>>), NoOrganization> {
    let principal =
        Principal::verified("demo".to_owned(), subject.to_owned()).with_email(VerifiedEmail::new(email).unwrap());
    let entry = db
        .enter(
            &principal,
            &Selector::Named(organization.to_owned()),
            entity::membership::AccessHint::Reading,
            &entity::audit::RequestMetadata::new("test"),
        )
        .await
        .unwrap();
    let scope = entry.scope?;
    let standing = scope.context().permissions();
    let mut roles: Vec<_> = scope.context().visible_dsos().iter().map(|dso| standing.dso_role(*dso)).collect();
    roles.sort_unstable();
    Ok((standing.org_role(), roles))
}

#[tokio::test]
async fn everybody_enters_their_own_organization_and_no_other() {
    let world = World::new("demo").await;
    let db = world.open().await;
    let demo = Demo::build(&db).await.unwrap();
    let mut seen = BTreeMap::new();
    for person in PEOPLE {
        let (home, foreign) = match person.key {
            "outsider" => ("othersolutions", "allsolutions"),
            _ => ("allsolutions", "othersolutions"),
        };
        seen.insert(
            person.key,
            enters(&db, person.email, person.subject, home)
                .await
                .unwrap_or_else(|closed| panic!("{}: {closed:?}", person.key)),
        );
        let refused = enters(&db, person.email, person.subject, foreign).await;
        assert_eq!(refused, Err(NoOrganization::NotFound), "{}", person.key);
    }
    let all = vec![Some(DsoRole::Admin); 5];
    let expected = BTreeMap::from([
        ("alan", (OrgRole::Owner, all.clone())),
        ("claudia", (OrgRole::Admin, all.clone())),
        ("agent", (OrgRole::Member, vec![Some(DsoRole::Viewer), Some(DsoRole::Manager)])),
        ("viewer", (OrgRole::Member, vec![Some(DsoRole::Viewer)])),
        ("outsider", (OrgRole::Owner, all)),
    ]);
    assert_eq!(seen, expected);
    let excluded = enters(&db, "valentina@elsewhere.example", "v", "allsolutions").await;
    assert_eq!(excluded, Err(NoOrganization::NotFound));
    assert_eq!(demo.all_solutions.counts(), demo.other_solutions.counts(), "the second organization is no mirror");
    let again = Demo::build(&db).await.unwrap();
    assert_eq!((again.all_solutions.taken(), again.other_solutions.taken()), (0, 0));
}
