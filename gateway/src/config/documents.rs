//! `[documents]`: which documents may be run, and who may ask what the schema is.
//!
//! Owns: [`Documents`] and its closed sets of words. May use: `section`. Invariant: a list that is enforced is named, and
//! names of fields are suggested only to those who may read the schema anyway.

use std::path::PathBuf;

use entity::auth::OrgRole;

use super::reader::Section;

/// Which documents may be run, and who may ask what the schema is.
#[derive(Clone, Debug)]
pub struct Documents {
    /// What trusted documents are for.
    pub trust: Trust,
    /// Files and folders in which they are listed.
    pub manifest: Vec<PathBuf>,
    /// The least role in the organization with which one may run any other document; none = nobody may.
    pub exploring: Option<OrgRole>,
    /// Whether clients may register a document and then send its hash alone. Never where trusted documents are enforced.
    pub persisted: Persisted,
    /// Who may ask what the schema is.
    pub introspection: Introspection,
    /// Whether errors suggest names of fields.
    pub suggestions: Suggestions,
}

/// What trusted documents are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Nothing: every document may be run.
    Off,
    /// They may be sent by id; others may be run, and the log says so.
    Log,
    /// They may be sent by id, and no others may be run.
    Enforce,
}

/// Whether documents can be registered (Apollo's automatic persisted queries).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persisted {
    /// They can.
    Kept,
    /// They cannot.
    Off,
}

/// Who may ask what the schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// Whoever is signed in.
    SignedIn,
    /// Members of the chosen organization with at least this role.
    AtLeast(OrgRole),
    /// Nobody.
    Off,
}

/// Whether errors suggest names of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestions {
    /// They do.
    Given,
    /// They do not.
    Off,
}

impl Documents {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let trust = section.choice("trusted", &[("off", Trust::Off), ("log", Trust::Log), ("enforce", Trust::Enforce)]);
        let manifest = section.texts("manifest").unwrap_or_default();
        if trust.is_some_and(|trust| trust != Trust::Off) && manifest.is_empty() {
            let right = "name a file or a folder of trusted documents, or write `trusted = \"off\"`";
            section.problem("manifest", "is empty, but `trusted` is not `off`", right);
        }
        let [member, admin, owner] = OrgRole::ALL;
        let roles = [("none", None), ("MEMBER", Some(member)), ("ADMIN", Some(admin)), ("OWNER", Some(owner))];
        let exploring = section.choice("exploring_role", &roles);
        let wants_kept = section.flag("persisted_queries");
        let persisted = if wants_kept && trust != Some(Trust::Enforce) { Persisted::Kept } else { Persisted::Off };
        let words = [
            ("signed-in", Introspection::SignedIn),
            ("MEMBER", Introspection::AtLeast(member)),
            ("ADMIN", Introspection::AtLeast(admin)),
            ("OWNER", Introspection::AtLeast(owner)),
            ("off", Introspection::Off),
        ];
        let introspection = section.choice("introspection", &words);
        let wants_suggestions = section.flag("suggestions");
        let suggestions = if wants_suggestions && introspection == Some(Introspection::SignedIn) {
            Suggestions::Given
        } else {
            Suggestions::Off
        };
        section.finish();
        Some(Self {
            trust: trust?,
            manifest: manifest.into_iter().map(PathBuf::from).collect(),
            exploring: exploring?,
            persisted,
            introspection: introspection?,
            suggestions,
        })
    }
}
