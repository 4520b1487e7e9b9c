//! Which operations are told by their name, beside those that the operator has listed.
//!
//! Owns: the bounded set of names. May use: nothing. Invariant: it never holds more than it may, whatever is asked, and no name
//! that was not answered without an error to somebody signed in.
//!
//! An operation's name is the caller's own word, and each one in a label is a row of figures for ever.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

/// Longest name that is learned, in bytes: those of frontends are far shorter.
const MAX_LABEL_BYTES: usize = 64;

/// The names that are known.
#[derive(Debug)]
pub(super) struct BoundedLabels {
    known: RwLock<HashSet<Arc<str>>>,
    most: usize,
    unnamed: Arc<str>,
    other: Arc<str>,
}

impl BoundedLabels {
    /// None yet, and never more than so many.
    pub(super) fn new(most: usize) -> Self {
        Self { known: RwLock::default(), most, unnamed: "unnamed".into(), other: "other".into() }
    }

    /// What stands for an operation in labels and in the log: its name if that is known.
    pub(super) fn resolve(&self, name: Option<&str>) -> Arc<str> {
        let Some(name) = name else { return Arc::clone(&self.unnamed) };
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.get(name).unwrap_or(&self.other))
    }

    /// From now on it is known, if there is room.
    pub(super) fn admit(&self, name: &str) {
        let is_new = |known: &HashSet<Arc<str>>| known.len() < self.most && !known.contains(name);
        // Looked at first, for reading: from some day on, each name is known or there is no room.
        if name.len() > MAX_LABEL_BYTES || !is_new(&self.known.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if is_new(&known) {
            known.insert(name.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_names_than_allowed_whatever_is_asked() {
        let names = BoundedLabels::new(3);
        for n in 0..1000 {
            names.admit(&format!("Op{n}"));
        }
        let told: HashSet<_> = (0..1000).map(|n| names.resolve(Some(&format!("Op{n}")))).collect();
        let mut told: Vec<&str> = told.iter().map(AsRef::as_ref).collect();
        told.sort_unstable();
        assert_eq!(told, ["Op0", "Op1", "Op2", "other"], "the bound on operations' names does not hold");
        assert_eq!(&*names.resolve(None), "unnamed");
    }

    #[test]
    fn a_name_is_not_told_before_it_is_known_and_never_if_it_is_long() {
        let names = BoundedLabels::new(3);
        let long = "x".repeat(MAX_LABEL_BYTES + 1);
        names.admit(&long);
        assert_eq!(&*names.resolve(Some("Overview")), "other");
        assert_eq!(&*names.resolve(Some(&long)), "other");
        names.admit("Overview");
        assert_eq!(&*names.resolve(Some("Overview")), "Overview");
    }
}
