//! From a file to clean rows, each once.
//!
//! Owns: the walk over a file: counting, refusing, finding repetitions. May use: sheet, clean, ledger. Invariant: every
//! record is counted, and ends as refused, as merged, or comes out of [`Sift::next`] exactly once.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher as _},
    marker::PhantomData,
};

use entity::import::{ImportRow, ImportTransaction};
use uuid::Uuid;

use super::{
    LegacyError, LegacyFile, Progress,
    csv_reader::{CsvReader, Rows},
    export::Export,
    form,
    row_parsers::{ImportedIds, ParseRow},
    tally::{ImportTally, Origin},
};

/// Clean rows that wait for one another, so that they go to the database together.
const BATCH: usize = 2_000;

/// All that the walk over any file needs.
pub(super) struct ImportRun<'a> {
    pub(super) known: ImportedIds,
    pub(super) ledger: ImportTally,
    sheets: HashMap<LegacyFile, CsvReader<'a>>,
    progress: &'a mut dyn Progress,
    /// Bytes of the files before.
    done: u64,
}

impl<'a> ImportRun<'a> {
    /// Reads all headers; on failure tells all problems of all files.
    pub(super) fn new(
        export: &'a Export,
        known: ImportedIds,
        progress: &'a mut dyn Progress,
    ) -> Result<Self, LegacyError> {
        form::check(export)?;
        let mut sheets = HashMap::new();
        let mut problems = Vec::new();
        let mut ledger = ImportTally::default();
        for file in LegacyFile::ALL {
            match CsvReader::open(*file, export.bytes(*file)) {
                Ok(sheet) => {
                    let unknown = |column: &String| format!("the column `{column}` is not known: ignored");
                    ledger.remark(*file, 1, sheet.extra.iter().map(unknown).collect());
                    sheets.insert(*file, sheet);
                }
                Err(more) => problems.extend(more),
            }
        }
        if !problems.is_empty() {
            return Err(LegacyError::Incomplete(problems));
        }
        progress.begin(export.size());
        Ok(Self { known, ledger, sheets, progress, done: 0 })
    }

    /// Begins the walk over a file, once for each.
    pub(super) fn parse_rows<R: ParseRow>(&mut self) -> RowStream<'a, R> {
        let rows = self.sheets.remove(&R::FILE).map(CsvReader::into_rows);
        RowStream { rows, seen: HashMap::new(), before: self.done, end: 0, of: PhantomData }
    }

    /// All rows of a file.
    pub(super) fn all<R: ParseRow>(&mut self) -> Vec<(R, Origin)> {
        let mut sift = self.parse_rows::<R>();
        std::iter::from_fn(|| sift.next(self)).collect()
    }

    /// Takes in all rows of a file, a batch at a time.
    pub(super) async fn load<R: ParseRow + ImportRow>(
        &mut self,
        intake: &mut ImportTransaction,
    ) -> Result<(), LegacyError> {
        let mut sift = self.parse_rows::<R>();
        loop {
            let batch: Vec<R> = std::iter::from_fn(|| sift.next(self)).map(|(row, _)| row).take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let tally = intake.insert(batch).await?;
            self.ledger.accept(R::FILE, tally);
        }
    }
}

/// The walk over one file.
pub(super) struct RowStream<'a, R> {
    rows: Option<Rows<'a>>,
    /// The content and line of each key so far.
    seen: HashMap<Uuid, (u64, u64)>,
    before: u64,
    end: u64,
    of: PhantomData<fn() -> R>,
}

impl<R: ParseRow> RowStream<'_, R> {
    /// The next row that is to be written.
    pub(super) fn next(&mut self, desk: &mut ImportRun<'_>) -> Option<(R, Origin)> {
        loop {
            let Some(row) = self.rows.as_mut()?.next() else {
                self.rows = None;
                desk.done = self.before + self.end;
                return None;
            };
            self.end = row.end;
            desk.progress.at(R::FILE, self.before + self.end);
            desk.ledger.read(R::FILE);
            let origin = Origin { file: R::FILE, line: row.line, text: row.text };
            let mut remarks = Vec::new();
            match row.fields.and_then(|fields| R::parse_row(&fields, &desk.known, &mut remarks)) {
                Err(reason) => desk.ledger.reject(origin, reason),
                Ok(row) => match self.first(&row, origin.line) {
                    FirstError::Same => desk.ledger.merge(R::FILE),
                    FirstError::Other(line) => {
                        desk.ledger.reject(origin, format!("line {line} is the same row with other content"));
                    }
                    FirstError::This => {
                        desk.ledger.remark(R::FILE, origin.line, remarks);
                        return Some((row, origin));
                    }
                },
            }
        }
    }

    fn first(&mut self, row: &R, line: u64) -> FirstError {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        let content = hasher.finish();
        match self.seen.get(&row.key()) {
            Some((seen, _)) if *seen == content => FirstError::Same,
            Some((_, line)) => FirstError::Other(*line),
            None => {
                self.seen.insert(row.key(), (content, line));
                FirstError::This
            }
        }
    }
}

/// Which row of its key came first.
enum FirstError {
    This,
    /// One with the same content.
    Same,
    /// One with other content, on this line.
    Other(u64),
}
