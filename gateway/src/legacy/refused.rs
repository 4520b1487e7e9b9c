//! The file of rows that were not taken.
//!
//! Owns: its form and its coming into being. May use: the writer of CSV, the file system. Invariant: it has its name only when
//! the import is committed; until then it is a draft beside it, which goes away with a failed import. It holds personal
//! data, so only its owner may read it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{LegacyError, ledger::Refused};
use crate::csv_file::CsvFile;

/// A written file that has not got its name yet.
#[must_use = "dropping the draft removes it"]
pub(super) struct Draft {
    written: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl Draft {
    /// Writes the rows, if there are any.
    pub(super) fn write(path: &Path, rows: &[Refused]) -> Result<Option<Self>, LegacyError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
        let failed = |source| LegacyError::RefusedFile { path: path.to_owned(), source };
        let file = create(&draft).map_err(failed)?;
        let draft = Self { written: draft, path: path.to_owned(), kept: false };
        write(file, rows).map_err(failed)?;
        Ok(Some(draft))
    }

    /// Gives the file its name.
    pub(super) fn keep(mut self) -> Result<PathBuf, LegacyError> {
        // From here on the rows are worth more than tidiness.
        self.kept = true;
        match fs::rename(&self.written, &self.path) {
            Ok(()) => Ok(self.path.clone()),
            Err(source) => Err(LegacyError::RefusedFile { path: self.written.clone(), source }),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            drop(fs::remove_file(&self.written));
        }
    }
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(file: fs::File, rows: &[Refused]) -> io::Result<()> {
    let mut csv = CsvFile::to(file);
    csv.row(["file", "line", "reason", "row"])?;
    for row in rows {
        csv.row([row.file.name(), &row.line.to_string(), &row.reason, &row.text])?;
    }
    csv.end()?.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::legacy::LegacyFile;

    #[test]
    fn a_refused_row_is_no_formula_to_the_spreadsheet_that_opens_the_file() {
        let path = std::env::temp_dir().join(format!("cs12-refused-{}.csv", std::process::id()));
        let row = Refused { file: LegacyFile::ALL[0], line: 2, reason: "wrong".to_owned(), text: "=1+1,a".to_owned() };
        let file = Draft::write(&path, &[row]).unwrap().unwrap().keep().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(file).unwrap();
        assert!(text.ends_with(",2,wrong,\"'=1+1,a\"\n"), "{text}");
    }
}
