//! Restore of the primary from a backup.
//!
//! Owns: the changes before the backup, those between backup and restore, and the checks after it. May use: the scene,
//! the losses. Invariant: after the restore everything is as it was in the backup, in each process. Members who were
//! removed before the backup are refused, members who were removed after it are members again, figures that were
//! cached after it are not served again, and the replica, which has a different history, is not read.

use std::time::Duration;

use chrono::Utc;
use serde_json::json;
use tests::{load::Operation, tenants::Tenant};
use tokio::task::block_in_place;

use super::{
    RECOVERY,
    asked::{Question, Verdict},
    losses::Losses,
    people::{People, Who},
    scene::Scene,
};

const FIGURES: &str = "query($until: DateTime!) { organization { overview(range: { from: \"2026-01-01T00:00:00Z\", until: $until }) { doctors { count } activities { count } } } }";
const REGISTER: &str = "mutation($dso: ID!) { doctorCreate(input: { dsoId: $dso, name: \"Dr. New history\" }) { doctor { name } userErrors { code message } } }";
/// Number of times that the restored data is read.
const LOOKS: usize = 10;

/// Request for the figures of the seeded tenant, plus this many doctors and activities.
fn figures(tenant: Tenant, doctors: usize, activities: usize) -> Question {
    let (doctors, activities) = (36 + doctors, 144 + activities);
    let word = format!("\"doctors\":{{\"count\":{doctors}}},\"activities\":{{\"count\":{activities}}}");
    let until = (Utc::now() + Duration::from_hours(24)).to_rfc3339();
    Question::new(tenant, Who::Owner, FIGURES, &json!({ "until": until }), &word)
}

async fn all(people: &People, addresses: &[String; 2], question: &Question) -> Vec<String> {
    let mut wrong = Vec::new();
    for address in addresses {
        match question.ask_within(RECOVERY, people, address).await {
            Verdict::Right => {}
            verdict => wrong.push(format!("{verdict:?}")),
        }
    }
    wrong
}

/// `before`: members who lost access before the backup; `since`: a tenant in which members lose access after it.
pub(super) async fn restored(
    scene: &mut Scene,
    before: Losses<'_>,
    since: Losses<'_>,
    addresses: &[String; 2],
) -> Vec<String> {
    let (people, tenant) = (since.people, since.tenant);
    let mut wrong = Vec::new();
    // The primary is halted at this point.
    block_in_place(|| {
        scene.house.cluster.keep_copy();
        scene.house.cluster.revive();
    });
    wrong.extend(all(people, addresses, &figures(tenant, 0, 0)).await);
    // Changes that the restore discards.
    wrong.extend(since.lose(&addresses[1]).await);
    for address in addresses {
        wrong.extend(since.are_refused(RECOVERY, address).await);
    }
    wrong.extend(since.make("Lost", Duration::ZERO, &addresses[0], &[&addresses[0], &addresses[1]]).await);
    let log = Question { body: Operation::Log.body(0), ..Question::new(tenant, Who::Owner, "", &json!({}), "PHONE") };
    wrong.extend(all(people, addresses, &log).await);
    wrong.extend(all(people, addresses, &figures(tenant, 0, 2)).await);
    scene.replica.catch_up(&scene.house.cluster).await;
    block_in_place(|| {
        scene.house.cluster.halt();
        scene.house.cluster.restore_copy();
        scene.house.cluster.revive();
    });
    for address in addresses {
        wrong.extend(before.are_refused(RECOVERY, address).await);
        wrong.extend(since.have_it(RECOVERY, address).await);
    }
    let reads = [0, 1].map(|gateway| scene.read_on_replica(gateway));
    // As many changes as were lost, but different ones.
    let register = json!({ "dso": Tenant::row::<entity::id::DsoId>("dso 0") });
    let register = Question::new(tenant, Who::Owner, REGISTER, &register, "Dr. New history");
    wrong.extend(all(people, addresses, &register).await);
    wrong.extend(since.make("Found", Duration::ZERO, &addresses[1], &[&addresses[0], &addresses[1]]).await);
    for _ in 0..LOOKS {
        let mut seen = all(people, addresses, &figures(tenant, 2, 0)).await;
        seen.extend(all(people, addresses, &since.lists("Found").never("Lost")).await);
        if !seen.is_empty() {
            wrong.extend(seen);
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let now = [0, 1].map(|gateway| scene.read_on_replica(gateway));
    if now != reads {
        wrong.push(format!("the replica, which has another history, was read: {reads:?} times, then {now:?}"));
    }
    wrong
}
