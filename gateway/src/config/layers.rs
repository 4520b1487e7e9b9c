//! Puts one layer of the configuration over another.
//!
//! Owns: which key wins. May use: figment's values, `structure`. Invariant: a key of a higher layer wins over the same key of a lower one, and over the
//! key that gives the same value by a file (`url` over `url_file`, `url_file` over `url`).

use figment::util::nest;
use figment::value::{Dict, Value};

use super::structure;

/// What the name of a key ends with that names the file of a value.
const FILE: &str = "_file";

/// Puts a layer over those below it.
pub(super) fn put(lower: &mut Dict, upper: Dict) {
    let partners: Vec<String> = upper.iter().filter(|(_, value)| is_set(value)).map(|(key, _)| partner(key)).collect();
    for partner in partners {
        // A layer that has both contradicts itself: the section's reader says so.
        if !upper.contains_key(&partner) {
            lower.remove(&partner);
        }
    }
    merge(lower, upper, put);
}

/// Adds a key with a dotted path to a layer; within a layer no key wins over another.
pub(super) fn add(layer: &mut Dict, path: &str, value: impl Into<Value>) {
    if let Value::Dict(_, entries) = nest(path, value.into()) {
        merge(layer, entries, merge_all);
    }
}

fn merge_all(lower: &mut Dict, upper: Dict) {
    merge(lower, upper, merge_all);
}

fn merge(lower: &mut Dict, upper: Dict, inner: impl Fn(&mut Dict, Dict)) {
    for (key, value) in upper {
        let value = if matches!(lower.get(&key), Some(Value::Dict(..))) { table(value) } else { value };
        match (lower.get_mut(&key), value) {
            (Some(Value::Dict(_, lower)), Value::Dict(_, upper)) => inner(lower, upper),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}

/// The environment has only texts: a table in one changes the keys that it names, as a table of a file does.
fn table(value: Value) -> Value {
    let parsed = value.as_str().and_then(structure::parse);
    if let Some(Ok(table @ Value::Dict(..))) = parsed { table } else { value }
}

/// An empty text means "not set", so it wins over nothing but its own key.
fn is_set(value: &Value) -> bool {
    value.as_str() != Some("")
}

fn partner(key: &str) -> String {
    key.strip_suffix(FILE).map_or_else(|| format!("{key}{FILE}"), str::to_owned)
}
