//! `[documents]`.

use entity::auth::OrgRole;

use super::load;
use crate::config::{Introspection, Persisted, Suggestions, Trust};

#[test]
fn by_default_any_document_is_run_and_whoever_is_signed_in_sees_the_schema() {
    let documents = load("", &[]).unwrap().documents;
    assert_eq!((documents.trust, documents.persisted), (Trust::Off, Persisted::Kept));
    assert_eq!((documents.introspection, documents.suggestions), (Introspection::SignedIn, Suggestions::Given));
    assert!(documents.exploring.is_none() && documents.manifest.is_empty());
}

#[test]
fn what_is_enforced_cannot_be_walked_around() {
    let file = "[documents]\ntrusted = \"enforce\"\nmanifest = [\"a.json\", \"b\"]\nexploring_role = \"ADMIN\"\nintrospection = \"OWNER\"\n";
    let documents = load(file, &[]).unwrap().documents;
    assert_eq!((documents.trust, documents.manifest.len()), (Trust::Enforce, 2));
    assert_eq!(documents.exploring, Some(OrgRole::Admin));
    assert_eq!(documents.persisted, Persisted::Off, "whoever registers a document would have trusted it");
    assert_eq!(documents.introspection, Introspection::AtLeast(OrgRole::Owner));
    assert_eq!(documents.suggestions, Suggestions::Off, "suggestions would tell the names that introspection does not");
    let one = load("", &[("documents.trusted", "log"), ("documents.manifest", "a.json")]).unwrap().documents;
    assert_eq!((one.trust, one.manifest.len(), one.persisted), (Trust::Log, 1, Persisted::Kept));
}

#[test]
fn wrong_words_are_all_told() {
    let file = "[documents]\ntrusted = \"yes\"\nexploring_role = \"GOD\"\nintrospection = \"on\"\npersisted_queries = 3\nmanifset = 1\n";
    let problems = load(file, &[]).unwrap_err().to_string();
    for line in [
        "`documents.trusted`: is `yes`, write one of `off`, `log`, `enforce`",
        "`documents.exploring_role`: is `GOD`, write one of `none`, `MEMBER`, `ADMIN`, `OWNER`",
        "`documents.introspection`: is `on`, write one of `signed-in`",
        "`documents.persisted_queries`: is no truth value",
        "`documents.manifset`: is not a key",
    ] {
        assert!(problems.lines().any(|found| found.starts_with(line)), "not reported: {line}\n{problems}");
    }
    let nothing = load("", &[("documents.trusted", "enforce")]).unwrap_err().to_string();
    assert!(nothing.starts_with("`documents.manifest`: is empty, but `trusted` is not `off`"), "{nothing}");
}
