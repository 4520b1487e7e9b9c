//! Inside a crate, a module uses only modules below it.
//!
//! Owns: the order of the layers. The sources are read as tokens, so paths in comments and texts do not count, and paths in macros do.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};

/// The modules of the data crate, from the lowest.
const ENTITY: [&str; 20] = [
    "time",
    "text",
    "email",
    "row",
    "id",
    "auth",
    "error",
    "models",
    "organization_settings",
    "db",
    "session",
    "audit",
    "queries",
    "scope",
    "analytics",
    "commands",
    "membership",
    "change_feed",
    "organization_list",
    "import",
];

/// The modules of the gateway, from the lowest.
const GATEWAY: [&str; 25] = [
    "reloadable",
    "csv_file",
    "config",
    "errors",
    "compute",
    "limits",
    "tenancy",
    "authn",
    "admission",
    "changes",
    "loaders",
    "request",
    "guard",
    "row_encoding",
    "telemetry",
    "schema",
    "graphql",
    "metrics",
    "audit_export",
    "mail",
    "http",
    "legacy_import",
    "demo",
    "cli",
    "main",
];

#[test]
fn a_module_of_the_data_crate_uses_only_modules_below_it() {
    assert_layers("entity", &ENTITY);
}

#[test]
fn a_module_of_the_gateway_uses_only_modules_below_it() {
    assert_layers("gateway", &GATEWAY);
}

#[test]
fn a_use_of_a_higher_module_is_found_wherever_it_stands() {
    let found =
        |text: &str| used(&["low".to_owned(), "inner".to_owned()], &tokens(text)).into_iter().collect::<Vec<_>>();
    assert_eq!(found("use crate::high::Thing;"), ["high"]);
    assert_eq!(found("use crate::{high::{A, B}, other as alias, third};"), ["high", "other", "third"]);
    assert_eq!(found("fn f() { g!(crate::high::h()) }"), ["high"]);
    assert_eq!(
        found("use super::super::high::Thing; use super::sibling; mod m { use super::super::super::deep; }"),
        ["deep", "high"]
    );
    assert_eq!(
        found("#[cfg(test)] mod tests { use crate::high; } // crate::comment\nconst T: &str = \"crate::text\";"),
        [""; 0]
    );
}

/// Fails with each use of a module that is not below its user.
fn assert_layers(package: &str, order: &[&str]) {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the top of the tree").join(package).join("src");
    let rank = |name: &str| order.iter().position(|module| *module == name);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in sources(&top) {
        let module = module_of(&top, &file);
        let Some(own) = module.first().cloned() else { continue };
        seen.insert(own.clone());
        let path = file.strip_prefix(&top).expect("below the sources").display().to_string();
        let Some(at) = rank(&own) else {
            wrong.push(format!("{package}/src/{path}: give `{own}` its place in tests/suites/layers.rs"));
            continue;
        };
        for name in used(&module, &tokens(&fs::read_to_string(&file).expect("read a source"))) {
            if name != own && rank(&name).is_some_and(|other| other > at) {
                wrong.push(format!(
                    "{package}/src/{path} uses `crate::{name}`, which is above `{own}`: move what it needs below"
                ));
            }
        }
    }
    let gone: Vec<_> = order.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(gone.is_empty(), "no such module any more: {gone:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every source file but those of unit tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("list the sources").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if name == "tests" || name == "tests.rs" {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "lib.rs" {
            found.push(path);
        }
    }
    found
}

/// The path of a file's module, without `crate`.
fn module_of(top: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(top).expect("below the sources").with_extension("");
    path.iter().map(|part| part.to_string_lossy().into_owned()).collect()
}

fn tokens(text: &str) -> Vec<TokenTree> {
    text.parse::<TokenStream>().expect("a source is a list of tokens").into_iter().collect()
}

/// The modules at the crate's root that a text names, when it stands in the module `here`.
fn used(here: &[String], tokens: &[TokenTree]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    };
    let is_path = |at: usize| {
        let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
        colon(at) && colon(at + 1)
    };
    let mut at = 0;
    while at < tokens.len() {
        let name = word(at);
        match &tokens[at] {
            TokenTree::Ident(_) if name.as_deref() == Some("mod") => {
                if let (Some(inner), Some(TokenTree::Group(body))) = (word(at + 1), tokens.get(at + 2)) {
                    if inner != "tests" {
                        let inside: Vec<_> = here.iter().cloned().chain([inner]).collect();
                        found.extend(used(&inside, &body.stream().into_iter().collect::<Vec<_>>()));
                    }
                    at += 2;
                }
            }
            TokenTree::Ident(_) if matches!(name.as_deref(), Some("crate" | "super")) && is_path(at + 1) => {
                let mut up = usize::from(name.as_deref() == Some("super"));
                let mut next = at + 3;
                while up > 0 && word(next).as_deref() == Some("super") && is_path(next + 1) {
                    up += 1;
                    next += 3;
                }
                // `super` leads to the root only where it goes up all the way.
                if up == 0 || up == here.len() {
                    found.extend(first_names(tokens.get(next)));
                }
                at = next.saturating_sub(1);
                if let Some(TokenTree::Group(_)) = tokens.get(next) {
                    at = next;
                }
            }
            TokenTree::Group(group) => {
                found.extend(used(here, &group.stream().into_iter().collect::<Vec<_>>()));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        at += 1;
    }
    found
}

/// The names that a path goes on with: one, or the first of each branch in braces.
fn first_names(next: Option<&TokenTree>) -> BTreeSet<String> {
    match next {
        Some(TokenTree::Ident(name)) => BTreeSet::from([name.to_string()]),
        Some(TokenTree::Group(group)) => {
            let mut begins = true;
            let mut found = BTreeSet::new();
            for token in group.stream() {
                match token {
                    TokenTree::Ident(name) if begins => {
                        found.insert(name.to_string());
                        begins = false;
                    }
                    TokenTree::Punct(mark) if mark.as_char() == ',' => begins = true,
                    TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) | TokenTree::Group(_) => {}
                }
            }
            found
        }
        Some(TokenTree::Punct(_) | TokenTree::Literal(_)) | None => BTreeSet::new(),
    }
}
