//! The page's operations, as the page has them.
//!
//! Owns: reading the folder, and the text of one operation with the fragments that it spreads, in whichever file they are.
//! May use: the parser. Invariant: an operation is found by lying in the folder; nobody has to name it here.

use std::{collections::BTreeSet, fs, path::Path};

use async_graphql::{
    Pos,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
    },
};

/// Where the page has its operations, from the top of the tree.
const FOLDER: &str = "gateway/ui/src/dashboard/operations";

/// All that the page asks.
pub(super) struct Page {
    pub(super) document: ExecutableDocument,
    operations: Vec<Operation>,
}

/// One operation of the page.
pub(super) struct Operation {
    pub(super) name: String,
    /// Its text, as it is sent: with its fragments and without the others.
    pub(super) text: String,
    pub(super) definition: OperationDefinition,
}

impl Page {
    pub(super) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FOLDER);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| {
                panic!("`{FOLDER}` cannot be read ({error}): say here where the page's operations are")
            })
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
            .collect();
        files.sort();
        let text: String =
            files.iter().map(|file| fs::read_to_string(file).expect("read an operation") + "\n").collect();
        let document = parse_query(&text).unwrap_or_else(|error| {
            panic!(
                "the page's operations cannot be parsed together: give each a name of its own in `{FOLDER}`: {error}"
            )
        });
        let DocumentOperations::Multiple(named) = &document.operations else {
            panic!("the page's only operation has no name: give it one in `{FOLDER}`");
        };
        let pieces = Pieces::of(&text, &document);
        let mut operations: Vec<_> = named
            .iter()
            .map(|(name, operation)| {
                let mut text = pieces.at(operation.pos).to_owned();
                let mut spread = BTreeSet::new();
                fragments(&document, &operation.node.selection_set.node, &mut spread);
                for fragment in &spread {
                    text += pieces.at(document.fragments[fragment.as_str()].pos);
                }
                Operation { name: name.to_string(), text, definition: operation.node.clone() }
            })
            .collect();
        operations.sort_by(|one, other| one.name.cmp(&other.name));
        Self { document, operations }
    }

    /// Those of a type, by name.
    pub(super) fn operations(&self, ty: OperationType) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(move |operation| operation.definition.ty == ty)
    }

    /// The fields that an operation begins at.
    pub(super) fn roots(&self, operation: &Operation) -> Vec<String> {
        let mut roots = Vec::new();
        self.each_field(&operation.definition.selection_set.node, &mut |field| roots.push(field.name.node.to_string()));
        roots
    }

    /// The fields of a selection, those of its fragments among them. All are of one type: where a fragment asked of
    /// another, its fields could not be told from the schema's text alone.
    pub(super) fn each_field<'a>(
        &'a self,
        set: &'a SelectionSet,
        each: &mut impl FnMut(&'a async_graphql::parser::types::Field),
    ) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => each(&field.node),
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[spread.node.fragment_name.node.as_str()];
                    self.each_field(&fragment.node.selection_set.node, each);
                }
                Selection::InlineFragment(fragment) => self.each_field(&fragment.node.selection_set.node, each),
            }
        }
    }
}

/// The names of the fragments that a selection spreads, and of those that they spread.
fn fragments(document: &ExecutableDocument, set: &SelectionSet, spread: &mut BTreeSet<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => fragments(document, &field.node.selection_set.node, spread),
            Selection::InlineFragment(fragment) => fragments(document, &fragment.node.selection_set.node, spread),
            Selection::FragmentSpread(one) => {
                let name = one.node.fragment_name.node.to_string();
                let fragment = document.fragments.get(name.as_str());
                let fragment =
                    fragment.unwrap_or_else(|| panic!("the page spreads `{name}`, which is no fragment in `{FOLDER}`"));
                if spread.insert(name) {
                    fragments(document, &fragment.node.selection_set.node, spread);
                }
            }
        }
    }
}

/// The text, cut where definitions begin.
struct Pieces<'a> {
    text: &'a str,
    begins: Vec<usize>,
}

impl<'a> Pieces<'a> {
    fn of(text: &'a str, document: &ExecutableDocument) -> Self {
        let operations = document.operations.iter().map(|(_, operation)| operation.pos);
        let all = operations.chain(document.fragments.values().map(|fragment| fragment.pos));
        let mut begins: Vec<_> = all.map(|pos| offset(text, pos)).chain([text.len()]).collect();
        begins.sort_unstable();
        Self { text, begins }
    }

    fn at(&self, pos: Pos) -> &'a str {
        let begin = offset(self.text, pos);
        let end = self.begins.iter().find(|other| **other > begin).expect("the text's end is among them");
        &self.text[begin..*end]
    }
}

fn offset(text: &str, pos: Pos) -> usize {
    let before: usize = text.split_inclusive('\n').take(pos.line - 1).map(str::len).sum();
    let line = &text[before..];
    before + line.char_indices().nth(pos.column - 1).map_or(line.len(), |(at, _)| at)
}
