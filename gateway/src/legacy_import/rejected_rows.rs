//! The file of rows that were not taken.
//!
//! Owns: its form and its coming into being. May use: the writer of CSV, the file system. Invariant: it has its name only when
//! the import is committed; until then it is a draft beside it, which goes away with a failed import. It holds personal
//! data, so only its owner may read it. Nothing but a plain file is ever replaced.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{LegacyError, tally::RejectedRow};
use crate::csv_file::CsvFile;

/// Where the rows go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FileKey {
    /// A plain file, which may not exist yet.
    File(PathBuf),
    /// A device such as `/dev/null`, which is written into.
    Device(PathBuf),
}

/// Rows that wait for the import's commit.
#[must_use = "dropping the draft removes it"]
pub(super) enum RejectedFile {
    /// A written file that does not have its name yet.
    File(Unnamed),
    /// Rows for a device, as they are written.
    Device { path: PathBuf, text: Vec<u8> },
}

/// A file beside the path that it is renamed to; removed if it is dropped before.
pub(super) struct Unnamed {
    written: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl FileKey {
    /// Looks at what a path leads to. A link leads to its target, so that the link stays.
    pub(super) fn of(path: &Path) -> Result<Self, LegacyError> {
        let refused = |what: &'static str| LegacyError::RefusedPlace { path: path.to_owned(), what };
        let Ok(link) = fs::symlink_metadata(path) else { return Ok(Self::File(path.to_owned())) };
        let Ok(target) = fs::canonicalize(path) else {
            return Err(refused(if link.is_symlink() { "a link that leads nowhere" } else { "not accessible" }));
        };
        let found = fs::metadata(path).map_err(|source| LegacyError::RefusedFile { path: path.to_owned(), source })?;
        match kind(found.file_type()) {
            Kind::File => Ok(Self::File(if link.is_symlink() { target } else { path.to_owned() })),
            Kind::Device => Ok(Self::Device(path.to_owned())),
            Kind::Other(what) => Err(refused(what)),
        }
    }
}

impl RejectedFile {
    /// Writes the rows, if there are any.
    pub(super) fn write(place: FileKey, rows: &[RejectedRow]) -> Result<Option<Self>, LegacyError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let path = match place {
            FileKey::File(path) => path,
            FileKey::Device(path) => {
                let written = write(Vec::new(), rows);
                let text = written.map_err(|source| LegacyError::RefusedFile { path: path.clone(), source })?;
                return Ok(Some(Self::Device { path, text }));
            }
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
        let failed = |source| LegacyError::RefusedFile { path: path.clone(), source };
        let file = create(&draft).map_err(failed)?;
        let draft = Unnamed { written: draft, path: path.clone(), kept: false };
        write(file, rows).and_then(|file| file.sync_all()).map_err(failed)?;
        Ok(Some(Self::File(draft)))
    }

    /// Gives the file its name, or writes into the device.
    pub(super) fn finish(self) -> Result<PathBuf, LegacyError> {
        match self {
            Self::File(unnamed) => unnamed.finish(),
            Self::Device { path, text } => match fs::OpenOptions::new().write(true).open(&path) {
                Ok(mut device) => match io::Write::write_all(&mut device, &text) {
                    Ok(()) => Ok(path),
                    Err(source) => Err(LegacyError::RefusedFile { path, source }),
                },
                Err(source) => Err(LegacyError::RefusedFile { path, source }),
            },
        }
    }
}

impl Unnamed {
    fn finish(mut self) -> Result<PathBuf, LegacyError> {
        // From here on the rows are worth more than tidiness.
        self.kept = true;
        match fs::rename(&self.written, &self.path) {
            Ok(()) => Ok(self.path.clone()),
            Err(source) => Err(LegacyError::RefusedFile { path: self.written.clone(), source }),
        }
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.kept {
            drop(fs::remove_file(&self.written));
        }
    }
}

/// What a path leads to.
enum Kind {
    File,
    Device,
    /// It is neither replaced nor written into; in words.
    Other(&'static str),
}

fn kind(found: fs::FileType) -> Kind {
    if found.is_file() {
        return Kind::File;
    }
    if found.is_dir() {
        return Kind::Other("a directory");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if found.is_char_device() {
            return Kind::Device;
        }
        // To open a pipe is to wait for its reader, without a bound.
        if found.is_fifo() {
            return Kind::Other("a pipe");
        }
        if found.is_block_device() {
            return Kind::Other("a disk");
        }
    }
    Kind::Other("no plain file")
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write<W: io::Write>(into: W, rows: &[RejectedRow]) -> io::Result<W> {
    let mut csv = CsvFile::to(into);
    csv.row(["file", "line", "reason", "row"])?;
    for row in rows {
        csv.row([row.file.name(), &row.line.to_string(), &row.reason, &row.text])?;
    }
    csv.end()
}

#[cfg(all(test, unix))]
mod tests;
