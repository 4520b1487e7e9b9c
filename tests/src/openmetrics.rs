//! A strict reader of the output of `/metrics`.
//!
//! Owns: a reader of the OpenMetrics text format (version 1.0). Invariant: it fails on everything that a strict
//! collector would refuse: samples of an undeclared family, suffixes that do not fit the type, a duplicate series,
//! decreasing buckets, a missing end marker.

use std::collections::{BTreeMap, BTreeSet};

/// Labels by name.
pub type Labels = BTreeMap<String, String>;

/// A sample: name with suffix, labels, and value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Name with suffix, such as `cs12_operations_total`.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its value.
    pub value: f64,
}

/// A whole exposition.
#[derive(Clone, Debug, Default)]
pub struct Exposed {
    /// Type of each family, by the family's name.
    pub families: BTreeMap<String, String>,
    /// All samples.
    pub samples: Vec<Sample>,
}

impl Exposed {
    /// Reads a text, or fails.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("the text ends with `# EOF` and a new line");
        let mut read = Self::default();
        let mut series = BTreeSet::new();
        for line in body.lines() {
            if let Some(declared) = line.strip_prefix("# TYPE ") {
                let (family, kind) = declared.split_once(' ').expect("a family and its type");
                let twice = read.families.insert(family.to_owned(), kind.to_owned());
                assert!(twice.is_none(), "`{family}` is declared twice");
            } else if !line.starts_with("# HELP ") && !line.starts_with("# UNIT ") {
                let sample = sample(line);
                read.check_name(&sample);
                assert!(
                    series.insert((sample.name.clone(), sample.labels.clone())),
                    "this series is there twice: {line}"
                );
                read.samples.push(sample);
            }
        }
        read.check_buckets();
        read
    }

    /// Value of the one series with this name whose labels include these; 0 if there is none.
    #[must_use]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has =
            |sample: &&Sample| labels.iter().all(|(key, value)| sample.labels.get(*key).is_some_and(|is| is == value));
        let found: Vec<_> = self.samples.iter().filter(|sample| sample.name == name).filter(has).collect();
        assert!(found.len() <= 1, "`{name}` with {labels:?} are several series: {found:?}");
        found.first().map_or(0.0, |sample| sample.value)
    }

    /// The same as an integer, for counters.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count is whole and not negative")]
    pub fn count(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let value = self.value(name, labels);
        assert!(value >= 0.0 && value.fract() == 0.0, "`{name}` with {labels:?} is {value}, which counts nothing");
        value as u64
    }

    /// Sum of all series of this name.
    #[must_use]
    pub fn sum(&self, name: &str) -> u64 {
        let of = self.samples.iter().filter(|sample| sample.name == name);
        of.map(|sample| {
            self.count(name, &sample.labels.iter().map(|(key, value)| (&**key, &**value)).collect::<Vec<_>>())
        })
        .sum()
    }

    /// All values of a label.
    #[must_use]
    pub fn labels(&self, name: &str, label: &str) -> BTreeSet<&str> {
        let of = self.samples.iter().filter(|sample| sample.name == name);
        of.filter_map(|sample| sample.labels.get(label).map(String::as_str)).collect()
    }

    fn check_name(&self, sample: &Sample) {
        let suffixes = |kind: &str| match kind {
            "counter" => vec!["_total", "_created"],
            "histogram" => vec!["_bucket", "_sum", "_count", "_created"],
            "info" => vec!["_info"],
            "gauge" => vec![""],
            other => panic!("`{}` is of the unknown type `{other}`", sample.name),
        };
        let fits = self.families.iter().any(|(family, kind)| {
            sample.name.strip_prefix(family.as_str()).is_some_and(|suffix| suffixes(kind).contains(&suffix))
        });
        assert!(fits, "`{}` belongs to no family that was declared before", sample.name);
    }

    fn check_buckets(&self) {
        let mut last: BTreeMap<(String, Labels), f64> = BTreeMap::new();
        for sample in self.samples.iter().filter(|sample| sample.name.ends_with("_bucket")) {
            let mut labels = sample.labels.clone();
            labels.remove("le").expect("a bucket has a bound");
            let before = last.insert((sample.name.clone(), labels), sample.value).unwrap_or(0.0);
            assert!(before <= sample.value, "buckets add up, and these shrink: {sample:?}");
        }
        for ((name, labels), all) in last {
            let count = name.replace("_bucket", "_count");
            let count = self.samples.iter().find(|sample| sample.name == count && sample.labels == labels);
            assert!(
                count.is_some_and(|count| (count.value - all).abs() < 0.5),
                "`{name}`: the last bucket is not all: {labels:?}"
            );
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':')
}

fn sample(line: &str) -> Sample {
    let end = line.find(['{', ' ']).unwrap_or_else(|| panic!("no value: {line}"));
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "`{name}` is no name: {line}");
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (key, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("a label without a value: {line}"));
            assert!(is_name(key), "`{key}` is no label: {line}");
            let (value, after) = quoted(after).unwrap_or_else(|| panic!("a value that never ends: {line}"));
            assert!(labels.insert(key.to_owned(), value).is_none(), "the label `{key}` twice: {line}");
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| panic!("no value: {line}"));
    let value = value.parse().unwrap_or_else(|_| panic!("`{value}` is no number: {line}"));
    Sample { name: name.to_owned(), labels, value }
}

/// The unescaped text before the closing quote, and the rest after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match letters.next()?.1 {
                'n' => '\n',
                letter @ ('"' | '\\') => letter,
                other => panic!("`\\{other}` is no escape"),
            }),
            letter => value.push(letter),
        }
    }
    None
}
