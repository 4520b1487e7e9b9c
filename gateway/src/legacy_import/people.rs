//! Who the people of the export are here.
//!
//! Owns: the union of users with one address, and finding people by address. May use: entity's import. Invariant: each
//! user of the export that is not refused is exactly one user here.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    email::EmailAddress,
    id::UserId,
    import::{Import, ImportCount, PersonRow, Resolved},
};

use super::{LegacyError, LegacyFile, import_run::ImportRun};

/// One person of the export.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) user: UserId,
    /// The address as written.
    pub(super) email: String,
    /// When the first of their rows was made.
    pub(super) created_at: Option<DateTime<Utc>>,
}

/// The people of the export, in the file's order.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) all: Vec<Person>,
    by_email: HashMap<String, usize>,
}

impl People {
    /// Finds or makes the user of each address.
    pub(super) async fn resolve(desk: &mut ImportRun<'_>, import: &mut Import) -> Result<Self, LegacyError> {
        let mut people = Self::default();
        for (row, origin) in desk.all::<PersonRow>() {
            if let Some(person) = people.by_email.get(row.email.normalized()).and_then(|place| people.all.get(*place)) {
                desk.known.people.insert(row.id, person.user);
                desk.ledger.merge(LegacyFile::Users);
                continue;
            }
            let (user, tally) = match import.person(&row).await? {
                Resolved::Taken => (row.id, ImportCount { taken: 1, merged: 0 }),
                Resolved::Merged(user) => (user, ImportCount { taken: 0, merged: 1 }),
                Resolved::IdTaken => {
                    desk.ledger.reject(origin, "the id belongs to a user with another address");
                    continue;
                }
            };
            desk.ledger.accept(LegacyFile::Users, tally);
            desk.known.people.insert(row.id, user);
            people.add(Person { user, email: row.email.as_entered().to_owned(), created_at: row.created_at });
        }
        Ok(people)
    }

    pub(super) fn add(&mut self, person: Person) {
        self.by_email.insert(normalized(&person.email), self.all.len());
        self.all.push(person);
    }

    /// The person of an address, in any letter case.
    pub(super) fn by_email(&self, email: &str) -> Option<&Person> {
        self.all.get(*self.by_email.get(&normalized(email))?)
    }
}

/// The form in which addresses are compared.
pub(super) fn normalized(email: &str) -> String {
    EmailAddress::parse(email).map_or_else(|_| email.to_owned(), |email| email.normalized().to_owned())
}
