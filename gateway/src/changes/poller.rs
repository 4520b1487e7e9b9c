//! Reading an organization's feed.
//!
//! Owns: when it is read, and what ends it. May use: the store's feed. Invariant: it ends with its last subscriber; a batch is sent for each event, and
//! at once when a subscribed member is not active any more.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use entity::{
    change_feed::{ChangeFeed, ChangedRow, FeedBatch},
    id::OrganizationId,
};
use tokio::{sync::broadcast, time::sleep};

use super::ChangeFeeds;

/// Pause between two readings: with the time of one reading and of one message, far below a second.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// Longest time in which it could not be read. Then the subscriptions end, and their clients connect again.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// What one reading has found.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) rows: Vec<ChangedRow>,
    pub(super) is_general: bool,
}

/// Reads a feed for as long as it has subscribers.
pub(super) async fn read(
    changes: ChangeFeeds,
    organization: OrganizationId,
    mut feed: ChangeFeed,
    batches: broadcast::Sender<Arc<Batch>>,
) {
    let mut well = Instant::now();
    loop {
        sleep(POLL_INTERVAL).await;
        let Some(members) = changes.members(organization, &batches) else { return };
        let Ok(_permit) = changes.0.reading.acquire().await else { return };
        match feed.read(&members).await {
            Ok(FeedBatch { rows, events, is_general, active }) => {
                well = Instant::now();
                // Also where no row of a DSO was changed: rights may have been, and each subscriber's are read again.
                if events > 0 || active.len() < members.len() {
                    let _ = batches.send(Arc::new(Batch { rows, is_general }));
                }
            }
            Err(cause) => {
                tracing::warn!(cause = %cause.logged(), "the changes of an organization could not be read");
                if well.elapsed() > READ_TIMEOUT {
                    return changes.end(organization, &batches);
                }
            }
        }
    }
}
