//! The trusted documents.
//!
//! Owns: the list, and the proof that each of its documents fits the schema and the limits. May use: `manifest`, `pages`,
//! `tokens`, the cache of documents and the rules. Invariant: what it gives out is a listed text, to the
//! letter; and a list that exists is sound.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{built_in, definitions, manifest};
use crate::config::Suggestions;
use crate::{
    graphql::{DocumentCache, rules::Rules},
    limits::{Limit, LimitRegistry, Limits},
};

/// What is wrong with the lists of trusted documents, all of it: one line each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|problem| format!("`documents.manifest`: {problem}")).collect::<Vec<_>>().join("\n"))]
pub struct ManifestError(pub(super) Vec<String>);

/// The list.
#[derive(Debug, Default)]
pub(super) struct TrustedDocuments {
    named: HashMap<String, Arc<str>>,
    hashed: HashMap<[u8; 32], Arc<str>>,
    /// By what is the same for two texts that mean the same.
    folded: HashMap<[u8; 32], Arc<str>>,
    /// What their operations are called.
    operations: HashSet<Arc<str>>,
}

impl TrustedDocuments {
    /// Reads what the files and folders list, beside what the gateway's own pages ask.
    pub(super) fn read(paths: &[PathBuf], limits: &Limits) -> Result<Self, ManifestError> {
        let mut problems = Vec::new();
        let mut trusted = Self::default();
        // Bounds of its own: what is checked here is not what callers have met.
        let documents = DocumentCache::new(Arc::new(LimitRegistry::new(*limits)));
        let rules = Rules::new(Suggestions::Given).map_err(|cause| ManifestError(vec![cause.to_string()]))?;
        let check = Check { rules, documents, limits: *limits };
        for text in built_in::texts() {
            trusted.add_names(&check.documents, &text);
            trusted.add(&text.into());
        }
        for listed in paths.iter().flat_map(|path| manifest::read(path, &mut problems)).collect::<Vec<_>>() {
            let file = listed.file.display();
            let name = listed.id.as_ref().map_or_else(|| format!("`{file}`"), |id| format!("`{id}` of `{file}`"));
            problems.extend(check.wrong_with(&listed.text).into_iter().map(|wrong| format!("{name} {wrong}")));
            trusted.add_names(&check.documents, &listed.text);
            let text = listed.text.into();
            trusted.add(&text);
            if let Some(id) = listed.id {
                match trusted.named.entry(id) {
                    Entry::Vacant(place) => {
                        place.insert(text);
                    }
                    Entry::Occupied(other) if *other.get() == text => {}
                    Entry::Occupied(_) => problems.push(format!("{name} is listed twice, with different texts")),
                }
            }
        }
        if problems.is_empty() { Ok(trusted) } else { Err(ManifestError(problems)) }
    }

    fn add(&mut self, text: &Arc<str>) {
        self.hashed.insert(sha256(text), Arc::clone(text));
        // A file ends with a line break, and what a client sends does not: either has its hash.
        self.hashed.insert(sha256(text.trim_end_matches(['\r', '\n'])), Arc::clone(text));
        if let Some(fold) = definitions::normalized_hash(text) {
            self.folded.insert(fold, Arc::clone(text));
        }
    }

    fn add_names(&mut self, documents: &DocumentCache, text: &str) {
        // What cannot be read is told as a problem.
        let Ok(document) = documents.get(text) else { return };
        let names = document.parsed.operations.iter().filter_map(|(name, _)| Some(name?.as_str().into()));
        self.operations.extend(names);
    }

    /// The name of an operation, if one that is listed is called so.
    pub(super) fn name(&self, name: &str) -> Option<Arc<str>> {
        self.operations.get(name).map(Arc::clone)
    }

    /// By the id that a list gives it, or by the SHA-256 of its text.
    pub(super) fn by_id(&self, id: &str) -> Option<Arc<str>> {
        let listed = self.named.get(id).map(Arc::clone);
        listed.or_else(|| self.hashed.get(&hash_of(id)?).map(Arc::clone))
    }

    /// The listed text that is the same as this one, but for blanks, commas, comments and the order of definitions.
    pub(super) fn by_text(&self, text: &str) -> Option<Arc<str>> {
        let listed = self.hashed.get(&sha256(text)).map(Arc::clone);
        listed.or_else(|| self.folded.get(&definitions::normalized_hash(text)?).map(Arc::clone))
    }
}

/// A text's SHA-256.
pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The hash that an id is: 64 hexadecimal digits, lower case; perhaps behind `sha256:` (GraphQL over HTTP, appendix A).
pub(super) fn hash_of(id: &str) -> Option<[u8; 32]> {
    let digits = id.strip_prefix("sha256:").unwrap_or(id);
    HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

struct Check {
    rules: Rules,
    documents: DocumentCache,
    limits: Limits,
}

impl Check {
    /// What is wrong with a document, all of it.
    fn wrong_with(&self, text: &str) -> Vec<String> {
        let most = self.limits.of(Limit::DocumentBytes).allowed();
        if text.len() as u64 > most {
            return vec![format!("has {} bytes; at most {most} are allowed (`limits.document_bytes`)", text.len())];
        }
        let document = match self.documents.get(text) {
            Ok(document) => document,
            Err(error) => return vec![format!("cannot be run: {}", error.message)],
        };
        let wrong = document.validated(&self.rules, text).err().unwrap_or_default();
        wrong.into_iter().map(|error| format!("does not fit the schema: {}", error.message)).collect()
    }
}
