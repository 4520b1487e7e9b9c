//! Which operations get figures of their own.

use std::collections::BTreeSet;

use gateway::telemetry::Settings;
use tests::{Actor, Database, Kind};

use super::{CALM, House};

#[tokio::test]
async fn only_so_many_names_and_none_that_was_not_answered_to_somebody_signed_in() {
    let database = Database::world(Kind::Sqlite).await;
    let house = House::over(&database, Settings { operation_names: 3, ..CALM }).await;
    for (actor, query) in [
        (Actor::Anonymous, "query Nobodys { __typename }"),
        (Actor::Owner, "query Refused { nowhere }"),
        (Actor::Viewer, "query Denied { doctors { nodes { email } } }"),
        (Actor::Owner, "query First { viewer { id } }"),
        (Actor::Owner, "query Second { viewer { id } }"),
        (Actor::Owner, "query Third { viewer { id } }"),
        (Actor::Owner, "query Fourth { viewer { id } }"),
        (Actor::Owner, "{ viewer { id } }"),
    ] {
        let _ = house.ask(actor, query).await;
    }
    let told = house.exposed().await;
    let names = told.labels("cs12_operations_total", "name");
    let expected = BTreeSet::from(["First", "Second", "Third", "other", "unnamed"]);
    assert_eq!(names, expected, "the names of operations are not bounded as they should be");
    assert_eq!(told.labels("cs12_operation_duration_seconds_count", "name"), expected);
}
