//! Every input of the schema that holds a text or a time, and of which kind it is.
//!
//! Owns: the kinds, and values that each refuses. May use: the schema's text. Invariant: an input that is not here fails the suite, so that
//! a new one is given a kind.

use std::collections::BTreeSet;

use crate::schema::sdl::{Field, Kind as Of, Sdl};

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    /// A name, title, label or practice: one line, at most 200 characters.
    Name,
    Phone,
    Note,
    Email,
    /// What a list is searched for.
    Search,
    /// A name of a time zone.
    Zone,
    /// A word that is compared with one that is there: a slug, a token, a confirmation, a coordinate.
    Word,
    Cursor,
}

impl Kind {
    /// Of an input's name and type.
    pub(super) fn of(field: &Field) -> Option<Self> {
        Some(match (field.named.as_str(), field.name.as_str()) {
            ("DateTime", _) => Self::Time,
            ("String", "name" | "title" | "label" | "practice") => Self::Name,
            ("String", "phone") => Self::Phone,
            ("String", "note" | "notes" | "message") => Self::Note,
            ("String", "email") => Self::Email,
            ("String", "text") => Self::Search,
            ("String", "timeZone") => Self::Zone,
            ("String", "slug" | "organizationSlug" | "token" | "confirmation" | "coordinate") => Self::Word,
            ("String", "after" | "before") => Self::Cursor,
            _ => return None,
        })
    }

    /// Values that are refused.
    pub(super) fn refused(self) -> Vec<String> {
        let long = |letters: usize| "\u{e9}".repeat(letters);
        let fixed: &[&str] = match self {
            Self::Time => &[
                "",
                "2026-01-01",
                "2026-01-01T00:00:00",
                "-5000-01-01T00:00:00Z",
                "0226-01-05T00:00:00Z",
                "10000-01-01T00:00:00Z",
                "2026-1-1T0:0:0Z",
                " 2026-01-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "now",
                "2026-01-01T00:00:00Z\0",
            ],
            Self::Name | Self::Phone => &["a\0b", "a\nb", "a\u{202e}b", "a\u{200b}b", "a\u{7}b", "a\u{2028}b"],
            Self::Note | Self::Search => &["a\0b"],
            Self::Email => &[
                "ada",
                "one@x.example,two@x.example",
                "one@x.example;two@x.example",
                "Ada <ada@x.example>",
                "a\0@x.example",
                "@x.example",
                "vi\u{212a}tor@x.example",
                "ada@x..example",
                "a b@x.example",
                "ada@xn--a.example",
            ],
            Self::Zone => &["", "Mars/Phobos", "UTC\0", "UTC; SELECT 1"],
            Self::Word => &["a\0b", "\u{202e}"],
            Self::Cursor => &["\0", "nope", "bm9wZQ"],
        };
        let tail = match self {
            Self::Name | Self::Search => long(201),
            Self::Phone => long(61),
            Self::Note => long(20_001),
            Self::Email => format!("{}@x.example", "a".repeat(65)),
            Self::Time | Self::Zone | Self::Word | Self::Cursor => long(500),
        };
        fixed.iter().map(|text| (*text).to_owned()).chain([tail]).collect()
    }

    /// Values that are as good as none.
    pub(super) fn blank(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["", "  ", "\u{200b}\u{2060}", "\u{3164}", "\u{200d}", "\u{202e}"],
            _ => &[],
        }
    }
}

/// Inputs that hold a text or a time: of inputs `Type.field`, of fields `Type.field(argument:)`.
pub(super) fn inputs(sdl: &Sdl) -> Vec<(String, Field)> {
    let is_text = |field: &Field| ["String", "DateTime"].contains(&field.named.as_str());
    let mut inputs = Vec::new();
    for (name, ty) in &sdl.types {
        for field in &ty.fields {
            if ty.kind == Of::Input && is_text(field) {
                inputs.push((format!("{name}.{}", field.name), field.clone()));
            }
            let arguments = field.arguments.iter().filter(|argument| is_text(argument));
            inputs.extend(
                arguments.map(|argument| (format!("{name}.{}({}:)", field.name, argument.name), argument.clone())),
            );
        }
    }
    inputs
}

#[test]
fn every_text_and_time_that_is_taken_is_of_a_kind() {
    let all = inputs(&Sdl::current());
    let unknown: BTreeSet<_> =
        all.iter().filter(|(_, field)| Kind::of(field).is_none()).map(|(name, _)| name).collect();
    assert!(unknown.is_empty(), "say in `text/catalog.rs` of which kind they are, and give them its type: {unknown:?}");
    assert!(all.len() > 50, "{}", all.len());
}

/// The types of the gateway's own inputs: a bare `String` or `DateTime` is one that a mutation hands to the store, which checks it.
#[test]
fn no_argument_and_no_filter_takes_a_bare_text_or_time() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/src/schema"), &mut files);
    let mut bare = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let (mut input, mut is_input) = (String::new(), false);
        for line in source.lines() {
            if line.starts_with("#[derive(") {
                is_input = line.contains("InputObject") || line.contains("OneofObject");
            }
            if let Some(name) =
                line.strip_prefix("pub struct ").and_then(|rest| rest.split([' ', '(', '<', ';']).next())
            {
                name.clone_into(&mut input);
            }
            if line == "}" {
                is_input = false;
            }
            let is_time = line.contains("DateTime<") && (is_input || line.contains("graphql(desc"));
            // What a mutation takes goes through the store's checks, and what is wrong is in `userErrors`.
            let is_draft = input.ends_with("Input");
            let is_text = line.contains("String") && ((is_input && !is_draft) || line.contains("graphql(desc"));
            let is_known =
                ["timeZone", "time_zone: String", "coordinate: String", "token: String", "time_zone: Option<String>"];
            if (is_time || is_text) && !is_known.iter().any(|known| line.contains(known)) {
                bare.push(format!("{}: {input}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(bare.is_empty(), "take one of the types of `gateway/src/schema/input.rs`:\n{}", bare.join("\n"));
}
