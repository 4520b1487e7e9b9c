//! Any selection.

use std::collections::HashSet;

use tests::queries::{Field, Sdl};

/// Turns a list of numbers into a document; without numbers left, it comes to an end. A field's key tells its arguments,
/// so that whatever stands under one key twice is the same.
pub(super) struct Writer<'a> {
    sdl: &'a Sdl,
    choices: std::slice::Iter<'a, u16>,
    fragments: Vec<String>,
}

/// Levels below the root.
const DEEPEST: usize = 5;
/// What cannot be asked for twice with one answer: these look at the clock, at a log of what was refused before, or at what is left.
const FICKLE: [&str; 3] = ["result", "auditLog", "rateLimit"];
/// Why not all: the limits of a document allow no more.
const MOST_FRAGMENTS: usize = 6;

impl<'a> Writer<'a> {
    pub(super) fn new(sdl: &'a Sdl, choices: &'a [u16]) -> Self {
        Self { sdl, choices: choices.iter(), fragments: Vec::new() }
    }

    /// An operation, and its fragments.
    pub(super) fn document(mut self) -> (String, String) {
        let selection = self.set("Query", DEEPEST, &mut HashSet::new());
        // All variables are used, or the document would not be valid.
        let used = "used: viewer @include(if: $yes) @skip(if: $no) { __typename }";
        (format!("query($yes: Boolean!, $no: Boolean!) {{ {used} {selection} }}"), self.fragments.join(" "))
    }

    fn choose(&mut self, of: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % of)
    }

    /// Selections on a type, but for the braces. `taken` holds the keys of the level that have a selection: under each
    /// there is one only, or the library would have to merge them.
    fn set(&mut self, ty: &str, depth: usize, taken: &mut HashSet<String>) -> String {
        let count = 1 + self.choose(6);
        let items: Vec<_> = (0..count).map(|_| self.item(ty, depth, taken)).collect();
        items.join(" ")
    }

    fn item(&mut self, ty: &str, depth: usize, taken: &mut HashSet<String>) -> String {
        let condition = ["", " @include(if: $yes)", " @include(if: $no)", " @skip(if: $yes)", " @skip(if: $no)"]
            [self.choose(12).saturating_sub(7)];
        match self.choose(10) {
            0 => format!("__typename{condition}"),
            1 if depth > 0 => format!("... {condition} {{ {} }}", self.set(ty, depth - 1, taken)),
            2 if depth > 0 => format!("... on {ty}{condition} {{ {} }}", self.set(ty, depth - 1, taken)),
            3 if ["Dso", "Doctor", "Activity", "Member"].contains(&ty) => {
                format!("... on Node{condition} {{ __typename id }}")
            }
            4 if depth > 0 && self.fragments.len() < MOST_FRAGMENTS => {
                let body = self.set(ty, depth - 1, taken);
                let name = format!("F{}", self.fragments.len());
                self.fragments.push(format!("fragment {name} on {ty} {{ {body} }}"));
                // Twice, where only leaves are in it.
                let spread = if body.contains('{') { 1 } else { 1 + self.choose(2) };
                vec![format!("...{name}{condition}"); spread].join(" ")
            }
            _ => self.field(ty, depth, taken, condition),
        }
    }

    fn field(&mut self, ty: &str, depth: usize, taken: &mut HashSet<String>, condition: &str) -> String {
        let can_be_called = |field: &&Field| {
            let needs = field.arguments.iter().any(|argument| argument.ends_with('!'));
            (field.call.contains('(') || !needs) && !FICKLE.contains(&field.name.as_str())
        };
        let fields: Vec<_> = self.sdl.fields(ty).iter().filter(can_be_called).collect();
        let (relations, leaves): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| self.sdl.is_object(&field.ty));
        let wants_relation = leaves.is_empty() || self.choose(5) < 2;
        let pick = if wants_relation && depth > 0 && !relations.is_empty() { relations } else { leaves };
        if pick.is_empty() {
            return "__typename".to_owned();
        }
        let field = pick[self.choose(pick.len())];
        let way = self.choose(8);
        if !self.sdl.is_object(&field.ty) {
            return match way {
                0 | 1 => format!("x_{}: {}{condition}", field.name, field.call),
                _ => format!("{}{condition}", field.call),
            };
        }
        let (key, call) = match way {
            _ if !field.ty.ends_with("Connection") => (field.name.clone(), field.call.clone()),
            0 => (format!("wrong_{}", field.name), format!("{}(after: \"nonsense\")", field.name)),
            1 => (format!("many_{}", field.name), format!("{}(first: 101)", field.name)),
            2 => (format!("one_{}", field.name), format!("{}(first: 1)", field.name)),
            _ => (field.name.clone(), field.call.clone()),
        };
        if !taken.insert(key.clone()) {
            return "__typename".to_owned();
        }
        let selection = match self.sdl.fields(&field.ty).iter().find(|field| field.name == "nodes") {
            // Mostly what there are lists for.
            Some(nodes) if way != 7 => format!("nodes {{ {} }}", self.set(&nodes.ty, depth - 1, &mut HashSet::new())),
            _ => self.set(&field.ty, depth - 1, &mut HashSet::new()),
        };
        let alias = if key == field.name { String::new() } else { format!("{key}: ") };
        format!("{alias}{call}{condition} {{ {selection} }}")
    }
}
