//! One cell of the matrix.
//!
//! Owns: the outcomes and how they are read from an answer. Invariant: an answer that is none of them fails, so that
//! nothing unforeseen is filed as something known.

use serde_json::Value;
use tests::Answer;

/// What somebody gets for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A value.
    Allow,
    /// Null or an empty list, on the way or at the field, and no error.
    Nothing(Nothing),
    /// The field itself was refused.
    Deny(String),
    /// A field on the way was refused.
    Way(String),
    /// In some rows a value, in others refused.
    Partly(String),
    /// The whole request was refused for want of a credential.
    Unauthenticated,
}

/// What nothing looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nothing {
    Null,
    EmptyList,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Allow => f.write_str("allow"),
            Self::Nothing(Nothing::Null) => f.write_str("null"),
            Self::Nothing(Nothing::EmptyList) => f.write_str("[]"),
            Self::Deny(code) => write!(f, "deny {code}"),
            Self::Way(code) => write!(f, "way {code}"),
            Self::Partly(code) => write!(f, "partly {code}"),
            Self::Unauthenticated => f.write_str("401"),
        }
    }
}

impl Cell {
    /// What the value at the end of `keys` amounts to; lists on the way are entered at their first row.
    pub(crate) fn read(answer: &Answer, keys: &[&str]) -> Result<Self, String> {
        let unforeseen = |why: &str| Err(format!("{why}: {} {}", answer.status, answer.text));
        if answer.status == 401 {
            let plain = answer.json["data"].is_null() && answer.codes() == ["UNAUTHENTICATED"];
            return if plain { Ok(Self::Unauthenticated) } else { unforeseen("a 401 of another form") };
        }
        if answer.status != 200 {
            return unforeseen("neither 200 nor 401");
        }
        let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let (found, depth) = walk(&answer.json["data"], keys);
        match (found, errors) {
            (Value::Null, [error]) => {
                let Some(code) = error["extensions"]["code"].as_str() else {
                    return unforeseen("an error without a code");
                };
                let path: Vec<_> = error["path"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                if path != keys[..depth] {
                    return unforeseen("the error is not where the null is");
                }
                Ok(if depth == keys.len() { Self::Deny(code.to_owned()) } else { Self::Way(code.to_owned()) })
            }
            (Value::Null, []) => Ok(Self::Nothing(Nothing::Null)),
            (Value::Array(rows), []) if rows.is_empty() => Ok(Self::Nothing(Nothing::EmptyList)),
            (Value::Array(rows), []) if rows.iter().all(Value::is_null) => Ok(Self::Nothing(Nothing::Null)),
            (_, []) => Ok(Self::Allow),
            (Value::Null, _) => unforeseen("several errors for one null"),
            _ => unforeseen("a value and an error"),
        }
    }
}

/// The value at the keys, or the first null or empty list on the way, and how many keys were followed.
fn walk<'a>(data: &'a Value, keys: &[&str]) -> (&'a Value, usize) {
    let mut here = data;
    for (depth, key) in keys.iter().enumerate() {
        if let Value::Array(rows) = here {
            match rows.first() {
                None => return (here, depth),
                Some(first) => here = first,
            }
        }
        if here.is_null() {
            return (here, depth);
        }
        here = &here[key];
    }
    (here, keys.len())
}
