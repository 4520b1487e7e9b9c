//! The fields that not every reader of their row may read.
//!
//! Owns: for each type with such fields, how its rows tell what they are about, and the forms in which a document can ask for a
//! field. Invariant: the list is the schema's: a stricter field that is not here fails the suite.

use std::fmt::Write as _;

use entity::id::{DsoId, MemberId, UserId};
use serde_json::Value;
use tests::World;

use crate::matrix::oracle::About;

/// A type with fields stricter than itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    pub(super) of: &'static str,
    /// Asked beside the field, it tells what the row is about.
    mark: &'static str,
    about: fn(&Value) -> About,
    pub(super) secrets: &'static [Secret],
    /// Whether it is a node, so that a fragment on the interface leads to it.
    is_node: bool,
}

/// A stricter field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secret {
    pub(super) field: &'static str,
    /// What to ask of it, if it is an object.
    pub(super) below: &'static str,
    /// A harmless field of the same row, as whose value the secret is asked.
    disguise: &'static str,
}

const fn secret(field: &'static str, below: &'static str, disguise: &'static str) -> Secret {
    Secret { field, below, disguise }
}

const GRANTS: &str = "{ nodes { role member { id } } }";

pub(super) const HOSTS: &[Host] = &[
    Host {
        of: "Doctor",
        mark: "dso { id }",
        about: |mark| dso(&mark["id"]),
        secrets: &[secret("email", "", "name"), secret("phone", "", "practice"), secret("notes", "", "risk")],
        is_node: true,
    },
    Host {
        of: "Activity",
        mark: "dso { id }",
        about: |mark| dso(&mark["id"]),
        secrets: &[secret("note", "", "kind")],
        is_node: true,
    },
    Host {
        of: "Attendee",
        mark: "dso { id }",
        about: |mark| dso(&mark["id"]),
        secrets: &[secret("email", "", "name")],
        is_node: true,
    },
    Host { of: "Dso", mark: "id", about: dso, secrets: &[secret("grants", GRANTS, "name")], is_node: true },
    Host {
        of: "Member",
        mark: "id",
        about: person,
        secrets: &[secret("grants", GRANTS, "role"), secret("lastSeenAt", "", "status")],
        is_node: true,
    },
    Host { of: "User", mark: "id", about: person, secrets: &[secret("email", "", "name")], is_node: false },
    Host {
        of: "Organization",
        mark: "id",
        about: |_| About::Nothing,
        secrets: &[
            secret("acceptsJoinRequests", "", "updatedAt"),
            secret("auditLog", "{ nodes { action before after requestId address } }", "name"),
            secret("invitations", "{ nodes { email role } }", "slug"),
            secret("joinRequests", "{ nodes { email message } }", "createdAt"),
        ],
        is_node: true,
    },
    Host {
        of: "Viewer",
        mark: "__typename",
        about: |_| About::Nothing,
        secrets: &[
            secret("user", "{ email }", "id"),
            secret("member", "{ grants { totalCount } }", "name"),
            secret("organization", "{ id slug }", "email"),
            secret("defaultDashboard", "{ title }", "onboarding"),
        ],
        is_node: false,
    },
];

const PERSONS: [&str; 11] = [
    "owner",
    "co-owner",
    "admin",
    "dso-admin",
    "manager",
    "viewer",
    "ungranted",
    "removed",
    "suspended",
    "owner-b",
    "both",
];

fn dso(id: &Value) -> About {
    let id = id.as_str().unwrap_or_default();
    let known = tests::world::DSOS.into_iter().find(|name| World::id::<DsoId>(&format!("dso {name}")) == id);
    // A DSO that was just made: for owners and admins it is one like any other, and for nobody else is it there.
    About::Dso(known.unwrap_or("just made"))
}

fn person(id: &Value) -> About {
    let id = id.as_str().unwrap_or_default();
    let is = |name: &str| {
        World::id::<MemberId>(&format!("member {name}")) == id || World::id::<UserId>(&format!("user {name}")) == id
    };
    About::Person(PERSONS.into_iter().find(|name| is(name)).unwrap_or_else(|| panic!("`{id}` is nobody of the world")))
}

/// A field in one of its forms: the key under which its value comes, and the field.
type Key = (String, &'static str);

/// A selection that asks for all secrets in every form at once, and what goes with it.
pub(super) struct Forms {
    /// The selection on the host.
    pub(super) selection: String,
    /// The document's fragments.
    pub(super) fragments: String,
    pub(super) keys: Vec<Key>,
    /// Keys that a directive leaves out.
    pub(super) left_out: Vec<String>,
}

impl Host {
    /// Every form: plain, alias, disguised as another field, named fragment and fragment in fragment, inline fragments with
    /// and without a type, through the interface, behind directives with a variable and without.
    pub(super) fn forms(&self) -> Forms {
        let of = self.of;
        let mut forms = Forms {
            selection: format!("mark: {} ", self.mark),
            fragments: String::new(),
            keys: Vec::new(),
            left_out: Vec::new(),
        };
        for (number, Secret { field, below, disguise }) in self.secrets.iter().enumerate() {
            let asked = format!("{field} {below}");
            let key = |form: &str| format!("{form}{number}");
            let mut text = format!("{asked} {disguise}: {asked} ");
            let mut keys = vec![(*field).to_owned(), (*disguise).to_owned()];
            let mut put = |form: &str, written: String| {
                text += &written;
                keys.push(key(form));
            };
            put("alias", format!("alias{number}: {asked} "));
            put("named", format!("...Outer{number} "));
            put("typed", format!("... on {of} {{ typed{number}: {asked} }} "));
            put("bare", format!("... {{ bare{number}: {asked} }} "));
            put("yes", format!("yes{number}: {field} @include(if: $yes) @skip(if: false) {below} "));
            if self.is_node {
                put("node", format!("... on Node {{ __typename ... on {of} {{ node{number}: {asked} }} }} "));
            }
            write!(text, "no{number}: {field} @skip(if: $yes) {below} ").unwrap();
            forms.left_out.push(key("no"));
            write!(
                forms.fragments,
                " fragment Outer{number} on {of} {{ ...Inner{number} }} fragment Inner{number} on {of} {{ named{number}: {asked} }}"
            )
            .unwrap();
            forms.keys.extend(keys.into_iter().map(|key| (key, *field)));
            forms.selection += &text;
        }
        forms
    }

    /// What one row is about.
    pub(super) fn about(&self, row: &Value) -> About {
        (self.about)(&row["mark"])
    }

    /// The mark alone, without any secret.
    pub(super) fn harmless(&self) -> String {
        format!("mark: {}", self.mark)
    }
}
