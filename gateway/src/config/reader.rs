//! Reads one table of the configuration key by key.
//!
//! Owns: conversion of values and the search for unknown keys. May use: figment's values, `problems`.
//! Invariant: every key is either taken by a reader or reported as unknown; reading never stops at the first mistake.

use std::ops::RangeInclusive;

use figment::value::{Dict, Num, Value};

use super::{ConfigErrors, Secret, structure};

/// A table being read: take every key, then [`Section::finish`].
pub(super) struct Section<'a> {
    path: String,
    entries: Dict,
    known: Vec<&'static str>,
    problems: &'a mut ConfigErrors,
}

impl<'a> Section<'a> {
    pub(super) fn root(entries: Dict, problems: &'a mut ConfigErrors) -> Self {
        Self { path: String::new(), entries, known: Vec::new(), problems }
    }

    /// Reports whatever nobody took.
    pub(super) fn finish(self) {
        let known: Vec<String> = self.known.iter().map(|key| format!("`{key}`")).collect();
        for key in self.entries.keys() {
            let right = format!("known here: {}", known.join(", "));
            self.problems.add(join(&self.path, key), "is not a key", right);
        }
    }

    pub(super) fn problem(&mut self, key: &str, wrong: impl Into<String>, right: impl Into<String>) {
        self.problems.add(join(&self.path, key), wrong, right);
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.entries.remove(key)
    }

    /// Whether `key` is set to something.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|value| value.as_str() != Some(""))
    }

    /// The table under `key`; empty if there is none.
    pub(super) fn section(&mut self, key: &'static str) -> Section<'_> {
        const RIGHT: &str = "write a table, such as `{ key = \"text\" }`";
        let entries = match self.structured(key, RIGHT) {
            None => Dict::new(),
            Some(Value::Dict(_, entries)) => entries,
            Some(Value::String(_, text)) if text.is_empty() => Dict::new(),
            Some(other) => {
                self.problem(key, format!("is {}", kind(&other)), RIGHT);
                Dict::new()
            }
        };
        Section { path: join(&self.path, key), entries, known: Vec::new(), problems: self.problems }
    }

    /// Reads each table of the list under `key`.
    pub(super) fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(Section<'_>) -> Option<T>) -> Vec<T> {
        const RIGHT: &str = "write a list of tables, such as `[{ key = \"text\" }]`";
        let items = match self.structured(key, RIGHT) {
            None => Vec::new(),
            Some(Value::Array(_, items)) => items,
            // Forgiven from the environment, where an empty variable is how one unsets.
            Some(Value::String(_, text)) if text.is_empty() => Vec::new(),
            Some(other) => {
                self.problem(key, format!("is {}", kind(&other)), RIGHT);
                Vec::new()
            }
        };
        let mut taken = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = format!("{}[{index}]", join(&self.path, key));
            match item {
                Value::Dict(_, entries) => {
                    taken.extend(read(Section { path, entries, known: Vec::new(), problems: self.problems }));
                }
                other => self.problems.add(path, format!("is {}", kind(&other)), "write a table"),
            }
        }
        taken
    }

    /// A value that may be a list or a table. The environment has only texts: there it is read out of one.
    fn structured(&mut self, key: &'static str, right: &str) -> Option<Value> {
        match self.take(key)? {
            Value::String(tag, text) => match structure::parse(&text) {
                None => Some(Value::String(tag, text)),
                Some(Ok(value)) => Some(value),
                Some(Err(structure::Malformed)) => {
                    // Not repeated: there may be a secret in it.
                    self.problem(key, "begins with a bracket and cannot be read", right);
                    None
                }
            },
            other => Some(other),
        }
    }

    /// A text; none if it is missing or empty.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(_, text) => Some(text).filter(|text| !text.is_empty()),
            Value::Char(_, letter) => Some(letter.to_string()),
            other => {
                self.problem(key, format!("is {}", kind(&other)), "write a text in quotes");
                None
            }
        }
    }

    /// A text or a list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        const RIGHT: &str = "write a list, such as `[\"one\", \"another\"]`";
        let items = match self.structured(key, RIGHT)? {
            Value::String(_, text) if text.is_empty() => return None,
            // Two texts, as other programs take them; one that has a comma can be written in a list.
            Value::String(_, text) if text.contains(',') => {
                self.problem(key, "has a comma in it", RIGHT);
                return None;
            }
            Value::Array(_, items) => items,
            single => vec![single],
        };
        let texts: Option<Vec<String>> = items.into_iter().map(Value::into_string).collect();
        let texts = texts.filter(|texts| texts.iter().all(|text| !text.is_empty()));
        if texts.is_none() {
            self.problem(key, "holds something that is not a text", "write a text in quotes or a list of them");
        }
        texts
    }

    /// A whole number in `range`; the lowest one when it is wrong, beside the problem.
    pub(super) fn number(&mut self, key: &'static str, range: RangeInclusive<u32>) -> u32 {
        let right = format!("write a whole number from {} to {}", range.start(), range.end());
        let found = match self.take(key) {
            None => {
                self.problem(key, "is missing", right);
                return *range.start();
            }
            Some(Value::Num(_, number)) => whole(number),
            Some(Value::String(_, text)) => text.parse().ok(),
            Some(Value::Char(_, letter)) => letter.to_digit(10),
            Some(_) => None,
        };
        let in_range = found.filter(|number| range.contains(number));
        if in_range.is_none() {
            self.problem(key, "is not in range", right);
        }
        in_range.unwrap_or(*range.start())
    }

    /// The same where it may be left out.
    pub(super) fn number_or(&mut self, key: &'static str, range: RangeInclusive<u32>, otherwise: u32) -> u32 {
        if self.has(key) {
            return self.number(key, range);
        }
        self.take(key);
        otherwise
    }

    /// A number from 0 to 1; 0 when it is wrong, beside the problem.
    pub(super) fn ratio(&mut self, key: &'static str) -> f64 {
        let found = match self.take(key) {
            Some(Value::Num(_, number)) => number.to_f64().or_else(|| whole(number).map(f64::from)),
            Some(Value::String(_, text)) => text.parse().ok(),
            Some(Value::Char(_, letter)) => letter.to_digit(10).map(f64::from),
            _ => None,
        };
        let in_range = found.filter(|ratio| (0.0..=1.0).contains(ratio));
        if in_range.is_none() {
            self.problem(key, "is not in range", "write a number from 0 to 1, such as `0.1`");
        }
        in_range.unwrap_or_default()
    }

    /// True or false; false when it is wrong, beside the problem.
    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        let found = match self.take(key) {
            Some(Value::Bool(_, flag)) => Some(flag),
            Some(Value::String(_, text)) => text.parse().ok(),
            _ => None,
        };
        if found.is_none() {
            self.problem(key, "is no truth value", "write `true` or `false`");
        }
        found.unwrap_or_default()
    }

    /// One of a closed set of words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.problem(key, format!("is `{text}`"), format!("write one of {}", words.join(", ")));
        }
        found
    }

    /// A text given as `key`, or as the file that `key_file` names; its end of line is not part of it.
    fn text_or_file(&mut self, key: &'static str, key_file: &'static str) -> Option<Secret> {
        let direct = self.text(key);
        let file = self.text(key_file);
        match (direct, file) {
            (Some(_), Some(_)) => {
                self.problem(key, format!("is given beside `{key_file}`"), "keep one of the two");
                None
            }
            (Some(text), None) => Some(Secret::new(text)),
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
                Err(error) => {
                    self.problem(
                        key_file,
                        format!("is `{file}`, which cannot be read ({})", error.kind()),
                        "name a readable file",
                    );
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// An address that may hold a password, as `url` or `url_file`.
    pub(super) fn url(&mut self) -> Option<Secret> {
        self.text_or_file("url", "url_file")
    }

    /// The mail server's address, as `smtp_url` or `smtp_url_file`.
    pub(super) fn smtp_url(&mut self) -> Option<Secret> {
        self.text_or_file("smtp_url", "smtp_url_file")
    }

    /// A secret of at least `least` bytes, as `secret` or `secret_file`.
    pub(super) fn secret(&mut self, key: &'static str, least: usize) -> Option<Secret> {
        let secret = self.text_or_file(key, "secret_file")?;
        let length = secret.expose().len();
        if length < least {
            let right = format!("give at least {least} (`openssl rand -base64 48` makes one)");
            self.problem(key, format!("has {length} bytes"), right);
            return None;
        }
        Some(secret)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn whole(number: Num) -> Option<u32> {
    let unsigned = number.to_u128().and_then(|number| u32::try_from(number).ok());
    unsigned.or_else(|| number.to_i128().and_then(|number| u32::try_from(number).ok()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(..) | Value::Char(..) => "a text",
        Value::Bool(..) => "a truth value",
        Value::Num(..) => "a number",
        Value::Empty(..) => "empty",
        Value::Dict(..) => "a table",
        Value::Array(..) => "a list",
    }
}
