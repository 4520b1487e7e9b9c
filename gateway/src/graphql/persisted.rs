//! Which documents may be run.
//!
//! Owns: trusted documents, documents that clients have registered, and who may ask what the schema is. May use: of the
//! database only the door, to learn the role of whoever wants to explore. Invariant: where trusted documents are enforced,
//! nothing else is parsed, unless the membership that was read for this request lets its person explore.

mod apq_cache;
mod built_in;
mod config;
mod definitions;
mod document_ref;
mod manifest;
#[cfg(test)]
mod tests;
mod trusted;

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use data_encoding::HEXLOWER;
use entity::auth::policy::{Decision, Guard, PolicyTarget, Subject as Asking, decide};
use entity::{
    audit::RequestMetadata,
    auth::{OrgRole, Principal},
    db::Db,
    membership::AccessHint,
};

use super::executor::{RejectedRequest, bad_request, error, refuse_entry, unauthenticated};
use super::{Caller, RefusedStatus};
use crate::config::{Documents as Settings, Introspection, Suggestions, Trust};
use crate::reloadable::Reloadable;
use crate::{
    errors::ErrorCode,
    limits::{Limit, Limits},
};
use apq_cache::ApqCache;
pub use config::RegistryConfig;
pub(super) use document_ref::DocumentName;
pub use document_ref::DocumentRef;
pub use trusted::ManifestError;
use trusted::{hash_of, sha256};

/// Which documents may be run.
#[derive(Debug)]
pub struct DocumentRegistry {
    shelf: Reloadable<RegistryConfig>,
    kept: ApqCache,
    introspection: Introspection,
    suggestions: Suggestions,
}

impl DocumentRegistry {
    /// Reads the lists of trusted documents, if they are for anything. Fails with all that is wrong in them.
    pub fn open(settings: &Settings, limits: Limits) -> Result<Self, ManifestError> {
        let shelf = Reloadable::new(RegistryConfig::read(settings, limits)?);
        let Settings { introspection, suggestions, .. } = *settings;
        Ok(Self { shelf, kept: ApqCache::new(), introspection, suggestions })
    }

    /// What is reloaded of it.
    #[must_use]
    pub fn apq_cache(&self) -> &Reloadable<RegistryConfig> {
        &self.shelf
    }

    /// The name of an operation, if the operator has listed one that is called so: their names are few and no caller's word.
    pub(super) fn listed_name(&self, name: &str) -> Option<Arc<str>> {
        self.shelf.load().trusted.name(name)
    }

    /// Whether errors suggest names.
    pub(super) fn suggestions(&self) -> Suggestions {
        self.suggestions
    }

    /// The document that is wanted. Nothing of it was parsed, and nothing may be where it `takes` a role and nobody has
    /// looked whether whoever asks has it.
    pub(super) fn find(
        &self,
        wanted: DocumentRef,
        caller: &Caller,
        limits: &Limits,
    ) -> Result<DocumentName, RejectedRequest> {
        let shelf = self.shelf.load();
        let Caller::Person { principal, .. } = caller else {
            return for_anonymous(&shelf, wanted, limits).ok_or_else(unauthenticated);
        };
        let named = match wanted {
            DocumentRef::Text(text) => DocumentName::of(text),
            DocumentRef::Registered { text, hash } => {
                let keep = if shelf.stores_apq() { Some(verified(&text, &hash)?) } else { None };
                DocumentName { keep, ..DocumentName::of(text) }
            }
            DocumentRef::Id(id) => match self.by_id(&shelf, &id, principal) {
                Some(ById::Listed(text)) => return Ok(DocumentName::of(text.as_ref())),
                Some(ById::Registered(text)) => DocumentName::of(text.as_ref()),
                None => return Err(not_found(NOT_LISTED)),
            },
            DocumentRef::Hash(hash) => match self.by_id(&shelf, &hash, principal) {
                Some(ById::Listed(text)) => return Ok(DocumentName::of(text.as_ref())),
                Some(ById::Registered(text)) => DocumentName::of(text.as_ref()),
                None => return Err(unknown_hash(&shelf)),
            },
        };
        if shelf.trust == Trust::Off {
            return Ok(named);
        }
        if let Some(listed) = listed(&shelf, &named.text, limits.of(Limit::DocumentBytes).allowed()) {
            return Ok(DocumentName { text: listed.as_ref().to_owned(), ..named });
        }
        let sha256 = HEXLOWER.encode(&sha256(&named.text));
        match (shelf.trust, shelf.exploring) {
            (Trust::Enforce, None) => {
                tracing::info!(sha256, "a document that is not trusted was refused");
                Err(not_found(NOT_LISTED))
            }
            (Trust::Enforce, takes @ Some(_)) => Ok(DocumentName { takes, ..named }),
            (Trust::Log | Trust::Off, _) => {
                tracing::warn!(sha256, "a document that is not trusted is run");
                Ok(named)
            }
        }
    }

    /// Refuses whoever may not run what is not trusted: by the role that they have now, in the organization that they chose.
    pub(super) async fn check_ad_hoc(
        &self,
        takes: OrgRole,
        caller: &Caller,
        db: &Db,
        origin: &RequestMetadata,
    ) -> Result<(), RejectedRequest> {
        if holds(takes, caller, db, origin).await? { Ok(()) } else { Err(not_found(NOT_LISTED)) }
    }

    /// Keeps a document that was asked to be kept, now that it turned out to be one within the limits.
    pub(super) fn keep(&self, named: &DocumentName, caller: &Caller) {
        if let (Some(hash), Caller::Person { principal, .. }) = (named.keep, caller) {
            self.kept.put(hash, &named.text, principal);
        }
    }

    fn by_id(&self, shelf: &RegistryConfig, id: &str, person: &Principal) -> Option<ById> {
        let registered =
            || if shelf.stores_apq() { self.kept.get(hash_of(id)?, person).map(ById::Registered) } else { None };
        shelf.trusted.by_id(id).map(ById::Listed).or_else(registered)
    }

    /// Refuses who may not ask what the schema is. Who is not signed in never comes here: no document of theirs may.
    pub(super) fn check_introspection(&self, asking: Asking<'_>) -> Result<(), RejectedRequest> {
        match self.introspection {
            Introspection::SignedIn => Ok(()),
            Introspection::AtLeast(least) if passes(asking, least) => Ok(()),
            Introspection::AtLeast(least) => Err(introspection_needs(least)),
            Introspection::Off => Err(forbidden("introspection is off".to_owned())),
        }
    }

    /// The same where no document has brought anybody into an organization.
    pub(super) async fn check_reading(
        &self,
        caller: &Caller,
        db: &Db,
        origin: &RequestMetadata,
    ) -> Result<(), RejectedRequest> {
        match (caller, self.introspection) {
            (Caller::Anonymous, _) => Err(unauthenticated()),
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

const NOT_LISTED: &str = "the document is not a trusted one: send the id, or the text, of one that is";

/// Somebody without a credential registers nothing and learns nothing of what others have registered; of the trusted
/// documents, those that they could have sent as a text.
fn for_anonymous(shelf: &RegistryConfig, wanted: DocumentRef, limits: &Limits) -> Option<DocumentName> {
    match wanted {
        DocumentRef::Text(text) | DocumentRef::Registered { text, .. } if shelf.trust != Trust::Enforce => {
            Some(DocumentName::of(text))
        }
        DocumentRef::Text(text) | DocumentRef::Registered { text, .. } => {
            listed(shelf, &text, limits.anonymous_document_bytes as u64).map(|text| DocumentName::of(text.as_ref()))
        }
        DocumentRef::Hash(id) | DocumentRef::Id(id) => {
            shelf.trusted.by_id(&id).map(|text| DocumentName::of(text.as_ref()))
        }
    }
}

/// The listed text that is the same as this one; what is larger than anything that may be run is not looked at.
fn listed(shelf: &RegistryConfig, text: &str, most: u64) -> Option<Arc<str>> {
    if text.len() as u64 > most { None } else { shelf.trusted.by_text(text) }
}

/// In the words by which Apollo's clients know whether to send the text, or never a hash again.
fn unknown_hash(shelf: &RegistryConfig) -> RejectedRequest {
    match shelf.trust {
        Trust::Off | Trust::Log if shelf.stores_apq() => not_found("PersistedQueryNotFound"),
        Trust::Off | Trust::Log => bad_request(error(ErrorCode::BadUserInput, "PersistedQueryNotSupported".to_owned())),
        Trust::Enforce => not_found(NOT_LISTED),
    }
}

fn verified(text: &str, hash: &str) -> Result<[u8; 32], RejectedRequest> {
    let found = sha256(text);
    if hash_of(hash) == Some(found) {
        return Ok(found);
    }
    let message = "`sha256Hash` is not the SHA-256 of `query`, in 64 lower-case hexadecimal digits";
    Err(bad_request(error(ErrorCode::BadUserInput, message.to_owned())))
}

/// Whether the caller has at least this role in the organization that they chose, as the database has it now.
async fn holds(least: OrgRole, caller: &Caller, db: &Db, origin: &RequestMetadata) -> Result<bool, RejectedRequest> {
    let Caller::Person { principal, selector, .. } = caller else { return Ok(false) };
    let entry = db.enter(principal, selector, AccessHint::Nothing, origin).await.map_err(refuse_entry)?;
    Ok(entry.scope.is_ok_and(|scope| passes(Asking::Member(scope.context().permissions()), least)))
}

fn passes(asking: Asking<'_>, least: OrgRole) -> bool {
    decide(asking, Guard::Org(least), PolicyTarget::Nothing) == Decision::Allow
}

fn introspection_needs(least: OrgRole) -> RejectedRequest {
    forbidden(format!("introspection needs org: {}", least.name()))
}

fn not_found(message: &str) -> RejectedRequest {
    bad_request(error(ErrorCode::PersistedQueryNotFound, message.to_owned()))
}

fn forbidden(message: String) -> RejectedRequest {
    (RefusedStatus::Forbidden, vec![error(ErrorCode::Forbidden, message)])
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
