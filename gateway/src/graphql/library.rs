//! Which documents may be run.
//!
//! Owns: trusted documents, documents that clients have registered, and who may ask what the schema is. May use: of the
//! database only the door, to learn the role of whoever wants to explore. Invariant: where trusted documents are enforced,
//! nothing else is parsed, unless the membership that was read for this request lets its person explore.

mod kept;
mod manifest;
mod pages;
mod shelf;
#[cfg(test)]
mod tests;
mod tokens;
mod trusted;
mod wanted;

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use data_encoding::HEXLOWER;
use entity::policy::{About, Caller as Asking, Decision, Guard, decide};
use entity::{Ahead, Db, OrgRole, Origin, Principal};

use super::engine::{Refusal, bad_request, error, refuse_entry, sign_in_first};
use super::{Caller, Code, Limit, Limits, RefusedStatus};
use crate::config::{Documents as Settings, Introspection, Suggestions, Trust};
use crate::reloadable::Reloadable;
use kept::Kept;
pub use shelf::Shelf;
pub use trusted::Unsound;
use trusted::{hash_of, sha256};
pub(super) use wanted::Named;
pub use wanted::Wanted;

/// Which documents may be run.
#[derive(Debug)]
pub struct Library {
    shelf: Reloadable<Shelf>,
    kept: Kept,
    introspection: Introspection,
    suggestions: Suggestions,
}

impl Library {
    /// Reads the lists of trusted documents, if they are for anything. Fails with all that is wrong in them.
    pub fn open(settings: &Settings, limits: Limits) -> Result<Self, Unsound> {
        let shelf = Reloadable::new(Shelf::read(settings, limits)?);
        let Settings { introspection, suggestions, .. } = *settings;
        Ok(Self { shelf, kept: Kept::new(), introspection, suggestions })
    }

    /// What is reloaded of it.
    #[must_use]
    pub fn shelf(&self) -> &Reloadable<Shelf> {
        &self.shelf
    }

    /// The name of an operation, if the operator has listed one that is called so: their names are few and no caller's word.
    pub(super) fn listed_name(&self, name: &str) -> Option<Arc<str>> {
        self.shelf.take().trusted.name(name)
    }

    /// Whether errors suggest names.
    pub(super) fn suggestions(&self) -> Suggestions {
        self.suggestions
    }

    /// The document that is wanted. Nothing of it was parsed, and nothing may be where it `takes` a role and nobody has
    /// looked whether whoever asks has it.
    pub(super) fn find(&self, wanted: Wanted, caller: &Caller, limits: &Limits) -> Result<Named, Refusal> {
        let shelf = self.shelf.take();
        let Caller::Person { principal, .. } = caller else {
            return for_nobody(&shelf, wanted, limits).ok_or_else(sign_in_first);
        };
        let named = match wanted {
            Wanted::Text(text) => Named::of(text),
            Wanted::Registered { text, hash } => {
                let keep = if shelf.keeps() { Some(verified(&text, &hash)?) } else { None };
                Named { keep, ..Named::of(text) }
            }
            Wanted::Id(id) => match self.by_id(&shelf, &id, principal) {
                Some(ById::Listed(text)) => return Ok(Named::of(text.as_ref())),
                Some(ById::Registered(text)) => Named::of(text.as_ref()),
                None => return Err(not_found(NOT_TRUSTED)),
            },
            Wanted::Hash(hash) => match self.by_id(&shelf, &hash, principal) {
                Some(ById::Listed(text)) => return Ok(Named::of(text.as_ref())),
                Some(ById::Registered(text)) => Named::of(text.as_ref()),
                None => return Err(unknown_hash(&shelf)),
            },
        };
        if shelf.trust == Trust::Off {
            return Ok(named);
        }
        if let Some(listed) = listed(&shelf, &named.text, limits.of(Limit::DocumentBytes).allowed()) {
            return Ok(Named { text: listed.as_ref().to_owned(), ..named });
        }
        let sha256 = HEXLOWER.encode(&sha256(&named.text));
        match (shelf.trust, shelf.exploring) {
            (Trust::Enforce, None) => {
                tracing::info!(sha256, "a document that is not trusted was refused");
                Err(not_found(NOT_TRUSTED))
            }
            (Trust::Enforce, takes @ Some(_)) => Ok(Named { takes, ..named }),
            (Trust::Log | Trust::Off, _) => {
                tracing::warn!(sha256, "a document that is not trusted is run");
                Ok(named)
            }
        }
    }

    /// Refuses whoever may not run what is not trusted: by the role that they have now, in the organization that they chose.
    pub(super) async fn check_exploring(
        &self,
        takes: OrgRole,
        caller: &Caller,
        db: &Db,
        origin: &Origin,
    ) -> Result<(), Refusal> {
        if holds(takes, caller, db, origin).await? { Ok(()) } else { Err(not_found(NOT_TRUSTED)) }
    }

    /// Keeps a document that was asked to be kept, now that it turned out to be one within the limits.
    pub(super) fn keep(&self, named: &Named, caller: &Caller) {
        if let (Some(hash), Caller::Person { principal, .. }) = (named.keep, caller) {
            self.kept.put(hash, &named.text, principal);
        }
    }

    fn by_id(&self, shelf: &Shelf, id: &str, person: &Principal) -> Option<ById> {
        let registered =
            || if shelf.keeps() { self.kept.get(hash_of(id)?, person).map(ById::Registered) } else { None };
        shelf.trusted.by_id(id).map(ById::Listed).or_else(registered)
    }

    /// Refuses who may not ask what the schema is. Who is not signed in never comes here: no document of theirs may.
    pub(super) fn check_introspection(&self, asking: Asking<'_>) -> Result<(), Refusal> {
        match self.introspection {
            Introspection::SignedIn => Ok(()),
            Introspection::AtLeast(least) if passes(asking, least) => Ok(()),
            Introspection::AtLeast(least) => Err(introspection_needs(least)),
            Introspection::Off => Err(forbidden("introspection is off".to_owned())),
        }
    }

    /// The same where no document has brought anybody into an organization.
    pub(super) async fn check_reading(&self, caller: &Caller, db: &Db, origin: &Origin) -> Result<(), Refusal> {
        match (caller, self.introspection) {
            (Caller::Anonymous, _) => Err(sign_in_first()),
            (_, Introspection::AtLeast(least)) if holds(least, caller, db, origin).await? => Ok(()),
            (_, Introspection::AtLeast(least)) => Err(introspection_needs(least)),
            (_, Introspection::SignedIn | Introspection::Off) => self.check_introspection(Asking::SignedIn(None)),
        }
    }
}

/// What an id or a hash stands for.
enum ById {
    /// A trusted document.
    Listed(Arc<str>),
    /// One that this person, or anybody, has registered.
    Registered(Arc<str>),
}

const NOT_TRUSTED: &str = "the document is not a trusted one: send the id, or the text, of one that is";

/// Somebody without a credential registers nothing and learns nothing of what others have registered; of the trusted
/// documents, those that they could have sent as a text.
fn for_nobody(shelf: &Shelf, wanted: Wanted, limits: &Limits) -> Option<Named> {
    match wanted {
        Wanted::Text(text) | Wanted::Registered { text, .. } if shelf.trust != Trust::Enforce => Some(Named::of(text)),
        Wanted::Text(text) | Wanted::Registered { text, .. } => {
            listed(shelf, &text, limits.anonymous_document_bytes as u64).map(|text| Named::of(text.as_ref()))
        }
        Wanted::Hash(id) | Wanted::Id(id) => shelf.trusted.by_id(&id).map(|text| Named::of(text.as_ref())),
    }
}

/// The listed text that is the same as this one; what is larger than anything that may be run is not looked at.
fn listed(shelf: &Shelf, text: &str, most: u64) -> Option<Arc<str>> {
    if text.len() as u64 > most { None } else { shelf.trusted.by_text(text) }
}

/// In the words by which Apollo's clients know whether to send the text, or never a hash again.
fn unknown_hash(shelf: &Shelf) -> Refusal {
    match shelf.trust {
        Trust::Off | Trust::Log if shelf.keeps() => not_found("PersistedQueryNotFound"),
        Trust::Off | Trust::Log => bad_request(error(Code::BadUserInput, "PersistedQueryNotSupported".to_owned())),
        Trust::Enforce => not_found(NOT_TRUSTED),
    }
}

fn verified(text: &str, hash: &str) -> Result<[u8; 32], Refusal> {
    let found = sha256(text);
    if hash_of(hash) == Some(found) {
        return Ok(found);
    }
    let message = "`sha256Hash` is not the SHA-256 of `query`, in 64 lower-case hexadecimal digits";
    Err(bad_request(error(Code::BadUserInput, message.to_owned())))
}

/// Whether the caller has at least this role in the organization that they chose, as the database has it now.
async fn holds(least: OrgRole, caller: &Caller, db: &Db, origin: &Origin) -> Result<bool, Refusal> {
    let Caller::Person { principal, selector, .. } = caller else { return Ok(false) };
    let entry = db.enter(principal, selector, Ahead::Nothing, origin).await.map_err(refuse_entry)?;
    Ok(entry.scope.is_ok_and(|scope| passes(Asking::Member(scope.context().standing()), least)))
}

fn passes(asking: Asking<'_>, least: OrgRole) -> bool {
    decide(asking, Guard::Org(least), About::Nothing) == Decision::Allow
}

fn introspection_needs(least: OrgRole) -> Refusal {
    forbidden(format!("introspection needs org: {}", least.name()))
}

fn not_found(message: &str) -> Refusal {
    bad_request(error(Code::PersistedQueryNotFound, message.to_owned()))
}

fn forbidden(message: String) -> Refusal {
    (RefusedStatus::Forbidden, vec![error(Code::Forbidden, message)])
}

/// Whether a document asks what the schema is, anywhere.
pub(super) fn introspects(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).any(asks)
}

fn asks(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            matches!(field.node.name.node.as_str(), "__schema" | "__type") || asks(&field.node.selection_set.node)
        }
        Selection::InlineFragment(fragment) => asks(&fragment.node.selection_set.node),
        // Looked at by itself, once.
        Selection::FragmentSpread(_) => false,
    })
}
