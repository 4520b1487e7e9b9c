//! The lists of trusted documents: what is read, what is the same, and that all that is wrong comes at once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::HEXLOWER;

use super::definitions::{definitions, normalized_hash};
use super::trusted::{TrustedDocuments, sha256};
use super::{RegistryConfig, built_in};
use crate::config::{Config, Overrides, Trust};

const VIEWER: &str = "query Me { viewer { name } }";

/// A folder that is gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cs12-documents-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn config() -> Config {
    Config::from_layers(None, [], Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn read(path: &Path) -> Result<TrustedDocuments, String> {
    TrustedDocuments::read(&[path.to_owned()], &config().limits).map_err(|unsound| unsound.to_string())
}

#[test]
fn both_formats_and_plain_files_are_read() {
    let folder = Folder::new();
    let relay = serde_json::json!({ "1a79a4d60de6718e8e5b326e338ae533": VIEWER, "another": "{ dsos { totalCount } }" });
    folder.write("relay.json", &relay.to_string());
    let operation = serde_json::json!({ "id": "an-id", "name": "Us", "type": "query", "body": "query Us { organization { name } }" });
    let apollo =
        serde_json::json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation] });
    folder.write("deeper/apollo.json", &apollo.to_string());
    let plain = "query Doctors {\n  doctors { totalCount }\n}\n";
    folder.write("doctors.graphql", plain);
    folder.write("README.md", "no document");
    let trusted = read(&folder.0).unwrap();

    assert_eq!(trusted.by_id("1a79a4d60de6718e8e5b326e338ae533").unwrap().as_ref(), VIEWER);
    assert_eq!(trusted.by_id("an-id").unwrap().as_ref(), "query Us { organization { name } }");
    for text in [plain, plain.trim_end()] {
        let id = HEXLOWER.encode(&sha256(text));
        assert_eq!(
            trusted.by_id(&id).unwrap().as_ref(),
            plain,
            "an id is the SHA-256 of the file, or of its text without the last line break"
        );
        assert_eq!(trusted.by_id(&format!("sha256:{id}")).unwrap().as_ref(), plain);
        assert!(trusted.by_id(&id.to_uppercase()).is_none(), "ids are lower case");
    }
    for unknown in ["", "sha256:", "relay.json", "AN-ID", "../an-id", "sha256:an-id"] {
        assert!(trusted.by_id(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn all_that_is_wrong_with_a_list_comes_at_once() {
    let folder = Folder::new();
    folder.write("a.json", r#"{"x": 7}"#);
    folder.write("b.json", "[]");
    folder.write("c.json", r#"{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}"#);
    folder
        .write("d.json", r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "x"}]}"#);
    folder.write("e.json", &format!(r#"{{"twice": "{VIEWER}", "twice": "{{ dsos {{ totalCount }} }}"}}"#));
    folder.write("f.graphql", "query {");
    folder.write("g.graphql", "{ nothingOfThisName viewer { norThis } }");
    folder.write("h.graphql", "subscription { viewer { name } }");
    folder.write("i.graphql", &format!("{{ viewer {{ name }} }} # {}", "x".repeat(40_000)));
    folder.write("j.graphql", &format!("{}{}", "{ viewer ".repeat(40), "}".repeat(40)));
    folder.write("k.graphql", "query ($x: Int) { viewer { name } }");
    let wrong = read(&folder.0).unwrap_err();
    let lines: Vec<_> = wrong.lines().collect();
    let name = |file: &str| folder.0.join(file).display().to_string();
    for (file, what) in [
        ("a.json", "is no manifest of Relay's (`x` is no text)"),
        ("b.json", "is not a manifest"),
        ("c.json", "another version than 1"),
        ("d.json", "has an operation without `id` or `body`"),
        ("e.json", "is listed twice, with different texts"),
        ("f.graphql", "cannot be run: expected"),
        ("g.graphql", "`nothingOfThisName`"),
        ("g.graphql", "`norThis`"),
        ("h.graphql", "does not fit the schema: "),
        ("i.graphql", "bytes; at most 32768"),
        ("j.graphql", "cannot be run"),
        ("k.graphql", "unused variable: `$x`"),
    ] {
        let told = lines.iter().any(|line| {
            line.starts_with("`documents.manifest`: ") && line.contains(&name(file)) && line.contains(what)
        });
        assert!(told, "not told: {file} {what}\n{wrong}");
    }
    assert_eq!(lines.len(), 12, "{wrong}");
    assert!(read(&folder.0.join("none")).unwrap_err().contains("cannot be read"));
    std::fs::create_dir(folder.0.join("empty")).unwrap();
    assert!(read(&folder.0.join("empty")).unwrap_err().contains("holds no `.graphql` file"));
}

#[test]
fn a_list_that_is_broken_in_part_is_no_list() {
    let folder = Folder::new();
    let mut settings = config().documents;
    (settings.trust, settings.manifest) = (Trust::Enforce, vec![folder.0.clone()]);
    folder.write("a.graphql", VIEWER);
    let shelf = RegistryConfig::read(&settings, config().limits).unwrap();
    assert!(shelf.trusted.by_text(VIEWER).is_some());
    assert!(!shelf.stores_apq(), "whoever registers a document would have it trusted");
    folder.write("b.graphql", "{ dsos { totalCuont } }");
    assert!(RegistryConfig::read(&settings, config().limits).unwrap_err().to_string().contains("totalCuont"));
    settings.trust = Trust::Off;
    let shelf = RegistryConfig::read(&settings, config().limits).unwrap();
    assert!(shelf.trusted.by_text(VIEWER).is_none() && shelf.stores_apq(), "a list that is off is not looked at");
}

/// The pages of the gateway itself work wherever the gateway does.
#[test]
fn what_the_own_pages_ask_is_sound_and_trusted() {
    let folder = Folder::new();
    let texts = built_in::texts();
    assert!(texts.len() > 15, "only {} operations of the pages were found", texts.len());
    for (number, text) in texts.iter().enumerate() {
        folder.write(&format!("{number}.graphql"), text);
    }
    let trusted = read(&folder.0).unwrap_or_else(|wrong| panic!("what a page asks is not sound: {wrong}"));
    assert!(texts.iter().all(|text| trusted.by_text(text).is_some()));
}

#[test]
fn texts_that_mean_the_same_are_the_same() {
    let listed = "query A($a: [ID!] = [], $b: String = \"x  y\") { a(i: $a, s: $b) @skip(if: false) { ...F } }\nfragment F on T { b c(x: \"\"\"block \\\"\"\" text\"\"\") }";
    for same in [
        "fragment F on T{b c(x:\"\"\"block \\\"\"\" text\"\"\")}query A($a:[ID!]=[] $b:String=\"x  y\"){a(i:$a s:$b)@skip(if:false){...F}}",
        "# of us\r\nquery A (\n $a : [ ID ! ] = [ ] , $b: String = \"x  y\" )\n{ a( i: $a, s: $b ) @ skip(if: false) { ... F } } fragment F on T { b, c(x: \"\"\"block \\\"\"\" text\"\"\") } # end",
    ] {
        assert_eq!(normalized_hash(same), normalized_hash(listed), "{same}");
    }
    for other in [
        "query A($a: [ID!] = [], $b: String = \"x y\") { a(i: $a, s: $b) @skip(if: false) { ...F } }\nfragment F on T { b c(x: \"\"\"block \\\"\"\" text\"\"\") }",
        "query A($a: [ID!] = [], $b: String = \"x  y\") { a(i: $a, s: $b) @skip(if: true) { ...F } }\nfragment F on T { b c(x: \"\"\"block \\\"\"\" text\"\"\") }",
        "query A($a: [ID!] = [], $b: String = \"x  y\") { a(i: $a, s: $b) { ...F } }\nfragment F on T { b c(x: \"\"\"block \\\"\"\" text\"\"\") }",
        "{ ab }",
    ] {
        assert_ne!(normalized_hash(other), normalized_hash(listed), "{other}");
    }
    assert_ne!(normalized_hash("{ ab }"), normalized_hash("{ a b }"));
    assert_ne!(normalized_hash("{ a(x: \"\" \"x\") }"), normalized_hash("{ a(x: \"\"\"x\"\"\") }"));
    for broken in
        ["{ a", "}", "{ a } b", "{ a(x: \"y) }", "{ a(x: \"\"\"y\"\") }", "{ \u{e9} }", "{ a\u{0} }", "{ a(x: \"\\"]
    {
        assert!(definitions(broken).is_none(), "{broken}");
    }
    assert_eq!(definitions("").unwrap().len(), 0);
}
