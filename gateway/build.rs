//! Writes the table by which `src/http/pages/file.rs` embeds the built pages of `ui/dist`.
//!
//! Uses the standard library only: neither Node nor a network. Invariant: it never writes into the source tree, and
//! pages that are missing or older than their sources do not stop a build unless it says `GATEWAY_PAGES=require`.
//!
//! `GATEWAY_PAGES=skip` builds without pages and without a warning; `npm run pages` in `ui/` builds the pages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The variable that says how much a build wants the pages.
const WISH: &str = "GATEWAY_PAGES";

/// The file in `ui/dist` that holds the hash of the sources. `ui/pages.mjs` writes it.
const MARK: &str = "sources";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("ui");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-env-changed={WISH}");
    let wish = env::var(WISH).unwrap_or_default();
    let mut files = Vec::new();
    if wish != "skip" {
        let dist = source.join("dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        for entry in entries(&source)?.iter().filter(|entry| is_source(entry)) {
            println!("cargo::rerun-if-changed={}", entry.display());
        }
        if let Some(fault) = fault(&source, &dist)? {
            let level = if wish == "require" { "error" } else { "warning" };
            println!(
                "cargo::{level}={fault}: run `npm ci && npm run pages` in gateway/ui ({WISH}=skip builds without pages)"
            );
        }
        collect(&dist, "", &mut files)?;
        files.retain(|(name, _)| name != MARK);
    }
    fs::write(out.join("pages.rs"), table(&files)?)?;
    Ok(())
}

/// What is wrong with the built pages, if anything.
fn fault(source: &Path, dist: &Path) -> io::Result<Option<&'static str>> {
    let Ok(mark) = fs::read_to_string(dist.join(MARK)) else {
        return Ok(Some("the built pages are missing in gateway/ui/dist"));
    };
    let mut files = Vec::new();
    for entry in entries(source)?.into_iter().filter(|entry| is_source(entry)) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() {
            collect(&entry, &format!("{name}/"), &mut files)?;
        } else {
            files.push((name, entry));
        }
    }
    files.sort();
    let mut hash = OFFSET;
    for (name, path) in files {
        hash = fnv(fnv(hash, name.as_bytes()), b"\0");
        hash = fnv(fnv(hash, &fs::read(path)?), b"\0");
    }
    let is_current = mark.trim_end() == format!("{hash:016x}");
    Ok((!is_current).then_some("the pages in gateway/ui/dist are older than their sources"))
}

/// Whether the pages are built from this entry of `ui/`.
fn is_source(entry: &Path) -> bool {
    let name = entry.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && name != "node_modules" && name != "dist"
}

/// The initial value of FNV-1a with 64 bits. It notices a change; it does not withstand an attacker.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The Rust source of the table, sorted by name: each file with its gzip bytes and the hash of these.
fn table(files: &[(String, PathBuf)]) -> io::Result<String> {
    let mut files: Vec<_> = files.iter().filter_map(|(name, path)| Some((name.strip_suffix(".gz")?, path))).collect();
    files.sort();
    let mut source = format!("static TABLE: [File; {}] = [\n", files.len());
    for (name, path) in files {
        let tag = fnv(OFFSET, &fs::read(path)?);
        let path = path.to_string_lossy();
        // Writing into a String cannot fail.
        let _ = writeln!(source, "    File::new({name:?}, \"{tag:016x}\", include_bytes!({path:?})),");
    }
    source.push_str("];\n");
    Ok(source)
}

/// Every file below `folder` with its path from there, with `/` on every system. Hidden entries are left out.
fn collect(folder: &Path, prefix: &str, into: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for path in entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), into)?;
        } else {
            into.push((name, path));
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}
