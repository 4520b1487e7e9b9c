//! An answer, gone through with what was asked.
//!
//! Owns: what each field of an answer must be by its printed guard, on the very row that it is of. May use: the SDL and the
//! oracle. Invariant: the errors are those that the guards foretell, each where a null stands, and no others.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::SelectionSet;
use entity::id::DoctorId;
use serde_json::Value;
use tests::{
    Actor, Answer, CANARY, World,
    world::{DOCTORS, DSOS},
};

use super::operations::{Operation, Page};
use crate::{
    matrix::{
        changes::dso,
        oracle::{About, decide},
        outcome::{Cell, Nothing},
    },
    schema::sdl::{Guard, Sdl},
};

/// What somebody got.
#[derive(Default)]
pub(super) struct Found {
    /// By the field's place in the operation.
    pub(super) cells: BTreeMap<String, Cell>,
    pub(super) wrong: Vec<String>,
}

impl Found {
    /// Takes what the same person got for the same operation with other variables along.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.wrong.extend(other.wrong);
        for (path, cell) in other.cells {
            self.put(&path, cell);
        }
        self
    }

    /// What the rows of a place gave, taken together.
    fn put(&mut self, path: &str, cell: Cell) {
        let before = self.cells.remove(path);
        let both = match (before, cell) {
            (None | Some(Cell::Nothing(_)), cell) => cell,
            (Some(before), Cell::Nothing(_)) => before,
            (Some(before), cell) if before == cell => cell,
            (Some(Cell::Allow), Cell::Deny(code) | Cell::Way(code))
            | (Some(Cell::Deny(code) | Cell::Way(code)), Cell::Allow)
            | (Some(Cell::Partly(code)), _) => Cell::Partly(code),
            (Some(before), cell) => {
                self.wrong(path, &format!("`{before}` in one row and `{cell}` in another"));
                before
            }
        };
        self.cells.insert(path.to_owned(), both);
    }

    fn wrong(&mut self, path: &str, why: &str) {
        self.wrong.push(format!("`{path}`: {why}"));
    }
}

/// Every place of an operation, with its guard.
pub(super) fn places(sdl: &Sdl, page: &Page, operation: &Operation) -> BTreeMap<String, Guard> {
    fn below(sdl: &Sdl, page: &Page, of: &str, set: &SelectionSet, path: &str, places: &mut BTreeMap<String, Guard>) {
        page.each_field(set, &mut |field| {
            let name = field.name.node.as_str();
            if name.starts_with("__") {
                return;
            }
            let path = joined(path, field.response_key().node.as_str());
            below(sdl, page, &sdl.field(of, name).named, &field.selection_set.node, &path, places);
            places.insert(path, sdl.guard(of, name));
        });
    }
    let mut places = BTreeMap::new();
    below(sdl, page, "Query", &operation.definition.selection_set.node, "", &mut places);
    places
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Goes through an answer.
pub(super) fn walk(sdl: &Sdl, page: &Page, operation: &Operation, actor: Actor, answer: &Answer) -> Found {
    let places = places(sdl, page, operation);
    let mut found = Found::default();
    let roots = page.roots(operation).into_iter();
    let is_refused = roots
        .map(|field| decide(actor, sdl.guard("Query", &field), About::Nothing))
        .any(|decided| decided == Err("UNAUTHENTICATED"));
    if is_refused {
        if answer.status != 401 || answer.codes() != ["UNAUTHENTICATED"] || !answer.json["data"].is_null() {
            found.wrong.push(format!("not refused as a whole: {} {}", answer.status, answer.text));
        }
        found.cells = places.into_keys().map(|path| (path, Cell::Unauthenticated)).collect();
        return found;
    }
    if answer.status != 200 {
        found.wrong.push(format!("no answer to go through: {} {}", answer.status, answer.text));
        return found;
    }
    let mut walker = Walker { sdl, page, actor, refused: BTreeSet::new(), found };
    walker.object("Query", &operation.definition.selection_set.node, &answer.json["data"], About::Nothing, "");
    let Walker { refused, mut found, .. } = walker;
    let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told: BTreeSet<_> = errors
        .iter()
        .map(|error| ["coordinate", "code"].map(|key| error["extensions"][key].as_str().unwrap_or("?").to_owned()))
        .collect();
    if told != refused {
        found
            .wrong
            .push(format!("the errors are {told:?}, and by the guards they should be {refused:?}: {}", answer.text));
    }
    found
}

struct Walker<'a> {
    sdl: &'a Sdl,
    page: &'a Page,
    actor: Actor,
    /// Coordinate and code of what must be refused.
    refused: BTreeSet<[String; 2]>,
    found: Found,
}

impl<'a> Walker<'a> {
    fn object(&mut self, of: &str, set: &'a SelectionSet, object: &Value, around: About, path: &str) {
        let about = whose(of, object).unwrap_or(around);
        if !about.exists_for(self.actor) {
            self.wrong(path, &format!("a row of `{about:?}`, which does not exist for them: {object}"));
        }
        let page = self.page;
        let mut fields = Vec::new();
        page.each_field(set, &mut |field| fields.push(field));
        for field in fields {
            let (name, key) = (field.name.node.as_str(), field.response_key().node.as_str());
            if name.starts_with("__") {
                continue;
            }
            let path = joined(path, key);
            let guard = self.sdl.guard(of, name);
            if matches!(guard, Guard::Dso(_)) && about.dso().is_none() {
                self.wrong(
                    &path,
                    &format!("nobody knows which DSO this `{of}` is of: ask for its `id`, and know it in `whose`"),
                );
                continue;
            }
            let below = &field.selection_set.node;
            let value = &object[key];
            if let Err(code) = decide(self.actor, guard, about) {
                self.refused.insert([format!("{of}.{name}"), code.to_owned()]);
                if !value.is_null() {
                    self.wrong(&path, &format!("a value behind {guard}: {value}"));
                }
                self.put(&path, Cell::Deny(code.to_owned()));
                self.blank(below, &path, &Cell::Way(code.to_owned()));
                continue;
            }
            let named = self.sdl.field(of, name).named.clone();
            // What people are themselves they see from anywhere, their memberships in B among it.
            if of != "Viewer"
                && !self.sdl.is_composite(&named)
                && is_of_b(value)
                && !self.actor.may_see_b()
                && !path.starts_with("viewer.")
            {
                self.wrong(&path, &format!("a string of B: {value}"));
            }
            self.value(&named, below, value, about, &path);
        }
    }

    fn value(&mut self, named: &str, below: &'a SelectionSet, value: &Value, about: About, path: &str) {
        let is_list = value.is_array();
        let rows = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let rows: Vec<_> = rows.iter().filter(|row| !row.is_null()).collect();
        if rows.is_empty() {
            let nothing = Cell::Nothing(if is_list { Nothing::EmptyList } else { Nothing::Null });
            self.put(path, nothing.clone());
            self.blank(below, path, &nothing);
            return;
        }
        self.put(path, Cell::Allow);
        if self.sdl.is_composite(named) {
            for row in rows {
                self.object(named, below, row, about, path);
            }
        }
    }

    /// Everything below a place where nothing is.
    fn blank(&mut self, set: &'a SelectionSet, path: &str, cell: &Cell) {
        let page = self.page;
        let mut fields = Vec::new();
        page.each_field(set, &mut |field| fields.push(field));
        for field in fields.into_iter().filter(|field| !field.name.node.starts_with("__")) {
            let path = joined(path, field.response_key().node.as_str());
            self.put(&path, cell.clone());
            self.blank(&field.selection_set.node, &path, cell);
        }
    }

    fn put(&mut self, path: &str, cell: Cell) {
        self.found.put(path, cell);
    }

    fn wrong(&mut self, path: &str, why: &str) {
        self.found.wrong(path, why);
    }
}

fn is_of_b(value: &Value) -> bool {
    value.to_string().contains(CANARY)
}

/// What a row is about, if it can be told by its id.
fn whose(of: &str, row: &Value) -> Option<About> {
    let id = row["id"].as_str()?;
    let is = |name: &&&'static str| match of {
        "Dso" => dso(name) == id,
        "Doctor" => DOCTORS.iter().any(|doctor| World::id::<DoctorId>(&format!("doctor {name} {doctor}")) == id),
        _ => false,
    };
    DSOS.iter().find(is).map(|name| About::Dso(name))
}
