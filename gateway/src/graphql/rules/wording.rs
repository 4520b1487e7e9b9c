//! What is said of a value or a name that is wrong.
//!
//! Owns: the sentences. May use: the schema. Invariant: one line each, which says what would be right; names of the schema that the document
//! does not have only where they may be suggested.

use apollo_compiler::{Name, ast, schema::ExtendedType};

use super::{Rules, scalar};
use crate::config::Suggestions;

/// Longest part of a value that is repeated, in characters.
const MAX_VALUE_CHARS: usize = 40;

/// Most names that are suggested or listed.
const MAX_NAMES: usize = 5;

/// Says what a value would have to look like.
pub(super) fn expected(found: &str, ty: &str, example: &str) -> String {
    let article = if ty.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{found} is not {article} {ty}: write a value such as {example}")
}

/// A literal as it is written, the beginning of it.
pub(super) fn written(value: &ast::Value) -> String {
    shortened(&value.serialize().no_indent().to_string())
}

/// A text in backticks, the beginning of it, without line ends and other control characters.
pub(super) fn shortened(text: &str) -> String {
    let mut characters = text.chars().map(|character| if character.is_control() { ' ' } else { character });
    let begin: String = characters.by_ref().take(MAX_VALUE_CHARS).collect();
    if characters.next().is_none() { format!("`{begin}`") } else { format!("`{begin}…`") }
}

impl Rules {
    /// A value of a type, as it is written in a document.
    pub(super) fn example(&self, ty: &str) -> String {
        match (ty, self.schema.types.get(ty)) {
            ("Int", _) => "`25` (at most 32 bits)".to_owned(),
            ("Float", _) => "`0.5`".to_owned(),
            ("Boolean", _) => "`true`".to_owned(),
            ("String", _) => "`\"text\"`".to_owned(),
            ("ID", _) => "`\"dso_…\"`".to_owned(),
            (_, Some(ExtendedType::Enum(values))) => {
                let names = values.values.keys().map(|name| format!("`{name}`"));
                names.take(MAX_NAMES).collect::<Vec<_>>().join(", ")
            }
            (_, Some(ExtendedType::InputObject(input))) => {
                let first = input.fields.keys().next().map_or("", Name::as_str);
                format!("`{{{first}: …}}`")
            }
            _ => scalar(ty).map_or_else(|| "`null`".to_owned(), |scalar| format!("`{}`", scalar.example)),
        }
    }

    /// The validator's sentence, and what would be right. What it says is known by its wording: it does not tell in another way.
    pub(super) fn explain(&self, sentence: &str) -> String {
        let parts: Vec<&str> = sentence.split('`').collect();
        let better = match parts.as_slice() {
            [says, ..] if says.starts_with("expected value of type ") => {
                let ty =
                    says.trim_start_matches("expected value of type ").split([',', ' ']).next().unwrap_or_default();
                let named = ty.trim_matches(['[', ']', '!']);
                self.may_list(named).then(|| format!("; write a value such as {}", self.example(named)))
            }
            ["type ", ty, " does not have a field ", name, ""] => self.near(name, self.fields(ty)),
            ["the argument ", name, " is not supported by ", coordinate, ""] => {
                self.near(name, self.arguments(coordinate))
            }
            ["field " | "value ", name, " does not exist on ", ty, ""] => self.near(name, self.fields(ty)),
            ["cannot find type ", name, " in this document"] => {
                self.near(name, self.schema.types.keys().map(ToString::to_string).collect())
            }
            _ => None,
        };
        let sentence = sentence.trim_end().replace(['\n', '\r'], " ");
        sentence + &better.unwrap_or_default()
    }

    /// Whether what a type holds may be told: the types that GraphQL itself defines anybody knows.
    fn may_list(&self, ty: &str) -> bool {
        matches!(ty, "Int" | "Float" | "Boolean" | "String" | "ID") || self.suggestions == Suggestions::Given
    }

    /// The names that are nearly this one.
    fn near(&self, name: &str, names: Vec<String>) -> Option<String> {
        if self.suggestions == Suggestions::Off {
            return None;
        }
        let most = name.chars().count() * 2 / 5 + 1;
        let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
        let mut near: Vec<_> = names.into_iter().map(|other| (distance(&other), other)).collect();
        near.retain(|(distance, _)| *distance <= most);
        near.sort();
        let names: Vec<_> = near.into_iter().take(MAX_NAMES).map(|(_, name)| format!("\"{name}\"")).collect();
        if names.is_empty() { None } else { Some(format!(". Did you mean {}?", names.join(" or "))) }
    }

    /// The names of what a type holds: fields, or values.
    fn fields(&self, ty: &str) -> Vec<String> {
        let names: Vec<_> = match self.schema.types.get(ty) {
            Some(ExtendedType::Object(object)) => object.fields.keys().collect(),
            Some(ExtendedType::Interface(interface)) => interface.fields.keys().collect(),
            Some(ExtendedType::InputObject(input)) => input.fields.keys().collect(),
            Some(ExtendedType::Enum(values)) => values.values.keys().collect(),
            _ => Vec::new(),
        };
        names.into_iter().map(ToString::to_string).collect()
    }

    /// The arguments of `Type.field`.
    fn arguments(&self, coordinate: &str) -> Vec<String> {
        let field = coordinate.split_once('.').and_then(|(ty, field)| self.schema.type_field(ty, field).ok());
        let arguments = field.into_iter().flat_map(|field| field.arguments.iter());
        arguments.map(|argument| argument.name.to_string()).collect()
    }
}
