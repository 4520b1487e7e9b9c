//! Fields under one key whose arguments differ.
//!
//! Owns: finding conflicts that the validator overlooks: it compares two lists only as far as the shorter one goes, and takes a block string for
//! the same as a quoted one. May use: the validator. Invariant: whatever is a conflict to the validator is one here, too.

use std::collections::HashSet;

use apollo_compiler::{Name, Node, Schema, ast, diagnostic::ToCliReport as _, parser::SourceSpan, validation::Valid};

/// How the validator begins to say it.
const CONFLICT: &str = "operation must not provide conflicting field arguments";

/// The same document, its lists as objects and its block strings marked, if any of them may stand under a key that is there twice.
pub(super) fn are_distinct(document: &ast::Document, text: &str) -> Option<ast::Document> {
    let mut walk = Walk { text, keys: HashSet::new(), is_repeated: false, is_changed: false };
    let mut apart = document.clone();
    for definition in &mut apart.definitions {
        match definition {
            ast::Definition::OperationDefinition(operation) => walk.set(&mut operation.make_mut().selection_set),
            ast::Definition::FragmentDefinition(fragment) => walk.set(&mut fragment.make_mut().selection_set),
            _ => {}
        }
    }
    (walk.is_repeated && walk.is_changed).then_some(apart)
}

/// The conflicts in such a document. All else that the validator says of it is about the changes.
pub(super) fn conflicts(apart: &ast::Document, schema: &Valid<Schema>) -> Vec<(Option<SourceSpan>, String)> {
    let Err(invalid) = apart.to_executable_validate(schema) else { return Vec::new() };
    let found = invalid.errors.iter().map(|found| (found.error.location(), found.error.to_string()));
    found.filter(|(_, message)| message.starts_with(CONFLICT)).collect()
}

struct Walk<'a> {
    text: &'a str,
    keys: HashSet<Name>,
    is_repeated: bool,
    is_changed: bool,
}

impl Walk<'_> {
    fn set(&mut self, selections: &mut [ast::Selection]) {
        for selection in selections {
            match selection {
                ast::Selection::Field(field) => {
                    self.is_repeated |= !self.keys.insert(field.response_name().clone());
                    let field = field.make_mut();
                    for argument in &mut field.arguments {
                        self.value(&mut argument.make_mut().value);
                    }
                    if let Some(set) = &mut field.selection_set {
                        self.set(set);
                    }
                }
                ast::Selection::InlineFragment(fragment) => self.set(&mut fragment.make_mut().selection_set),
                ast::Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn value(&mut self, value: &mut Node<ast::Value>) {
        let is_block = value.location().is_some_and(|span| self.begins(span, "\"\"\""));
        match value.make_mut() {
            ast::Value::String(text) if is_block => {
                self.is_changed = true;
                text.insert(0, '\0');
            }
            ast::Value::Object(fields) => {
                for (_, value) in fields {
                    self.value(value);
                }
            }
            list @ ast::Value::List(_) => {
                self.is_changed = true;
                let ast::Value::List(mut items) = std::mem::replace(list, ast::Value::Null) else { return };
                for item in &mut items {
                    self.value(item);
                }
                let named = items.into_iter().enumerate();
                let named = named.filter_map(|(at, item)| Some((Name::new(&format!("_{at}")).ok()?, item)));
                *list = ast::Value::Object(named.collect());
            }
            _ => {}
        }
    }

    fn begins(&self, span: SourceSpan, with: &str) -> bool {
        self.text.get(span.offset()..).is_some_and(|rest| rest.starts_with(with))
    }
}
