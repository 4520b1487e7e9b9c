//! Builds the pages of `ui/` into `OUT_DIR` and writes the table by which `src/http/pages.rs` embeds them.
//!
//! Owns nothing at run time. May use `npm` and nothing of the crate. Invariant: it never writes into the source tree and never
//! fails for want of Node or of a network: it then says what is missing, and the gateway is built without its pages.
//!
//! `GATEWAY_PAGES=skip` builds without pages and without a word; `GATEWAY_PAGES=require` makes a missing page an error.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What the pages are made of, below `ui/`. A change in any of these builds them anew; nothing else does.
const SOURCES: [&str; 8] = [
    ".npmrc",
    "package.json",
    "package-lock.json",
    "index.html",
    "dashboard",
    "tsconfig.json",
    "vite.config.ts",
    "src",
];

/// The variable by which a build says how much it wants the pages.
const WISH: &str = "GATEWAY_PAGES";

/// How to get what is missing, the same for every cause.
const NODE_WANTED: &str = "install Node 20.19 or newer (22.12 or newer of the 22 line), with npm, and build again";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("ui");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let pages = out.join("pages");
    println!("cargo::rerun-if-env-changed={WISH}");
    for name in SOURCES {
        println!("cargo::rerun-if-changed={}", source.join(name).display());
    }

    let wish = env::var(WISH).unwrap_or_default();
    if pages.exists() {
        fs::remove_dir_all(&pages)?;
    }
    if wish != "skip"
        && let Err(missing) = fetch_or_build(&source, &out, &pages)
    {
        let level = if wish == "require" { "error" } else { "warning" };
        for line in missing.lines() {
            println!("cargo::{level}={line}");
        }
        if wish != "require" {
            println!(
                "cargo::warning=the gateway is built without its pages; everything else is there ({WISH}=skip hides this)"
            );
        }
    }
    fs::write(out.join("pages.rs"), table(&pages)?)?;
    Ok(())
}

/// Takes the pages that another profile built from the same sources, or builds them and leaves them for the next.
fn fetch_or_build(source: &Path, out: &Path, pages: &Path) -> Result<(), String> {
    let io = |error: io::Error| format!("the pages could not be copied: {error}");
    // `CACHEDIR.TAG` marks the target folder, above the profiles. Not found (another layout): no sharing, nothing else.
    let shared =
        out.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).map(|target| target.join("gateway-pages"));
    let mut hasher = DefaultHasher::new();
    for name in SOURCES {
        hash(&source.join(name), &mut hasher).map_err(io)?;
    }
    let built = shared.as_ref().map(|shared| shared.join(format!("{:016x}", hasher.finish())));
    if let Some(built) = built.as_ref().filter(|built| built.is_dir()) {
        return copy(built, pages).map_err(io);
    }
    build(source, &out.join("ui"), pages)?;
    if let (Some(shared), Some(built)) = (shared, built) {
        // Older ones are for sources that are gone. The last step is a rename: what stands there is whole.
        let _ = fs::remove_dir_all(&shared);
        let whole = shared.join(format!("making-{}", std::process::id()));
        copy(pages, &whole).and_then(|()| fs::rename(&whole, built)).map_err(io)?;
    }
    Ok(())
}

/// Runs npm on a copy of the sources. The error names what is missing and how to get it.
fn build(source: &Path, work: &Path, pages: &Path) -> Result<(), String> {
    node_is_new_enough().inspect_err(|_| watch_path())?;
    run(npm().arg("--version"), "npm is missing").map_err(|error| {
        watch_path();
        format!("{error}\n{NODE_WANTED}")
    })?;

    let io = |error: io::Error| format!("the pages' sources could not be copied: {error}");
    if work.exists() {
        fs::remove_dir_all(work).map_err(io)?;
    }
    fs::create_dir_all(work).map_err(io)?;
    for name in SOURCES {
        copy(&source.join(name), &work.join(name)).map_err(io)?;
    }

    // Exactly the lock, no script of a package, no tools that only check. Few and short tries: without a network this must end soon.
    let arguments = "ci --omit=dev --ignore-scripts --prefer-offline --no-progress --loglevel=error --no-audit --no-fund --no-update-notifier \
                     --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=2000";
    run(npm().current_dir(work).args(arguments.split_whitespace()), "`npm ci` in gateway/ui failed").map_err(
        |error| {
            format!("{error}\nthe pages need their npm packages once: with a network, build again with {WISH}=require")
        },
    )?;
    run(
        npm().current_dir(work).args(["run", "--silent", "build"]).env("PAGES_DIR", pages),
        "`npm run build` in gateway/ui failed",
    )?;
    // 250 MB that nothing needs any more, once for each profile; npm's own cache makes the next time quick.
    fs::remove_dir_all(work).map_err(io)
}

/// Node's version by Vite's `engines`: older ones fail with a syntax error that helps nobody.
fn node_is_new_enough() -> Result<(), String> {
    let said = run(Command::new("node").arg("--version"), "Node is missing")
        .map_err(|error| format!("{error}\n{NODE_WANTED}"))?;
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if matches!(version, (20, 19..) | (22, 12..) | (23.., _)) {
        return Ok(());
    }
    Err(format!("Node {} is too old to build the pages\n{NODE_WANTED}", said.trim()))
}

/// With Node missing or too old: installing one changes a folder of `PATH`, or `PATH` itself, and must be noticed.
fn watch_path() {
    println!("cargo::rerun-if-env-changed=PATH");
    let path = env::var_os("PATH").unwrap_or_default();
    for folder in env::split_paths(&path).filter(|folder| folder.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs to the end and gives what was printed; a failure is told by `failure` and the first lines of what was complained about.
fn run(command: &mut Command, failure: &str) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{failure}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaints = String::from_utf8_lossy(&output.stderr);
    let lines = complaints.lines().map(str::trim).filter(|line| !line.is_empty()).take(6).collect::<Vec<_>>();
    Err(format!("{failure} ({}):\n{}", output.status, lines.join("\n")))
}

/// Names and bytes, in the order of the names.
fn hash(path: &Path, into: &mut DefaultHasher) -> io::Result<()> {
    path.file_name().hash(into);
    if !path.is_dir() {
        fs::read(path)?.hash(into);
        return Ok(());
    }
    let mut entries =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| hash(entry, into))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The Rust source of the table: each page's file with its bytes, the compressed ones beside them, and its tag.
fn table(pages: &Path) -> io::Result<String> {
    let mut files = BTreeMap::new();
    collect(pages, "", &mut files)?;
    let mut source = String::from("&[\n");
    for (name, path) in &files {
        // Made for noticing a change, not against an attacker: 64 bits do.
        let mut hasher = DefaultHasher::new();
        fs::read(path)?.hash(&mut hasher);
        let tag = format!("{:016x}", hasher.finish());
        let plain = path.to_string_lossy();
        let small = format!("{plain}.gz");
        let gzip =
            if Path::new(&small).exists() { format!("Some(include_bytes!({small:?}))") } else { "None".to_owned() };
        // Writing into a String cannot fail.
        let _ = writeln!(
            source,
            "    File {{ name: {name:?}, tag: {tag:?}, plain: include_bytes!({plain:?}), gzip: {gzip} }},"
        );
    }
    source.push(']');
    Ok(source)
}

/// Every file below `folder` but the compressed ones, by its path in the pages, with `/` on every system.
fn collect(folder: &Path, prefix: &str, into: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), into)?;
        } else if path.extension() != Some(OsStr::new("gz")) {
            into.insert(name, path);
        }
    }
    Ok(())
}
