//! Breaks the product on purpose, once for each case, and checks that a named test fails.
//!
//! Owns: the cases in `tests/sabotage/*.toml` and their run. May use: cargo, on a copy of the tree. Invariant: a case
//! passes only if exactly the named test fails. The text to break must occur exactly once, the broken code must
//! compile (unless the case is that it does not compile), and the named test must fail on the broken code and pass on
//! the unbroken code.
//!
//! `cargo sabotage` runs all cases, `cargo sabotage guard` those whose names contain `guard`. It takes long: each case
//! compiles what it broke.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a tool for developers: it prints, and stops where it cannot go on"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use serde::Deserialize;

/// One way to break the product.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Description of the fault.
    what: String,
    /// Path of the file to break, relative to the root of the tree.
    file: String,
    /// Text to replace; it occurs exactly once in the file.
    find: String,
    /// Replacement text.
    replace: String,
    /// The package whose tests are run.
    package: String,
    /// The test that must fail, or `does not compile`.
    caught_by: String,
}

/// Result of a case.
enum Verdict {
    Caught,
    Missed(String),
}

const DOES_NOT_COMPILE: &str = "does not compile";

fn main() -> ExitCode {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the tree").to_owned();
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut files: Vec<PathBuf> = fs::read_dir(top.join("tests/sabotage"))
        .expect("read the cases")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter(|path| path.to_string_lossy().contains(&wanted))
        .collect();
    files.sort();
    let cases: Vec<(String, Case)> = files.iter().map(|file| read(file)).collect();
    let copy = copy_of(&top);
    if let Err(why) = all_pass(&copy, &cases) {
        println!("nothing is broken yet, and {why}");
        return ExitCode::FAILURE;
    }
    let (mut caught, mut missed) = (0, 0);
    for (name, case) in cases {
        match run(&copy, &case) {
            Verdict::Caught => {
                caught += 1;
                println!("caught  {name}: {} — by `{}`", case.what, case.caught_by);
            }
            Verdict::Missed(why) => {
                missed += 1;
                println!("MISSED  {name}: {} — {why}", case.what);
            }
        }
    }
    println!("{caught} passed, {missed} failed");
    if missed == 0 && caught > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(file: &Path) -> (String, Case) {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(file).expect("read a case");
    let case = toml::from_str(&text).unwrap_or_else(|error| {
        println!("`{name}` is not a case: {error}");
        std::process::exit(2)
    });
    (name, case)
}

/// Positive control: on the unbroken tree every named test exists and passes.
fn all_pass(copy: &Path, cases: &[(String, Case)]) -> Result<(), String> {
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, case) in cases.iter().filter(|(_, case)| case.caught_by != DOES_NOT_COMPILE) {
        named.entry(&case.package).or_default().insert(&case.caught_by);
    }
    for (package, tests) in named {
        let arguments: Vec<_> =
            ["test", "-p", package, "--", "--exact"].into_iter().chain(tests.iter().copied()).collect();
        let (_, output) = cargo(copy, &arguments);
        if let Some(test) = tests.iter().find(|test| !output.contains(&format!("test {test} ... ok"))) {
            return Err(format!("`{test}` does not pass in `{package}`:\n{output}"));
        }
    }
    Ok(())
}

fn run(copy: &Path, case: &Case) -> Verdict {
    let path = copy.join(&case.file);
    let sound = fs::read_to_string(&path).expect("read the file to be broken");
    let places = sound.matches(&case.find).count();
    if places != 1 {
        return Verdict::Missed(format!(
            "its text stands {places} times in `{}`: the code has moved on, mend the case",
            case.file
        ));
    }
    fs::write(&path, sound.replacen(&case.find, &case.replace, 1)).expect("break the file");
    let verdict = judge(copy, case);
    fs::write(&path, sound).expect("mend the file");
    verdict
}

fn judge(copy: &Path, case: &Case) -> Verdict {
    let compiles = cargo(copy, &["test", "-q", "-p", &case.package, "--no-run"]).0;
    if case.caught_by == DOES_NOT_COMPILE {
        return if compiles { Verdict::Missed("it compiles".to_owned()) } else { Verdict::Caught };
    }
    if !compiles {
        return Verdict::Missed("it does not compile, so no test has judged it".to_owned());
    }
    let (passed, output) = cargo(copy, &["test", "-p", &case.package, "--", "--exact", &case.caught_by]);
    if passed {
        let ran = output.contains(&format!("test {} ", case.caught_by));
        return Verdict::Missed(if ran {
            "the test passes".to_owned()
        } else {
            format!("there is no test `{}`", case.caught_by)
        });
    }
    if output.contains(&format!("test {} ... FAILED", case.caught_by)) {
        Verdict::Caught
    } else {
        Verdict::Missed("something else failed".to_owned())
    }
}

fn cargo(copy: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("../target"))
        // The pages are not under test here.
        .env("GATEWAY_PAGES", "skip")
        .stdin(Stdio::null())
        .output()
        .expect("run cargo");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Copy of the working tree, committed or not, without files that git ignores.
fn copy_of(top: &Path) -> PathBuf {
    let copy = top.join("target/sabotage/tree");
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(top)
        .output()
        .expect("list the files");
    for file in String::from_utf8_lossy(&listed.stdout).lines() {
        let (from, to) = (top.join(file), copy.join(file));
        let Ok(sound) = fs::read(&from) else { continue };
        // Written only if it differs, so that unchanged files are not rebuilt.
        if fs::read(&to).ok().as_ref() != Some(&sound) {
            fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("make a folder");
            fs::write(to, sound).expect("copy a file");
        }
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_to_break_occurs_exactly_once_in_its_file() {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the tree");
        for entry in fs::read_dir(top.join("tests/sabotage")).expect("read the cases").flatten() {
            let (name, case) = read(&entry.path());
            let text = fs::read_to_string(top.join(&case.file)).unwrap_or_default();
            assert_eq!(
                text.matches(&case.find).count(),
                1,
                "{name}: say anew in its `find` what `{}` holds",
                case.file
            );
        }
    }
}
