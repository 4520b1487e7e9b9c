//! What became of every row.
//!
//! Owns: the counts, the refused rows, the remarks. May use: nothing. Invariant: a row that is counted as read ends in
//! exactly one of taken, merged, refused; [`Ledger::check`] proves it.

use std::collections::BTreeMap;

use super::{LegacyError, LegacyFile};

/// The counts of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records below the header.
    pub read: u64,
    /// Written now.
    pub taken: u64,
    /// Said the same as another row, or was in the database already.
    pub merged: u64,
    /// Not taken, for a reason.
    pub refused: u64,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RejectedRow {
    pub(super) file: LegacyFile,
    pub(super) line: u64,
    pub(super) reason: String,
    pub(super) text: String,
}

/// Something about a file or a row that was taken, which its owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// In which file.
    pub file: LegacyFile,
    /// On which line, from 1.
    pub line: u64,
    /// In words, without any value of the row.
    pub text: String,
}

/// Where a row came from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) file: LegacyFile,
    pub(super) line: u64,
    pub(super) text: String,
}

#[derive(Debug, Default)]
pub(super) struct ImportTally {
    tallies: BTreeMap<LegacyFile, Tally>,
    pub(super) refused: Vec<RejectedRow>,
    pub(super) remarks: Vec<Remark>,
}

impl ImportTally {
    fn tally(&mut self, file: LegacyFile) -> &mut Tally {
        self.tallies.entry(file).or_default()
    }

    pub(super) fn read(&mut self, file: LegacyFile) {
        self.tally(file).read += 1;
    }

    pub(super) fn merge(&mut self, file: LegacyFile) {
        self.tally(file).merged += 1;
    }

    pub(super) fn accept(&mut self, file: LegacyFile, tally: entity::import::ImportCount) {
        let entry = self.tally(file);
        entry.taken += tally.taken;
        entry.merged += tally.merged;
    }

    pub(super) fn reject(&mut self, origin: Origin, reason: impl Into<String>) {
        self.tally(origin.file).refused += 1;
        let Origin { file, line, text } = origin;
        self.refused.push(RejectedRow { file, line, reason: reason.into(), text });
    }

    pub(super) fn remark(&mut self, file: LegacyFile, line: u64, texts: Vec<String>) {
        self.remarks.extend(texts.into_iter().map(|text| Remark { file, line, text }));
    }

    /// The counts of every file, after proof that they add up.
    pub(super) fn check(&self) -> Result<BTreeMap<LegacyFile, Tally>, LegacyError> {
        let mut all = BTreeMap::new();
        for file in LegacyFile::ALL {
            let tally = self.tallies.get(file).copied().unwrap_or_default();
            if tally.read != tally.taken + tally.merged + tally.refused {
                return Err(LegacyError::Unbalanced(file.name()));
            }
            all.insert(*file, tally);
        }
        Ok(all)
    }
}
