//! Lists of trusted documents, as they lie in files.
//!
//! Owns: the formats: Relay's, Apollo's, and `.graphql` files. May use: the file system. Invariant: a file is read whole or it
//! is a problem; nothing that is listed is passed over.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// A document as it was listed.
#[derive(Debug)]
pub(super) struct ManifestEntry {
    /// Its file, for whoever has to mend it.
    pub(super) file: PathBuf,
    /// Its id; a `.graphql` file has none but its hash.
    pub(super) id: Option<String>,
    /// Its text.
    pub(super) text: String,
}

/// What Apollo's manifests call themselves.
const APOLLO: &str = "apollo-persisted-query-manifest";

/// Folders within folders that are followed; a link that leads back must not be followed for ever.
const MAX_DEPTH: usize = 16;

/// All that is listed in a file or in a folder; what is wrong with it goes to `problems`.
pub(super) fn read(path: &Path, problems: &mut Vec<String>) -> Vec<ManifestEntry> {
    let mut listed = Vec::new();
    if path.is_dir() {
        folder(path, MAX_DEPTH, &mut listed, problems);
        if listed.is_empty() {
            problems.push(format!("`{}` holds no `.graphql` file and no manifest", path.display()));
        }
    } else {
        file(path, &mut listed, problems);
    }
    listed
}

fn folder(path: &Path, deeper: usize, listed: &mut Vec<ManifestEntry>, problems: &mut Vec<String>) {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => return problems.push(format!("`{}` cannot be read ({})", path.display(), error.kind())),
    };
    // In one order on every machine, and so the problems.
    paths.sort();
    for path in paths {
        if path.is_dir() {
            match deeper.checked_sub(1) {
                Some(deeper) => folder(&path, deeper, listed, problems),
                None => problems.push(format!("`{}` lies too deep", path.display())),
            }
        } else if matches!(extension(&path), "graphql" | "gql" | "json") {
            file(&path, listed, problems);
        }
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn file(path: &Path, listed: &mut Vec<ManifestEntry>, problems: &mut Vec<String>) {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return problems.push(format!("`{}` cannot be read ({})", path.display(), error.kind())),
    };
    let add = |(id, text)| ManifestEntry { file: path.to_owned(), id, text };
    if matches!(extension(path), "graphql" | "gql") {
        return listed.push(add((None, text)));
    }
    match manifest(&text) {
        Ok(found) => listed.extend(found.into_iter().map(|(id, text)| add((Some(id), text)))),
        Err(wrong) => problems.push(format!("`{}` {wrong}", path.display())),
    }
}

/// Ids with their texts, by either format.
fn manifest(json: &str) -> Result<Vec<(String, String)>, String> {
    let Members(members) = serde_json::from_str(json).map_err(|error| format!("is not a manifest: {error}"))?;
    let get = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| value);
    // A text is Relay's: there, `format` would be an id like any other.
    if get("format").and_then(Value::as_str) != Some(APOLLO) {
        let text = |(id, text)| match text {
            Value::String(text) => Ok((id, text)),
            _ => Err(format!(
                "is no manifest of Relay's (`{id}` is no text), nor does it have `\"format\": \"{APOLLO}\"`"
            )),
        };
        return members.into_iter().map(text).collect();
    }
    if get("version").and_then(Value::as_u64) != Some(1) {
        return Err(format!("is an `{APOLLO}` of another version than 1"));
    }
    let operations = get("operations").and_then(Value::as_array).ok_or("has no list `operations`")?;
    let text = |operation: &Value, name: &str| operation.get(name).and_then(Value::as_str).map(str::to_owned);
    let read = |operation| Some((text(operation, "id")?, text(operation, "body")?));
    operations
        .iter()
        .map(|operation| read(operation).ok_or_else(|| "has an operation without `id` or `body`".to_owned()))
        .collect()
}

/// A JSON object whose members stay in order, also when one is there twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = entries.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}
