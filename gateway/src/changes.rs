//! Subscribers to changes, and what is sent to them.
//!
//! Owns: one feed for each organization with subscribers, and the limits of subscribers. May use: the store's feed, the limits. Invariant: a feed is
//! read by one task, whatever the number of subscribers, and holds kinds and ids alone; a scope that was entered for the message decides which rows a subscriber gets.
//!
//! It polls the database: changes made at another gateway arrive in the same way, also behind a pooler, over which no notification of PostgreSQL
//! would come. (One reading takes about a millisecond; an organization without subscribers costs nothing.)

mod event;
mod poller;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entity::{
    auth::Principal,
    id::{MemberId, OrganizationId},
    scope::Scope,
};
use tokio::sync::{Semaphore, broadcast};

use crate::limits::{Limit, LimitRegistry};
pub(crate) use event::Event;
use poller::Batch;

/// Feeds that are read at the same moment: each takes a connection to the database.
const READ_TIMEOUT: usize = 2;

/// Batches that a subscriber may be behind. One that is further behind gets the word to read everything again.
const MAX_QUEUED: usize = 64;

/// The changes of all organizations with subscribers. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct ChangeFeeds(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    bounds: Arc<LimitRegistry>,
    reading: Semaphore,
    waiting: Mutex<Subscriber>,
}

#[derive(Debug, Default)]
struct Subscriber {
    feeds: HashMap<OrganizationId, OpenFeed>,
    people: HashMap<(String, String), u64>,
}

/// A feed that is being read.
#[derive(Debug)]
struct OpenFeed {
    batches: broadcast::Sender<Arc<Batch>>,
    members: HashMap<MemberId, u64>,
}

/// A subscriber's place in an organization. Dropped, it is free again.
#[derive(Debug)]
pub(crate) struct Subscription {
    changes: ChangeFeeds,
    organization: OrganizationId,
    member: MemberId,
    person: (String, String),
    batches: broadcast::Receiver<Arc<Batch>>,
    /// The feed in which the member is counted: the organization may have another one since.
    feed: broadcast::WeakSender<Arc<Batch>>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMany {
    /// The person has as many as one person may have.
    OfPerson(u64),
    /// The organization has as many as one organization may have.
    OfOrganization(u64),
}

/// The feed has ended: it could not be read for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedFailed;

impl ChangeFeeds {
    pub(crate) fn new(bounds: Arc<LimitRegistry>) -> Self {
        let (reading, waiting) = (Semaphore::new(READ_TIMEOUT), Mutex::default());
        Self(Arc::new(Shared { bounds, reading, waiting }))
    }

    /// A place among the subscribers in the scope's organization.
    pub(crate) async fn subscribe(
        &self,
        principal: &Principal,
        scope: &Scope,
    ) -> Result<Result<Subscription, TooMany>, entity::error::Error> {
        let (organization, member) = (scope.context().organization(), scope.context().member());
        let person = (principal.issuer().to_owned(), principal.subject().to_owned());
        // Read before the lock: it may not be needed, and then costs one statement.
        let feed = scope.change_feed().await?;
        let mut waiting = self.waiting();
        let of_person = waiting.people.get(&person).copied().unwrap_or_default();
        if let Err(most) = self.0.bounds.check(Limit::SubscriptionsOfPerson, of_person + 1) {
            return Ok(Err(TooMany::OfPerson(most)));
        }
        let of_organization = waiting.feeds.get(&organization).map_or(0, |open| open.members.values().sum());
        if let Err(most) = self.0.bounds.check(Limit::SubscriptionsOfOrganization, of_organization + 1) {
            return Ok(Err(TooMany::OfOrganization(most)));
        }
        let open = waiting.feeds.entry(organization).or_insert_with(|| {
            let batches = broadcast::Sender::new(MAX_QUEUED);
            tokio::spawn(poller::read(self.clone(), organization, feed, batches.clone()));
            OpenFeed { batches, members: HashMap::new() }
        });
        *open.members.entry(member).or_default() += 1;
        let (batches, feed) = (open.batches.subscribe(), open.batches.downgrade());
        *waiting.people.entry(person.clone()).or_default() += 1;
        drop(waiting);
        Ok(Ok(Subscription { changes: self.clone(), organization, member, person, batches, feed }))
    }

    fn waiting(&self) -> MutexGuard<'_, Subscriber> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The subscribed members of an organization. Where there are none any more, the feed that asks ends.
    fn members(&self, organization: OrganizationId, batches: &broadcast::Sender<Arc<Batch>>) -> Option<Vec<MemberId>> {
        let mut waiting = self.waiting();
        let open = waiting.feeds.get(&organization).filter(|open| open.batches.same_channel(batches))?;
        if open.members.is_empty() {
            waiting.feeds.remove(&organization);
            return None;
        }
        Some(open.members.keys().copied().collect())
    }

    /// Ends a feed, and with it the subscriptions that follow it.
    fn end(&self, organization: OrganizationId, batches: &broadcast::Sender<Arc<Batch>>) {
        let mut waiting = self.waiting();
        if waiting.feeds.get(&organization).is_some_and(|open| open.batches.same_channel(batches)) {
            waiting.feeds.remove(&organization);
        }
    }
}

impl Subscription {
    /// What happened since the last time, waiting for it if nothing did.
    pub(crate) async fn next(&mut self) -> Result<Arc<Event>, FeedFailed> {
        let mut event = Event::default();
        loop {
            match self.batches.recv().await {
                Ok(batch) => event.add(&batch),
                Err(broadcast::error::RecvError::Lagged(_)) => event.lose_rows(),
                Err(broadcast::error::RecvError::Closed) => return Err(FeedFailed),
            }
            // Together with all that has come meanwhile.
            if self.batches.is_empty() {
                return Ok(Arc::new(event));
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut waiting = self.changes.waiting();
        release(&mut waiting.people, &self.person);
        let feed = self.feed.upgrade();
        if let Some(open) = waiting.feeds.get_mut(&self.organization)
            && feed.is_some_and(|feed| feed.same_channel(&open.batches))
        {
            release(&mut open.members, &self.member);
        }
    }
}

fn release<K: Eq + Hash>(counts: &mut HashMap<K, u64>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
